"""照合: the day's log, the list of the 年金事務所 and the paper slips, side by side."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.pension_records import line as wire
from kokunen.pension_records import queries
from kokunen.pension_records.choices import ALIAS
from kokunen.pension_records.models import DayCheck, Inquiry, OfficeLine, Operator, Slip
from kokunen.pension_records.services.entries import enter

LOG = "社会保険オンラインの照会記録"


@dataclass(frozen=True, slots=True)
class Difference:
    """相違: which inquiry, and what does not agree."""

    number: str
    words: str


def list_fetch(day: date, *, context: AccessContext) -> int:
    """処理結果リストを受け取る: new lines are added; the same list again adds nothing. Raises the line's trouble."""
    answer = wire.line().send(
        number=f"L{day:%Y%m%d}-{timezone.now().timestamp() * 1_000_000:.0f}",  # each fetch asks anew
        kind=wire.LIST,
        items={"day": day.isoformat()},
        created_at=clock.now().isoformat(timespec="seconds"),
    )
    if not answer.accepted:
        raise wire.NoAnswer("年金事務所が処理結果リストを出しませんでした")
    rows = [
        OfficeLine(
            day=day,
            number=line["number"],
            case_number=line["case_number"],
            operator_id=line["operator_id"],
            result=line["result"],
            fetched_at=clock.now(),
        )
        for line in answer.items.get("lines", ())
    ]
    with transaction.atomic(using=ALIAS):
        known = OfficeLine.objects.filter(day=day).count()
        OfficeLine.objects.bulk_create(rows, ignore_conflicts=True)
        added = OfficeLine.objects.filter(day=day).count() - known
        enter(context, Act.LOAD, LOG, count=0, detail={"day": day.isoformat(), "lines": len(rows)})
    return added


def slip_enter(*, number: str, case_number: str, operator_id: str, by: Operator, context: AccessContext) -> Slip:
    """照会票を記入する: from the paper, by a supervisor."""
    for field, value, words in (
        ("number", number, "照会番号"),
        ("case_number", case_number, "相談の受付番号"),
        ("operator_id", operator_id, "操作者ID"),
    ):
        if not value.strip():
            raise InputError(f"{words}を入力してください", field=field, code="missing_field")
    try:
        with transaction.atomic(using=ALIAS):
            slip = Slip.objects.create(
                number=number.strip(),
                case_number=case_number.strip(),
                operator_id=operator_id.strip(),
                entered_by=by,
                entered_at=clock.now(),
            )
            enter(context, Act.REGISTER, LOG, detail={"slip": slip.number})
    except IntegrityError:
        raise Conflict("この照会番号の照会票はすでに記入されています", field="number") from None
    return slip


def differences_of(day: date) -> list[Difference]:
    """相違を求める: every inquiry stands in the log, in the office's list and on a slip, and all three agree."""
    found: list[Difference] = []
    lines = queries.office_lines(day)
    log = {row.number: row for row in queries.inquiries_of(day)}
    slips = queries.slips_of({*log, *lines})
    for number in sorted({*log, *lines}):
        found += _compared(number, log.get(number), lines.get(number), slips.get(number))
    found += [
        Difference(slip.number, "照会票だけがあります（照会の記録がありません）")
        for slip in queries.slips_entered_on(day)
        if slip.number not in log and slip.number not in lines and not queries.is_known(slip.number)
    ]
    return found


def _compared(number: str, row: Inquiry | None, line: OfficeLine | None, slip: Slip | None) -> list[Difference]:
    if row is None:
        return [Difference(number, "年金事務所のリストにだけあります（この端末の記録にありません）")]
    found = []
    if line is None:
        found.append(Difference(number, "年金事務所のリストにありません"))
    elif (line.case_number, line.operator_id) != (row.case_number, row.operator.operator_id):
        found.append(Difference(number, "年金事務所のリストと、受付番号または操作者が違います"))
    if slip is None:
        found.append(Difference(number, "照会票がありません"))
    elif (slip.case_number, slip.operator_id) != (row.case_number, row.operator.operator_id):
        found.append(Difference(number, "照会票と、受付番号または操作者が違います"))
    return found


def day_check(day: date, *, words: str, by: Operator, context: AccessContext) -> DayCheck:
    """照合を記録する: differences need an explanation; the list of the day must have been taken."""
    found = differences_of(day)
    if found and not words.strip():
        raise InputError(
            f"相違が{len(found)}件あります。調べた結果を記入してください", field="words", code="missing_field"
        )
    with transaction.atomic(using=ALIAS):
        check = DayCheck.objects.create(
            day=day,
            checked_by=by,
            checked_at=clock.now(),
            inquiries=len(queries.inquiries_of(day)),
            differences=[asdict(one) for one in found],
            words=words.strip(),
        )
        enter(context, Act.REGISTER, LOG, detail={"day": day.isoformat(), "differences": len(found)})
    return check
