"""住基ネットへの窓口（市側） — the line to the CS; named by the settings of the city."""

from __future__ import annotations

from ..framework.post import Admit, PostBox, open_post


def city_line(admit: Admit) -> PostBox:
    """この市の窓口 — opened with the data folder of the environment."""
    return open_post(__package__, admit)
