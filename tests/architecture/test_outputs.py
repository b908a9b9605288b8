"""出力: every file that a screen hands out passes the one gateway, and no route can go round it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from tests.architecture.test_routes import ROUTES
from tests.common_platform.access_history.support import client_of

pytestmark = pytest.mark.control("CTL-060")
SRC = Path(__file__).resolve().parents[2] / "src" / "kokunen"


def test_どの経路の画面も関門を通る() -> None:
    """`page` wraps the view; the gateway stands in the wrapper, so a declared route cannot go round it."""
    views = [(path, one.callback) for path, one in ROUTES if not one.callback.kokunen_access.public]
    assert len(views) > 200
    assert [path for path, view in views if "let_out" not in view.__code__.co_names] == []


def test_ファイルの答えを関門の外で作る所はない() -> None:
    """Who marks a request as passed: the two functions of the gateway's own module."""
    found = [
        path.relative_to(SRC).as_posix()
        for path in SRC.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "kokunen_left" and isinstance(node.ctx, ast.Store)
    ]
    assert set(found) == {"common_platform/safeguards/web/output.py"}


@pytest.fixture
def hand_out(city_database, monkeypatch):
    """`hand_out(people, ...)`: the board's PDF as if it named so many people; gives the answer."""
    from kokunen.ledger.access import Act
    from kokunen.ledger.recording import record
    from kokunen.national_pension.services import board_prints

    asked: dict[str, object] = {}

    def print_board(*, context, **_: object) -> object:
        from types import SimpleNamespace

        from django.db import transaction

        for numbers in asked["entries"]:  # type: ignore[attr-defined]
            with transaction.atomic(using="national_pension"):
                record("national_pension", context, act=Act.PRINT, dataset="一覧", atena_numbers=numbers)
        return SimpleNamespace(content=b"%PDF-", filename="x.pdf")

    monkeypatch.setattr(board_prints, "print_board", print_board)
    client = client_of("nenkin1")

    def once(*entries: list[str], method: str = "get", **query: str):
        asked["entries"] = entries
        return getattr(client, method)("/pension/board/list.pdf", query)

    once.client = client  # type: ignore[attr-defined]
    return once


def _people(first: int, last: int) -> list[str]:
    return [f"{number:015}" for number in range(first, last)]


def test_多人数の印刷は断られ分けても合計で断られる(hand_out, admin_connection) -> None:
    assert hand_out(_people(0, 10)).status_code == 200
    refused = hand_out(_people(0, 101))
    assert refused.status_code == 403 and "承認が要ります" in refused.content.decode()
    many = [[number] for number in _people(0, 101)]
    assert hand_out(*many).status_code == 403, "one entry a person is the same list"
    for part in range(3):
        assert hand_out(_people(100 * part, 100 * part + 100)).status_code == 200
    assert "合わせて" in hand_out(_people(300, 350)).content.decode()
    assert hand_out(_people(0, 2)).status_code == 200, "a household's paper is no list"
    papers = [hand_out(_people(10 * part, 10 * part + 10)).status_code for part in range(30)]
    assert papers == [200] * 28 + [403] * 2, "ten people a paper: the day's papers have a limit of their own"
    [(count,)] = admin_connection.execute(
        "select count(*) from ledger.entry where act = 'refuse' and dataset = '大量出力 一覧'"
    ).fetchall()
    assert count == 5


def test_断られた画面から一度の操作で依頼し承認で一度だけ出る(hand_out, city_database) -> None:
    from tests.common_platform.safeguards.conftest import officer

    from kokunen.common_platform.safeguards.models import RegisterEntry
    from kokunen.common_platform.safeguards.services.register import act

    people = _people(0, 150)
    page = hand_out(people, kind="10").content.decode()
    wanted = page.split('name="wanted" value="')[1].split('"')[0]
    answer = hand_out.client.post("/safeguards/outputs/request", {"wanted": wanted, "reason": "引継ぎ"})
    assert answer.status_code == 302 and answer.headers["Location"] == "/pension/board/list.pdf?kind=10"
    entry = RegisterEntry.objects.get(kind="bulk_output")
    assert entry.content["people"] == 150 and "kind: 10" in entry.content["conditions"]
    assert "依頼してあります" in hand_out(people, kind="10").content.decode()
    act(entry.number, "approve", content={"until": "2026-11-27"}, context=officer("nenkin9"))
    page = hand_out(people, kind="10").content.decode()
    code = page.split('name="code" value="')[1].split('"')[0]
    given = {"approval": entry.number, "code": code}
    assert hand_out(people, kind="20", **given).status_code == 403, "other conditions"
    assert hand_out(people, kind="10", **given).status_code == 200
    assert hand_out(people, kind="10", **given).status_code == 403, "once"
    forged = hand_out.client.post("/safeguards/outputs/request", {"wanted": wanted[:-2] + "xx", "reason": "x"})
    assert forged.status_code >= 400 and RegisterEntry.objects.count() == 1


def test_記録のないファイルは出ず関門がなければ何も出ない(hand_out, monkeypatch) -> None:
    from kokunen.common_platform.portal.web import leaving

    with pytest.raises(ImproperlyConfigured, match="記載がない"):
        hand_out()
    monkeypatch.setattr(leaving, "_gateway", None)
    with pytest.raises(ImproperlyConfigured, match="関門"):
        hand_out(_people(0, 1))


def test_一括印刷は一つの承認で分冊ごとに一度ずつ出る(city_database) -> None:
    from tests.common_platform.safeguards.conftest import officer

    from kokunen.common_platform.safeguards import seals
    from kokunen.common_platform.safeguards.services import bulk
    from kokunen.common_platform.safeguards.services.register import act
    from kokunen.kernel.errors import NotAllowed

    first, run = officer("nenkin1"), {"一括印刷": 7}

    def take(part: str, **given: str) -> None:
        bulk.admit("通知書", run, 50, context=first, whole=400, part=part, **given)

    with pytest.raises(NotAllowed, match="400人"):
        take("分冊1")
    entry = bulk.request("通知書", run, 400, reason="発送", context=first)
    act(entry.number, "approve", content={"until": "2026-11-27"}, context=officer("nenkin9"))
    given = {"approval": entry.number, "code": seals.code_of(entry.number, entry.content["fingerprint"])}
    take("分冊1", **given)
    take("分冊2", **given)
    with pytest.raises(NotAllowed, match="使用済"):
        take("分冊1", **given)
    with pytest.raises(NotAllowed):
        bulk.admit("通知書", {"一括印刷": 8}, 50, context=first, whole=400, part="分冊3", **given)


def test_作る印刷は断られれば何も残さない(city_database, admin_connection, rf, context, monkeypatch) -> None:
    from types import SimpleNamespace

    from django.db import transaction

    from kokunen.common_platform.safeguards.web import output
    from kokunen.ledger.access import Act
    from kokunen.ledger.recording import record

    request = rf.post("/pension/outreach")
    request.access_context = context

    def make() -> SimpleNamespace:
        with transaction.atomic(using="national_pension"):
            record("national_pension", context, act=Act.PRINT, dataset="勧奨状", atena_numbers=_people(0, 120))
        return SimpleNamespace(content=b"%PDF-", filename="x.pdf")

    monkeypatch.setattr(output, "render", lambda *_a, **k: SimpleNamespace(status_code=k["status"]))
    assert output.made_output(request, "national_pension", make).status_code == 403
    [(count,)] = admin_connection.execute("select count(*) from ledger.entry where act = 'print'").fetchall()
    assert count == 0
