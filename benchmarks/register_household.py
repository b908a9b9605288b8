"""世帯5人の転入: what the server needs to register a household of five, ledger entry and publication included."""

from __future__ import annotations

import statistics

from benchmarks import _city, _registry
from kokunen.commands.bench import Figure

_HOUSEHOLDS = 22


def measure() -> Figure:
    """The median of one service call as the screen makes it, in the big city."""
    _city.use()
    spans = [_registry.timed(lambda number=number: _move_in(number)) for number in range(_HOUSEHOLDS)]  # type: ignore[misc]
    return Figure("register_household", "ms", statistics.median(spans[2:]) * 1000, 300, "less")


def _move_in(number: int) -> None:
    from tests.resident_registry.factories import ALL, AOKI, counter, newcomer, notice

    from kokunen.common_platform.operations import clock
    from kokunen.resident_registry import services
    from kokunen.resident_registry.choices import EventCode

    people = [
        newcomer(f"測定　{number}太", "ソクテイ　タ", "1985-04-04", "1", "世帯主"),
        newcomer(f"測定　{number}子", "ソクテイ　コ", "1986-05-05", "2", "妻"),
        *(newcomer(f"測定　{number}{n}", "ソクテイ　ロウ", f"201{n}-06-06", "1", "子") for n in range(3)),
    ]
    services.move_in(
        context=counter(),
        notice=notice(EventCode.MOVE_IN, clock.today().isoformat()),
        newcomers=people,
        destination=services.Destination(address=AOKI),
        acknowledged=ALL,
    )
