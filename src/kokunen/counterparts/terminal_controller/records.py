"""年金記録 — one person's record, month by month, out of what the office holds: its own seeded data.

``people.csv`` in the office's folder lists people with their periods; which 第1号 months were paid is the office's own
knowledge, drawn from its seed and the number, the same at every look. Kinds and words follow the pension law's terms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

_EXEMPTIONS = {
    "10": "法定免除",
    "11": "法定免除",
    "12": "法定免除",
    "20": "全額免除",
    "21": "4分の3免除",
    "22": "半額免除",
    "23": "4分の1免除",
    "30": "納付猶予",
    "40": "学生納付特例",
    "50": "産前産後免除",
    "51": "育児免除",
    "52": "育児免除",
}
_UNPAID_SHARE = 9  # of a hundred half-years without a payment


@dataclass(frozen=True, slots=True)
class Period:
    """期間 — kind, first month and last month (YYYY-MM, empty: still running)."""

    kind: str
    first: str
    last: str


def read_periods(text: str) -> list[Period]:
    """期間の読取り — ``1:2006-04:2010-03;2:2010-04:``"""
    return [Period(*part.split(":")) for part in text.split(";") if part]


def write_periods(periods: list[Period]) -> str:
    """期間の書出し — the form of ``people.csv``."""
    return ";".join(f"{one.kind}:{one.first}:{one.last}" for one in periods)


def record_of(row: Mapping[str, Any], seed: str, today: date) -> dict[str, Any]:
    """年金記録 — what the terminal shows of one person: identity, spans of equal months, totals by state."""
    months = list(_months(row, seed, today))
    spans: list[dict[str, Any]] = []
    for month, state in months:
        if spans and spans[-1]["state"] == state and _next(spans[-1]["last"]) == month:
            spans[-1]["last"] = month
        else:
            spans.append({"first": month, "last": month, "state": state})
    totals: dict[str, int] = {}
    for _, state in months:
        totals[state] = totals.get(state, 0) + 1
    return {
        "name": row["name"],
        "kana": row["kana"],
        "birth_date": row["birth_date"],
        "sex": row["sex"],
        "basic_pension_number": row["basic_pension_number"],
        "as_of": today.isoformat(),
        "spans": spans,
        "totals": totals,
    }


def _months(row: Mapping[str, Any], seed: str, today: date) -> Iterator[tuple[str, str]]:
    exemptions = read_periods(str(row["exemptions"] or ""))
    limit = f"{today:%Y-%m}"
    for period in read_periods(str(row["periods"] or "")):
        month = period.first
        while month < limit and (not period.last or month <= period.last):
            yield month, _state(str(row["basic_pension_number"]), period.kind, month, exemptions, seed)
            month = _next(month)


def _state(number: str, kind: str, month: str, exemptions: list[Period], seed: str) -> str:
    if kind != "1":
        return {"2": "第2号（厚生年金）", "3": "第3号"}.get(kind, "任意加入・納付")
    for one in exemptions:
        if one.first <= month and (not one.last or month <= one.last):
            return _EXEMPTIONS.get(one.kind, "免除")
    half_year = f"{month[:4]}{'a' if month[5:] < '07' else 'b'}"
    drawn = hashlib.sha256(f"{seed} {number} {half_year}".encode()).digest()[0]
    return "未納" if drawn * 100 < _UNPAID_SHARE * 256 else "納付"


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"
