"""年金相談・照会: what was said is kept, what the terminal showed is noted, what nobody here knows is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.wareki import format_wareki
from kokunen.law.engine.months import month_text, parse_month
from kokunen.law.rules.benefits.monthly_record import PAID_LIKE, MonthState, Span, overlapping
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import resident_view
from kokunen.national_pension.choices import ConsultationChannel, InquiryState
from kokunen.national_pension.models import ConsultationNote, InquirySlip, RecordNote
from kokunen.national_pension.services.common import USING, one_case

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Talk:
    """相談: how, about what, what was asked and what was answered."""

    channel: str
    subject: str
    asked: str
    answered: str
    receipt_number: str = ""


@one_case("年金相談票の記入")
def note_talk(*, atena_number: str, talk: Talk, context: AccessContext) -> ConsultationNote:
    """相談を残す: InputError at the field that is missing."""
    _known(atena_number)
    if talk.channel not in ConsultationChannel.values:
        raise InputError("相談の方法を選んでください", field="channel", code="missing_field")
    for name, words in (("subject", "相談の区分"), ("asked", "相談の内容"), ("answered", "回答")):
        _filled(getattr(talk, name), name, words)
    note = ConsultationNote.objects.create(
        atena_number=atena_number,
        at=clock.now(),
        staff_number=context.staff_number,
        office_code=context.office_code,
        channel=talk.channel,
        subject=talk.subject.strip(),
        asked=talk.asked.strip(),
        answered=talk.answered.strip(),
        receipt_number=talk.receipt_number,
    )
    _entry(atena_number, context, "年金相談票")
    return note


@one_case("年金記録の確認の記入")
def note_record(
    *, atena_number: str, seen_on: date, spans: Sequence[Span], remarks: str = "", context: AccessContext
) -> RecordNote:
    """社会保険オンラインで見た記録を残す: months by state, none named twice, none before the scheme or yet to come."""
    _known(atena_number)
    today = clock.today()
    if seen_on > today:
        raise InputError(
            f"確認日が未来の日付です（今日は{format_wareki(today)}）", field="seen_on", code="out_of_range"
        )
    if not spans:
        raise InputError("期間を1行以上入力してください", field="spans", code="missing_field")
    for span in spans:
        if span.last < span.first:
            raise InputError("期間の終わりの月が始まりの月より前です", field="spans", code="inconsistent")
        if span.first < parse_month("1961-04"):
            raise InputError("昭和36年4月より前の月は入力できません", field="spans", code="out_of_range")
        if span.additional and span.state not in PAID_LIKE:
            raise InputError("付加は納付した月だけに付きます", field="spans", code="inconsistent")
    doubled = overlapping(spans)
    if doubled is not None:
        raise InputError(
            f"{month_text(doubled)}が2つの期間に入っています",
            field="spans",
            code="inconsistent",
            hint="期間の始まりと終わりの月を確認してください。",
        )
    note = RecordNote.objects.create(
        atena_number=atena_number,
        seen_on=seen_on,
        noted_at=clock.now(),
        noted_by=context.staff_number,
        spans=[span_as_json(span) for span in sorted(spans, key=lambda one: one.first)],
        remarks=remarks.strip(),
    )
    _entry(atena_number, context, "年金記録の確認（社会保険オンライン）")
    return note


@one_case("照会票の起票")
def ask(*, atena_number: str, question: str, receipt_number: str = "", context: AccessContext) -> InquirySlip:
    """照会する: the slip waits at the main office, which asks the Service once a day."""
    _known(atena_number)
    _filled(question, "question", "照会の内容")
    slip = InquirySlip.objects.create(
        atena_number=atena_number,
        question=question.strip(),
        receipt_number=receipt_number,
        office_code=context.office_code,
        asked_by=context.staff_number,
        asked_at=clock.now(),
    )
    _entry(atena_number, context, "照会票")
    return slip


@one_case("照会票の送付")
def send_slips(*, slip_ids: Sequence[int], context: AccessContext) -> int:
    """年金事務所へまとめて照会する: the slips that wait; returns how many went."""
    slips = list(InquirySlip.objects.select_for_update().filter(pk__in=slip_ids, state=InquiryState.ASKED))
    if not slips:
        raise Conflict("送付する照会票がありません", code="nothing", hint="一覧を開き直してください。")
    now = clock.now()
    for slip in slips:
        slip.state, slip.sent_by, slip.sent_at = InquiryState.SENT, context.staff_number, now
    InquirySlip.objects.bulk_update(slips, ["state", "sent_by", "sent_at"])
    record(
        USING,
        context,
        act=Act.REGISTER,
        dataset="照会票の送付（年金事務所）",
        atena_numbers=[slip.atena_number for slip in slips],
        items=("R1 基本情報", "R2 資格情報"),
    )
    return len(slips)


@one_case("照会票の回答")
def answer(*, slip_id: int, words: str, context: AccessContext) -> InquirySlip:
    """回答を残す: by the main office itself or as the Service answered; once."""
    slip = InquirySlip.objects.select_for_update().filter(pk=slip_id).first()
    if slip is None:
        raise InputError("この照会票はありません", field="slip", code="not_found")
    if slip.state == InquiryState.ANSWERED:
        raise Conflict("この照会票はすでに回答済です", code="state", hint="一覧を開き直してください。")
    _filled(words, "answer", "回答")
    slip.answer, slip.answered_by, slip.answered_at = words.strip(), context.staff_number, clock.now()
    slip.state = InquiryState.ANSWERED
    slip.save(update_fields=["answer", "answered_by", "answered_at", "state"])
    _entry(slip.atena_number, context, "照会票の回答")
    return slip


def span_as_json(span: Span) -> dict[str, Any]:
    """期間 as it is stored."""
    return {
        "from": month_text(span.first),
        "to": month_text(span.last),
        "state": str(span.state),
        "known_on": span.known_on.isoformat() if span.known_on else None,
        "additional": span.additional,
    }


def span_of(row: Mapping[str, Any]) -> Span:
    """期間 as the rules take it."""
    known = row.get("known_on")
    return Span(
        parse_month(row["from"]),
        parse_month(row["to"]),
        MonthState(row["state"]),
        date.fromisoformat(known) if known else None,
        bool(row.get("additional")),
    )


def _known(atena_number: str) -> None:
    if resident_view.find(atena_number) is None:
        raise InputError("この宛名番号の住民記録がありません", field="atena_number", code="not_found")


def _filled(value: str, field: str, words: str) -> None:
    if not value.strip():
        raise InputError(f"{words}を入力してください", field=field, code="missing_field")
    if len(value) > _LONGEST:
        raise InputError(f"{words}は{_LONGEST}字までです（{len(value)}字）", field=field, code="too_long")


def _entry(atena_number: str, context: AccessContext, what: str) -> None:
    record(USING, context, act=Act.REGISTER, dataset=what, atena_numbers=[atena_number], items=("R2 資格情報",))
