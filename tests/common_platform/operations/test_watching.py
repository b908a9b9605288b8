"""見回り: figures, alerts that count up instead of ringing again, acknowledgement, daily values, Prometheus text."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kokunen.common_platform.operations.exposition import as_text
from kokunen.common_platform.operations.monitoring import FIGURES, Reading

pytestmark = pytest.mark.function("S3-5")


def test_値はPrometheusの書式で出る() -> None:
    text = as_text([Reading("feed_backlog", 3, "consumer=a,dataset=b"), Reading("cpu_percent", 12.5)])
    assert text == (
        "# HELP kokunen_cpu_percent memory\n".replace("memory", FIGURES["cpu_percent"].help)
        + "# TYPE kokunen_cpu_percent gauge\nkokunen_cpu_percent 12.5\n"
        + f"# HELP kokunen_feed_backlog {FIGURES['feed_backlog'].help}\n# TYPE kokunen_feed_backlog gauge\n"
        + 'kokunen_feed_backlog{consumer="a",dataset="b"} 3\n'
    )


def test_機械と待ち行列とデータベースの値が取れる(city_database: str) -> None:
    from kokunen.common_platform.operations.monitoring import readings

    found = {reading.name for reading in readings()}
    expected = {"cpu_percent", "memory_percent", "disk_percent", "database_bytes", "database_connections", "queue_jobs"}
    assert expected <= found


def test_壊れた測りは他を止めない(city_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.common_platform.operations import monitoring

    def broken() -> list[Reading]:
        raise RuntimeError

    monkeypatch.setitem(monitoring._PROBES, "broken", broken)
    assert any(reading.name == "cpu_percent" for reading in monitoring.readings())


def test_警報は一度だけ立ち_数え_終わる(city_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.common_platform.operations import watching
    from kokunen.common_platform.operations.models import Alert

    taken = [Reading("disk_percent", 97), Reading("process_up", 0, "process=web"), Reading("certificate_days", 400)]
    monkeypatch.setattr(watching, "readings", lambda: taken)
    watching.look()
    watching.look()
    alerts = {alert.code: alert for alert in Alert.objects.all()}
    assert {code: (a.subject, a.count, a.severity) for code, a in alerts.items()} == {
        "disk_percent:80": ("ディスク使用率", 2, "warning"),
        "disk_percent:95": ("ディスク使用率", 2, "serious"),
        "process_up:0.5": ("web", 2, "serious"),
    }
    watching.acknowledge(alerts["process_up:0.5"].pk, by="unyo1", note="起動し直した")
    taken[:] = [Reading("disk_percent", 85)]
    watching.look()
    assert set(Alert.objects.filter(ended_at__isnull=True).values_list("code", flat=True)) == {"disk_percent:80"}
    ended = Alert.objects.get(code="process_up:0.5")
    assert (ended.acknowledged_by, ended.note) == ("unyo1", "起動し直した")
    taken[:] = [Reading("disk_percent", 97)]
    watching.look()
    assert Alert.objects.filter(code="disk_percent:95").count() == 2


def test_異常のジョブは警報になる(nets: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.common_platform.operations import watching
    from kokunen.common_platform.operations.executing import work_through
    from kokunen.common_platform.operations.models import Alert
    from kokunen.common_platform.operations.runs import request_run

    work_through(request_run("TEST020", by="unyo1").pk, seconds=20)
    monkeypatch.setattr(watching, "readings", list)
    watching.look()
    alert = Alert.objects.get()
    assert alert.code == "step_failed" and "TEST020 B" in alert.message and "000000000000078" not in alert.message


def test_値は日別にまとまり_古いものは消える(city_database: str) -> None:
    from kokunen.common_platform.operations import clock, watching
    from kokunen.common_platform.operations.models import DailyFigure, Sample

    noon = clock.now().replace(hour=12)
    old, yesterday = noon - timedelta(days=50), noon - timedelta(days=1)
    for at, value in ((old, 10.0), (yesterday, 20.0), (yesterday, 40.0)):
        watching.keep([Reading("disk_percent", value)], at)
    watching.thin_samples()
    watching.thin_samples()
    rows: list[Any] = list(DailyFigure.objects.order_by("day").values_list("highest", "mean"))
    assert rows == [(10.0, 10.0), (40.0, 30.0)]
    assert Sample.objects.count() == 2


def test_容量の見込みは日別の値の直線から() -> None:
    from kokunen.common_platform.operations.watching import day_when_full

    rising = [(date(2026, 11, 1) + timedelta(days=n), 50.0 + n) for n in range(10)]
    assert day_when_full(rising) == date(2026, 12, 1)
    assert day_when_full([(day, 50.0) for day, _ in rising]) is None
    assert day_when_full(rising[:1]) is None
