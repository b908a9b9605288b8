"""届書の受付: every form of the catalogue comes in through here — known values, checks, receipt, papers, own records.

`begin` says what the city knows already, `examine` what stands against it, `receive` takes the form in. Forms that
change a qualification (F01 to F06, F08) have their own service, `notices`, which ends in the same `Receipt`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from kokunen.common_platform.operations import clock
from kokunen.common_platform.records.models import recorded_from
from kokunen.kernel.calendar import Deadline, filing_deadline
from kokunen.kernel.errors import Conflict, InputError, KokunenError
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import resident_view
from kokunen.national_pension.catalogue import Form, FormField, form_of
from kokunen.national_pension.choices import OPEN_NOTICE_STATES, Filer, NoticeKind, NoticeSource
from kokunen.national_pension.handlers.base import REFUSE, TELL, WARN, Case, Finding, Known
from kokunen.national_pension.handlers.registry import handler_of
from kokunen.national_pension.models import Receipt, ReceiptEntry
from kokunen.national_pension.queries.common import mark_of
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services import receipt_flow, recording, roll
from kokunen.national_pension.services.common import USING, lock_person, one_case
from kokunen.national_pension.services.identity import POWER_OF_ATTORNEY, check_identity

DEAD = "3"


@dataclass(frozen=True, slots=True)
class Entry:
    """届書: what the paper says (`data` by field name, dates ISO, months YYYY-MM) and what was shown with it.

    `waived` are papers the officer goes without, each with the reason; papers of the situation that are neither seen
    nor waived are missing and get a due date.
    """

    kind: NoticeKind
    situation: str
    data: Mapping[str, Any]
    received_on: date
    filer: Filer = Filer.SELF
    identity_document: str = ""
    papers: tuple[str, ...] = ()
    waived: Mapping[str, str] = field(default_factory=dict)
    power_of_attorney: bool = False
    protection_confirmed: bool = False
    about_atena_number: str = ""
    to_report: bool = True
    follows_id: int | None = None
    twice_confirmed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """審査の結果: findings with their reasons, missing papers, the limit of the form and how the day stands to it."""

    form: Form
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]
    deadline: Deadline | None
    late_days: int

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """受け付けられない理由."""
        return tuple(one for one in self.findings if one.severity == REFUSE)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """注意."""
        return tuple(one for one in self.findings if one.severity == WARN)

    @property
    def told(self) -> tuple[Finding, ...]:
        """届書から決まること."""
        return tuple(one for one in self.findings if one.severity == TELL)


@one_case("届書の記入")
def begin(
    *, atena_number: str, kind: NoticeKind, context: AccessContext, about_atena_number: str = ""
) -> dict[str, Known]:
    """記入済みにする: the fields the city knows, each with its source, of the deceased too when a form is about one.
    Stores nothing but the ledger entry.
    """
    form = form_of(kind)
    resident = resident_of(atena_number)
    known = handler_of(kind).known(form, resident)
    about = resident_view.find(about_atena_number) if form.about_deceased and about_atena_number else None
    _look(form, atena_number, context, "記入", about_atena_number if about else "")
    if about is not None:
        known |= _of_deceased(about)
    return known


def _of_deceased(about: Resident) -> dict[str, Known]:
    found = {
        "about_atena_number": Known(about.atena_number, ""),
        "deceased_name": Known(about.name, "住民記録"),
    }
    if about.status == DEAD and about.removed_on:
        found["died_on"] = Known(about.removed_on.isoformat(), "住民記録")
    return found


def examine(*, atena_number: str, entry: Entry, context: AccessContext) -> Examined:
    """審査する: as `receive` would, without storing anything but the ledger entry."""
    return examine_again(atena_number=atena_number, entry=entry, context=context)[0]


@one_case("届書の審査")
def examine_again(
    *, atena_number: str, entry: Entry, context: AccessContext, shown: Collection[str] = ()
) -> tuple[Examined, str]:
    """審査をもう一度示す, while the form is typed, with its mark (`mark_of`): one look is one entry, of the deceased
    too when the form is about one; what stands on the screen already, by a mark among `shown`, gets no second one.
    """
    form = form_of(entry.kind)
    resident = resident_of(atena_number)
    about = resident_view.find(entry.about_atena_number) if entry.about_atena_number else None
    receipts = list(Receipt.objects.filter(atena_number=atena_number).order_by("pk").values_list("pk", "state"))
    mark = mark_of(context, clock.today(), form.code, resident, about, recording.current_held(atena_number), receipts)
    if mark not in shown:
        _look(form, atena_number, context, "審査", about.atena_number if about else "")
    return _examined(form, resident, entry), mark


@one_case("届書の受付")
def receive(*, atena_number: str, entry: Entry, context: AccessContext) -> Receipt:
    """受け付ける: one transaction from the check to the receipt, its papers, its entry and the form's own records.

    Raises InputError at the field that is wrong, Conflict for the same form twice, NotAllowed without the checks that
    a protected person needs.
    """
    form = form_of(entry.kind)
    resident = resident_of(atena_number)
    seen = [*entry.papers, *([POWER_OF_ATTORNEY] if entry.power_of_attorney else [])]
    check_identity(
        resident,
        document=entry.identity_document,
        filer=entry.filer,
        attachments=seen,
        protection_confirmed=entry.protection_confirmed,
    )
    lock_person(atena_number)
    examined = _examined(form, resident, entry)
    for finding in examined.refusals:
        raise _as_error(finding)
    data = clean(form, entry.data)
    handler = handler_of(entry.kind)
    receipt = receipt_flow.receive(
        atena_number=atena_number,
        kind=entry.kind,
        source=NoticeSource.COUNTER,
        context=context,
        received_on=entry.received_on,
        situation=entry.situation,
        fact_on=_fact_day(data),
        filing_due_on=examined.deadline.deadline if examined.deadline else None,
        filer=entry.filer,
        identity_document=entry.identity_document,
        identity_confirmed=True,
        attachments=seen,
        missing_papers=examined.missing,
        waived_papers=entry.waived,
        about_atena_number=entry.about_atena_number,
        follows=Receipt.objects.get(pk=entry.follows_id) if entry.follows_id else None,
        content=handler.content(form, entry.situation, data),
        to_report=entry.to_report,
    )
    _write_entry(receipt, data, entry.note, context)
    roll.enrol(resident, move_code="06", staff_number=context.staff_number)
    handler.received(receipt, _case(form, resident, entry, data), context)
    receipt_flow.examined_and_ready(receipt, context)
    record(
        USING,
        context.for_case(receipt.receipt_number),
        act=Act.REGISTER,
        dataset=form.name,
        atena_numbers=[one for one in (atena_number, entry.about_atena_number) if one],
        items=form.record_items,
        detail={"receipt_number": receipt.receipt_number},
    )
    return receipt


def entry_of(receipt: Receipt) -> dict[str, Any]:
    """記載: what the form says as known now; for the forms of `notices` what was recorded from it."""
    row = ReceiptEntry.objects.current().filter(receipt=receipt).first()
    return dict(row.data) if row else dict(receipt.content)


def resident_of(atena_number: str) -> Resident:
    """住民記録; InputError when the register has never known the number."""
    resident = resident_view.find(atena_number)
    if resident is None:
        raise InputError(
            "この宛名番号の住民記録がありません",
            field="atena_number",
            code="not_found",
            hint="検索からやり直してください。",
        )
    return resident


# --- examination -----------------------------------------------------------------------------------------------------


def _examined(form: Form, resident: Resident, entry: Entry) -> Examined:
    situation = form.situation(entry.situation)
    if situation is None:
        raise InputError("届出の事情を選んでください", field="situation", code="missing_field")
    today = clock.today()
    if entry.received_on > today:
        raise InputError(
            f"受付日が未来の日付です（今日は{format_wareki(today)}）", field="received_on", code="out_of_range"
        )
    if form.valid_from and entry.received_on < form.valid_from:
        raise InputError(
            f"{form.name}は{format_wareki(form.valid_from)}からの制度です（{form.law}）",
            field="received_on",
            code="out_of_range",
        )
    data = clean(form, entry.data)
    findings = [
        *_common_findings(form, resident, entry),
        *handler_of(form.kind).check(_case(form, resident, entry, data)),
    ]
    deadline = _deadline(form, data)
    late = max(0, (entry.received_on - deadline.deadline).days) if deadline else 0
    missing = tuple(one for one in situation.papers if one not in entry.papers and one not in entry.waived)
    return Examined(form, tuple(findings), missing, deadline, late)


def _case(form: Form, resident: Resident, entry: Entry, data: Mapping[str, Any]) -> Case:
    about = resident_view.find(entry.about_atena_number) if entry.about_atena_number else None
    return Case(form, entry.situation, resident, data, entry.received_on, about)


def _common_findings(form: Form, resident: Resident, entry: Entry) -> list[Finding]:
    findings = []
    if not entry.twice_confirmed:
        same = (
            Receipt.objects.filter(
                atena_number=resident.atena_number,
                kind=form.code,
                situation=entry.situation,
                received_on=entry.received_on,
                state__in=OPEN_NOTICE_STATES,
                about_atena_number=entry.about_atena_number,
            )
            .order_by("-id")
            .first()
        )
        if same is not None and _says(same) == clean(form, entry.data):
            findings.append(
                Finding(
                    REFUSE,
                    f"同じ届書を本日すでに受け付けています（受付番号 {same.receipt_number}）",
                    hint="その受付を開いて、続きを処理してください。",
                )
            )
    for paper, why in entry.waived.items():
        if not why.strip():
            findings.append(Finding(REFUSE, f"「{paper}」を省略する理由を入力してください", field="papers"))
    if resident.protected:
        findings.append(Finding(WARN, "支援措置の対象の方です。住所を話さず、本人確認を特に慎重に行ってください"))
    if not roll.primary_number(resident.atena_number):
        findings.append(Finding(WARN, "基礎年金番号が記録されていません。個人番号による届出になります"))
    return findings


def _says(receipt: Receipt) -> dict[str, Any]:
    row = ReceiptEntry.objects.current().filter(receipt=receipt).first()
    return dict(row.data) if row else {}


def clean(form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """記載を確かめる: each value against its field of the catalogue; InputError names the field and what is right."""
    unknown = set(data) - {one.name for one in form.fields}
    if unknown:
        raise InputError(f"{form.name}に「{sorted(unknown)[0]}」という欄はありません", field=sorted(unknown)[0])
    return {one.name: value for one in form.fields if (value := _value(one, data.get(one.name))) not in (None, "")}


def _value(one: FormField, value: Any) -> Any:
    if value in (None, "", False):
        if one.required:
            raise InputError(f"{one.label}を入力してください", field=one.name, code="missing_field")
        return None
    try:
        return _typed(one, value)
    except (ValueError, TypeError) as error:
        if isinstance(error, KokunenError):
            raise
        raise InputError(f"{one.label}の値を読み取れません", field=one.name, hint=_EXPECTED[one.type]) from error


_EXPECTED = {
    "date": "年月日を入力してください。",
    "month": "年月を入力してください。",
    "number": "数字を入力してください。",
    "year": "年度を西暦で入力してください。",
    "yen": "円の数字を入力してください。",
    "digits": "数字だけを入力してください。",
}


def _typed(one: FormField, value: Any) -> Any:
    if one.type == "date":
        return value.isoformat() if isinstance(value, date) else date.fromisoformat(str(value)).isoformat()
    if one.type == "month":
        return f"{date.fromisoformat(f'{value}-01'):%Y-%m}"
    if one.type in ("number", "year", "yen"):
        number = int(value)
        if number < 0:
            raise InputError(f"{one.label}に負の数は入力できません", field=one.name, code="out_of_range")
        return number
    if one.type == "flag":
        return bool(value)
    text = str(value).strip()
    if one.type == "choice" and text not in one.options:
        raise InputError(f"{one.label}を選んでください", field=one.name)
    if one.type == "digits" and (not text.isdigit() or (one.length and len(text) != one.length)):
        raise InputError(
            f"{one.label}は数字{one.length or ''}桁で入力してください", field=one.name, code="invalid_format"
        )
    if len(text) > one.maximum:
        raise InputError(f"{one.label}は{one.maximum}字までです（{len(text)}字）", field=one.name, code="too_long")
    return text


def _fact_day(data: Mapping[str, Any]) -> date | None:
    """事実の日 of a form, from which its limit counts."""
    for name in ("event_on", "changed_on", "died_on"):
        if data.get(name):
            return date.fromisoformat(data[name])
    return None


def _deadline(form: Form, data: Mapping[str, Any]) -> Deadline | None:
    happened = _fact_day(data)
    return filing_deadline(happened, form.limit.days) if form.limit.days and happened else None


def _as_error(finding: Finding) -> KokunenError:
    words = f"{finding.message}（{finding.article}）" if finding.article else finding.message
    if finding.field:
        return InputError(words, field=finding.field, code="refused", hint=finding.hint)
    return Conflict(words, code="refused", hint=finding.hint)


def _write_entry(receipt: Receipt, data: Mapping[str, Any], note: str, context: AccessContext) -> None:
    ReceiptEntry.objects.create(
        receipt=receipt,
        atena_number=receipt.atena_number,
        data=dict(data),
        valid_period=DateRange(receipt.received_on, None, "[)"),
        recorded_period=recorded_from(clock.now()),
        recorded_by=context.staff_number,
        recorded_reason=note[:200],
    )


def _look(form: Form, atena_number: str, context: AccessContext, what: str, about: str = "") -> None:
    record(
        USING,
        context,
        act=Act.VIEW,
        dataset=f"{form.name}の{what}",
        atena_numbers=[one for one in (atena_number, about) if one],
        items=form.record_items,
    )
