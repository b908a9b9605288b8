"""運用の画面: what an operator does at the screens takes effect, and stands in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

Desk = Callable[[str], Client]


@pytest.mark.function("S3-5")
def test_起動から異常_申出_別の人の承認まで(desk: Desk, admin_connection: Any) -> None:
    from kokunen.common_platform.operations.executing import work_through
    from kokunen.common_platform.operations.models import NetRun

    operator, other = desk("unyo1"), desk("unyo2")
    assert "TEST020" in operator.get("/operations/").content.decode()
    answer = operator.post("/operations/nets/TEST020", {"act": "begin", "business_date": "R8.11.24"})
    run = NetRun.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/operations/runs/{run.pk}"
    work_through(run.pk, seconds=20)

    address = f"/operations/runs/{run.pk}"
    page = operator.get(address).content.decode()
    assert "ValueError" in page and "異常のジョブからやり直す" in page and "開始（1回目）" in page
    assert "000000000000078" not in page
    step = run.steps.get(code="B")
    operator.post(address, {"act": "ask_skip", "step": step.pk, "reason": "対象なし"})
    assert "スキップを承認する" not in operator.get(address).content.decode()
    assert operator.post(address, {"act": "agree_skip", "step": step.pk}).status_code == 409
    assert "スキップを承認する" in other.get(address).content.decode()
    other.post(address, {"act": "agree_skip", "step": step.pk})
    assert work_through(run.pk, seconds=20).state == "warning"

    entries = admin_connection.execute(
        "select staff_number, detail->>'what' from ledger.entry where dataset = 'ジョブの運用' order by entry_id"
    ).fetchall()
    assert entries == [("unyo1", "起動"), ("unyo1", "スキップの申出"), ("unyo2", "スキップの承認")]


@pytest.mark.function("S3-5")
def test_保留と解除_中止と再実行(desk: Desk) -> None:
    from kokunen.common_platform.operations.executing import work_through
    from kokunen.common_platform.operations.models import NetHold, NetRun

    operator = desk("unyo1")
    operator.post("/operations/nets/TEST010", {"act": "hold", "reason": "点検"})
    assert "点検" in operator.get("/operations/nets/TEST010").content.decode()
    operator.post("/operations/nets/TEST010", {"act": "release"})
    assert not NetHold.objects.exists()
    operator.post("/operations/nets/TEST010", {"act": "begin", "business_date": "R8.11.20"})
    run = NetRun.objects.get()
    for act, state in (("hold", "held"), ("release", "running"), ("cancel", "cancelled"), ("again", "running")):
        assert operator.post(f"/operations/runs/{run.pk}", {"act": act}).status_code == 302
        run.refresh_from_db()
        assert run.state == state
    assert work_through(run.pk, seconds=20).state == "well"
    assert operator.get(f"/operations/runs/{run.pk}/rows").status_code == 200
    assert operator.get("/operations/runs/99").status_code == 404
    assert operator.post(f"/operations/runs/{run.pk}", {"act": "explode"}).status_code == 422


@pytest.mark.function("S3-5")
def test_警報を確かめ_資源の図が見える(desk: Desk) -> None:
    from kokunen.common_platform.operations import clock, watching
    from kokunen.common_platform.operations.models import Alert
    from kokunen.common_platform.operations.monitoring import Reading

    operator = desk("unyo1")
    moment = clock.now()
    watching.keep(
        [Reading("cpu_percent", 42.0), Reading("feed_backlog", 3, "consumer=unified_atena.city,dataset=income")], moment
    )
    watching.raise_alerts([*watching.judge([Reading("process_up", 0, "process=web")])], moment)
    assert "プロセスが止まっています" in operator.get("/operations/alerts").content.decode()
    alert = Alert.objects.get()
    assert operator.post("/operations/alerts", {"alert": alert.pk, "note": ""}).status_code == 422
    operator.post("/operations/alerts", {"alert": alert.pk, "note": "起動し直した"})
    assert "起動し直した" in operator.get("/operations/alerts").content.decode()
    for span in ("3h", "30d", "nonsense"):
        page = operator.get("/operations/resources", {"span": span}).content.decode()
        assert "CPU使用率" in page and "<polyline" in page and "連携の未処理 団体内統合宛名 所得情報" in page


@pytest.mark.function("S3-1")
def test_連携の遅れと保留と最後の誤りが見え_再処理できる(desk: Desk) -> None:
    from datetime import date

    from django.db import connections, transaction

    from kokunen.common_platform.integration.datasets import datasets
    from kokunen.common_platform.integration.overview import consumers, feed_rows
    from kokunen.common_platform.integration.publishing import ChangeNote, publish
    from kokunen.resident_registry.linkage import PUBLISHES

    consumer = next(c for c in consumers() if c.subsystem == "national_pension" and "resident" in c.datasets)
    resident = datasets()["resident"]
    assert resident in PUBLISHES
    example = {
        "text": "あ",
        "date": "2000-01-01",
        "boolean": False,
        "integer": 1,
        "bigint": 1,
        "text[]": [],
        "jsonb": {},
    }
    row = {c.name: example[c.pg_type] for c in resident.columns if not c.nullable}
    with transaction.atomic(using="resident_registry"):
        publish(
            "resident_registry",
            resident,
            [{"atena_number": number, **row} for number in ("000000000000078", "000000000000086")],
            ChangeNote("update", "301", date(2026, 11, 24)),
        )
    found = next(r for r in feed_rows() if (r.consumer, r.dataset) == (consumer.name, "resident"))
    assert (found.backlog, found.position, found.horizon) == (2, 0, 2) and found.lag_seconds > 0
    with connections["national_pension"].cursor() as cursor:
        cursor.execute("insert into feed_cursor (consumer, dataset, seq) values (%s, 'resident', 2)", [consumer.name])
        cursor.execute(
            "insert into feed_parked (consumer, dataset, seq, atena_number, error) "
            "values (%s, 'resident', 1, '000000000000078', 'ValueError: 住所が読めません')",
            [consumer.name],
        )
    operator = desk("unyo1")
    page = operator.get("/operations/feeds").content.decode()
    assert "ValueError" in page and "住所が読めません" not in page and "再処理する" in page
    facts = {"consumer": consumer.name, "dataset": "resident"}
    assert operator.post("/operations/feeds", facts).status_code == 302
    after = next(r for r in feed_rows() if (r.consumer, r.dataset) == (consumer.name, "resident"))
    assert (after.backlog, after.parked) == (0, 0)
    assert operator.post("/operations/feeds", {**facts, "consumer": "nobody"}).status_code == 422
