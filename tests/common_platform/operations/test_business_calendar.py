"""運転日: the worked examples of the common platform, and the closed days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kokunen.common_platform.operations.business_calendar import Cycle, RunRule, Shift, next_run_day, runs_on


def _days(rule: RunRule, first: date, last: date) -> list[str]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day.isoformat() for day in days if runs_on(rule, day)]


@pytest.mark.function("S3-5")
@pytest.mark.parametrize(
    ("rule", "first", "last", "expected"),
    [
        (RunRule(Cycle.NTH_OPEN_DAY, 3), date(2026, 5, 1), date(2026, 5, 31), ["2026-05-08"]),
        (RunRule(Cycle.LAST_OPEN_DAY), date(2026, 12, 1), date(2027, 1, 3), ["2026-12-28"]),
        (RunRule(Cycle.MONTHLY, 25, Shift.NEXT), date(2026, 7, 1), date(2026, 7, 31), ["2026-07-27"]),
        (RunRule(Cycle.MONTHLY, 25, Shift.PREVIOUS), date(2026, 7, 1), date(2026, 7, 31), ["2026-07-24"]),
        (RunRule(Cycle.MONTHLY, 25), date(2026, 7, 1), date(2026, 7, 31), ["2026-07-25"]),
        (RunRule(Cycle.MONTHLY, 31), date(2026, 2, 1), date(2026, 2, 28), ["2026-02-28"]),
        (RunRule(Cycle.MONTHLY, 31, Shift.NEXT), date(2026, 1, 30), date(2026, 2, 3), ["2026-02-02"]),
        (RunRule(Cycle.EVERY_OPEN_DAY), date(2026, 5, 1), date(2026, 5, 8), ["2026-05-01", "2026-05-07", "2026-05-08"]),
        (RunRule(Cycle.WEEKLY, 1), date(2026, 11, 20), date(2026, 11, 26), ["2026-11-24"]),
        (RunRule(Cycle.EVERY_DAY), date(2026, 11, 21), date(2026, 11, 22), ["2026-11-21", "2026-11-22"]),
        (RunRule(Cycle.ON_REQUEST), date(2026, 11, 1), date(2026, 11, 30), []),
    ],
    ids=[
        "第3開庁日",
        "最終開庁日",
        "25日_次",
        "25日_前",
        "25日",
        "月末",
        "月末_翌月へ",
        "開庁日",
        "火曜",
        "毎日",
        "随時",
    ],
)
def test_運転日は開庁日の決まりどおり(rule: RunRule, first: date, last: date, expected: list[str]) -> None:
    assert _days(rule, first, last) == expected


def test_次の運転日は閉庁日を飛ばす() -> None:
    assert next_run_day(RunRule(Cycle.EVERY_OPEN_DAY), date(2026, 5, 1)) == date(2026, 5, 7)
    assert next_run_day(RunRule(Cycle.ON_REQUEST), date(2026, 5, 1)) is None
