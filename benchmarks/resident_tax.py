"""個人住民税の計算速度: 600,000 persons with their families and the instalments, beside its rivals."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import _rivals
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


def measure() -> list[Figure]:
    """一秒に計算できる人数: the best of three rounds, with the results only and with every step.

    Beside them plain Python one by one, OpenFisca Japan and, as the limit, sums of as many columns without any law.
    """
    people, relatives = taxpayers(PERSONS, seed=8)
    spread = instalments.spread.first_rule("ordinary", TAX_YEAR)

    def results() -> None:
        assessed = resident_tax.assess(people, relatives, TAX_YEAR, RESULTS)
        instalments.evaluate(spread, assessed.select(total="total_tax"), instalments.spread.columns("ordinary"))

    fast = PERSONS / _best(results)
    steps = PERSONS / _best(lambda: resident_tax.assess(people, relatives, TAX_YEAR))
    bare = _bare_persons_per_second(len(resident_tax.rule(TAX_YEAR).steps))
    openfisca, name = _openfisca_persons_per_second()
    return [
        Figure("個人住民税の計算（家族・期割を含む）", "人/秒", fast, goal=2_000_000, better="more",
               rival="同じ規則を一人ずつ計算するPython", rival_value=_rival_persons_per_second()),
        Figure("個人住民税の計算（説明のための全段階を残す）", "人/秒", steps, goal=1_000_000, better="more",
               rival="列の四則演算だけ（限界）", rival_value=bare),
        Figure("個人住民税の計算（OpenFisca Japanと比べて）", "人/秒", fast,
               goal=40 * (openfisca or 51_000), better="more", rival=name, rival_value=openfisca),
    ]  # fmt: skip


def _best(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def _openfisca_persons_per_second() -> tuple[float | None, str]:
    """住民税 and 住民税非課税世帯 together, in an environment of its own; without it, why."""
    try:
        return float(_rivals.told_by("openfisca", "openfisca_rate.py")), "OpenFisca Japan（住民税・非課税世帯）"
    except _rivals.RivalMissing as error:
        return None, f"OpenFisca Japan（用意できない: {str(error)[:60]}）"


def _bare_persons_per_second(columns: int) -> float:
    """限界: as many columns, each a sum with the one before, by the same engine."""
    frame = pl.DataFrame({"c0": pl.int_range(PERSONS, eager=True)})

    def work() -> None:
        chained = frame.lazy()
        for index in range(columns):
            chained = chained.with_columns((pl.col(f"c{index}") + index).alias(f"c{index + 1}"))
        chained.select(f"c{columns}").collect()

    return PERSONS / _best(work)


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
