"""相談・照会の照会: notes and slips of a person, the open slips of an office, the record as last noted, incomes."""

from __future__ import annotations

from dataclasses import dataclass

from kokunen.common_platform.records.prepared import Prepared
from kokunen.law.engine.months import first_day
from kokunen.law.rules.benefits.monthly_record import LABELS, OUTSIDE, MonthState, Span
from kokunen.ledger.access import AccessContext, Act
from kokunen.national_pension import income_view, resident_view
from kokunen.national_pension.choices import InquiryState
from kokunen.national_pension.income_view import Income
from kokunen.national_pension.models import ConsultationNote, InquirySlip, RecordNote
from kokunen.national_pension.month_grid import Mark
from kokunen.national_pension.queries.common import looked_at, looking
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services.consultations import span_of

_MARKS = {
    MonthState.PAID: ("納", "paid"),
    MonthState.MATERNITY: ("産", "paid"),
    MonthState.CHILDCARE: ("育", "paid"),
    MonthState.FULL: ("全", "exempt"),
    MonthState.THREE_QUARTER: ("¾", "partial"),
    MonthState.HALF: ("半", "partial"),
    MonthState.QUARTER: ("¼", "partial"),
    MonthState.STATUTORY: ("法", "exempt"),
    MonthState.DEFERRAL: ("猶", "deferred"),
    MonthState.STUDENT: ("学", "deferred"),
    MonthState.UNPAID: ("未", "unpaid"),
    MonthState.SECOND: ("2", "second"),
    MonthState.THIRD: ("3", "third"),
}


@dataclass(frozen=True, slots=True)
class Talks:
    """相談・照会 of a person, latest first."""

    notes: tuple[ConsultationNote, ...]
    records: tuple[RecordNote, ...]
    slips: tuple[InquirySlip, ...]


def talks_of(atena_number: str, *, context: AccessContext) -> Talks:
    """相談・照会: every note and slip of a person."""
    with looked_at(context, "個人照会（相談・照会）", [atena_number]):
        return Talks(
            tuple(ConsultationNote.objects.filter(atena_number=atena_number).order_by("-at", "-id")[:100]),
            tuple(RecordNote.objects.filter(atena_number=atena_number).order_by("-noted_at", "-id")[:20]),
            tuple(InquirySlip.objects.filter(atena_number=atena_number).order_by("-asked_at", "-id")[:100]),
        )


_LATEST_RECORD = Prepared(
    lambda atena: RecordNote.objects.filter(atena_number=atena).order_by("-noted_at", "-id")[:1], "0" * 15
)


def latest_record(atena_number: str) -> RecordNote | None:
    """社会保険オンラインの最新の確認: inside a look that has its own ledger entry."""
    return next(iter(_LATEST_RECORD(atena_number)), None)


def spans_noted(note: RecordNote | None) -> list[Span]:
    """記入された期間 as the rules take them."""
    return [] if note is None else [span_of(row) for row in note.spans]


def marks_of(note: RecordNote | None) -> list[Mark]:
    """月の印: what the terminal showed, month by month; kinds are the record's own matter and are left out."""
    marks = []
    for span in spans_noted(note):
        if span.state in OUTSIDE or span.state not in _MARKS or note is None:
            continue
        letter, state = _MARKS[span.state]
        marks.append(
            Mark(
                first_day(span.first),
                first_day(span.last),
                letter,
                state,
                LABELS[span.state],
                "社会保険オンライン",
                note.seen_on,
            )
        )
    return marks


def judged_marks(note: RecordNote | None, good: frozenset[int], bad: frozenset[int]) -> list[Mark]:
    """判定した月の印: ○ counts, × does not."""
    if note is None:
        return []
    marks = []
    for months, letter, state, words in ((good, "○", "paid", "数える月"), (bad, "×", "unpaid", "数えない月")):
        marks += [
            Mark(first_day(month), first_day(month), letter, state, words, "社会保険オンライン", note.seen_on)
            for month in sorted(months)
        ]
    return marks


def open_slips(*, context: AccessContext, office: str = "") -> list[tuple[InquirySlip, Resident | None]]:
    """未回答の照会票, oldest first; of one office or of all."""
    rows = InquirySlip.objects.exclude(state=InquiryState.ANSWERED)
    if office:
        rows = rows.filter(office_code=office)
    with looking() as note:
        slips = list(rows.order_by("asked_at", "id")[:200])
        note(context, "照会票の一覧", [slip.atena_number for slip in slips], act=Act.SEARCH)
        residents = resident_view.by_numbers({slip.atena_number for slip in slips})
        return [(slip, residents.get(slip.atena_number)) for slip in slips]


def incomes_of(residents: list[Resident], *, context: AccessContext) -> dict[str, list[Income]]:
    """所得情報 (flow.in5) of a person and the household, each of them looked at."""
    numbers = [one.atena_number for one in residents]
    with looked_at(context, "個人照会（所得情報）", numbers, items=("R10 所得情報",)):
        return income_view.by_person(numbers)
