"""届書の受付: what it takes in, what it refuses and why, and what the database itself holds fast."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.national_pension.support import TODAY, Register, give_number, insure

from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed
from kokunen.ledger.access import AccessContext
from kokunen.national_pension.choices import Filer, NoticeKind, NoticeState

if TYPE_CHECKING:
    from kokunen.national_pension.models import Receipt
    from kokunen.national_pension.services.reception import Entry

pytestmark = [pytest.mark.function("S1-1"), pytest.mark.function("T4")]

BRANCH = AccessContext("3001", "2101", "pension_qualification", screen="試験", terminal="T-11")
USING = "national_pension"


@pytest.fixture
def visitor(city: Register) -> str:
    """第1号被保険者の来庁者"""
    atena = city.resident(date(1980, 5, 1))
    insure(atena, "1", date(2000, 4, 30))
    give_number(atena, "1234567890")
    return atena


def _lost(**changes: Any) -> Entry:
    from kokunen.national_pension.services.reception import Entry

    entry = Entry(
        kind=NoticeKind.NUMBER_NOTICE,
        situation="lost",
        data={"handed_booklet": "booklet", "send_to": "home"},
        received_on=TODAY,
        identity_document="driving_licence",
    )
    return replace(entry, **changes)


def _receive(atena: str, entry: Entry, context: AccessContext) -> Receipt:
    from kokunen.national_pension.services.reception import receive

    return receive(atena_number=atena, entry=entry, context=context)


def test_受け付けた届書は送付待になり記載と経過が残る(visitor: str, officer: AccessContext) -> None:
    from kokunen.national_pension.services.reception import entry_of

    receipt = _receive(visitor, _lost(), officer)
    assert (receipt.state, receipt.sending_due_on) == ("40", date(2026, 12, 8))
    assert entry_of(receipt) == {"handed_booklet": "booklet", "send_to": "home"}
    assert receipt.content["reason"] == "1", "再交付理由 T21 紛失"
    assert [step.state for step in receipt.steps.all()] == ["10", "30", "40"]


def test_不足書類には期限が付き受け取ると送付待になる(visitor: str, officer: AccessContext) -> None:
    from kokunen.national_pension.services.receipt_acts import complete_papers

    receipt = _receive(visitor, _lost(situation="damaged"), officer)
    assert (receipt.state, receipt.papers_due_on) == ("20", date(2026, 12, 8))
    assert receipt.missing_papers == ["破損した通知書または年金手帳"]
    receipt = complete_papers(notice_id=receipt.pk, papers=receipt.missing_papers, context=officer)
    assert (receipt.state, receipt.papers_due_on, receipt.missing_papers) == ("40", None, [])


def test_書類の省略には理由が要る(visitor: str, officer: AccessContext) -> None:
    from kokunen.national_pension.services.receipt_acts import waive_papers

    receipt = _receive(visitor, _lost(situation="damaged"), officer)
    with pytest.raises(InputError, match="理由"):
        waive_papers(notice_id=receipt.pk, papers=receipt.missing_papers, reason=" ", context=officer)
    receipt = waive_papers(notice_id=receipt.pk, papers=receipt.missing_papers, reason="焼失", context=officer)
    assert (receipt.state, receipt.papers.get().note) == ("40", "焼失")


@pytest.mark.control("CTL-017")
@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"identity_document": ""}, InputError, "identity_document"),
        ({"filer": Filer.AGENT}, InputError, "attachments"),
        ({"received_on": date(2026, 11, 25)}, InputError, "received_on"),
        ({"situation": "stolen"}, InputError, "situation"),
        ({"data": {"send_to": "home"}}, InputError, "handed_booklet"),
        ({"data": {"handed_booklet": "x", "send_to": "home"}}, InputError, "handed_booklet"),
        ({"data": {"handed_booklet": "notice", "send_to": "home", "unknown": "1"}}, InputError, "unknown"),
        ({"data": {"handed_booklet": "notice", "send_to": "home", "remarks": "あ" * 38}}, InputError, "remarks"),
    ],
)
def test_受け付けない届書はその欄で断る(
    visitor: str, officer: AccessContext, changes: dict[str, Any], error: type[KokunenError], field: str
) -> None:
    from kokunen.national_pension.models import Receipt

    with pytest.raises(error) as told:
        _receive(visitor, _lost(**changes), officer)
    assert told.value.field == field
    assert not Receipt.objects.exists()


def test_同じ届書を同じ日に二度は受け付けない(visitor: str, officer: AccessContext) -> None:
    first = _receive(visitor, _lost(), officer)
    with pytest.raises(Conflict, match=first.receipt_number):
        _receive(visitor, _lost(), officer)


def test_支援措置の方は特に確認するまで受け付けない(city: Register, officer: AccessContext) -> None:
    atena = city.resident(date(1980, 5, 1), protected=True)
    with pytest.raises(NotAllowed):
        _receive(atena, _lost(), officer)
    assert _receive(atena, _lost(protection_confirmed=True), officer).pk


def test_支所の受付は主管課の別の職員が確認してから送付待になる(visitor: str, officer: AccessContext) -> None:
    from kokunen.national_pension.services.receipt_acts import confirm_at_main, send_back_to_branch

    receipt = _receive(visitor, _lost(), BRANCH)
    assert receipt.state == "30"
    with pytest.raises(NotAllowed):
        confirm_at_main(notice_id=receipt.pk, context=BRANCH)
    assert send_back_to_branch(notice_id=receipt.pk, reason="送付先を確認", context=officer).state == "20"
    with transaction.atomic(using=USING):
        from kokunen.national_pension.services import receipt_flow

        receipt.refresh_from_db()
        receipt_flow.step(receipt, NoticeState.EXAMINED, "確認済", BRANCH)
    checked = confirm_at_main(notice_id=receipt.pk, context=officer)
    assert (checked.state, checked.checked_by) == ("40", "2001")


def test_補正は前の記載を残す(visitor: str, officer: AccessContext) -> None:
    from kokunen.national_pension.models import ReceiptEntry
    from kokunen.national_pension.services.receipt_acts import correct_entry

    receipt = _receive(visitor, _lost(), officer)
    data = {"handed_booklet": "notice", "send_to": "home"}
    correct_entry(notice_id=receipt.pk, data=data, reason="来庁者の申出", context=officer)
    versions = list(ReceiptEntry.objects.filter(receipt=receipt).order_by("recorded_period"))
    assert [row.data["handed_booklet"] for row in versions] == ["booklet", "notice"]
    assert versions[0].recorded_period.upper == versions[1].recorded_period.lower


def test_取下げには理由が要り元には戻らない(visitor: str, officer: AccessContext) -> None:
    from kokunen.national_pension.services.receipt_acts import send_again, withdraw

    receipt = _receive(visitor, _lost(), officer)
    with pytest.raises(InputError):
        withdraw(notice_id=receipt.pk, reason="", context=officer)
    done = withdraw(notice_id=receipt.pk, reason="通知書が見つかった", context=officer)
    assert (done.state, done.closed_on, done.end_reason) == ("80", TODAY, "通知書が見つかった")
    with pytest.raises(Conflict):
        send_again(notice_id=receipt.pk, note="再送", context=officer)


# --- what the database refuses ---------------------------------------------------------------------------------------


@contextmanager
def _refused(constraint: str) -> Iterator[None]:
    with pytest.raises(DatabaseError) as told, transaction.atomic(using=USING):
        yield
    assert told.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]


def test_終わりのない受付は完了にできず消せもしない(visitor: str, officer: AccessContext) -> None:
    from kokunen.national_pension.models import Receipt, ReceiptStep

    receipt = _receive(visitor, _lost(), BRANCH)
    rows = Receipt.objects.filter(pk=receipt.pk)
    with _refused("receipt_done_was_answered"):
        rows.update(state="90", closed_on=TODAY)
    with _refused("notice_end_has_day"):
        rows.update(state="80", end_reason="取下げ")
    with _refused("receipt_withdrawal_reason"):
        rows.update(state="80", closed_on=TODAY)
    with _refused("receipt_step_told"):
        rows.update(state="40")
    with _refused("receipt_never_removed"):
        rows._raw_delete(USING)
    with _refused("receipt_identity"):
        rows.update(received_on=date(2026, 11, 1))
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(using=USING):
        ReceiptStep.objects.filter(notice=receipt).update(note="改めた")


def test_不足書類のある受付は送付待にできない(visitor: str, officer: AccessContext) -> None:
    from kokunen.national_pension.models import Receipt

    receipt = _receive(visitor, _lost(situation="damaged"), officer)
    with _refused("receipt_papers_there"):
        Receipt.objects.filter(pk=receipt.pk).update(state="40")


def test_受付の道は画面とデータベースで同じである(city: Register) -> None:
    """Every pair of states: the table of `receipt_flow` and the trigger agree."""
    from django.db import connections

    from kokunen.national_pension.services.receipt_flow import ALLOWED

    with connections[USING].cursor() as cursor:
        cursor.execute("select prosrc from pg_proc where proname = 'receipt_guard'")
        source = cursor.fetchone()[0]
    for before, after in product(NoticeState, NoticeState):
        assert (f"'{before}{after}'" in source) == (after in ALLOWED[before]), (before, after)


def test_受付は受付の状況から始まる(visitor: str, officer: AccessContext) -> None:
    from kokunen.national_pension.models import Receipt

    receipt = _receive(visitor, _lost(), officer)
    receipt.pk, receipt.state = None, "50"
    receipt.sent_on = TODAY
    with pytest.raises(IntegrityError), transaction.atomic(using=USING):
        receipt.save(force_insert=True)
    assert Receipt.objects.count() == 1
