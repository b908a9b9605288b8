"""監視の値: figures of the machine, the processes, the queue and the database at this moment.

A figure has a name (as Prometheus knows it, without the prefix ``kokunen_``), a label and a value. What other parts of
the house measure (feeds, outboxes) they register as probes; nothing here knows them.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from . import heartbeat
from .run_folder import RunFolder

log = logging.getLogger("kokunen.operations.monitoring")


@dataclass(frozen=True, slots=True)
class Reading:
    """値: `label` is written ``key=value`` (several with commas) or empty."""

    name: str
    value: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """項目の説明: words for the chart, unit, and help for Prometheus."""

    ja: str
    unit: str
    help: str


FIGURES: dict[str, FigureFacts] = {
    "process_up": FigureFacts("プロセスの稼働", "", "1 when the process is up and beats"),
    "process_restarts": FigureFacts("プロセスの再起動", "回", "restarts since the city was started"),
    "heartbeat_age_seconds": FigureFacts("最後の鼓動から", "秒", "seconds since the last beat"),
    "cpu_percent": FigureFacts("CPU使用率", "%", "processor time in use"),
    "memory_percent": FigureFacts("メモリ使用率", "%", "memory in use"),
    "disk_percent": FigureFacts("ディスク使用率", "%", "space in use where the city's data lie"),
    "disk_free_bytes": FigureFacts("ディスクの空き", "バイト", "free space where the city's data lie"),
    "database_bytes": FigureFacts("データベースの大きさ", "バイト", "size of the database"),
    "database_connections": FigureFacts("データベースの接続", "本", "sessions of the database"),
    "database_longest_transaction_seconds": FigureFacts(
        "最長のトランザクション", "秒", "age of the oldest transaction"
    ),
    "database_deadlocks": FigureFacts("デッドロック", "回", "deadlocks since the statistics were reset"),
    "queue_jobs": FigureFacts("待ち行列", "件", "jobs that wait or are under way"),
    "steps_failed": FigureFacts("異常のジョブ", "件", "failed steps of runs that have not been done again"),
    "certificate_days": FigureFacts("証明書の残り日数", "日", "days until a certificate ends"),
    "feed_backlog": FigureFacts("連携の未処理", "件", "changes that a consumer has not taken yet"),
    "feed_lag_seconds": FigureFacts("連携の遅れ", "秒", "age of the oldest change that a consumer has not taken"),
    "feed_parked": FigureFacts("連携の保留", "件", "changes that were set aside"),
    "files_held": FigureFacts("連携ファイルの保留", "件", "linkage files that an officer has to look at"),
    "outbox_waiting": FigureFacts("送信待ち", "件", "messages that wait to be sent"),
    "alerts_open": FigureFacts("未解消の警報", "件", "alerts that have not ended"),
}
"""項目: every figure that may be told; one that is not listed here is an error of the program."""

Probe = Callable[[], Iterable[Reading]]
_PROBES: dict[str, Probe] = {}


def register_probe(name: str, probe: Probe) -> None:
    """測るものを加える: asked at every look; one that fails is told in the log and leaves the others alone."""
    _PROBES[name] = probe


def readings() -> list[Reading]:
    """値の一覧: everything, now."""
    own = {"machine": _machine, "processes": _processes, "database": _database, "queue": _queue, "pki": _certificates}
    found: list[Reading] = []
    for name, probe in {**own, **_PROBES}.items():
        try:
            found += [reading for reading in probe() if reading.name in FIGURES]
        except Exception:
            log.exception("probe %s failed", name)
    return found


def _data_dir() -> Path:
    from kokunen.config import environment

    return environment.data_dir()


def _machine() -> Iterator[Reading]:
    usage = shutil.disk_usage(_data_dir())
    yield Reading("cpu_percent", float(psutil.cpu_percent(interval=None)))
    yield Reading("memory_percent", float(psutil.virtual_memory().percent))
    yield Reading("disk_percent", round(usage.used / usage.total * 100, 2))
    yield Reading("disk_free_bytes", float(usage.free))


def _processes() -> Iterator[Reading]:
    from .health import is_up

    folder = RunFolder(_data_dir() / "run")
    state = folder.read()
    if state is None:
        return
    for process in state.processes:
        label = f"process={process.name}"
        yield Reading("process_up", float(is_up(process, folder.path)), label)
        yield Reading("process_restarts", float(process.restarts), label)
        age = heartbeat.age(process.name, folder.path) if process.beats else None
        if age is not None:
            yield Reading("heartbeat_age_seconds", round(age, 2), label)


def _database() -> Iterator[Reading]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_database_size(current_database()), (select count(*) from pg_stat_activity "
            "where datname = current_database()), (select coalesce(max(extract(epoch from now() - xact_start)), 0) "
            "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()), "
            "(select deadlocks from pg_stat_database where datname = current_database())"
        )
        size, connections, longest, deadlocks = cursor.fetchone() or (0, 0, 0, 0)
    yield Reading("database_bytes", float(size))
    yield Reading("database_connections", float(connections))
    yield Reading("database_longest_transaction_seconds", round(float(longest), 1))
    yield Reading("database_deadlocks", float(deadlocks or 0))


def _queue() -> Iterator[Reading]:
    from .choices import RunState
    from .models import Alert, StepRun
    from .queue import backlog

    for name, count in backlog().items():
        yield Reading("queue_jobs", float(count), f"queue={name}")
    yield Reading("steps_failed", float(StepRun.objects.filter(state=RunState.FAILED).count()))
    yield Reading("alerts_open", float(Alert.objects.filter(ended_at__isnull=True).count()))


def _certificates() -> Iterator[Reading]:
    """Every certificate file below the data folder, by its name."""
    from cryptography import x509

    data, now = _data_dir(), datetime.fromtimestamp(time.time(), UTC)
    for folder in ("keys", "counterparts"):
        for path in sorted((data / folder).rglob("*.pem")):
            content = path.read_bytes()
            if b"BEGIN CERTIFICATE" not in content:
                continue
            certificate = x509.load_pem_x509_certificate(content)
            days = (certificate.not_valid_after_utc - now).total_seconds() / 86400
            yield Reading("certificate_days", round(days, 1), f"file={path.relative_to(data).as_posix()}")
