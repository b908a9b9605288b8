"""最初の管理者: how a city that has no supervisor yet gets its first two, and never again (S7-2).

A supervisor registers operators, and a code for a device comes from another supervisor. The first two therefore begin
together: both forms go to the 年金事務所 in one step, and each issues the other's code (the database refuses a code of
one's own). While a supervisor is registered, or the forms of two wait, this way is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext
from kokunen.pension_records.choices import FormState, OperatorKind
from kokunen.pension_records.models import Operator, RegistrationForm
from kokunen.pension_records.services.enrolment import code_issue
from kokunen.pension_records.services.entries import OFFICE_CODE, OPERATORS, refuse
from kokunen.pension_records.services.registration import Applicant, form_submit, results_take

SCREEN = "pension_records.begin"


@dataclass(frozen=True, slots=True)
class Begun:
    """始められる管理者: first password and code, shown once on the terminal of the command."""

    operator_id: str
    name: str
    first_password: str
    code: str


def context_of_command(staff_number: str) -> AccessContext:
    """Who gives the command: an administrator of the city, by staff number."""
    return AccessContext(staff_number, OFFICE_CODE, "administration", screen=SCREEN, terminal="console")


def first_forms_submit(applicants: Sequence[Applicant], *, context: AccessContext) -> list[RegistrationForm]:
    """最初の登録書を提出する: two officers, neither of them whoever gives the command. Raises Conflict, InputError."""
    _only_at_the_beginning(context)
    numbers = {one.staff_number for one in applicants}
    if len(applicants) != 2 or len(numbers) != 2:
        raise InputError("最初の管理者は、別の2人の職員を同時に登録します", field="supervisors")
    if any(one.kind != OperatorKind.SUPERVISOR for one in applicants):
        raise InputError("最初に登録できるのは管理者だけです", field="kind")
    if context.staff_number in numbers:
        raise InputError("提出する職員は、自分を登録できません", field="submitted_by")
    return [form_submit(one, context=context) for one in applicants]


def first_codes_issue(*, context: AccessContext) -> list[Begun]:
    """結果を受け取り、互いの符号を出す: both at once or nobody. Raises Conflict while a form waits or was refused."""
    if Operator.objects.exclude(form__submitted_by=context.staff_number).exists():
        _closed(context)
    taken = {one.operator_id: one for one in results_take(context=context) if one.operator_id}
    operators = list(Operator.objects.filter(ended_at__isnull=True, must_enrol=True, kind=OperatorKind.SUPERVISOR))
    if len(operators) != 2 or Operator.objects.count() != 2:
        raise Conflict(
            "2人の登録書がまだ受理されていません", hint="年金事務所の結果を待って、もう一度実行してください。"
        )
    found = []
    for operator, other in zip(operators, reversed(operators), strict=True):
        code = code_issue(operator, by=other, context=context)
        result = taken.get(operator.operator_id)
        found.append(Begun(operator.operator_id, operator.name, result.first_password if result else "", code))
    return found


def _only_at_the_beginning(context: AccessContext) -> None:
    if Operator.objects.exists() or RegistrationForm.objects.exclude(state=FormState.REFUSED).exists():
        _closed(context)


def _closed(context: AccessContext) -> None:
    refuse(context, OPERATORS, "not_the_beginning")
    raise Conflict("操作者はすでに登録されています", hint="管理者が「操作者の登録」から登録してください。")
