"""印刷の通し番号: printed on every sheet and kept in the ledger, so that a sheet found anywhere leads to its officer
and moment.
"""

from __future__ import annotations

import secrets

from kokunen.common_platform.operations import clock

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read for another
_LENGTH = 8


def next_serial(office_code: str) -> str:
    """通し番号を付ける: day, office and eight letters that cannot be guessed (2026-11-24 → 20261124-2020-K7QX9M2P)."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return f"{clock.today():%Y%m%d}-{office_code or '0000'}-{letters}"
