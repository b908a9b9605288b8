"""相談・照会の閲覧と記入: each leaves its entry; whoever may not is refused; a note cannot be changed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connections
from django.db.utils import DatabaseError
from django.test import Client
from tests.national_pension.support import Register

from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-2")]


def test_相談票は書き換えられない(city: Register, officer: AccessContext) -> None:
    from kokunen.national_pension.services.consultations import Talk, note_talk

    atena = city.resident(date(1990, 3, 20))
    note_talk(atena_number=atena, talk=Talk("phone", "資格", "質問", "回答"), context=officer)
    with pytest.raises(DatabaseError), connections["national_pension"].cursor() as cursor:
        cursor.execute("update consultation_note set answered = '別の回答'")


def test_支所は照会票を起こせるが送付できず窓口の外は開けない(city: Register) -> None:
    from kokunen.common_platform.portal import demo

    demo.create_accounts()
    atena = city.resident(date(1990, 3, 20))

    def enter(number: str) -> Client:
        client = Client()
        assert client.post("/sign-in", {"number": number, "password": demo.PASSWORD}).status_code == 302
        return client

    branch = enter("shiba1")
    asked = branch.post(f"/pension/people/{atena}/talks/ask/", {"question": "記録を確認してください"})
    assert asked.status_code == 302
    assert branch.post("/pension/inquiries/send/", {"slip": "1"}).status_code == 403
    stranger = enter("zei1")
    for path in (f"/pension/people/{atena}/talks/", f"/pension/people/{atena}/claims/", "/pension/inquiries/"):
        assert stranger.get(path).status_code == 403, path
