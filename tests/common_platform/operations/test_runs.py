"""ジョブネット: order, failure, re-run from the checkpoint, hold, skip with two people, window, dependencies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.common_platform.operations.conftest import effects

from kokunen.kernel.errors import Conflict, InputError

pytestmark = pytest.mark.function("S3-5")


def _begin(code: str, **more: Any) -> Any:
    from kokunen.common_platform.operations.executing import work_through
    from kokunen.common_platform.operations.runs import request_run

    return work_through(request_run(code, by="unyo1", **more).pk, seconds=20)


def _states(run: Any) -> dict[str, str]:
    return {step.code: str(step.state) for step in run.steps.all()}


def test_各サブシステムの夜間処理がネットになり二度行っても同じ(city_database: str) -> None:
    from kokunen.common_platform.operations.models import NetRun
    from kokunen.common_platform.operations.nets import all_nets

    nets = all_nets()
    assert {"CPD010", "LGD010", "ASD010", "RRD010", "NRD010", "NPD010"} <= set(nets)
    assert nets["NPD010"].after_nets == ("RRD010",)
    assert nets["NPD010"].steps[0].label_ja == "20歳到達者の一覧"
    for code in ("CPD010", "LGD010", "ASD010", "RRD010", "NRD010", "NPD010") * 2:
        assert _begin(code).state == "well", code
    assert NetRun.objects.count() == 12


def test_ジョブは順に行われ業務日付を受け取り記録が残る(nets: None) -> None:
    run = _begin("TEST010", business_date=date(2026, 11, 20))
    assert (run.state, run.business_date) == ("well", date(2026, 11, 20))
    assert effects() == ["first 2026-11-20", "second", "third"]
    step = run.steps.get(code="A")
    assert (step.return_code, step.message, step.attempt) == (0, "2件", 1)
    assert [line.text for line in step.lines.all()] == ["開始（1回目）", "終了: 正常 2件"]


def test_異常の後は進まず_直してそこからやり直せる(nets: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.common_platform.operations import job_functions

    from kokunen.common_platform.operations.executing import work_through
    from kokunen.common_platform.operations.runs import run_again

    run = _begin("TEST020")
    assert (run.state, _states(run)) == ("failed", {"A": "well", "B": "failed", "C": "not_run"})
    step = run.steps.get(code="B")
    assert step.return_code == 8
    assert "ValueError" in step.message and "000000000000078" not in step.message

    monkeypatch.setattr(job_functions, "broken", job_functions.second)
    run = work_through(run_again(run.pk).pk, seconds=20)
    assert (run.state, effects()) == ("well", ["first 2026-11-24", "second", "third"])
    assert run.steps.get(code="B").attempt == 2

    work_through(run_again(run.pk, from_start=True).pk, seconds=20)
    assert effects().count("first 2026-11-24") == 2


def test_続けてよいジョブの異常は後を止めず_警告は番号を伏せる(nets: None) -> None:
    run = _begin("TEST030")
    assert (run.state, effects()) == ("failed", ["second"])
    run = _begin("TEST050")
    assert (run.state, run.steps.get(code="A").message) == ("warning", "対象 〈番号〉 を確かめてください")


def test_スキップは理由と別の人の承認が要る(nets: None) -> None:
    from kokunen.common_platform.operations.executing import work_through
    from kokunen.common_platform.operations.runs import agree_to_skip, ask_to_skip

    run = _begin("TEST020")
    step = run.steps.get(code="B")
    with pytest.raises(InputError):
        ask_to_skip(step.pk, reason=" ", by="unyo1")
    with pytest.raises(Conflict):
        agree_to_skip(step.pk, by="unyo2")
    ask_to_skip(step.pk, reason="対象がないことを確かめた", by="unyo1")
    with pytest.raises(Conflict, match="申し出た人"):
        agree_to_skip(step.pk, by="unyo1")
    agree_to_skip(step.pk, by="unyo2")
    run = work_through(run.pk, seconds=20)
    assert (run.state, _states(run)["B"], effects()) == ("warning", "skipped", ["first 2026-11-24", "third"])
    with pytest.raises(Conflict):
        ask_to_skip(step.pk, reason="もう一度", by="unyo1")


def test_保留の実行は進まず_解けば続く(nets: None) -> None:
    from kokunen.common_platform.operations.executing import work_through
    from kokunen.common_platform.operations.runs import hold_run, release_run, request_run

    run = request_run("TEST010", by="unyo1")
    hold_run(run.pk)
    assert (work_through(run.pk, seconds=5).state, effects()) == ("held", [])
    release_run(run.pk)
    assert (work_through(run.pk, seconds=20).state, len(effects())) == ("well", 3)


def test_中止した実行は行われない(nets: None) -> None:
    from kokunen.common_platform.operations.executing import execute_step
    from kokunen.common_platform.operations.runs import cancel_run, request_run

    run = request_run("TEST010", by="unyo1")
    step = run.steps.get(code="A")
    cancel_run(run.pk, by="unyo1")
    assert execute_step(step.pk, step.attempt) is False
    assert (effects(), set(_states(run).values())) == ([], {"cancelled"})


def test_同じ業務日付で二つは動かない(nets: None) -> None:
    from kokunen.common_platform.operations.runs import request_run

    request_run("TEST010", by="unyo1")
    with pytest.raises(Conflict):
        request_run("TEST010", by="unyo2")
    with pytest.raises(InputError):
        request_run("NOTHERE", by="unyo2")


def _at(hour: int, minute: int = 0) -> Callable[[], datetime]:
    from kokunen.common_platform.operations.clock import OFFICE_ZONE

    return lambda: datetime(2026, 11, 4, hour, minute, tzinfo=OFFICE_ZONE)


def _plan(monkeypatch: pytest.MonkeyPatch, now: Callable[[], datetime]) -> dict[str, Any]:
    from kokunen.common_platform.operations import clock, runs

    monkeypatch.setattr(clock, "now", now)
    return {run.net: run for run in runs.plan_due()}


def test_定時の起動は運転日に一度だけ_保留のネットは起動しない(nets: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.common_platform.operations.runs import hold_net, release_net

    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-05")  # the third open day: 11-03 is a holiday
    hold_net("TEST060", reason="点検のため", by="unyo1")
    assert "TEST060" not in _plan(monkeypatch, _at(6))
    release_net("TEST060")
    assert "TEST060" in _plan(monkeypatch, _at(6))
    assert _plan(monkeypatch, _at(7)) == {}
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-06")
    assert "TEST060" not in _plan(monkeypatch, _at(6))


def test_前のネットを待ち_時間帯を過ぎれば始めない(nets: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.common_platform.operations import runs
    from kokunen.common_platform.operations.executing import work_through
    from kokunen.common_platform.operations.models import NetRun

    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-05")
    planned = _plan(monkeypatch, _at(6))
    runs.advance(planned["TEST070"].pk)
    assert NetRun.objects.get(net="TEST070").state == "waiting"
    monkeypatch.setattr("kokunen.common_platform.operations.clock.now", lambda: _at(23)() + timedelta(minutes=59.5))
    runs.advance(planned["TEST060"].pk)
    assert NetRun.objects.get(net="TEST060").state == "skipped"
    assert work_through(planned["TEST070"].pk, seconds=20).state == "well"


def test_ファイルの到着を待つ(nets: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from kokunen.common_platform.operations.executing import work_through
    from kokunen.common_platform.operations.runs import request_run
    from kokunen.config import environment

    monkeypatch.setattr(environment, "data_dir", lambda: tmp_path)
    run = request_run("TEST080", by="unyo1")
    with pytest.raises(Conflict, match="終わりません"):
        work_through(run.pk, seconds=0.3)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "arrival_1.csv").write_text("x")
    assert work_through(run.pk, seconds=20).state == "well"


def test_待ち行列から言葉が失われても_ジョブも依頼も置き去りにならない(nets: None) -> None:
    from django.db import connection

    from kokunen.common_platform.operations import queue
    from kokunen.common_platform.operations.executing import find_forgotten
    from kokunen.common_platform.operations.runs import request_run

    request_run("TEST010", by="unyo1")
    calls = [{"number": number} for number in range(3)]
    queue.call_later("tests.common_platform.operations.job_functions.note", by="unyo1", calls=calls)
    assert queue.backlog() == {"steps": 1, "calls": 3}
    assert find_forgotten() == 0
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'failed'")
    assert queue.backlog() == {"steps": 0, "calls": 0}
    assert (find_forgotten(), find_forgotten()) == (4, 0)
    assert queue.backlog() == {"steps": 1, "calls": 3}
