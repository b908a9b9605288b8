"""職員と所属の登録: new staff, transfers on a date, stopping at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from kokunen.assessment.queries import policy_in_force
from kokunen.common_platform.codes.offices import all_offices
from kokunen.common_platform.portal.choices import EndReason, Role, StaffCategory
from kokunen.common_platform.portal.gates import ask_gates
from kokunen.common_platform.portal.models import Office, Posting, Staff
from kokunen.common_platform.portal.services.passwords import password_check_first
from kokunen.common_platform.portal.services.sessions import sessions_end_of_staff
from kokunen.common_platform.records.models import recorded_from
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.kernel.wareki import format_short
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record

DATASET = "職員・所属"


def offices_load() -> int:
    """部署を取り込む: brings the table to the office codes; safe to repeat. Returns the number of offices."""
    rows = [
        Office(
            code=office.code,
            name=office.name,
            kana=office.kana,
            department=office.department,
            kind=office.kind,
            uses_pension_file=office.uses_pension_file,
        )
        for office in all_offices()
    ]
    fields = ["name", "kana", "department", "kind", "uses_pension_file"]
    Office.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    return len(rows)


def staff_register(
    *,
    number: str,
    name: str,
    kana: str,
    password: str,
    context: AccessContext,
    category: str = StaffCategory.OFFICIAL,
    must_change_password: bool = True,
) -> Staff:
    """職員を登録する: one person, one number; a number that was ever used is refused (CTL-051)."""
    if not number.isascii() or not number.isalnum() or len(number) > 20:
        raise InputError(
            "職員番号は半角の英数字20文字までで入力してください", "number", hint="職員証の番号を確かめてください。"
        )
    try:
        with transaction.atomic():
            staff = Staff.objects.create(
                number=number,
                name=name,
                kana=kana,
                category=category,
                password=make_password(password),
                must_change_password=must_change_password,
            )
            record("default", context, act=Act.REGISTER, dataset=DATASET, detail={"staff": number})
    except IntegrityError:
        raise Conflict(
            f"職員番号 {number} はすでに登録されています", "number", hint="番号は一人に一つで、退職後も使い回せません。"
        ) from None
    return staff


def staff_take_on(
    *,
    number: str,
    name: str,
    kana: str,
    category: str,
    password: str,
    office_code: str,
    roles: Sequence[str],
    begins_on: date,
    context: AccessContext,
) -> Staff:
    """職員を迎える: account and first posting together; the first password is used once."""
    password_check_first(Staff(number=number, name=name), password)
    with transaction.atomic():
        staff = staff_register(
            number=number, name=name, kana=kana, password=password, category=category, context=context
        )
        posting_begin(staff, office_code=office_code, roles=roles, begins_on=begins_on, context=context)
    return staff


def posting_begin(
    staff: Staff,
    *,
    office_code: str,
    roles: Sequence[str],
    begins_on: date,
    ends_before: date | None = None,
    is_main: bool = True,
    context: AccessContext,
    reason: str = "",
) -> Posting:
    """所属を始める: takes effect at 00:00 of `begins_on`, also when entered before; gone from `ends_before` on."""
    _check_assessment(staff, office_code, roles)
    ask_gates(staff, office_code, roles)
    known = {str(role) for role in Role}
    unknown = [role for role in roles if role not in known]
    if unknown or not roles:
        raise InputError("役割を選んでください", "roles", hint="役割の一覧にあるものを一つ以上選んでください。")
    if ends_before is not None and ends_before <= begins_on:
        raise InputError("終わりの日は始まりの日より後にしてください", "ends_before", hint="日付を確かめてください。")
    try:
        with transaction.atomic():
            posting = Posting.objects.create(
                staff=staff,
                office_id=office_code,
                roles=[str(role) for role in roles],
                is_main=is_main,
                valid_period=DateRange(begins_on, ends_before, "[)"),
                recorded_period=recorded_from(),
                recorded_by=context.staff_number,
                recorded_reason=reason,
            )
            detail: dict[str, Any] = {"staff": staff.number, "office": office_code, "begins_on": begins_on.isoformat()}
            detail["roles"] = list(posting.roles)
            record("default", context, act=Act.REGISTER, dataset=DATASET, detail=detail)
    except IntegrityError as error:
        raise _posting_error(error, begins_on) from None
    return posting


def _check_assessment(staff: Staff, office_code: str, roles: Sequence[str]) -> None:
    """評価書: pension roles in 使用部署 only (II.3), and for nobody of a contractor while II.4 says 委託しない."""
    if not any(role.startswith("pension_") for role in roles):
        return
    policy = policy_in_force()
    office = Office.objects.filter(code=office_code).first()
    policy.check_department(office.name if office else office_code)
    if staff.category == StaffCategory.CONTRACTOR and not policy.is_outsourced:
        raise NotAllowed(
            "評価書は国民年金の事務を委託しないと定めています。委託先の人に国民年金の役割は付けられません",
            hint="評価書 II.4 を「委託する」と改めて公表するまで、登録できません",
        )


def _posting_error(error: IntegrityError, begins_on: date) -> Exception:
    if "posting_staff_office_no_overlap" in str(error):
        return Conflict(
            f"{format_short(begins_on)} には、すでに同じ部署の所属があります",
            "begins_on",
            hint="前の所属を終えてから、新しい所属を登録してください。",
        )
    return error


def posting_end(posting: Posting, *, ends_before: date, context: AccessContext, reason: str = "") -> Posting | None:
    """所属を終える: from `ends_before` on it does not hold. The old record is closed, the shortened one added.

    Returns the shortened posting, or None when nothing of it is left.
    """
    begins_on = posting.valid_period.lower
    now = timezone.now()
    with transaction.atomic():
        posting.close_record(now)
        shortened = None
        if begins_on < ends_before:
            shortened = Posting.objects.create(
                staff_id=posting.staff_id,
                office_id=posting.office_id,
                roles=posting.roles,
                is_main=posting.is_main,
                valid_period=DateRange(begins_on, ends_before, "[)"),
                recorded_period=recorded_from(now),
                recorded_by=context.staff_number,
                recorded_reason=reason,
            )
        detail = {"staff": posting.staff.number, "office": posting.office_id, "ends_before": ends_before.isoformat()}
        record("default", context, act=Act.CORRECT, dataset=DATASET, detail=detail)
    return shortened


def staff_transfer(
    staff: Staff, *, office_code: str, roles: Sequence[str], on: date, context: AccessContext, reason: str = "人事異動"
) -> Posting:
    """異動: on that day every posting ends and the new one begins; before it nothing changes (CTL-052)."""
    with transaction.atomic():
        for posting in Posting.objects.current().filter(staff=staff, valid_period__endswith__isnull=True):
            posting_end(posting, ends_before=on, context=context, reason=reason)
        return posting_begin(staff, office_code=office_code, roles=roles, begins_on=on, context=context, reason=reason)


def staff_stop(staff: Staff, *, reason: str, context: AccessContext, at: datetime | None = None) -> int:
    """利用を停止する: at once; live sessions end, their next request is refused. Returns how many ended."""
    with transaction.atomic():
        staff.is_active, staff.stopped_at, staff.stopped_reason = False, at or timezone.now(), reason
        staff.save(update_fields=["is_active", "stopped_at", "stopped_reason"])
        ended = sessions_end_of_staff(staff.pk, reason=EndReason.REVOKED, by=context.staff_number)
        record("default", context, act=Act.CORRECT, dataset=DATASET, detail={"staff": staff.number, "stopped": reason})
    return ended


def staff_restart(staff: Staff, *, reason: str, context: AccessContext) -> None:
    """利用を再開する"""
    with transaction.atomic():
        staff.is_active, staff.stopped_at, staff.stopped_reason = True, None, ""
        staff.save(update_fields=["is_active", "stopped_at", "stopped_reason"])
        record(
            "default", context, act=Act.CORRECT, dataset=DATASET, detail={"staff": staff.number, "restarted": reason}
        )
