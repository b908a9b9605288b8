"""夜間処理: 名寄せ over the whole city. Safe to run again: decided pairs stay decided."""

from __future__ import annotations

from kokunen.common_platform.operations import clock
from kokunen.nonresident_registry.services.matching import propose


def propose_over_the_city() -> int:
    """全市の名寄せ: of the business day, over the batch master when there is one; how many pairs wait afterwards."""
    return propose(run=f"{clock.today():%Y-%m-%d}")


DAILY = (propose_over_the_city,)
"""日次処理: what the platform runs once a business day."""
