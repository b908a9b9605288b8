"""操作者の登録: forms handed in, results taken, registrations ended (S7-2)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed
from kokunen.kernel.names import check_kana
from kokunen.ledger.access import AccessContext, Act
from kokunen.pension_records import line as wire
from kokunen.pension_records.choices import ALIAS, EndReason, FormState, OperatorKind
from kokunen.pension_records.models import Operator, RegistrationForm
from kokunen.pension_records.services.entries import OPERATORS, enter
from kokunen.pension_records.services.sessions import sessions_end


@dataclass(frozen=True, slots=True)
class Applicant:
    """登録する職員: as written on the form."""

    staff_number: str
    name: str
    kana: str
    office: str
    kind: str
    starts_on: date


def form_submit(applicant: Applicant, *, context: AccessContext) -> RegistrationForm:
    """登録書を提出する: kept here first, then carried to the 年金事務所. Raises InputError, Conflict, NoAnswer.

    Without an answer the form stays as submitted; `forms_carry` sends it again under the same number.
    """
    _check(applicant)
    with transaction.atomic(using=ALIAS):
        form = RegistrationForm.objects.create(
            number=f"F{clock.today():%Y%m%d}-{secrets.token_hex(4)}",
            staff_number=applicant.staff_number,
            name=applicant.name,
            kana=applicant.kana,
            office=applicant.office,
            kind=applicant.kind,
            starts_on=applicant.starts_on,
            submitted_by=context.staff_number,
            submitted_at=clock.now(),
        )
        enter(context, Act.REGISTER, OPERATORS, detail={"form": form.number, "staff": form.staff_number})
    _carry(form)
    return form


def _check(applicant: Applicant) -> None:
    number = applicant.staff_number
    if not number.isascii() or not number.isalnum() or len(number) > 20:
        raise InputError("職員番号は半角の英数字で入力してください", field="staff_number", code="invalid_format")
    if not applicant.name.strip():
        raise InputError("氏名を入力してください", field="name", code="missing_field")
    check_kana(applicant.kana)
    if applicant.kind not in OperatorKind.values:
        raise InputError("操作者の区分を選んでください", field="kind", code="missing_field")
    if Operator.objects.filter(staff_number=number, ended_at__isnull=True).exists():
        raise Conflict("この職員はすでに操作者として登録されています", field="staff_number")
    if RegistrationForm.objects.filter(staff_number=number, state=FormState.SUBMITTED).exists():
        raise Conflict("この職員の登録書は提出済みです。年金事務所の結果を待っています", field="staff_number")


def _carry(form: RegistrationForm) -> None:
    items = {
        "form_number": form.number,
        "staff_number": form.staff_number,
        "name": form.name,
        "kana": form.kana,
        "office": form.office,
        "starts_on": form.starts_on.isoformat(),
    }
    answer = wire.line().send(number=form.number, kind=wire.FORM, items=items, created_at=_moment(form.submitted_at))
    if not answer.accepted:
        raise wire.NoAnswer(
            "年金事務所が登録書を受け取りませんでした", hint="、".join(f.message for f in answer.faults)
        )


def _moment(at: datetime) -> str:
    """The same words each time: a message that is sent again must be the same to the byte."""
    return timezone.localtime(at).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Taken:
    """受け取った結果: `first_password` is shown to the supervisor once and kept nowhere."""

    form: RegistrationForm
    operator_id: str
    first_password: str


def results_take(*, context: AccessContext) -> list[Taken]:
    """登録結果を受け取る: forms whose carrying was cut are sent again, then what waits is taken, each once.

    Raises NoAnswer (or the line's own trouble); what was stored before stays stored.
    """
    for form in RegistrationForm.objects.filter(state=FormState.SUBMITTED):
        _carry(form)
    taken, stored = [], []
    for message in wire.line().fetch():
        if message.kind == wire.RESULT and message.items:
            result = _take(message.items, context)
            if result is not None:
                taken.append(result)
            stored.append(message.number)
    wire.line().acknowledge(stored)
    return taken


def _take(items: Mapping[str, Any], context: AccessContext) -> Taken | None:
    with transaction.atomic(using=ALIAS):
        form = RegistrationForm.objects.select_for_update().filter(number=items["form_number"]).first()
        if form is None or form.state != FormState.SUBMITTED:
            return None  # taken before; the acknowledgement was lost
        accepted = items["result"] == "1"
        form.state = FormState.ACCEPTED if accepted else FormState.REFUSED
        form.decided_at, form.words = clock.now(), str(items.get("reason") or "")
        form.save(update_fields=["state", "decided_at", "words"])
        detail = {"form": form.number, "result": form.state, "operator": items.get("operator_id", "")}
        enter(context, Act.REGISTER, OPERATORS, detail=detail)
        if accepted:
            operator_add(form, operator_id=str(items["operator_id"]), password=str(items["first_password"]))
    return Taken(form, str(items.get("operator_id") or ""), str(items.get("first_password") or ""))


def operator_add(form: RegistrationForm, *, operator_id: str, password: str) -> Operator:
    """操作者を置く: what an accepted form brings about. Belongs to the surrounding transaction."""
    operator = Operator(
        operator_id=operator_id,
        form=form,
        staff_number=form.staff_number,
        name=form.name,
        office=form.office,
        kind=form.kind,
        starts_on=form.starts_on,
    )
    operator.set_password(password)
    operator.save()
    return operator


def operator_end(operator: Operator, *, reason: str, context: AccessContext) -> int:
    """登録を終える: here at once, with every live session; then the 年金事務所 is told. Returns sessions ended.

    The line may be down: the end holds here all the same, and the office is told by `ends_carry` later.
    """
    if not reason.strip():
        raise InputError("終了の理由を入力してください", field="reason", code="missing_field")
    if operator.staff_number == context.staff_number:
        raise NotAllowed("自分の登録は終了できません。ほかの管理者に依頼してください")
    with transaction.atomic(using=ALIAS):
        operator.ended_at, operator.ended_reason = clock.now(), reason.strip()
        operator.save(update_fields=["ended_at", "ended_reason"])
        ended = sessions_end(operator, reason=EndReason.ENDED)
        enter(context, Act.CORRECT, OPERATORS, detail={"operator": operator.operator_id, "ended": reason.strip()})
    end_carry(operator)
    return ended


def end_carry(operator: Operator) -> bool:
    """廃止を届ける: False when the line is down; the same message may be sent again."""
    items = {"operator_id": operator.operator_id, "reason": operator.ended_reason}
    assert operator.ended_at is not None
    try:
        answer = wire.line().send(
            number=f"E{operator.operator_id}",
            kind=wire.ENDED,
            items=items,
            created_at=_moment(operator.ended_at),
        )
    except KokunenError:
        return False
    return answer.accepted


def operator_unlock(operator: Operator, *, context: AccessContext) -> None:
    """停止を解く: after a look at what happened."""
    if operator.staff_number == context.staff_number:
        raise NotAllowed("自分の停止は解けません。ほかの管理者に依頼してください")
    with transaction.atomic(using=ALIAS):
        operator.locked_at, operator.failures, operator.misses = None, 0, 0
        operator.save(update_fields=["locked_at", "failures", "misses"])
        enter(context, Act.CORRECT, OPERATORS, detail={"operator": operator.operator_id, "unlocked": True})
