"""人口と異動の統計: every population table of two days and the movements between them, for the whole city."""

from __future__ import annotations

from datetime import timedelta

from benchmarks import _city, _registry
from kokunen.commands.bench import Figure


def measure() -> Figure:
    """The month before this one and what came since, counted by the day of entry."""
    _city.use()
    from kokunen.common_platform.operations import clock
    from kokunen.resident_registry.statistics import movements

    today = clock.today()
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    spent = _registry.timed(lambda: movements(context=_registry.context("resident_inquiry"), first=first, last=today))
    return Figure("registry_statistics", "seconds", spent, 5, "less")
