"""ポータルの照会: staff, postings, sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.models import (
    Draft,
    Notice,
    NoticeRead,
    Office,
    OutboxFile,
    Posting,
    Staff,
    StaffSession,
)


def find_postings(staff_id: int, on: date | None = None) -> list[Posting]:
    """所属: postings of that day (default: today), the main one first."""
    day = on or clock.today()
    rows = Posting.objects.current().valid_on(day).filter(staff_id=staff_id).select_related("office")
    return list(rows.order_by("-is_main", "office_id"))


def find_staff(number: str) -> Staff | None:
    """職員: by number."""
    return Staff.objects.filter(number=number).first()


def staff_names(numbers: Iterable[str]) -> dict[str, str]:
    """職員の氏名 by number; a number without an account (a process) stands for itself."""
    wanted = {one for one in numbers if one}
    known = dict(Staff.objects.filter(number__in=wanted).values_list("number", "name"))
    return {one: str(known.get(one) or one) for one in wanted}


def find_all_postings(staff_id: int) -> list[Posting]:
    """所属の履歴: also those to come and those over, newest first."""
    rows = Posting.objects.current().filter(staff_id=staff_id).select_related("office")
    return list(rows.order_by("-valid_period"))


def find_live_sessions(staff_ids: Sequence[int] | None = None) -> list[StaffSession]:
    """接続中の端末: sessions that nobody has ended, latest work first."""
    rows = StaffSession.objects.filter(ended_at__isnull=True, staff__isnull=False)
    if staff_ids is not None:
        rows = rows.filter(staff_id__in=staff_ids)
    return list(rows.select_related("staff", "office").order_by("-last_activity_at"))


def find_offices() -> list[Office]:
    """部署: all, by code."""
    return list(Office.objects.all())


def find_draft(staff_id: int, screen: str, subject: str = "") -> Draft | None:
    """下書き: what this officer left on that screen about that person."""
    return Draft.objects.filter(staff_id=staff_id, screen=screen, subject=subject).first()


def find_drafts(staff_id: int) -> list[Draft]:
    """下書きの一覧: newest first."""
    return list(Draft.objects.filter(staff_id=staff_id).order_by("-saved_at"))


@dataclass(frozen=True, slots=True)
class StaffRow:
    """職員の一覧の一行: with today's office and roles (empty when there is no posting today)."""

    staff: Staff
    office: str
    roles: tuple[str, ...]


def find_staff_rows(text: str = "", on: date | None = None) -> list[StaffRow]:
    """職員の一覧: by a part of number, name, kana or office."""
    day = on or clock.today()
    staff = list(Staff.objects.all())
    postings: dict[int, list[Posting]] = {}
    for posting in Posting.objects.current().valid_on(day).select_related("office").order_by("-is_main", "office_id"):
        postings.setdefault(posting.staff_id, []).append(posting)
    rows = []
    for person in staff:
        held = postings.get(person.pk, [])
        offices = "、".join(posting.office.name for posting in held)
        roles = tuple(dict.fromkeys(role for posting in held for role in posting.roles))
        if not text or any(text in part for part in (person.number, person.name, person.kana, offices)):
            rows.append(StaffRow(person, offices, roles))
    return rows


def is_locked(number: str) -> bool:
    """連続失敗による停止中か"""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    failures = AccessAttempt.objects.filter(
        Q(username=number), attempt_time__gte=since, failures_since_start__gte=settings.AXES_FAILURE_LIMIT
    )
    return bool(failures.exists())


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """お知らせの一行: with whether the officer has read it."""

    notice: Notice
    is_read: bool


def find_my_notices(staff_id: int, office: str, roles: Sequence[str]) -> list[NoticeRow]:
    """私へのお知らせ: unread ones first."""
    from kokunen.common_platform.portal.services.notices import notices_for

    read = Exists(NoticeRead.objects.filter(notice=OuterRef("pk"), staff_id=staff_id))
    rows = notices_for(office, roles).annotate(was_read=read)
    return sorted((NoticeRow(row, row.was_read) for row in rows[:100]), key=lambda row: row.is_read)


def find_posted_notices() -> list[Notice]:
    """掲載したお知らせ: newest first."""
    return list(Notice.objects.order_by("-id")[:50])


def find_outbox(staff_id: int) -> list[OutboxFile]:
    """私の出力ファイル: newest first, without their contents."""
    return list(OutboxFile.objects.filter(owner_id=staff_id).defer("sealed").order_by("-id")[:100])
