"""処理結果の取込: what the Service answered is matched to what was sent; what agrees closes itself, the rest waits.

Each answer is taken in once (結果通番), in one transaction; only then is it taken out of the tray, so that a crash in
between gives the same answer again and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from kokunen.assessment.flows import MEDIUM, SERVICE
from kokunen.assessment.gateway import admit_inbound
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError, KokunenError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension.catalogue import DECIDERS, form_of
from kokunen.national_pension.choices import NoticeKind, NoticeState, ReportState, ResultVerdict
from kokunen.national_pension.exemption_choices import ExemptionResult
from kokunen.national_pension.handlers.registry import handler_of
from kokunen.national_pension.models import (
    ExemptionApplication,
    Receipt,
    ReportBatch,
    ReportLine,
    ReportResult,
    ReportResultLine,
)
from kokunen.national_pension.reporting_types import MediaWriter, ResultFile, ResultLine, ResultOutcome, ResultStatus
from kokunen.national_pension.reporting_types import NoticeKind as NeutralKind
from kokunen.national_pension.services import exemptions, receipt_flow, roll
from kokunen.national_pension.services.common import USING, lock_person, one_case, savepoint

Match = ReportResultLine.Match


@dataclass(slots=True)
class Intake:
    """取込の結果: counts over all answers, and what could not be read."""

    files: int = 0
    repeated: int = 0
    accepted: int = 0
    decided: int = 0
    returned: int = 0
    unmatched: int = 0
    unreadable: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def take_in(*, writer: MediaWriter, context: AccessContext) -> Intake:
    """取り込む: every answer in the tray, oldest first; safe to run again at any time.

    Raises NotAllowed while the assessment declares no acquisition on media: nothing is opened then.
    """
    admit_inbound(SERVICE, MEDIUM, context=context)
    intake = Intake()
    for file in writer.read_result_files():
        if file.status is ResultStatus.UNREADABLE:
            intake.unreadable.append(f"{file.path.name}: {'、'.join(file.faults)}")
        elif ReportResult.objects.filter(result_serial=file.result_serial).exists():
            intake.repeated += 1
        else:
            _take_file(file=file, intake=intake, context=context)
        writer.acknowledge(file)
    return intake


@one_case("処理結果の取込")
def _take_file(*, file: ResultFile, intake: Intake, context: AccessContext) -> ReportResult:
    batch = (
        ReportBatch.objects.select_for_update()
        .filter(fiscal_year=file.fiscal_year or 0, serial=file.report_serial or 0)
        .first()
    )
    result = ReportResult.objects.create(
        result_serial=file.result_serial,
        batch=batch,
        status=str(file.status),
        faults=list(file.faults),
        taken_at=clock.now(),
        taken_by=context.staff_number,
    )
    intake.files += 1
    touched: list[str] = []
    if file.status is ResultStatus.REFUSED:
        touched = _refuse_all(batch, file, intake, context)
    else:
        sent = {line.line_number: line for line in batch.lines.select_related("notice")} if batch else {}
        same_medium = batch is not None and batch.media_sha256 == file.report_sha256
        for number, parts in groupby(file.lines, key=lambda answer: answer.line_number):
            touched += _take_line(result, list(parts), sent.get(number), same_medium, intake, context)
    if batch is not None and batch.state == ReportState.HANDED_OVER:
        batch.state = ReportState.SETTLED
        batch.save(update_fields=["state"])
    record(
        USING,
        context.for_case(f"結果{file.result_serial}"),
        act=Act.REGISTER,
        dataset="日本年金機構の処理結果",
        atena_numbers=touched,
        items=("R1 基礎年金番号", "R2 資格情報"),
        detail={"result_serial": file.result_serial, "lines": len(file.lines), "flow": "flow.in2"},
    )
    return result


def _refuse_all(batch: ReportBatch | None, file: ResultFile, intake: Intake, context: AccessContext) -> list[str]:
    """媒体ごと不受理: every notice of the medium comes back with the reason."""
    reason = "媒体不受理: " + "、".join(file.faults)
    intake.refused.append(f"{file.fiscal_year}-{file.report_serial}: {reason}")
    touched = []
    for line in batch.lines.select_related("notice") if batch else ():
        if line.notice.state == NoticeState.SENT:
            receipt_flow.move(
                line.notice, NoticeState.RETURNED, staff_number=context.staff_number, returned_reason=reason[:200]
            )
            touched.append(line.notice.atena_number)
            intake.returned += 1
    return touched


def _take_line(
    result: ReportResult,
    parts: Sequence[ResultLine],
    line: ReportLine | None,
    same_medium: bool,
    intake: Intake,
    context: AccessContext,
) -> list[str]:
    """One answered line, a decision in its parts; returns whom it concerned. What contradicts the record here is
    kept with the reason and waits for an officer; the rest of the file is taken in.
    """
    answer, refused = parts[0], ""
    match = _match(answer, line, same_medium)
    if match == Match.AGREED and line is not None:
        try:
            with savepoint():
                _effect(line.notice, parts, intake, context)
        except KokunenError as error:
            match, refused = Match.DIFFERENT, error.message
    agreed = match == Match.AGREED
    ReportResultLine.objects.bulk_create(
        _stored(result, one, line if match != Match.UNKNOWN else None, match, refused, context) for one in parts
    )
    if not agreed or line is None:
        intake.unmatched += 1
        return []
    return [line.notice.atena_number]


def _stored(
    result: ReportResult, answer: ResultLine, line: ReportLine | None, match: str, refused: str, context: AccessContext
) -> ReportResultLine:
    agreed = match == Match.AGREED
    accepted = answer.outcome is ResultOutcome.ACCEPTED
    return ReportResultLine(
        result=result,
        line=line,
        line_number=answer.line_number,
        part=answer.part,
        receipt_number=answer.receipt_number,
        verdict=ResultVerdict.ACCEPTED if accepted else ResultVerdict.RETURNED,
        processed_on=answer.processed_on,
        reason_code=answer.reason_code,
        reason=(refused or answer.reason)[:200],
        basic_pension_number=answer.basic_pension_number,
        decision=answer.decision,
        exemption_kind=answer.exemption_kind,
        first_month=answer.first_month,
        last_month=answer.last_month,
        match=match,
        settled_at=clock.now() if agreed else None,
        settled_by=context.staff_number if agreed else "",
    )


def _effect(notice: Receipt, parts: Sequence[ResultLine], intake: Intake, context: AccessContext) -> None:
    """What the answer brings about: acceptance, decision or return."""
    answer = parts[0]
    if answer.outcome is not ResultOutcome.ACCEPTED:
        reason = f"{answer.reason_code} {answer.reason}".strip() or "理由の記載なし"
        receipt_flow.move(notice, NoticeState.RETURNED, staff_number=context.staff_number, returned_reason=reason)
        handler_of(notice.kind).returned(notice, context)
        intake.returned += 1
        return
    if answer.basic_pension_number:
        known = roll.primary_number(notice.atena_number) == answer.basic_pension_number
        if not known and roll.holder_of(answer.basic_pension_number, notice.atena_number):
            raise Conflict("結果の基礎年金番号は別の方が使っています", code="other_person")
        roll.take_number(
            atena_number=notice.atena_number,
            number=answer.basic_pension_number,
            on=answer.processed_on,
            staff_number=context.staff_number,
        )
    if form_of(notice.kind).ends_with_decision(notice.situation) and answer.decision:
        _decided(notice, parts, context)
        intake.decided += 1
    else:
        _accepted(notice, answer, context)
        intake.accepted += 1


def _decided(notice: Receipt, parts: Sequence[ResultLine], context: AccessContext) -> None:
    """裁定: the application with its kinds, months and reasons, row by row."""
    exemptions.take_rows(
        receipt_id=notice.pk,
        rows=[
            exemptions.DecisionRow(
                ExemptionResult(one.decision), one.exemption_kind, one.first_month, one.last_month, one.reason
            )
            for one in parts
        ],
        decided_on=parts[0].processed_on,
        source=f"処理結果 {parts[0].result_serial}",
        context=context,
    )


def _accepted(notice: Receipt, answer: ResultLine, context: AccessContext) -> None:
    """受理: the end of a notice; an application or claim stays 結果待 until its decision, and says who has it."""
    if form_of(notice.kind).ends_with_decision(notice.situation):
        form = form_of(notice.kind)
        chosen = form.situation(notice.situation)
        notice.waiting_at = DECIDERS[(chosen.decides if chosen else "") or form.decides]
        notice.save(update_fields=["waiting_at"])
        return
    _check_kind(notice, answer)
    receipt_flow.accept(notice, on=answer.processed_on, staff_number=context.staff_number)
    handler_of(notice.kind).resulted(notice, context)
    if notice.kind == NoticeKind.WITHDRAWAL:
        _end_withdrawn(str(notice.content.get("withdraws", "")), notice, context)


def _check_kind(notice: Receipt, answer: ResultLine) -> None:
    """A notice of a fact that the Service granted as another kind than expected is looked at by an officer."""
    if not answer.exemption_kind:
        return
    expected = ExemptionApplication.objects.filter(receipt=notice).values_list("expected_kind", flat=True).first()
    if expected and expected != answer.exemption_kind:
        raise Conflict("免除種類が届の内容と一致しません", code="different_kind")


def _end_withdrawn(receipt_number: str, by: Receipt, context: AccessContext) -> None:
    """取下げの受理: what the Service has taken back and not answered ends with it."""
    number = receipt_number[4:]
    original = Receipt.objects.select_for_update().filter(pk=int(number)).first() if number.isdigit() else None
    if original is not None and original.state == NoticeState.SENT:
        receipt_flow.move(
            original,
            NoticeState.WITHDRAWN,
            staff_number=context.staff_number,
            note=f"取下げ（受付番号 {by.receipt_number}）が受理された",
        )


def _match(answer: ResultLine, line: ReportLine | None, same_medium: bool) -> str:
    if line is None:
        return Match.UNKNOWN
    if not same_medium or line.notice.receipt_number != answer.receipt_number or line.record["kind"] != answer.kind:
        return Match.DIFFERENT
    if line.notice.state != NoticeState.SENT or (line.notice.waiting_at and not answer.decision):
        return Match.STALE
    return Match.AGREED


@one_case("処理結果の再取込")
def take_up(*, result_line_id: int, context: AccessContext) -> ReportResultLine:
    """あらためて取り込む: an acceptance that contradicted the record when it came, once the record no longer does (a
    付加 whose 取消し was answered later). All parts of the line, or none; what still contradicts is refused.
    """
    first = (
        ReportResultLine.objects.select_for_update(of=("self",))
        .select_related("result")
        .filter(pk=result_line_id)
        .first()
    )
    if first is None or first.line is None:
        raise InputError("この処理結果はありません", field="line", code="not_found")
    if not first.can_be_taken_up:
        raise Conflict("この処理結果は、あらためて取り込むものではありません", code="already_decided")
    stored = list(first.result.lines.filter(line_number=first.line_number).order_by("part"))
    lock_person(first.line.notice.atena_number)
    _effect(first.line.notice, [_as_answered(one) for one in stored], Intake(), context)
    for one in stored:
        one.match, one.settled_at, one.settled_by = Match.AGREED, clock.now(), context.staff_number
        one.settled_note = "記録が整ったため、あらためて取り込んだ"
        one.save(update_fields=["match", "settled_at", "settled_by", "settled_note"])
    record(
        USING,
        context.for_case(f"結果{first.result.result_serial}"),
        act=Act.REGISTER,
        dataset="処理結果の再取込",
        atena_numbers=[first.line.notice.atena_number],
        detail={"line": first.line_number},
    )
    return first


def _as_answered(stored: ReportResultLine) -> ResultLine:
    """The answer as it came: what the Service said, from what was kept of it."""
    assert stored.line is not None
    batch = stored.line.batch
    return ResultLine(
        result_serial=stored.result.result_serial,
        fiscal_year=batch.fiscal_year,
        report_serial=batch.serial,
        line_number=stored.line_number,
        receipt_number=stored.receipt_number,
        kind=NeutralKind(stored.line.record["kind"]),
        outcome=ResultOutcome.ACCEPTED,
        processed_on=stored.processed_on,
        basic_pension_number=stored.basic_pension_number,
        part=stored.part,
        decision=stored.decision,
        exemption_kind=stored.exemption_kind,
        first_month=stored.first_month,
        last_month=stored.last_month,
    )


@one_case("処理結果の確認")
def settle(*, result_line_id: int, note: str, context: AccessContext) -> ReportResultLine:
    """不一致を確認する: an officer says what came of a line that did not match; the reason is required."""
    line = ReportResultLine.objects.select_for_update().filter(pk=result_line_id).first()
    if line is None:
        raise InputError("この処理結果はありません", field="line", code="not_found")
    if line.settled_at is not None:
        raise Conflict("この処理結果はすでに確認されています", code="already_decided")
    if not note.strip():
        raise InputError("確認した内容を入力してください", field="note", code="missing_field")
    line.settled_at = clock.now()
    line.settled_by = context.staff_number
    line.settled_note = note.strip()[:200]
    line.save(update_fields=["settled_at", "settled_by", "settled_note"])
    record(
        USING,
        context.for_case(f"結果{line.result.result_serial}"),
        act=Act.REGISTER,
        dataset="処理結果の確認",
        atena_numbers=[line.line.notice.atena_number] if line.line else [],
        detail={"line": line.line_number},
    )
    return line
