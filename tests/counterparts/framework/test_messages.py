"""電文の様式: what holds is written and read back; what does not is told item by item, never with its value."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kokunen.counterparts.framework.describe import describe
from kokunen.counterparts.framework.messages import Message, MessageError, load_layout

PARTIES = ("juki_cs", "moj", "koseki", "certificate_centre", "intermediate_server", "terminal_controller")
DOCUMENTS = Path(__file__).resolve().parents[3] / "docs" / "operations"
CS = load_layout("kokunen.counterparts.juki_cs")


def _items(**changes: Any) -> dict[str, Any]:
    items = {
        "resident_code": "12345678903", "name": "𠮷田　花子", "birth_date": "1990-01-01", "address": "東京都北区",
        "arrived_on": "2026-11-20",
    }  # fmt: skip
    return {**items, **changes}


def test_電文は書いて読むと同じになり同じ電文は同じバイトになる() -> None:
    message = Message("0402", "CS1", _items(), "juki_cs", "112038", "2026-11-24T09:00:00+09:00")
    assert CS.decode(CS.encode(message)) == message
    assert CS.encode(message) == CS.encode(replace(message, items=dict(reversed(_items().items()))))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"resident_code": "12345678901"}, "check_digit"),
        ({"name": ""}, "missing"),
        ({"name": "あ" * 201}, "too_long"),
        ({"name": "外字\ue000"}, "character"),
        ({"birth_date": "2026-02-30"}, "date"),
        ({"address": 5}, "type"),
        ({"note": "x"}, "unknown_item"),
    ],
)
def test_様式に合わない電文は理由を示して断る(changes: dict[str, Any], code: str) -> None:
    (fault,) = CS.check("0402", _items(**changes))
    assert fault.code == code
    assert not any(isinstance(v, str) and v and v in fault.message for v in changes.values())


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\xff", b'{"format":"kokunen-message-1"}'])
def test_電文でないものは読まない(data: bytes) -> None:
    with pytest.raises(MessageError):
        CS.decode(data)


def test_一覧の中の誤りは何件目かを示す() -> None:
    person = {"resident_code": "12345678903", "name": "北　花子", "birth_date": "1990-01-01", "sex": "9"}
    items = {"from_city": "北区", "address": "北区王子", "planned_on": "2026-11-20", "people": [person]}
    assert [fault.item for fault in CS.check("0302", items)] == ["people.1.sex"]


@pytest.mark.parametrize("party", PARTIES)
def test_様式書は定義から作られたままである(party: str) -> None:
    layout = load_layout(f"kokunen.counterparts.{party}")
    document = DOCUMENTS / f"{party.replace('_', '-')}-layout.md"
    assert document.read_text(encoding="utf-8") == describe(layout)
