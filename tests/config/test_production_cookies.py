"""本番のクッキーと見出し: host-bound, secure, strict; HSTS for a year. Demo cities have no TLS and stay as they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

_ASK = (
    "import json, importlib, sys; s = importlib.import_module(sys.argv[1]); "
    "print(json.dumps({n: getattr(s, n) for n in dir(s) if n.endswith(('_NAME', '_SECURE', '_SAMESITE')) "
    "or n.startswith('SECURE_HSTS')}))"
)


@pytest.mark.control("CTL-053")
@pytest.mark.parametrize("settings", ["kokunen.config.settings", "kokunen.pension_records.settings"])
def test_本番のクッキーは端末の外へも他の名へも渡らない(settings, tmp_path) -> None:
    def ask(mode: str) -> dict:
        environment = {**os.environ, "KOKUNEN_MODE": mode, "KOKUNEN_DATA": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", _ASK, settings], env=environment, capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout)

    assert not ask("demo")["CSRF_COOKIE_NAME"].startswith("__")  # and makes the keys that production wants to find
    found = ask("production")
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000 and found["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert found["CSRF_COOKIE_SECURE"] and found["CSRF_COOKIE_SAMESITE"] == "Strict"
    assert found["CSRF_COOKIE_NAME"].startswith("__Host-")
    if "SESSION_COOKIE_NAME" in found:
        assert found["SESSION_COOKIE_NAME"].startswith("__Host-") and found["SESSION_COOKIE_SECURE"]
