"""日次処理: every subsystem's work of the day runs, and running it again changes nothing."""

from __future__ import annotations

import pytest

from kokunen.common_platform.operations import daily


@pytest.mark.function("S3-5")
def test_各サブシステムの日次処理が順に並ぶ(city_database: str) -> None:
    names = [f"{subsystem}.{job.__name__}" for subsystem, job in daily.daily_jobs()]
    assert names == [
        "default.daily_snapshot",
        "default.open_log_reviews",
        "default.forget_file_keys",
        "default.find_people_back_after_restore",
        "ledger.daily_checkpoint",
        "assessment.judge_threshold",
        "resident_registry.remove_planned_departures",
        "unified_atena.link_the_city",
        "unified_atena.compare_with_the_server",
        "nonresident_registry.propose_over_the_city",
        "resident_tax.exchange_with_payers",
        "national_pension.run_nightly",
    ]


@pytest.mark.function("S3-5")
def test_日次処理は何度でも行える(city_database: str) -> None:
    assert daily.run_daily() == []
    assert daily.run_daily() == []


def test_失敗した処理は名を告げほかは進む(city_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.resident_registry import jobs

    def broken() -> int:
        raise RuntimeError("台帳に届きません")

    monkeypatch.setattr(jobs, "DAILY", (broken,))
    assert daily.run_daily() == ["resident_registry.broken"]
