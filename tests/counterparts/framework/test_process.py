"""外部機関のプロセスの試験: health, control, one process a folder, clean end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from kokunen.counterparts.framework.control import CONTROL_FILE
from kokunen.kernel.errors import InputError


def test_立ち上がると健康状態を誰にでも答える(pension_service: Any) -> None:
    response = httpx.get(f"http://127.0.0.1:{pension_service.port}/healthz", trust_env=False)
    assert response.json() == {"ready": True, "party": "jps", "label": "日本年金機構", "trouble": []}


def test_操作には鍵が要り_鍵は持ち主だけが読める(pension_service: Any) -> None:
    base = f"http://127.0.0.1:{pension_service.port}"
    for path in ("/trouble", "/heal", "/work"):
        refused = httpx.post(base + path, json={"mode": "fail"}, headers={"Authorization": "Bearer x"}, trust_env=False)
        assert refused.status_code == 401
    assert httpx.get(f"{base}/state", trust_env=False).status_code == 401
    assert (pension_service.data / CONTROL_FILE).stat().st_mode & 0o777 == 0o600
    assert pension_service.control.health()["trouble"] == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/trouble", {"mode": "explode"}, 422),
        ("/trouble", {"mode": "delay", "seconds": "x"}, 422),
        ("/nothing", {}, 422),
        ("/trouble", [], 400),
    ],
)
def test_分からない操作は理由を添えて断る(pension_service: Any, path: str, body: Any, status: int) -> None:
    token = json.loads((pension_service.data / CONTROL_FILE).read_text())["token"]
    response = httpx.post(
        f"http://127.0.0.1:{pension_service.port}{path}",
        json=body,
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    assert response.status_code == status
    assert response.json()["error"]


def test_大きすぎる要求は読まずに断る(pension_service: Any) -> None:
    response = httpx.post(f"http://127.0.0.1:{pension_service.port}/heal", content=b"x" * 70_000, trust_env=False)
    assert response.status_code == 413


def test_停止の合図できれいに終わり_また立ち上がる(pension_service: Any) -> None:
    assert pension_service.stop() == 0
    assert not (pension_service.data / CONTROL_FILE).exists()
    with pytest.raises(InputError, match="動いていません"):
        pension_service.control.health()
    pension_service.start()
    assert pension_service.stop() == 0


def test_一つのフォルダーに二つのプロセスは立たない(pension_service: Any) -> None:
    command = [sys.executable, *pension_service.arguments, "--data", str(pension_service.data), "--port", "0"]
    second = subprocess.run(command, capture_output=True, text=True, env={"PYTHONPATH": _sources()}, check=False)
    assert second.returncode == 2
    assert "既に" in second.stderr
    assert pension_service.control.health()["ready"]


def test_障害の指示は再起動しても続く(pension_service: Any) -> None:
    pension_service.control.order("fail")
    assert pension_service.kill() == -9
    pension_service.start()
    assert pension_service.control.health()["trouble"] == ["fail"]
    assert pension_service.control.heal()["trouble"] == []


def _sources() -> str:
    return str(Path(__file__).resolve().parents[3] / "src")
