"""評価書の約束: what the pension file never takes in, whom it never confuses, and what it hands on."""

from __future__ import annotations

import random
import re
import string
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.national_pension.services.test_reception import _lost
from tests.national_pension.support import TODAY, Register, give_number, insure, new_atena, put_on_roll

from kokunen.kernel.errors import InputError, KokunenError

_NUMBER = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")


def _everything(admin: Any) -> str:
    """Every stored row of the pension file and of the ledger, as text."""
    parts = []
    for schema in ("national_pension", "ledger"):
        for (table,) in admin.execute("select tablename from pg_tables where schemaname = %s", [schema]).fetchall():
            parts += [row[0] for row in admin.execute(f'select to_jsonb(t)::text from {schema}."{table}" t').fetchall()]
    return "\n".join(parts)


@pytest.fixture
def visitor(city: Register) -> str:
    atena = city.resident(date(1980, 5, 1))
    insure(atena, "1", date(2000, 4, 30))
    give_number(atena, "1234567890")
    return atena


@pytest.mark.control("CTL-013")
def test_届書の欄にないものは決して保存されない(visitor, officer, admin_connection) -> None:
    from kokunen.national_pension.services.reception import receive

    chance = random.Random(20261124)
    for _ in range(20):
        name = "".join(chance.choices(string.ascii_lowercase, k=8))
        canary = "canary" + "".join(chance.choices(string.ascii_lowercase, k=12))
        with pytest.raises(InputError):
            receive(
                atena_number=visitor,
                entry=_lost(data={"handed_booklet": "booklet", "send_to": "home", name: canary}),
                context=officer,
            )
    receive(atena_number=visitor, entry=_lost(), context=officer)
    assert "canary" not in _everything(admin_connection)


@pytest.mark.control("CTL-018")
def test_本人確認は書類の種類だけを残し番号も画像も残さない(visitor, officer, admin_connection) -> None:
    from django.db import models

    from kokunen.national_pension.models import Receipt
    from kokunen.national_pension.services.reception import receive

    made = receive(atena_number=visitor, entry=replace(_lost(), identity_document="my_number_card"), context=officer)
    made.refresh_from_db()
    assert made.identity_document == "my_number_card"
    assert not any(isinstance(f, models.BinaryField | models.FileField) for f in Receipt._meta.get_fields())
    kept = admin_connection.execute("select to_jsonb(r)::text from national_pension.receipt r").fetchone()[0]
    assert _NUMBER.findall(kept) == []


@pytest.mark.control("CTL-032")
def test_同姓同名で同じ生年月日の二人は宛名番号でだけ区別され混ざらない(city, admin_connection) -> None:
    from kokunen.common_platform.integration.schema import declared_views
    from kokunen.national_pension import resident_view
    from kokunen.national_pension.models import InsuredPerson, PensionNumber

    birth = date(1980, 5, 1)
    one, other = (city.resident(birth, name="同名　花子", name_kana="ドウメイ　ハナコ") for _ in range(2))
    for atena, number in ((one, "1234567890"), (other, "1234567891")):
        insure(atena, "1", date(2000, 4, 30))
        give_number(atena, number)
        put_on_roll(atena)
    assert {p.atena_number for p in InsuredPerson.objects.filter(name="同名　花子")} == {one, other}
    assert PensionNumber.objects.get(atena_number=other).number == "1234567891"
    assert set(resident_view.by_numbers([one])) == {one}
    assert resident_view.find("同名　花子") is None
    for view in declared_views():  # every exchange between systems is keyed by 宛名番号
        key = admin_connection.execute(
            "select 1 from information_schema.columns where table_schema = 'integrated' and table_name = %s "
            "and column_name = 'atena_number'",
            [view.name],
        ).fetchone()
        assert key == (1,), view.name


@pytest.mark.control("CTL-037")
def test_住民でも元住民でもない人の記録は作れず_根拠のない記録は一覧に出る(city, officer) -> None:
    from kokunen.national_pension.retention import find_orphans
    from kokunen.national_pension.services.reception import receive

    with pytest.raises(KokunenError):
        receive(atena_number=new_atena(), entry=_lost(), context=officer)
    known, orphan = city.resident(date(1980, 5, 1)), city.resident(date(1980, 5, 1))
    for atena in (known, orphan):
        put_on_roll(atena)
    insure(known, "1", date(2000, 4, 30))
    assert find_orphans() == [orphan]


@pytest.mark.control("CTL-082")
def test_移転は変わった人の数だけ出て繰り返しても増えない(city, admin_connection) -> None:
    from kokunen.national_pension.jobs import hand_over_qualifications

    people = [city.resident(date(1980, 5, 1 + n)) for n in range(5)]
    for atena in people:
        insure(atena, "1", date(2000, 5, 1))

    def messages() -> list[str]:
        rows = admin_connection.execute(
            "select atena_number from integrated.pension_qualification__change order by seq"
        ).fetchall()
        return [row[0] for row in rows]

    assert hand_over_qualifications().created == 5
    assert hand_over_qualifications().created == 0
    first = len(messages())
    lost = TODAY - timedelta(days=1)
    for atena in people[:2]:
        admin_connection.execute(
            "update national_pension.qualification_period set recorded_period = "
            "tstzrange(lower(recorded_period), now()) where atena_number = %s",
            [atena],
        )
        insure(atena, "1", date(2000, 5, 1), lost, loss_reason="02")
    assert hand_over_qualifications().created == 2
    assert sorted(messages()[first:]) == sorted(people[:2])
    columns = admin_connection.execute(
        "select column_name from information_schema.columns where table_schema = 'integrated' "
        "and table_name = 'pension_qualification' order by 1"
    ).fetchall()
    assert {row[0] for row in columns} == {
        "atena_number", "version", "published_at", "basic_pension_number", "insured_type", "acquired_on",
        "acquisition_reason", "lost_on", "loss_reason",
    }  # fmt: skip
    ended = admin_connection.execute(
        "select lost_on from integrated.pension_qualification where atena_number = %s", [people[0]]
    ).fetchone()
    assert ended == (lost,)
