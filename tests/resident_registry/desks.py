"""窓口の職員: a client signed in by the form, and the entries of the ledger by act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django
import pytest

django.setup()

from django.test import Client  # noqa: E402

Desk = Callable[[str], Client]
Entries = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def sign_in(city_database: str) -> Desk:
    """職員としてサインインした画面."""
    from kokunen.common_platform.portal import demo

    demo.create_accounts()

    desks: dict[str, Client] = {}

    def enter(number: str) -> Client:
        if number in desks:  # a second sign-in would end the first session
            return desks[number]
        client = desks[number] = Client()
        assert client.post("/sign-in", {"number": number, "password": demo.PASSWORD}).status_code == 302
        client.get("/residents/?q=&purpose=resident_inquiry")
        return client

    return enter


@pytest.fixture
def ledger(admin_connection: Any) -> Entries:
    """閲覧記録 of one act, oldest first."""

    def read(act: str) -> list[dict[str, Any]]:
        rows = admin_connection.execute(
            "select staff_number, purpose, screen, dataset, atena_numbers, detail from ledger.entry where act = %s "
            "order by entry_id",
            [act],
        ).fetchall()
        names = ("staff", "purpose", "screen", "dataset", "people", "detail")
        return [dict(zip(names, row, strict=True)) for row in rows]

    return read


def paper(**more: str) -> dict[str, str]:
    """届出の共通の欄 as typed at the counter."""
    return {
        "notified_on": "今日",
        "event_on": "R8.11.20",
        "filer": "1",
        "identity_check": "2",
        "filing_kind": "4",
        "remarks": "実態調査",
        **more,
    }


def newcomer_fields(**more: str) -> dict[str, str]:
    """転入する人1人の欄."""
    fields = {
        "name": "幸　町子",
        "name_kana": "サイワイ　マチコ",
        "birth": "H2.1.1",
        "sex": "2",
        "relationship": "世帯主",
        "resident_kind": "1",
        "domicile": "東京都北区王子本町一丁目15番",
        "domicile_head": "幸　町子",
        **more,
    }
    return {"p-TOTAL_FORMS": "1", "p-INITIAL_FORMS": "0", **{f"p-0-{name}": value for name, value in fields.items()}}
