"""閲覧記録: no ledger, no answer; nothing recorded can be changed unseen."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act


def _look(context, *atena: str, using: str = "national_pension") -> int:
    from django.db import transaction

    from kokunen.ledger.recording import record

    with transaction.atomic(using=using):
        return record(using, context, act=Act.VIEW, dataset="個人照会", atena_numbers=atena, items=["R1/氏名情報"])


def _entries(admin) -> list[tuple]:
    return admin.execute(
        "select entry_id, writer, writer_number, staff_number, purpose, "
        "act, atena_numbers, subject_count from ledger.entry order by 1"
    ).fetchall()


@pytest.mark.control("CTL-054")
@pytest.mark.function("S1-2")
def test_閲覧は誰が何のために誰のどの項目を見たかを残す(city_database, context, admin_connection) -> None:
    _look(context, "000000000000019", "000000000000027", "000000000000019")
    [(_, writer, number, staff, purpose, act, atena, count)] = _entries(admin_connection)
    assert writer.startswith("kokunen_national_pension:")
    assert (number, staff, purpose, act) == (1, "9001", "pension_qualification", "view")
    assert (atena, count) == (["000000000000019", "000000000000027"], 2)


def test_取引の外では記録できない(city_database, context, admin_connection) -> None:
    from kokunen.ledger.recording import LedgerUnavailable, record

    with pytest.raises(LedgerUnavailable):
        record("national_pension", context, act=Act.VIEW, dataset="個人照会", atena_numbers=["000000000000019"])
    assert _entries(admin_connection) == []


def test_閲覧が取り消されれば記録も番号も戻る(city_database, context, admin_connection) -> None:
    from django.db import transaction

    from kokunen.ledger.recording import record

    class Failed(Exception):
        pass

    with pytest.raises(Failed), transaction.atomic(using="national_pension"):
        record("national_pension", context, act=Act.VIEW, dataset="個人照会", atena_numbers=["000000000000019"])
        raise Failed
    _look(context, "000000000000019")
    assert [row[2] for row in _entries(admin_connection)] == [1]


def test_拒否の記録は拒否された取引より長く残る(city_database, context, admin_connection) -> None:
    from django.db import transaction

    from kokunen.ledger.recording import record_refusal

    with pytest.raises(InputError), transaction.atomic(using="resident_registry"):
        record_refusal(context, dataset="転出届", reason="既に転出しています", atena_numbers=["000000000000019"])
        raise InputError("既に転出しています")
    [entry] = _entries(admin_connection)
    assert entry[5] == "refuse"


@pytest.mark.parametrize(
    ("changes", "field"), [({"staff_number": ""}, "staff_number"), ({"purpose": "curiosity"}, "purpose")]
)
def test_職員も目的も無い閲覧は作れない(changes, field) -> None:
    good = AccessContext(staff_number="9001", office_code="1101", purpose="pension_inquiry")
    with pytest.raises(InputError) as caught:
        replace(good, **changes)
    assert caught.value.field == field


def test_二人の職員は互いを待たない(city_database, context, admin_connection) -> None:
    """An entry inside an open transaction holds nobody up: a second writer commits while the first still works."""
    from django.db import connections, transaction

    from kokunen.ledger.recording import record

    second_done = threading.Event()

    def second() -> None:
        try:
            _look(context, "000000000000027")
            second_done.set()
        finally:
            connections.close_all()

    with transaction.atomic(using="national_pension"):
        record("national_pension", context, act=Act.VIEW, dataset="個人照会", atena_numbers=["000000000000019"])
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(timeout=20)
        assert second_done.is_set()
    assert len(_entries(admin_connection)) == 2
