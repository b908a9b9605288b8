"""月数の重み (weighted months): what paid and exempted months are worth in an old-age pension (法27条)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history

ARTICLE = "国民年金法第27条"
KINDS = {
    "full_exemption": "全額免除・法定免除",
    "three_quarter_exemption": "4分の3免除",
    "half_exemption": "半額免除",
    "quarter_exemption": "4分の1免除",
}
_TIMES = {"until_2009_03": ("平成21年3月以前の", "before"), "after_2009_04": ("平成21年4月以後の", "after")}


@dataclass(frozen=True, slots=True)
class Months:
    """月数: ``paid``, and the exempted months (rest paid) of each kind up to 2009-03 and from 2009-04."""

    paid: int
    until_2009_03: Mapping[str, int]
    after_2009_04: Mapping[str, int]

    @property
    def exempt(self) -> int:
        """免除月数, of every kind and time."""
        return sum(self.until_2009_03.values()) + sum(self.after_2009_04.values())


@dataclass(frozen=True, slots=True)
class Weighted:
    """重みをつけた月数: in 24ths of a month, with the steps that led there; ``limit`` is the full pension's."""

    x24: int
    limit_x24: int
    steps: tuple[Explained, ...]


def weighted_months(months: Months) -> Weighted:
    """重みをつけた月数: the kinds fill 480 months in the order of the law, beyond it they weigh less.

    Paid months come first, then 4分の1, 半額, 4分の3, 全額; inside a kind those up to 2009-03. Paid months beyond the
    limit add nothing and the sum never exceeds it.
    """
    rule = history("benefits/month_weights").entries[-1].value
    limit: int = rule["limit_months"]
    counted = min(months.paid, limit)
    room, total = limit - counted, counted * rule["paid"]
    steps = [
        Explained("paid_months", "納付済月数", months.paid, Unit.MONTH, ARTICLE),
        Explained("weighted.paid_x24", "納付済月数の24倍（480か月まで）", total, Unit.MONTH, ARTICLE),
    ]
    for name, label, count, weights in _exempt_months(months, rule["kinds"]):
        within = min(count, room)
        worth = within * weights[0] + (count - within) * weights[1]
        room, total = room - within, total + worth
        if count:
            steps.append(Explained(f"exempt_months.{name}", label, count, Unit.MONTH, ARTICLE))
            if within < count:
                beyond = count - within
                steps.append(Explained(f"beyond.{name}", f"{label}の480か月超過分", beyond, Unit.MONTH, ARTICLE))
            steps.append(Explained(f"weighted.{name}_x24", f"{label}の重みの24倍", worth, Unit.MONTH, ARTICLE))
    limit_x24 = limit * rule["parts"]
    total = min(total, limit_x24)
    steps.append(Explained("weighted_months_x24", "重みをつけた月数の24倍", total, Unit.MONTH, ARTICLE))
    return Weighted(total, limit_x24, tuple(steps))


def _exempt_months(months: Months, kinds: list[dict[str, Any]]) -> Iterator[tuple[str, str, int, tuple[int, int]]]:
    """Name, term, months and weights (within, past the limit) in the order in which they fill the limit."""
    for row in kinds:
        for time, (when, column) in _TIMES.items():
            counts: Mapping[str, int] = getattr(months, time)
            kind = row["kind"]
            weights = (row[f"{column}_within"], row[f"{column}_past"])
            yield f"{time}.{kind}", f"{when}{KINDS[kind]}月数", counts[kind], weights
