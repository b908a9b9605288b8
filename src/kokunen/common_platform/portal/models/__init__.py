"""ポータルの表: offices, staff, postings, sessions, passwords, passkeys, drafts, notices, outbox, settings."""

from __future__ import annotations

from kokunen.common_platform.portal.models.desk import Notice, NoticeRead, OutboxFile, StaffSetting
from kokunen.common_platform.portal.models.draft import Draft
from kokunen.common_platform.portal.models.office import Office
from kokunen.common_platform.portal.models.passkey import Passkey, PasskeyChallenge
from kokunen.common_platform.portal.models.posting import Posting
from kokunen.common_platform.portal.models.session import StaffSession
from kokunen.common_platform.portal.models.staff import FormerPassword, Staff

__all__ = [
    "Draft",
    "FormerPassword",
    "Notice",
    "NoticeRead",
    "Office",
    "OutboxFile",
    "Passkey",
    "PasskeyChallenge",
    "Posting",
    "Staff",
    "StaffSession",
    "StaffSetting",
]
