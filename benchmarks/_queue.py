"""待ち行列の測定の材料: what the measured calls do, and a worker of procrastinate alone.

    python -m benchmarks._queue NAME

An effect is a row of the figures' table with the call's number as label, so that a doubled or a lost one shows.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

EFFECT = "benchmark effect"
BARE = "bare"


def note(number: int) -> None:
    """依頼: one effect, in the transaction of the call."""
    from kokunen.common_platform.operations import clock
    from kokunen.common_platform.operations.models import Sample

    Sample.objects.create(name=EFFECT, label=str(number), at=clock.now(), value=1)


def bare_task(app: Any) -> Any:
    """The task of the rival: nothing at all."""

    @app.task(name="benchmark_nothing", queue=BARE)
    def nothing(number: int) -> None:
        """何もしない"""

    return nothing


def work_bare(name: str) -> None:
    """The rival's worker: procrastinate as it comes, with the settings of the house."""
    import django

    django.setup()
    from procrastinate.contrib.django import app

    from kokunen.common_platform.operations.worker import CONCURRENCY

    bare_task(app)

    async def work() -> None:
        own = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        async with own.open_async():
            await own.run_worker_async(
                queues=[BARE],
                name=name,
                concurrency=CONCURRENCY,
                delete_jobs="successful",
                fetch_job_polling_interval=1.0,
            )

    asyncio.run(work())


if __name__ == "__main__":
    work_bare(sys.argv[1])
