"""認証: number and password against the staff table. Lock-out stands before it (django-axes)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from kokunen.common_platform.portal.models import Staff


class StaffBackend(BaseBackend):
    """職員の認証 (CTL-050)."""

    def authenticate(
        self, request: HttpRequest | None, number: str | None = None, password: str | None = None, **_: Any
    ) -> Staff | None:
        """The member of staff, or None; an unknown number takes as long as a wrong password."""
        if not number or password is None:
            return None
        staff = Staff.objects.filter(number=number).first()
        if staff is None:
            Staff().set_password(password)
            return None
        return staff if staff.check_password(password) and staff.is_active else None

    def get_user(self, user_id: int) -> Staff | None:
        """By primary key."""
        return Staff.objects.filter(pk=user_id, is_active=True).first()
