"""生体認証の登録: code from a supervisor, own password, a passkey whose device verifies the person."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from kokunen.common_platform.operations import clock
from kokunen.common_platform.passkeys import ceremony
from kokunen.common_platform.passkeys.ceremony import RelyingParty
from kokunen.common_platform.passkeys.models import hash_of_token
from kokunen.kernel.errors import InputError, NotAllowed
from kokunen.ledger.access import AccessContext, Act
from kokunen.pension_records.choices import ALIAS, EndReason
from kokunen.pension_records.models import Challenge, Credential, EnrolmentCode, Operator
from kokunen.pension_records.services.entries import ACCESS, OPERATORS, context_of, enter, refuse
from kokunen.pension_records.services.sessions import sessions_end
from kokunen.pension_records.services.sign_in import Asked

USE = "enrolment"
CODE_MINUTES = 30
MINIMUM_LENGTH = 12
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def code_issue(operator: Operator, *, by: Operator, context: AccessContext) -> str:
    """登録の符号を発行する: shown once to the supervisor, who tells it to the person before her."""
    if operator.pk == by.pk:
        raise NotAllowed("自分の登録の符号は発行できません。ほかの管理者に依頼してください")
    if operator.ended_at is not None:
        raise NotAllowed("この操作者の登録は終了しています")
    code = "".join(secrets.choice(_LETTERS) for _ in range(10))
    now = timezone.now()
    with transaction.atomic(using=ALIAS):
        EnrolmentCode.objects.filter(operator=operator, used_at__isnull=True).update(used_at=now)
        EnrolmentCode.objects.create(
            operator=operator,
            code_hash=hash_of_token(code),
            issued_by=by,
            issued_at=now,
            expires_at=now + timedelta(minutes=CODE_MINUTES),
        )
        enter(context, Act.REGISTER, OPERATORS, detail={"operator": operator.operator_id, "code_issued": True})
    return code


def begin(
    *, operator_id: str, password: str, code: str, new_password: str, terminal: str, party: RelyingParty
) -> Asked:
    """登録を始める: ID, password and code together; the new password waits for the device's answer."""
    operator = Operator.objects.filter(operator_id=operator_id.strip()).first()
    now = timezone.now()
    found = (
        EnrolmentCode.objects.filter(operator=operator, used_at__isnull=True, expires_at__gt=now, issued_at__lte=now)
        .order_by("-issued_at")
        .first()
        if operator
        else None
    )
    given = hash_of_token(code.strip().upper())
    right = found is not None and hmac.compare_digest(found.code_hash, given)
    password_is_right = (operator or Operator(password=make_password("-"))).check_password(password)
    if operator is None or found is None or not right or not password_is_right or operator.locked_at:
        if found is not None:
            EnrolmentCode.objects.filter(pk=found.pk).update(used_at=now)  # one try
        refuse(context_of(operator, terminal, screen="enrol"), ACCESS, "wrong_enrolment")
        raise NotAllowed(
            "操作者ID、パスワード、登録の符号のどれかが違います",
            hint="符号は1回だけ、発行から30分間使えます。管理者に発行し直してもらってください。",
        )
    if not operator.may_work_on(clock.today()):
        raise NotAllowed("この操作者は今日は使えません", hint="利用開始日と登録の終了を管理者に確かめてください。")
    _check_password(operator, password, new_password)
    EnrolmentCode.objects.filter(pk=found.pk).update(used_at=now)
    row, token = Challenge.issue(use=USE, terminal=terminal, operator=operator, pending=make_password(new_password))
    options = ceremony.registration_options(
        party,
        user_id=hash_of_token(f"operator {operator.pk}").encode()[:32],
        user_name=operator.operator_id,
        display_name=operator.name,
        challenge=bytes(row.challenge),
        known=[bytes(one.credential_id) for one in operator.credentials.filter(removed_at__isnull=True)],
    )
    return Asked(token, options)


def _check_password(operator: Operator, old: str, new: str) -> None:
    if len(new) < MINIMUM_LENGTH:
        raise InputError(
            f"新しいパスワードが短すぎます。{MINIMUM_LENGTH}文字以上にしてください",
            field="new_password",
            hint="符号はまだ使えます。もう一度入力してください。",
        )
    if new == old or len(set(new)) < 5 or operator.operator_id in new or operator.staff_number in new:
        raise InputError(
            "新しいパスワードには、今のものと違い、IDや職員番号を含まないものを使ってください", field="new_password"
        )


def finish(*, token: str, answer: str, terminal: str, party: RelyingParty) -> Operator:
    """登録を終える: earlier credentials of the operator go out of use; she signs in with both factors from now on."""
    challenge = Challenge.take(token, use=USE, terminal=terminal)
    operator = Operator.objects.get(pk=challenge.operator_id)
    found = ceremony.verify_registration(party, answer=answer, challenge=bytes(challenge.challenge))
    with transaction.atomic(using=ALIAS):
        now = timezone.now()
        operator.credentials.filter(removed_at__isnull=True).update(removed_at=now)
        Credential.objects.create(
            operator=operator,
            credential_id=found.credential_id,
            public_key=found.public_key,
            sign_count=found.sign_count,
            label="生体認証",
            registered_at=now,
        )
        operator.password, operator.must_enrol, operator.failures = challenge.pending, False, 0
        operator.save(update_fields=["password", "must_enrol", "failures"])
        Challenge.objects.filter(pk=challenge.pk).update(pending="")
        sessions_end(operator, reason=EndReason.CREDENTIAL_REMOVED)
        context = context_of(operator, terminal, screen="enrol")
        enter(context, Act.REGISTER, OPERATORS, detail={"operator": operator.operator_id, "enrolled": True})
    return operator


def credential_remove(operator: Operator, *, context: AccessContext) -> int:
    """生体認証を抹消する: a lost device; live sessions end at once. Returns how many ended."""
    with transaction.atomic(using=ALIAS):
        operator.credentials.filter(removed_at__isnull=True).update(removed_at=timezone.now())
        operator.must_enrol = True
        operator.save(update_fields=["must_enrol"])
        ended = sessions_end(operator, reason=EndReason.CREDENTIAL_REMOVED)
        enter(context, Act.CORRECT, OPERATORS, detail={"operator": operator.operator_id, "credential_removed": True})
    return ended
