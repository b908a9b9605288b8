"""コンビニ交付: requests at a steady rate, each answered with the finished sheet."""

from __future__ import annotations

import threading
import time
from datetime import datetime

from benchmarks import _city, _registry
from kokunen.commands.bench import Figure

_RATE, _SECONDS = 20, 15


def measure() -> Figure:
    """The 99th percentile at 20 requests a second, asked at noon of the business day."""
    _city.use()
    codes = _registry.codes(_RATE * _SECONDS)
    if not codes:
        raise RuntimeError("nobody in the city has a 住民票コード")
    spans: list[float] = []
    threads = []
    began = time.perf_counter()
    for position in range(_RATE * _SECONDS):
        threading.Event().wait(max(0.0, began + position / _RATE - time.perf_counter()))
        thread = threading.Thread(target=_ask, args=(f"B{began:.3f}-{position}", codes[position % len(codes)], spans))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    spans.sort()
    return Figure("kiosk_p99", "ms", spans[int(len(spans) * 0.99)] * 1000, 300, "less")


def _ask(number: str, code: str, spans: list[float]) -> None:
    from django.db import connections

    from kokunen.common_platform.operations import clock
    from kokunen.resident_registry.services.kiosk import answer_request

    noon = datetime.combine(clock.today(), datetime.min.time(), tzinfo=clock.OFFICE_ZONE).replace(hour=12)
    began = time.perf_counter()
    answer_request(number, {"resident_code": code, "certificate": "11", "store": "測定"}, at=noon)
    spans.append(time.perf_counter() - began)
    connections.close_all()
