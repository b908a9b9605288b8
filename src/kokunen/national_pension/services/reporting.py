"""日本年金機構への報告: 確認 → 作成 → 引渡し. A report is made once; two different officers hand it over.

What can go goes: notices in 送付待 become the lines of one medium, and what the medium cannot carry is held back with
its reason, never dropped. The medium itself is written by the carrier (`reporting_types.MediaWriter`); here stand the
register of media (媒体管理簿), the list and the cover sheet, the signatures and the 送付日.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connections
from django.db.models import Case, Max, Value, When

from kokunen.assessment.flows import MEDIUM, SERVICE
from kokunen.assessment.gateway import admit_outbound
from kokunen.common_platform.operations import clock
from kokunen.common_platform.safeguards.services import handing
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.kernel.wareki import fiscal_year
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import documents
from kokunen.national_pension import reporting_types as neutral
from kokunen.national_pension.choices import OPEN_NOTICE_STATES, NoticeKind, NoticeState, ReportState
from kokunen.national_pension.models import Receipt, ReportBatch, ReportFile, ReportIssue, ReportLine
from kokunen.national_pension.reporting_types import HandOver, MediaImage, MediaWriter, Report
from kokunen.national_pension.services import receipt_flow
from kokunen.national_pension.services.common import USING, one_case
from kokunen.national_pension.services.report_lines import as_json, from_json, lines_of

_LAST_SERIAL = 999
_ITEMS = ("R1 基本情報", "R2 資格情報")
_CANCELLING_FIRST = Case(When(kind=NoticeKind.EXEMPTION_END, then=Value(0)), default=Value(1))
"""報告の順: a 取消し stands before the 付加 that waits for it, then by form and number."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """保留: a notice that cannot go on the medium as it is, and why."""

    notice: Receipt
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """締切の確認: what would go today, by kind, and what is held back and why."""

    ready: tuple[Receipt, ...]
    lines: tuple[neutral.ReportLine, ...]
    held_back: tuple[HeldBack, ...]

    @property
    def counts(self) -> dict[str, int]:
        """件数 by kind of notice."""
        return dict(Counter(notice.get_kind_display() for notice in self.ready))


@one_case("報告の確認")
def closing(*, writer: MediaWriter, context: AccessContext) -> Closing:
    """確認する: the notices that wait to be sent, split into what can go and what is held back. Stores nothing."""
    result = _closing(writer)
    record(
        USING,
        context,
        act=Act.VIEW,
        dataset="日本年金機構への報告（確認）",
        atena_numbers=[notice.atena_number for notice in result.ready],
        items=_ITEMS,
    )
    return result


def _closing(writer: MediaWriter) -> Closing:
    waiting = list(
        Receipt.objects.filter(state=NoticeState.TO_SEND)
        .exclude(report_lines__batch__state=ReportState.BUILT)
        .order_by(_CANCELLING_FIRST, "kind", "id")
    )
    lines = lines_of(waiting)
    problems: dict[str, list[str]] = {}
    if lines:
        for problem in writer.problems(_trial(lines)):
            problems.setdefault(problem.receipt_number, []).append(f"{problem.label}: {problem.message}")
    for notice, reason in _without_cancelling([one for one in waiting if one.receipt_number not in problems]):
        problems.setdefault(notice.receipt_number, []).append(reason)
    ready = [
        (notice, line) for notice, line in zip(waiting, lines, strict=True) if notice.receipt_number not in problems
    ]
    held = [
        HeldBack(notice, tuple(problems[notice.receipt_number]))
        for notice in waiting
        if notice.receipt_number in problems
    ]
    return Closing(tuple(one for one, _ in ready), tuple(line for _, line in ready), tuple(held))


def _without_cancelling(ready: Sequence[Receipt]) -> Iterator[tuple[Receipt, str]]:
    """取消しを待つ付加: an F10 for a month whose 取消申請 does not go (held back, or not yet ready) stays here with it:
    who is exempt may not pay 付加 (法87条の2第2項), so the Service would only send it back.
    """
    joining = [one for one in ready if one.kind == NoticeKind.ADDITIONAL and one.situation == "join"]
    if not joining:
        return
    staying = (
        Receipt.objects.filter(
            atena_number__in=[one.atena_number for one in joining],
            kind=NoticeKind.EXEMPTION_END,
            state__in=[state for state in OPEN_NOTICE_STATES if state != NoticeState.SENT],
        )
        .exclude(pk__in=[one.pk for one in ready])
        .exclude(report_lines__batch__state=ReportState.BUILT)
    )
    cancelling = {one.atena_number: one for one in staying}
    for one in joining:
        other = cancelling.get(one.atena_number)
        if other is not None and str(other.content.get("from_month") or "") <= str(one.content.get("from_month")):
            number = other.receipt_number
            yield (
                one,
                f"免除の取消申請: 受付番号 {number}が送れるまで、付加の申出も送れません（法第87条の2第2項）",
            )


def _trial(lines: Sequence[neutral.ReportLine]) -> Report:
    return Report(serial=1, created_on=clock.today(), lines=tuple(lines))


@one_case("報告の作成")
def build(
    *, writer: MediaWriter, medium: neutral.MediumKind = neutral.MediumKind.CD, context: AccessContext
) -> ReportBatch:
    """作成する: lines, list, cover sheet and sealed medium of today, as one batch of the 媒体管理簿.

    Raises InputError when nothing waits to be sent, NotAllowed while the assessment declares no provision on media.
    """
    admit_outbound(SERVICE, MEDIUM, context=context)
    with connections[USING].cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('national_pension.report', 0))")
    today = clock.today()
    found = _closing(writer)
    if not found.ready:
        held = f"（保留 {len(found.held_back)}件）" if found.held_back else ""
        raise InputError(
            f"報告する届書がありません{held}",
            field="lines",
            code="nothing_to_send",
            hint="保留の理由を確認してください。",
        )
    report, image = _write(writer, found.lines, medium, today)
    batch = ReportBatch.objects.create(
        fiscal_year=image.fiscal_year,
        serial=report.serial,
        report_on=today,
        medium=str(medium),
        counts=found.counts,
        line_count=len(found.lines),
        media_sha256=image.sha256,
        key_id=image.key_id,
        manifest=dict(image.manifest),
        media_path=image.path.name,
        built_at=clock.now(),
        built_by=context.staff_number,
    )
    already = set(
        ReportLine.objects.filter(notice__in=found.ready)
        .exclude(batch__state=ReportState.DISCARDED)
        .values_list("notice_id", flat=True)
    )
    ReportLine.objects.bulk_create(
        ReportLine(batch=batch, line_number=number, notice=notice, record=as_json(line), is_resend=notice.pk in already)
        for number, (notice, line) in enumerate(zip(found.ready, found.lines, strict=True), start=1)
    )
    _make_papers(batch)
    _issue(batch, "media", image.sha256, context)
    record(
        USING,
        context.for_case(_case(batch)),
        act=Act.EXPORT,
        dataset="日本年金機構への報告（媒体の作成）",
        atena_numbers=[line.atena_number for line in found.lines],
        items=_ITEMS,
        detail={"serial": batch.serial, "fiscal_year": batch.fiscal_year, "sha256": image.sha256, "flow": "flow.out1"},
    )
    return batch


def _write(
    writer: MediaWriter, lines: Sequence[neutral.ReportLine], medium: neutral.MediumKind, today: date
) -> tuple[Report, MediaImage]:
    """The medium under the next free number; a number that an aborted run has used stays unused."""
    year = fiscal_year(today)
    last = ReportBatch.objects.filter(fiscal_year=year).aggregate(last=Max("serial"))["last"] or 0
    for serial in range(last + 1, _LAST_SERIAL + 1):
        report = Report(serial=serial, created_on=today, lines=tuple(lines), medium=medium)
        try:
            return report, writer.write(report)
        except Conflict:
            continue
    raise Conflict("この年度の媒体通番を使い切りました", code="serial", hint="日本年金機構に相談してください。")


def _make_papers(batch: ReportBatch) -> None:
    lines = [from_json(line.record) for line in batch.lines.all()]
    for role, content, name in (
        (ReportFile.Role.LIST, documents.report_list(batch, lines), "list"),
        (ReportFile.Role.COVER, documents.cover_sheet(batch, lines), "cover"),
    ):
        ReportFile.objects.create(
            batch=batch,
            role=role,
            filename=f"report-{batch.fiscal_year}-{batch.serial_text}-{name}.pdf",
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
        )


def _issue(batch: ReportBatch, what: str, sha256: str, context: AccessContext) -> ReportIssue:
    last = batch.issues.filter(what=what).aggregate(last=Max("number"))["last"] or 0
    return ReportIssue.objects.create(
        batch=batch,
        what=what,
        number=last + 1,
        sha256=sha256,
        issued_at=clock.now(),
        issued_by=context.staff_number,
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """帳票: the file as it was made, and whether this is a 再発行."""

    filename: str
    content: bytes
    issue: ReportIssue


@one_case("報告の帳票の発行")
def issue_paper(*, batch_id: int, role: str, context: AccessContext) -> Paper:
    """帳票を出す: always the same bytes; from the second time on the register says 再発行."""
    batch = get_batch(batch_id)
    file = batch.files.filter(role=role).first()
    if file is None:
        raise InputError("この帳票はありません", field="role", code="not_found")
    issue = _issue(batch, role, file.sha256, context)
    numbers = [line.record["atena_number"] for line in batch.lines.all()]
    record(
        USING,
        context.for_case(_case(batch)),
        act=Act.PRINT,
        dataset=f"{file.get_role_display()}{'（再発行）' if issue.is_reissue else ''}",
        atena_numbers=numbers,
        items=_ITEMS,
        serial=f"{_case(batch)}-{role}-{issue.number}",
    )
    return Paper(file.filename, bytes(file.content), issue)


@one_case("報告の媒体の再発行")
def write_again(*, batch_id: int, writer: MediaWriter, context: AccessContext) -> ReportIssue:
    """媒体を再発行する: from the stored lines, to the same bytes. Conflict when they are not the same."""
    batch = get_batch(batch_id)
    admit_outbound(SERVICE, MEDIUM, context=context)
    image = writer.write(_report_of(batch))
    if image.sha256 != batch.media_sha256:
        raise Conflict("再作成した媒体が元の媒体と一致しません", code="different", hint="管理者に連絡してください。")
    issue = _issue(batch, "media", image.sha256, context)
    record(
        USING,
        context.for_case(_case(batch)),
        act=Act.EXPORT,
        dataset="日本年金機構への報告（媒体の再発行）",
        atena_numbers=[line.record["atena_number"] for line in batch.lines.all()],
        items=_ITEMS,
        detail={"sha256": image.sha256, "issue": issue.number},
    )
    return issue


def _report_of(batch: ReportBatch) -> Report:
    return Report(
        serial=batch.serial,
        created_on=batch.report_on,
        lines=tuple(from_json(line.record) for line in batch.lines.all()),
        medium=neutral.MediumKind(batch.medium),
    )


@one_case("報告の引渡し（引渡者の署名）")
def sign_first(*, batch_id: int, carrying_case: str, context: AccessContext, medium: str = "") -> ReportBatch:
    """引渡者が署名する: names the locked case. The report is handed over only with the second signature.

    The same signature stands in the 媒体台帳 (払出, 書込, 搬送, 引渡) for `medium`, its 管理番号 (see `handing.sign`).
    """
    batch = _built(batch_id)
    if not carrying_case.strip():
        raise InputError("施錠ケースの番号を入力してください", field="carrying_case", code="missing_field")
    batch.medium_number = handing.sign(
        _load_of(batch), medium=medium, case=carrying_case.strip(), receiver=SERVICE, context=_for(batch, context)
    )
    batch.first_officer = context.staff_number
    batch.first_signed_at = clock.now()
    batch.carrying_case = carrying_case.strip()
    batch.save(update_fields=["first_officer", "first_signed_at", "carrying_case", "medium_number"])
    _entry(batch, context, "報告の引渡し（引渡者の署名）")
    return batch


@one_case("報告の引渡し（立会者の署名）")
def sign_second(*, batch_id: int, writer: MediaWriter, context: AccessContext) -> ReportBatch:
    """立会者が署名し、引き渡す: by another officer. The medium goes to the Service, its notices are 結果待 with
    today's 送付日.
    """
    admit_outbound(SERVICE, MEDIUM, context=context)
    batch = _built(batch_id)
    if not batch.first_officer:
        raise Conflict("引渡者の署名がまだありません", code="order", hint="先に引渡者が署名してください。")
    if batch.first_officer == context.staff_number:
        raise NotAllowed(
            "引渡者と立会者は別の職員でなければなりません",
            field="second_officer",
            code="same_officer",
            hint="もう1人の職員がサインインして署名してください。",
        )
    lines = list(batch.lines.select_related("notice").select_for_update(of=("notice",)))
    withdrawn = [line.notice for line in lines if line.notice.state != NoticeState.TO_SEND]
    if withdrawn:
        numbers = "、".join(notice.receipt_number for notice in withdrawn)
        raise Conflict(
            f"作成後に取り下げられた届書が含まれています（受付番号 {numbers}）",
            code="withdrawn_inside",
            hint="この媒体を廃棄し、作り直してください。",
        )
    now, today = clock.now(), clock.today()
    handing.witness(_load_of(batch), context=_for(batch, context))
    image = writer.write(_report_of(batch))
    signatures = HandOver(batch.first_officer, context.staff_number, batch.carrying_case, now)
    writer.hand_over(image, signatures)
    batch.second_officer = context.staff_number
    batch.handed_over_at = now
    batch.sent_on = today
    batch.state = ReportState.HANDED_OVER
    batch.save(update_fields=["second_officer", "handed_over_at", "sent_on", "state"])
    for line in lines:
        receipt_flow.move(
            line.notice,
            NoticeState.SENT,
            staff_number=context.staff_number,
            sent_on=today,
            note=f"媒体通番 {batch.fiscal_year}-{batch.serial_text}{'（再送）' if line.is_resend else ''}",
        )
    _entry(batch, context, "報告の引渡し（立会者の署名）", Act.EXPORT)
    return batch


@one_case("報告の廃棄")
def discard(*, batch_id: int, reason: str, context: AccessContext) -> ReportBatch:
    """廃棄する: a medium that was made and not handed over; its number stays used, its notices wait again."""
    batch = _built(batch_id)
    if not reason.strip():
        raise InputError("廃棄する理由を入力してください", field="reason", code="missing_field")
    handing.withdraw(_load_of(batch), reason=reason.strip(), context=_for(batch, context))
    batch.state = ReportState.DISCARDED
    batch.discard_reason = reason.strip()
    batch.save(update_fields=["state", "discard_reason"])
    _entry(batch, context, "報告の廃棄", Act.CANCEL)
    return batch


def get_batch(batch_id: int) -> ReportBatch:
    """報告: raises InputError when there is none of that id."""
    batch = ReportBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise InputError("この報告はありません", field="batch", code="not_found", hint="一覧を開き直してください。")
    return batch


def _built(batch_id: int) -> ReportBatch:
    get_batch(batch_id)
    batch = ReportBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state != ReportState.BUILT:
        raise Conflict(
            f"この報告はすでに「{batch.get_state_display()}」です", code="state", hint="一覧を開き直してください。"
        )
    return batch


def _case(batch: ReportBatch) -> str:
    return f"R{batch.fiscal_year}-{batch.serial_text}"


def _entry(batch: ReportBatch, context: AccessContext, what: str, act: Act = Act.REGISTER) -> None:
    record(
        USING,
        context.for_case(_case(batch)),
        act=act,
        dataset=what,
        atena_numbers=[line.record["atena_number"] for line in batch.lines.all()],
        items=_ITEMS,
        detail={"serial": batch.serial, "fiscal_year": batch.fiscal_year},
    )


def _load_of(batch: ReportBatch) -> handing.Load:
    disc = "DVD-R" if neutral.MediumKind(batch.medium) is neutral.MediumKind.DVD else "CD-R"
    return handing.Load(_case(batch), batch.media_sha256, batch.key_id or "封印", batch.line_count, disc)


def _for(batch: ReportBatch, context: AccessContext) -> AccessContext:
    return context.for_case(_case(batch))
