"""運用の照会: runs, alerts, series of figures. No personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Count

from kokunen.common_platform.integration.files.agreements import OUT, Agreement, agreements
from kokunen.common_platform.integration.models import FileState, HandedOverRow, LinkageFile, SentFile
from kokunen.common_platform.integration.overview import feed_rows
from kokunen.common_platform.operations import clock
from kokunen.common_platform.operations.choices import LIVE, RunState
from kokunen.common_platform.operations.models import Alert, DailyFigure, NetHold, NetRun, StepLine, StepRun
from kokunen.common_platform.operations.monitoring import FIGURES

PAGE = 50


def home_counts() -> dict[str, int]:
    """業務メニューの数字"""
    return {
        "alerts": Alert.objects.filter(ended_at__isnull=True).count(),
        "failed": StepRun.objects.filter(state=RunState.FAILED).count(),
        "running": NetRun.objects.filter(state__in=LIVE).count(),
        "parked": sum(row.parked for row in feed_rows()),
        "files": LinkageFile.objects.filter(state=FileState.HELD).count(),
    }


def find_run(run_id: int) -> NetRun | None:
    """実行: with its steps."""
    return NetRun.objects.filter(pk=run_id).prefetch_related("steps").first()


def find_hold(code: str) -> NetHold | None:
    """保留 of a net"""
    return NetHold.objects.filter(net=code).first()


def runs_of(code: str, before: int | None = None) -> list[NetRun]:
    """実行の履歴: newest first, a page by key."""
    rows = NetRun.objects.filter(net=code)
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-id")[:PAGE])


def lines_of(run_id: int) -> list[StepLine]:
    """記録: the latest lines of a run, in order."""
    rows = StepLine.objects.filter(step__run_id=run_id).select_related("step").order_by("-id")[:200]
    return list(reversed(rows))


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """取決めの今: the generation in force and what is not settled, or what was handed over last."""

    agreement: Agreement
    rows: int
    held: int
    last: LinkageFile | SentFile | None


def find_agreements() -> list[AgreementRow]:
    """取決めの一覧 with their state."""
    places = ("supplier", "dataset")
    rows = {tuple(key): n for *key, n in HandedOverRow.objects.values_list(*places).annotate(n=Count("pk"))}
    held = LinkageFile.objects.filter(state=FileState.HELD).values_list(*places).annotate(n=Count("pk"))
    waiting = {tuple(key): n for *key, n in held}
    good = LinkageFile.objects.filter(state__in=(FileState.APPLIED, FileState.WARNING))
    newest = {(f.supplier, f.dataset): f for f in good.order_by(*places, "-seq").distinct(*places)}
    sent = {f.agreement: f for f in SentFile.objects.order_by("agreement", "-seq").distinct("agreement")}
    found = []
    for one in agreements().values():
        key = (one.supplier, one.dataset)
        if one.direction == OUT:
            found.append(AgreementRow(one, last.rows if (last := sent.get(one.code)) else 0, 0, last))
        else:
            found.append(AgreementRow(one, rows.get(key, 0), waiting.get(key, 0), newest.get(key)))
    return found


def linkage_files(before: int | None = None) -> list[LinkageFile]:
    """連携ファイル: what was judged, newest first, a page by key; held ones on the first page."""
    rows = LinkageFile.objects.exclude(state=FileState.HELD)
    page = list((rows.filter(pk__lt=before) if before else rows).order_by("-id")[:PAGE])
    return page if before else [*LinkageFile.objects.filter(state=FileState.HELD).order_by("-id"), *page]


def find_file(file_id: int) -> LinkageFile | None:
    """連携ファイル"""
    return LinkageFile.objects.filter(pk=file_id).first()


def alerts(*, ended: bool, before: int | None = None) -> list[Alert]:
    """警報: open ones, or a page of those that are over."""
    rows = Alert.objects.filter(ended_at__isnull=not ended)
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-id")[:PAGE])


@dataclass(frozen=True, slots=True)
class Series:
    """推移: one figure of one label over time, with its words and unit."""

    name: str
    label: str
    ja: str
    unit: str
    points: tuple[tuple[datetime, float], ...]


CHARTED = (
    "cpu_percent", "memory_percent", "disk_percent", "database_bytes", "database_connections", "queue_jobs",
    "feed_backlog", "feed_lag_seconds",
)  # fmt: skip
"""Figures with a chart, in their order on the screen."""

SPANS = {"3h": timedelta(hours=3), "1d": timedelta(days=1), "7d": timedelta(days=7), "30d": timedelta(days=30)}
_POINTS = 120


def series(span: str, names: Sequence[str] = CHARTED) -> list[Series]:
    """推移の一覧: mean values in as many steps as a chart shows, one statement for all."""
    length = SPANS.get(span, SPANS["3h"])
    step = max(60, int(length.total_seconds() // _POINTS))
    with connection.cursor() as cursor:
        cursor.execute(
            "select name, label, to_timestamp(floor(extract(epoch from at) / %s) * %s) as t, avg(value) from sample "
            "where name = any(%s) and at > %s group by name, label, t order by name, label, t",
            [step, step, list(names), clock.now() - length],
        )
        rows = cursor.fetchall()
    found: dict[tuple[str, str], list[tuple[datetime, float]]] = {}
    for name, label, at, value in rows:
        found.setdefault((name, label), []).append((at, float(value)))
    facts = [(name, label, FIGURES[name]) for name, label in sorted(found, key=lambda key: (names.index(key[0]), key))]
    return [Series(name, label, f.ja, f.unit, tuple(found[name, label])) for name, label, f in facts]


def daily(name: str) -> list[tuple[date, float]]:
    """日別の最大 of the last three months."""
    rows = DailyFigure.objects.filter(name=name, label="", day__gte=clock.today() - timedelta(days=92))
    return list(rows.order_by("day").values_list("day", "highest"))
