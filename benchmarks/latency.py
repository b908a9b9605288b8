"""連携の速さ: from the commit at the residents' counter to the work item in the pension section."""

from __future__ import annotations

import threading
import time
from typing import Any

from benchmarks import _city
from kokunen.commands.bench import Figure

_PEOPLE = 120


def measure() -> Figure:
    """The 99th percentile over people who leave Japan one after the other, in the big city."""
    _city.use()
    with _city.integration_worker():
        spans = sorted(_spans())
    return Figure("commit_to_work_item_p99", "seconds", spans[int(len(spans) * 0.99)], 1, "less")


def _spans() -> list[float]:
    from kokunen.config import environment, provision

    with provision.admin_connection(environment.database_address().name) as admin:
        people = admin.execute(
            "select r.atena_number from integrated.resident r join national_pension.qualification_period q "
            "using (atena_number) where r.status = '1' and r.resident_kind = '1' and r.departure_on is null "
            "and not r.protected and r.head_atena_number <> r.atena_number and q.insured_type = '1' "
            "and upper_inf(q.valid_period) and upper_inf(q.recorded_period) "
            "and r.birth_date between '1975-01-01' and '2000-01-01' and not exists "
            "(select 1 from national_pension.work_item w where w.atena_number = r.atena_number) limit %s",
            [_PEOPLE + 5],
        ).fetchall()
        return [_one(admin, str(number)) for (number,) in people][5:]  # the first ones wake both processes


def _one(admin: Any, number: str) -> float:
    """Seconds from the counter's commit until the item can be read."""
    from tests.resident_registry.factories import ALL, counter, notice

    from kokunen.common_platform.operations import clock
    from kokunen.resident_registry import services
    from kokunen.resident_registry.choices import DestinationKind, EventCode

    services.move_out(
        context=counter(),
        notice=notice(EventCode.MOVE_OUT_ABROAD, clock.today().isoformat()),
        movers=[number],
        departure=services.Departure("カナダ", DestinationKind.ABROAD),
        acknowledged=ALL,
    )
    began = time.perf_counter()
    pause = threading.Event()
    while not admin.execute("select 1 from national_pension.work_item where atena_number = %s", [number]).fetchone():
        if time.perf_counter() - began > 30:
            raise RuntimeError("no work item within 30 seconds")
        pause.wait(0.002)
    return time.perf_counter() - began
