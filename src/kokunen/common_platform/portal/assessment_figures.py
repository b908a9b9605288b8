"""評価書の使用者数: how many people may use the pension file today."""

from __future__ import annotations

from kokunen.assessment.figures import register
from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.models import Posting

PENSION_ROLES = (Role.PENSION_OFFICER, Role.PENSION_CHIEF, Role.PENSION_BRANCH, Role.PENSION_ONLINE_OPERATOR)


def users() -> int:
    """使用者数: active staff with a pension role today."""
    held = Posting.objects.current().valid_on(clock.today())
    return (
        held.filter(roles__overlap=[str(role) for role in PENSION_ROLES], staff__is_active=True)
        .values("staff_id")
        .distinct()
        .count()
    )


register("II.3.user_count", "使用者数", users)
