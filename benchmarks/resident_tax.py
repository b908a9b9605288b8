"""個人住民税の計算速度: 600,000 persons with their families and the instalments, beside plain Python row by row."""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._tax_by_hand import tax
from benchmarks._taxpayers import taxpayers
from kokunen.commands.bench import Figure
from kokunen.law.rules import instalments, resident_tax

PERSONS, RIVAL_PERSONS, TAX_YEAR, ROUNDS = 600_000, 6_000, 2026, 3
RESULTS = (
    "salary_income",
    "pension_income",
    "total_income",
    "total_income_after_carryforward",
    "deductions.total",
    "exemption",
    "exemption_reason",
    "taxable_income",
    "city_tax",
    "prefecture_tax",
    "forest_environment_tax",
    "total_tax",
)


def measure() -> Figure:
    """一秒に計算できる人数: the best of three rounds; the rival computes some of the same persons in the same run."""
    people, relatives = taxpayers(PERSONS, seed=8)
    spread = instalments.spread.first_rule("ordinary", TAX_YEAR)
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        assessed = resident_tax.assess(people, relatives, TAX_YEAR, RESULTS)
        totals = assessed.select(total="total_tax")
        instalments.evaluate(spread, totals, instalments.spread.columns("ordinary"))
        seconds.append(time.perf_counter() - began)
    return Figure(
        "個人住民税の計算（家族・期割を含む）",
        "人/秒",
        PERSONS / min(seconds),
        goal=2_000_000,
        better="more",
        rival="同じ規則を一人ずつ計算するPython",
        rival_value=_rival_persons_per_second(),
    )


def _rival_persons_per_second() -> float:
    people, relatives = taxpayers(RIVAL_PERSONS, seed=8)
    families: dict[int, list[dict[str, object]]] = {}
    for relative in relatives.iter_rows(named=True):
        families.setdefault(relative["person"], []).append(relative)
    rows = list(people.iter_rows(named=True))
    began = time.perf_counter()
    for row in rows:
        total = int(tax(row, families.get(row["person"], []), TAX_YEAR)["total_tax"])
        part = 0 if total <= 5_000 else total // 4 // 1_000 * 1_000
        _ = [total - 3 * part, part, part, part]
    return RIVAL_PERSONS / (time.perf_counter() - began)
