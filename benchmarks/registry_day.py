"""1日分の異動: 5,000 people's changes registered and published by some officers at once."""

from __future__ import annotations

import multiprocessing
import time

from benchmarks import _city, _registry
from kokunen.commands.bench import Figure

_CHANGES, _OFFICERS = 5_000, 4


def measure() -> Figure:
    """Relocations of whole households, each with its event, ledger entry, messages and publication."""
    _city.use()
    numbers = _registry.people(_CHANGES)
    shares = [numbers[part::_OFFICERS] for part in range(_OFFICERS)]
    with multiprocessing.get_context("spawn").Pool(_OFFICERS) as pool:
        pool.map(_wake, range(_OFFICERS), chunksize=1)
        began = time.perf_counter()
        done = sum(pool.starmap(_relocate_all, [(share, _CHANGES // _OFFICERS) for share in shares], chunksize=1))
        spent = time.perf_counter() - began
    return Figure("registry_day_5000_changes", "seconds", spent * _CHANGES / done, 60, "less")


def _wake(_number: int) -> None:
    _city.use()


def _relocate_all(numbers: list[str], changes: int) -> int:
    """So many people's changes, household by household; returns how many they were."""
    _city.use()
    done = 0
    for number in numbers:
        if done >= changes:
            break
        done += _relocate(number)
    return done


def _relocate(number: str) -> int:
    from tests.resident_registry.factories import ALL, SAIWAI, counter, notice

    from kokunen.common_platform.operations import clock
    from kokunen.resident_registry import services
    from kokunen.resident_registry.choices import EventCode
    from kokunen.resident_registry.models import ResidentVersion
    from kokunen.resident_registry.models.resident import LIVING

    household = ResidentVersion.objects.filter(LIVING, atena_number=number).values("household_number")
    members = ResidentVersion.objects.filter(LIVING, household_number__in=household)
    moved = services.relocate(
        context=counter(),
        notice=notice(EventCode.RELOCATION, clock.today().isoformat()),
        movers=list(members.values_list("atena_number", flat=True)),
        destination=services.Destination(address=SAIWAI),
        acknowledged=ALL,
    )
    return len(moved.atena_numbers)
