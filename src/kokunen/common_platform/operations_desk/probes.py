"""測るもの: backlog, delay and set-aside changes of every consumer, for charts, alerts and Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from kokunen.common_platform.integration.models import FileState, LinkageFile
from kokunen.common_platform.integration.overview import feed_rows
from kokunen.common_platform.operations.monitoring import Reading


def feeds() -> Iterator[Reading]:
    """連携の値: one label for each consumer and dataset."""
    for row in feed_rows():
        label = f"consumer={row.consumer},dataset={row.dataset}"
        yield Reading("feed_backlog", float(row.backlog), label)
        yield Reading("feed_lag_seconds", round(row.lag_seconds, 1), label)
        yield Reading("feed_parked", float(row.parked), label)


def files() -> Iterator[Reading]:
    """保留の連携ファイル"""
    yield Reading("files_held", float(LinkageFile.objects.filter(state=FileState.HELD).count()))
