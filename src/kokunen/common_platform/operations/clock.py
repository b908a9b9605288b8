"""業務時計: what day and time the office has.

Every rule that asks for "today" asks here and nowhere else. The office works in Japan, wherever the machine stands.
A demo city may be given a business day of its own (``KOKUNEN_TODAY``), so that a story of last March can be played;
in production the variable is never honoured.
"""

from __future__ import annotations

import os
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kokunen.kernel.errors import InputError

OFFICE_ZONE = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """現在時刻: the real moment in Asia/Tokyo. Records of what was done carry this, also in a demo city."""
    return datetime.now(OFFICE_ZONE)


def today() -> date:
    """業務日: the office's day; in demo mode ``KOKUNEN_TODAY`` (YYYY-MM-DD) when it is set.

    Raises InputError when a demo city is given something that is no day.
    """
    wished = os.environ.get("KOKUNEN_TODAY", "").strip()
    if wished and os.environ.get("KOKUNEN_MODE", "demo") == "demo":
        try:
            return date.fromisoformat(wished)
        except ValueError:
            raise InputError(
                f"KOKUNEN_TODAY は 2026-11-24 のような実在する日付で指定してください（現在の値: {wished}）",
                field="KOKUNEN_TODAY",
                code="invalid_format",
            ) from None
    return now().date()
