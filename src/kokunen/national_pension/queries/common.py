"""照会の枠: one read is one transaction with its ledger entry; without the entry there is no answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time

from django.db import transaction
from django.utils.crypto import salted_hmac

from kokunen.common_platform.operations import clock
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record

USING = "national_pension"
BASIC, QUALIFICATION = "R1 基本情報", "R2 資格情報"


@contextmanager
def looked_at(
    context: AccessContext,
    dataset: str,
    atena_numbers: Sequence[str],
    *,
    items: Sequence[str] = (BASIC, QUALIFICATION),
    act: Act = Act.VIEW,
) -> Iterator[None]:
    """閲覧: the entry is written before anything is read."""
    with looking() as note:
        note(context, dataset, atena_numbers, items=items, act=act)
        yield


@contextmanager
def looking() -> Iterator[Callable[..., None]]:
    """閲覧 of people who are known only once something was read: one transaction, and `note` writes the entry in it.

    `note` takes what `looked_at` takes.
    """

    def note(
        context: AccessContext,
        dataset: str,
        atena_numbers: Sequence[str],
        *,
        items: Sequence[str] = (BASIC, QUALIFICATION),
        act: Act = Act.VIEW,
    ) -> None:
        record(USING, context, act=act, dataset=dataset, atena_numbers=atena_numbers, items=items)

    with transaction.atomic(using=USING):
        yield note


def mark_of(context: AccessContext, today: date, *seen: object) -> str:
    """見たものの印: what stands on an officer's screen, by the key of this installation, so that no page can claim a
    look that was never entered. A page sends it back; while it is the same, nothing new is seen and no second entry is
    written.
    """
    whose = (context.staff_number, context.office_code, context.purpose, context.terminal, today)
    return salted_hmac("kokunen.national_pension.looks", repr((whose, seen)), algorithm="sha256").hexdigest()


def end_of_day(day: date) -> datetime:
    """その日の終わり in office time: what was entered on the day counts as known on it."""
    return datetime.combine(day, time(23, 59, 59, 999999), tzinfo=clock.OFFICE_ZONE)
