"""サインイン: ID and password, then the person verified by the device; both, for each terminal session (S7-3)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kokunen.common_platform.operations import clock
from kokunen.common_platform.passkeys import ceremony
from kokunen.common_platform.passkeys.ceremony import CeremonyRefused, RelyingParty
from kokunen.config import environment
from kokunen.kernel.errors import NotAllowed
from kokunen.ledger.access import Act
from kokunen.pension_records import limits
from kokunen.pension_records.choices import ALIAS
from kokunen.pension_records.models import Challenge, Credential, Operator
from kokunen.pension_records.services.entries import ACCESS, context_of, enter, refuse
from kokunen.pension_records.services.sessions import session_begin

USE = "sign_in"


@dataclass(frozen=True, slots=True)
class Asked:
    """本人の確認の求め: what the browser needs for the second step."""

    token: str
    options: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """サインインの結果: the key for the cookie."""

    operator: Operator
    key: str
    ended_elsewhere: int


def password_step(*, operator_id: str, password: str, terminal: str, party: RelyingParty) -> Asked:
    """第1段: ID and password. Raises NotAllowed with words that do not tell which of them was wrong."""
    operator = Operator.objects.filter(operator_id=operator_id.strip()).first()
    if operator is None:
        Operator().set_password(password)  # an unknown ID takes as long as a wrong password
        raise _refused(None, terminal, "wrong_credentials", operator_id)
    if operator.locked_at is not None:
        raise _refused(operator, terminal, "locked")
    if not operator.check_password(password):
        _failed(operator)
        raise _refused(operator, terminal, "wrong_credentials")
    if not operator.may_work_on(clock.today()):
        raise _refused(operator, terminal, "ended" if operator.ended_at else "not_yet")
    known = [bytes(one.credential_id) for one in operator.credentials.filter(removed_at__isnull=True)]
    if operator.must_enrol or not known:
        raise _refused(operator, terminal, "not_enrolled")
    row, token = Challenge.issue(use=USE, terminal=terminal, operator=operator)
    return Asked(token, ceremony.assertion_options(party, challenge=bytes(row.challenge), allowed=known))


def person_step(*, token: str, answer: str, terminal: str, party: RelyingParty) -> SignedIn:
    """第2段: the device's answer to the challenge of the first step. Raises NotAllowed.

    The challenge is used up whatever the answer is worth; a failure needs the password again and counts as one.
    """
    challenge = Challenge.take(token, use=USE, terminal=terminal)
    operator = Operator.objects.get(pk=challenge.operator_id)
    try:
        credential, count = _verified(operator, challenge, answer, party)
    except CeremonyRefused as error:
        _failed(operator)
        refuse(context_of(operator, terminal, screen="sign_in"), ACCESS, error.code)
        raise
    with transaction.atomic(using=ALIAS):
        operator = Operator.objects.select_for_update().get(pk=operator.pk)
        stopped = operator.locked_at is not None or not operator.may_work_on(clock.today())
        if not stopped:
            key, ended = _begun(operator, credential, count, challenge, terminal)
    if stopped:
        raise _refused(operator, terminal, "locked" if operator.locked_at else "ended")
    return SignedIn(operator, key, ended)


def _begun(
    operator: Operator, credential: Credential, count: int, challenge: Challenge, terminal: str
) -> tuple[str, int]:
    Credential.objects.filter(pk=credential.pk).update(sign_count=count, last_used_at=timezone.now())
    Operator.objects.filter(pk=operator.pk).update(failures=0)
    key, ended = session_begin(operator, credential, challenge, terminal)
    detail = {"factors": ["password", "user_verified"], "ended_elsewhere": ended}
    enter(context_of(operator, terminal, screen="sign_in"), Act.SIGN_IN, ACCESS, detail=detail)
    return key, ended


def _verified(operator: Operator, challenge: Challenge, answer: str, party: RelyingParty) -> tuple[Credential, int]:
    """The operator's own credential and its new counter; another person's is refused as unknown."""
    credential = operator.credentials.filter(
        credential_id=ceremony.credential_id_of(answer), removed_at__isnull=True
    ).first()
    if credential is None or (credential.is_exported and not environment.is_demo()):
        raise ceremony.refused("unknown")
    count = ceremony.verify_assertion(
        party,
        answer=answer,
        challenge=bytes(challenge.challenge),
        public_key=bytes(credential.public_key),
        sign_count=credential.sign_count,
        counted=not credential.is_exported,
    )
    return credential, count


def _failed(operator: Operator) -> None:
    Operator.objects.filter(pk=operator.pk).update(failures=F("failures") + 1)
    Operator.objects.filter(pk=operator.pk, failures__gte=limits.FAILURES, locked_at__isnull=True).update(
        locked_at=timezone.now()
    )


_WORDS = {
    "wrong_credentials": (
        "操作者IDまたはパスワードが違います",
        "入力を確かめて、もう一度サインインしてください。続けて間違えると、停止します。",
    ),
    "locked": ("続けて間違えたため、この操作者IDは停止しています", "管理者に停止の解除を依頼してください。"),
    "ended": ("この操作者の登録は終了しています", "使う必要があるときは、管理者に登録書の提出を依頼してください。"),
    "not_yet": ("この操作者は、まだ利用開始日になっていません", "登録書の利用開始日を管理者に確かめてください。"),
    "not_enrolled": (
        "生体認証が登録されていません",
        "管理者に登録の符号を発行してもらい、「初めて使う」から登録してください。",
    ),
}


def _refused(operator: Operator | None, terminal: str, code: str, typed: str = "") -> NotAllowed:
    message, hint = _WORDS[code]
    detail = {"operator": operator.operator_id if operator else typed.strip()[:20]}
    refuse(context_of(operator, terminal, screen="sign_in"), ACCESS, code, detail)
    return NotAllowed(message, code=code, hint=hint)
