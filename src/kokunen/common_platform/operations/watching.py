"""見回り: takes the figures, keeps them for the charts, and raises, counts up and ends alerts."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from . import clock
from .choices import LIVE, RunState, Severity
from .models import Alert, NetRun, Sample, StepRun
from .monitoring import FIGURES, Reading, readings
from .nets import all_nets

log = logging.getLogger("kokunen.operations.watching")

_KEPT_SAMPLES = timedelta(days=40)
_KEPT_DAYS = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Limit:
    """しきい値: an alert while the figure is over (or, with `below`, under) `value`."""

    figure: str
    value: float
    severity: Severity
    words: str
    below: bool = False

    def is_crossed(self, value: float) -> bool:
        """True while it calls for an alert."""
        return value < self.value if self.below else value > self.value


LIMITS: tuple[Limit, ...] = (
    Limit("process_up", 0.5, Severity.SERIOUS, "プロセスが止まっています", below=True),
    Limit("disk_percent", 80, Severity.WARNING, "ディスクの使用率が80%を超えました"),
    Limit("disk_percent", 95, Severity.SERIOUS, "ディスクの空きがほとんどありません"),
    Limit("memory_percent", 92, Severity.WARNING, "メモリの使用率が92%を超えました"),
    Limit("certificate_days", 30, Severity.WARNING, "証明書の期限まで30日を切りました", below=True),
    Limit("queue_jobs", 1000, Severity.WARNING, "待ち行列が1,000件を超えました"),
    Limit("database_longest_transaction_seconds", 3600, Severity.WARNING, "1時間を超えるトランザクションがあります"),
    Limit("database_connections", 160, Severity.WARNING, "データベースの接続が上限に近づいています"),
    Limit("feed_backlog", 5000, Severity.WARNING, "連携の未処理が5,000件を超えました"),
    Limit("feed_lag_seconds", 600, Severity.SERIOUS, "連携が10分以上遅れています"),
    Limit("files_held", 0, Severity.WARNING, "保留の連携ファイルがあります"),
    Limit("feed_parked", 0, Severity.WARNING, "連携で保留になった変更があります"),
)
"""しきい値の一覧 (ours: a city may choose others)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """気づき: what calls for an alert at this look."""

    code: str
    subject: str
    severity: Severity
    message: str


def look(now: datetime | None = None) -> list[Finding]:
    """見回り: one look; returns what it found."""
    moment, taken = now or clock.now(), readings()
    keep(taken, moment)
    found = [*judge(taken), *runs_in_trouble(moment)]
    raise_alerts(found, moment)
    return found


def keep(taken: Iterable[Reading], at: datetime) -> None:
    """値を残す."""
    Sample.objects.bulk_create(Sample(name=r.name, label=r.label, at=at, value=r.value) for r in taken)


def judge(taken: Sequence[Reading]) -> Iterator[Finding]:
    """しきい値との比較."""
    for limit in LIMITS:
        for reading in taken:
            if reading.name == limit.figure and limit.is_crossed(reading.value):
                subject = reading.label.partition("=")[2] or FIGURES[reading.name].ja
                unit = FIGURES[reading.name].unit
                value = f"（{reading.value:,.0f}{unit}）" if unit else ""
                code = f"{limit.figure}:{limit.value:g}"
                yield Finding(code, subject[:120], limit.severity, f"{limit.words}{value}")


def runs_in_trouble(now: datetime) -> Iterator[Finding]:
    """異常終了と遅れ: failed steps, and runs that take longer than is expected of their net."""
    failed = StepRun.objects.filter(state=RunState.FAILED).select_related("run").order_by("id")
    for step in failed:
        message = f"{step.run.net} {step.code}（{step.run.business_date:%Y-%m-%d}）が異常終了しました: {step.message}"
        yield Finding("step_failed", f"{step.run_id} {step.code}", Severity.SERIOUS, message[:300])
    nets = all_nets()
    for run in NetRun.objects.filter(state__in=LIVE, started_at__isnull=False):
        net = nets.get(run.net)
        assert run.started_at is not None
        if net and now - run.started_at > timedelta(minutes=net.expected_minutes):
            words = f"{net.label_ja}が予定の{net.expected_minutes}分を過ぎても終わっていません"
            yield Finding("run_late", f"{run.pk} {run.net}", Severity.WARNING, words)


def raise_alerts(found: Sequence[Finding], now: datetime) -> None:
    """警報: a new one for what is new, a count for what goes on, an end for what is over."""
    with transaction.atomic():
        live = {(a.code, a.subject): a for a in Alert.objects.select_for_update().filter(ended_at__isnull=True)}
        seen: set[tuple[str, str]] = set()
        for finding in found:
            key = (finding.code, finding.subject)
            if key in seen:
                continue
            seen.add(key)
            if (alert := live.get(key)) is not None:
                alert.count, alert.last_seen_at, alert.message = alert.count + 1, now, finding.message
                alert.save(update_fields=["count", "last_seen_at", "message"])
            else:
                Alert.objects.create(
                    code=finding.code,
                    subject=finding.subject,
                    severity=finding.severity,
                    message=finding.message,
                    first_seen_at=now,
                    last_seen_at=now,
                )
                log.warning("alert %s %s", finding.code, finding.severity)
        over = [alert.pk for key, alert in live.items() if key not in seen]
        Alert.objects.filter(pk__in=over).update(ended_at=now)


def acknowledge(alert_id: int, *, by: str, note: str) -> Alert:
    """確認: who has seen the alert and what is done about it; a later word replaces the earlier one."""
    alert = Alert.objects.get(pk=alert_id)
    alert.acknowledged_by, alert.acknowledged_at, alert.note = by, clock.now(), note[:300]
    alert.save(update_fields=["acknowledged_by", "acknowledged_at", "note"])
    return alert


def thin_samples(day: date | None = None) -> str:
    """監視の値の整理: days that are over become highest and mean; single values go after some weeks."""
    today = day or clock.today()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into daily_figure (name, label, day, highest, mean) "
            "select name, label, (at at time zone 'Asia/Tokyo')::date as d, max(value), avg(value) from sample "
            "where at < %s group by name, label, d "
            "on conflict (name, label, day) do update set highest = excluded.highest, mean = excluded.mean",
            [clock.now().replace(hour=0, minute=0, second=0, microsecond=0)],
        )
        kept = cursor.rowcount
        cursor.execute("delete from sample where at < %s", [clock.now() - _KEPT_SAMPLES])
        dropped = cursor.rowcount
        cursor.execute("delete from daily_figure where day < %s", [today - _KEPT_DAYS])
    return f"日別 {kept} 行、整理 {dropped} 行"


def day_when_full(values: Sequence[tuple[date, float]], limit: float = 80.0) -> date | None:
    """しきい値に達する日: the straight line through the daily values (least squares); None when it does not rise."""
    if len(values) < 2:
        return None
    first = values[0][0]
    points = [((day - first).days, value) for day, value in values]
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
    if slope <= 0:
        return None
    days = (limit - mean_y) / slope + mean_x
    return first + timedelta(days=round(days)) if days < 36500 else None
