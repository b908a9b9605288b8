"""外部の回線: no line to an outside party can be opened without the question whether the assessment names it."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest

from kokunen.kernel.errors import NotAllowed

pytestmark = pytest.mark.control("CTL-034")
SRC = Path(__file__).resolve().parents[2] / "src" / "kokunen"
# 日本年金機構 has no line: media, admitted by the pension section's services (tests/assessment/test_gateway.py).
PARTIES = sorted({p.parent.name for p in SRC.glob("counterparts/*/gateway.py")} - {"jps"})
NAMES = {"REGISTRY_LINES", "TAX_LINE", "INTERMEDIATE_SERVER_LINE", "CERTIFICATE_COUNTER"}


@pytest.mark.parametrize("party", PARTIES)
def test_窓口は関門を渡さなければ開かない(party) -> None:
    gateway = import_module(f"kokunen.counterparts.{party}.gateway")
    openers = [f for name, f in vars(gateway).items() if name.startswith("city_") and inspect.isfunction(f)]
    assert openers
    for opener in openers:
        assert inspect.signature(opener).parameters["admit"].default is inspect.Parameter.empty


def test_関門が断れば接続も送信もしない(tmp_path) -> None:
    from kokunen.counterparts.framework.client import LineTrouble
    from kokunen.counterparts.framework.messages import load_layout
    from kokunen.counterparts.framework.post import PostBox

    def closed() -> None:
        raise NotAllowed("評価書 I.2 は定めていません")

    layout = load_layout("kokunen.counterparts.eltax")
    box = PostBox("eltax", layout, tmp_path, "112038", closed)
    for call in (box.fetch, lambda: box.acknowledge(["1"])):
        with pytest.raises(LineTrouble, match=r"評価書 I\.2"):
            call()
    assert box._client is None and not list(tmp_path.iterdir())


def test_回線の名は関門を通してだけ使われる() -> None:
    """Settings that name a carrier are read only by a function that calls `open_line`; nobody imports an opener."""
    found = []
    for path in SRC.rglob("*.py"):
        place = path.relative_to(SRC).as_posix()
        if place.startswith(("counterparts/", "config/")):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                used = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)} & NAMES
                called = {n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
                if used and "open_line" not in called:
                    found.append(f"{place}:{node.lineno} {used}")
                if used and "import_string" in called:
                    found.append(f"{place}:{node.lineno} import_string")
            module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            if "counterparts" in module and module.endswith(".gateway") and not module.endswith("jps.gateway"):
                found.append(f"{place}:{node.lineno} {module}")
    assert not found


@pytest.mark.control("CTL-022")
def test_社会保険オンラインの回線も公表した評価書に尋ねる(city_database, monkeypatch) -> None:
    from kokunen.pension_records import line

    monkeypatch.setattr(line, "_in_force", lambda: None)
    line.admit()
    monkeypatch.setattr(line, "DECLARED_NAME", "別の装置")
    line._declared.cache_clear()
    with pytest.raises(NotAllowed, match="接続を定めていません"):
        line.admit()
    line._declared.cache_clear()


@pytest.mark.parametrize(("subsystem", "party"), [("resident_tax", "eltax"), ("unified_atena", "intermediate_server")])
def test_宣言から外した相手には何も送らず拒否が残る(
    city_database, admin_connection, monkeypatch, subsystem, party
) -> None:
    from dataclasses import replace

    from kokunen.assessment import gateway
    from kokunen.assessment.flows import load_policy

    policy = load_policy()
    monkeypatch.setattr(gateway, "import_string", lambda name: lambda admit: SimpleNamespace(admit=admit, name=name))
    gateway.open_line(subsystem, party, "x").admit()
    monkeypatch.setattr(gateway, "policy_in_force", lambda: replace(policy, lines=policy.lines - {(subsystem, party)}))
    with pytest.raises(NotAllowed, match="接続を定めていません"):
        gateway.open_line(subsystem, party, "x").admit()
    [(dataset,)] = admin_connection.execute("select dataset from ledger.entry where act = 'refuse'").fetchall()
    assert dataset == "評価書の関門"
