"""端末制御装置への窓口（社会保険オンライン側） — named by the settings of that program."""

from __future__ import annotations

from ..framework.post import Admit, PostBox, open_post


def city_line(admit: Admit) -> PostBox:
    """この市の窓口 — opened with the data folder of the environment."""
    return open_post(__package__, admit)
