"""パスワード: policy and change."""

from __future__ import annotations

from axes.utils import reset as lift_lock_out
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from kokunen.common_platform.portal.choices import EndReason
from kokunen.common_platform.portal.models import FormerPassword, Staff
from kokunen.common_platform.portal.services.sessions import sessions_end_of_staff
from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record

MINIMUM_LENGTH = 12
FORMER_PASSWORDS_KEPT = 5


def password_check(staff: Staff, password: str) -> None:
    """方針に合うか: raises InputError(field "new"). Length, not character classes; nothing known or used before."""
    password_check_first(staff, password)
    former = [staff.password, *staff.former_passwords.values_list("password", flat=True)[:FORMER_PASSWORDS_KEPT]]
    if any(stored and check_password(password, stored) for stored in former):
        raise InputError(
            f"以前に使ったパスワード（最近{FORMER_PASSWORDS_KEPT + 1}回）は使えません",
            "new",
            hint="新しいものにしてください。",
        )


def password_check_first(staff: Staff, password: str) -> None:
    """方針に合うか (新しい職員): the same rules without a history."""
    if len(password) < MINIMUM_LENGTH:
        raise InputError(
            f"パスワードが短すぎます（{len(password)}文字）。{MINIMUM_LENGTH}文字以上にしてください",
            "new",
            hint="言葉をいくつかつなげると、長くても覚えやすくなります。",
        )
    lowered = password.lower()
    if len(set(lowered)) < 5:
        raise InputError(
            "同じ文字の繰り返しは使えません。5種類以上の文字を使ってください", "new", hint="別のものにしてください。"
        )
    if staff.number.lower() in lowered or any(part in password for part in staff.name.split() if len(part) > 1):
        raise InputError(
            "職員番号や氏名を含むものは使えません", "new", hint="本人に結び付かない別のものにしてください。"
        )
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        raise InputError(
            "よく使われるパスワードは使えません", "new", hint="推測されにくい別のものにしてください。"
        ) from None


def password_change(staff: Staff, *, current: str, new: str, context: AccessContext, session_id: int | None) -> None:
    """パスワードを変える: the other sessions of this account end; this one goes on."""
    if not staff.check_password(current):
        raise InputError("今のパスワードが違います", "current", hint="確かめて、もう一度入力してください。")
    password_check(staff, new)
    with transaction.atomic():
        _store(staff, new, must_change=False)
        sessions_end_of_staff(staff.pk, reason=EndReason.PASSWORD_CHANGED, by=context.staff_number, keep=session_id)
        record("default", context, act=Act.CORRECT, dataset="職員のパスワード", detail={"staff": staff.number})


def password_reset(staff: Staff, *, new: str, context: AccessContext) -> None:
    """パスワードを再設定する (管理者): to be changed at the next sign-in; sessions end, a lock-out is lifted."""
    password_check(staff, new)
    with transaction.atomic():
        _store(staff, new, must_change=True)
        lift_lock_out(username=staff.number)
        sessions_end_of_staff(staff.pk, reason=EndReason.PASSWORD_CHANGED, by=context.staff_number)
        record(
            "default",
            context,
            act=Act.CORRECT,
            dataset="職員のパスワード",
            detail={"staff": staff.number, "reset": True},
        )


def _store(staff: Staff, new: str, *, must_change: bool) -> None:
    if staff.password:
        FormerPassword.objects.create(staff=staff, password=staff.password)
    staff.set_password(new)
    staff.must_change_password = must_change
    staff.password_changed_at = timezone.now()
    staff.save(update_fields=["password", "must_change_password", "password_changed_at"])
