"""権限 (ポータル): who may work with staff, postings and sessions."""

from __future__ import annotations

from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.permissions import declare

STAFF_VIEW = declare(
    "common_platform.staff.view", "職員・所属・接続中の端末を照会する", roles=[Role.ADMINISTRATOR, Role.AUDITOR]
)
STAFF_MANAGE = declare("common_platform.staff.manage", "職員を登録し、異動・停止を行う", roles=[Role.ADMINISTRATOR])
NOTICE_POST = declare(
    "common_platform.notice.post",
    "お知らせを掲載し、取り下げる",
    roles=[
        Role.ADMINISTRATOR, Role.OPERATOR, Role.PENSION_CHIEF, Role.RESIDENT_CHIEF, Role.TAX_CHIEF,
    ],
)  # fmt: skip
