"""宛名紐付の自動作成: numbers are made by themselves, stay with the person, and conflicts wait for an officer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.unified_atena.people import FIRST, SECOND, THIRD, bind, follow, merge, outsider, resident, unified

from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.numbers import AtenaNumber
from kokunen.ledger.access import AccessContext

pytestmark = pytest.mark.usefixtures("city_database")


@pytest.mark.function("S4-2")
def test_番号が確認されると自動で付番される() -> None:
    resident(FIRST, "n1")
    resident(SECOND)
    follow()
    number = unified(FIRST)
    assert number is not None and number.startswith("1") and AtenaNumber.judge(number).valid
    assert unified(SECOND) is None


@pytest.mark.function("S4-2")
def test_どの業務の宛名でも同じ人は一つの番号になる() -> None:
    from kokunen.unified_atena.models import AtenaLink

    resident(FIRST, "n1", sex="2", birth_date=date(1991, 11, 5))
    outsider(THIRD)
    bind(THIRD, "n1")
    follow()
    assert unified(FIRST) == unified(THIRD)
    flags = dict(AtenaLink.objects.values_list("atena_number", "flagged"))
    assert flags == {FIRST: True, THIRD: False}


def test_繰り返し受け取っても何も増えない() -> None:
    from kokunen.unified_atena.models import AtenaLink, SendItem
    from kokunen.unified_atena.services.following import follow as follow_numbers
    from kokunen.unified_atena.services.following import link_all

    resident(FIRST, "n1")
    follow()
    before = (unified(FIRST), AtenaLink.objects.count(), SendItem.objects.count())
    assert follow_numbers([FIRST]).created == 0
    assert link_all() == 0
    assert (unified(FIRST), AtenaLink.objects.count(), SendItem.objects.count()) == before


def test_番号が変わっても同じ団体内統合宛名番号で履歴が残る() -> None:
    from kokunen.unified_atena.models import NumberPeriod

    resident(FIRST, "n1")
    follow()
    before = unified(FIRST)
    bind(FIRST, "n1", current=False)
    follow()
    bind(FIRST, "n2")
    follow()
    assert unified(FIRST) == before
    periods = list(NumberPeriod.objects.order_by("since"))
    assert [period.until is None for period in periods] == [False, True]


@pytest.mark.function("S4-2")
def test_同じ番号で生年月日の違う宛名は保留になり直れば解消する() -> None:
    """Worked example Q11."""
    from kokunen.unified_atena.models import LinkHold

    resident(FIRST, "n1", birth_date=date(1970, 1, 1))
    resident(SECOND, "n1", birth_date=date(1971, 1, 1))
    follow()
    assert (unified(FIRST), unified(SECOND)) == (None, None)
    assert {hold.reason for hold in LinkHold.objects.filter(state="1")} == {"birth"}
    resident(SECOND, birth_date=date(1970, 1, 1))
    follow()
    assert unified(FIRST) == unified(SECOND) is not None
    assert not LinkHold.objects.filter(state="1").exists()


def test_名寄せ元は名寄せ先の番号に従い解除で離れる() -> None:
    resident(FIRST, "n1")
    outsider(THIRD)
    merge(THIRD, FIRST)
    follow()
    assert unified(THIRD) == unified(FIRST) is not None
    merge(THIRD, FIRST, current=False)
    follow()
    assert unified(THIRD) is None


def test_別々の番号の二人が名寄せされたら職員が一つにまとめる(officer: AccessContext) -> None:
    from kokunen.unified_atena.models import LinkHold, UnifiedPerson
    from kokunen.unified_atena.services.linking import unite

    resident(FIRST, "n1")
    outsider(THIRD, birth_date="1985-07-14")
    bind(THIRD, "n2")
    follow()
    kept, gone = sorted(filter(None, (unified(FIRST), unified(THIRD))))
    merge(THIRD, FIRST)
    follow()
    hold = LinkHold.objects.get(state="1")
    assert (hold.reason, hold.unified_numbers) == ("merged_two", [kept, gone])
    with pytest.raises(InputError):
        unite(context=officer, hold_id=hold.pk, reason=" ")
    assert unite(context=officer, hold_id=hold.pk, reason="本人に確認した") == kept
    assert unified(FIRST) == unified(THIRD) == kept
    assert UnifiedPerson.objects.get(pk=gone).ended_at is not None
    with pytest.raises(Conflict):
        unite(context=officer, hold_id=hold.pk, reason="もう一度")


def test_番号は一人に一つで書き換えられない() -> None:
    from kokunen.unified_atena.models import AtenaLink, NumberPeriod, UnifiedPerson

    resident(FIRST, "n1")
    resident(SECOND, "n2")
    follow()
    first, second = UnifiedPerson.objects.order_by("pk")
    period = NumberPeriod.objects.get(person=first)
    breaches: list[tuple[Any, dict[str, Any]]] = [
        (NumberPeriod(person=second, number_token=period.number_token, since=period.since), {}),
        (AtenaLink(person=second, atena_number=FIRST, means="1", linked_at=period.since), {}),
        (UnifiedPerson(unified_number="100000000000011", made_at=period.since), {}),
    ]
    for row, _ in breaches:
        with pytest.raises(IntegrityError), transaction.atomic(using="unified_atena"):
            row.save(force_insert=True)
    period.number_token = "0" * 32
    with pytest.raises(IntegrityError), transaction.atomic(using="unified_atena"):
        period.save()


@pytest.mark.control("CTL-054")
def test_自動処理も台帳に残る(admin_connection: Any) -> None:
    resident(FIRST, "n1")
    follow()
    rows = admin_connection.execute(
        "select staff_number, purpose, atena_numbers from ledger.entry where dataset = '宛名紐付の自動作成'"
    ).fetchall()
    assert rows[0][:2] == ("system:団体内統合宛名 宛名紐付の自動作成", "number_management")
