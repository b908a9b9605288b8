"""年金記録の試験: months of a person as the terminal shows them, without a process."""

from __future__ import annotations

from datetime import date

import pytest

from kokunen.counterparts.terminal_controller.records import Period, read_periods, record_of, write_periods

TODAY = date(2026, 11, 24)
ROW = {
    "name": "髙橋　花子",
    "kana": "タカハシ　ハナコ",
    "birth_date": "1990-04-01",
    "sex": "2",
    "basic_pension_number": "1234567890",
    "periods": "1:2010-03:2015-03;2:2015-04:",
    "exemptions": "40:2010-04:2012-03",
}


def test_期間は書いたとおりに読める() -> None:
    periods = [Period("1", "2010-03", "2015-03"), Period("2", "2015-04", "")]
    assert read_periods(write_periods(periods)) == periods
    assert read_periods("") == []


def test_月は一つの状態にだけ入り_今月より前で終わる() -> None:
    record = record_of(ROW, "7", TODAY)
    assert sum(record["totals"].values()) == 61 + (2026 - 2015) * 12 + 7
    assert record["totals"]["学生納付特例"] == 24
    assert record["spans"][-1] == {"first": "2015-04", "last": "2026-10", "state": "第2号（厚生年金）"}
    ends = [(span["first"], span["last"]) for span in record["spans"]]
    assert ends == sorted(ends) and all(first <= last for first, last in ends)


def test_何度見ても同じで_種が違えば納付も違う() -> None:
    long = {**ROW, "periods": "1:1985-04:", "exemptions": ""}
    assert record_of(long, "7", TODAY) == record_of(long, "7", TODAY)
    unpaid = {record_of(long, str(seed), TODAY)["totals"].get("未納", 0) for seed in range(8)}
    assert len(unpaid) > 1


@pytest.mark.parametrize("empty", ["", None])
def test_期間のない人の記録は空である(empty: str | None) -> None:
    record = record_of({**ROW, "periods": empty, "exemptions": empty}, "7", TODAY)
    assert (record["spans"], record["totals"]) == ([], {})
