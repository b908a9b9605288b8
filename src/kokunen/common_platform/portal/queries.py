"""ポータルの照会: staff, postings, sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.models import Draft, Office, Posting, Staff, StaffSession


def find_postings(staff_id: int, on: date | None = None) -> list[Posting]:
    """所属: postings of that day (default: today), the main one first."""
    day = on or clock.today()
    rows = Posting.objects.current().valid_on(day).filter(staff_id=staff_id).select_related("office")
    return list(rows.order_by("-is_main", "office_id"))


def find_staff(number: str) -> Staff | None:
    """職員: by number."""
    return Staff.objects.filter(number=number).first()


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
