"""コンビニ交付: requests at a steady rate, each answered with the finished sheet at the desks of the kiosk process."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from benchmarks import _city, _registry
from kokunen.commands.bench import Figure

_RATE, _SECONDS, _WARM = 20, 15, 8


def measure() -> Figure:
    """The 99th percentile at 20 requests a second, asked at noon of the business day; waiting for a desk counts."""
    _city.use()
    from kokunen.common_platform.operations import clock
    from kokunen.resident_registry.kiosk import Desks

    codes = _registry.codes(_RATE * _SECONDS)
    if not codes:
        raise RuntimeError("nobody in the city has a 住民票コード")
    noon = datetime.combine(clock.today(), datetime.min.time(), tzinfo=clock.OFFICE_ZONE).replace(hour=12)
    desks = Desks()
    began = time.time()

    def ask(position: int, due: float) -> float:
        items = {"resident_code": codes[position % len(codes)], "certificate": "11", "store": "測定"}
        desks.answer("1001", f"B{began:.3f}-{position}", items, noon)
        return time.perf_counter() - due

    with ThreadPoolExecutor(_RATE * _SECONDS) as askers:
        for position in range(_WARM):  # a process that has been open since the morning
            ask(-1 - position, 0)
        start = time.perf_counter()
        waiting = []
        for position in range(_RATE * _SECONDS):
            due = start + position / _RATE
            threading.Event().wait(max(0.0, due - time.perf_counter()))
            waiting.append(askers.submit(ask, position, due))
        spans = sorted(one.result() for one in waiting)
    desks.close()
    return Figure("kiosk_p99", "ms", spans[int(len(spans) * 0.99)] * 1000, 300, "less")
