"""月ごとの記録 (monthly record): the states of a life, month by month, and the months each benefit counts from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kokunen.law.engine.months import parse_month
from kokunen.law.rules.benefits.months import KINDS, Months
from kokunen.law.rules.benefits.old_age_pension import Life

_APRIL_2009 = parse_month("2009-04")


class MonthState(StrEnum):
    """月の状態: what one month of a life counts as."""

    PAID = "paid"
    MATERNITY = "maternity"
    CHILDCARE = "childcare"
    FULL = "full_exemption"
    THREE_QUARTER = "three_quarter_exemption"
    HALF = "half_exemption"
    QUARTER = "quarter_exemption"
    STATUTORY = "statutory_exemption"
    DEFERRAL = "deferral"
    STUDENT = "student_deferral"
    SECOND = "second"
    THIRD = "third"
    UNPAID = "unpaid"
    COMBINED = "combined"
    NOT_INSURED = "not_insured"


LABELS: Mapping[MonthState, str] = {
    MonthState.PAID: "納付",
    MonthState.MATERNITY: "産前産後免除",
    MonthState.CHILDCARE: "育児免除",
    MonthState.FULL: "全額免除",
    MonthState.THREE_QUARTER: "4分の3免除",
    MonthState.HALF: "半額免除",
    MonthState.QUARTER: "4分の1免除",
    MonthState.STATUTORY: "法定免除",
    MonthState.DEFERRAL: "納付猶予",
    MonthState.STUDENT: "学生納付特例",
    MonthState.SECOND: "第2号（厚生年金）",
    MonthState.THIRD: "第3号",
    MonthState.UNPAID: "未納",
    MonthState.COMBINED: "合算対象",
    MonthState.NOT_INSURED: "被保険者でない",
}
PAID_LIKE = (MonthState.PAID, MonthState.MATERNITY, MonthState.CHILDCARE)
FIRST_KIND_STATES = (
    *PAID_LIKE,
    MonthState.FULL,
    MonthState.THREE_QUARTER,
    MonthState.HALF,
    MonthState.QUARTER,
    MonthState.STATUTORY,
    MonthState.DEFERRAL,
    MonthState.STUDENT,
    MonthState.UNPAID,
)
OUTSIDE = (MonthState.COMBINED, MonthState.NOT_INSURED)
_EXEMPTED = {
    MonthState.FULL: "full_exemption",
    MonthState.STATUTORY: "full_exemption",
    MonthState.THREE_QUARTER: "three_quarter_exemption",
    MonthState.HALF: "half_exemption",
    MonthState.QUARTER: "quarter_exemption",
}
EXEMPTED = tuple(_EXEMPTED)
DEFERRED = (MonthState.DEFERRAL, MonthState.STUDENT)


@dataclass(frozen=True, slots=True)
class Span:
    """期間: the months ``first`` to ``last`` in one state.

    ``known_on``: the day of payment, or of the application for the exemption; None when it is not asked for.
    ``additional``: 付加保険料 was paid for these months.
    """

    first: int
    last: int
    state: MonthState
    known_on: date | None = None
    additional: bool = False

    @property
    def months(self) -> int:
        """月数."""
        return self.last - self.first + 1


def by_month(spans: Iterable[Span]) -> dict[int, Span]:
    """月ごとの状態: a later span of the list covers an earlier one."""
    return {month: span for span in spans for month in range(span.first, span.last + 1)}


def overlapping(spans: Iterable[Span]) -> int | None:
    """重なる月: the first month that two spans name, None when there is none."""
    seen: set[int] = set()
    for span in spans:
        for month in range(span.first, span.last + 1):
            if month in seen:
                return month
            seen.add(month)
    return None


def counts(spans: Iterable[Span]) -> dict[MonthState, int]:
    """状態ごとの月数."""
    found: dict[MonthState, int] = {}
    for span in by_month(spans).values():
        found[span.state] = found.get(span.state, 0) + 1
    return found


def life_of(spans: Iterable[Span], *, first_kind_only: bool = False) -> Life:
    """被保険者期間の集計: what the old-age pension (all kinds) or 寡婦年金 (第1号 only) is counted from."""
    paid = deferred = combined = additional = 0
    before, after = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)
    for month, span in by_month(spans).items():
        additional += span.additional and span.state in PAID_LIKE
        if span.state in PAID_LIKE or (not first_kind_only and span.state in (MonthState.SECOND, MonthState.THIRD)):
            paid += 1
        elif span.state in _EXEMPTED:
            (after if month >= _APRIL_2009 else before)[_EXEMPTED[span.state]] += 1
        elif span.state in DEFERRED:
            deferred += 1
        elif span.state is MonthState.COMBINED and not first_kind_only:
            combined += 1
    return Life(Months(paid, before, after), deferred, combined, additional)


def part_exempt(spans: Iterable[Span]) -> dict[str, int]:
    """一部免除の月数 (rest paid), kind → months, for 死亡一時金."""
    life = life_of(spans, first_kind_only=True)
    names = ("quarter_exemption", "half_exemption", "three_quarter_exemption")
    return {name: life.months.until_2009_03[name] + life.months.after_2009_04[name] for name in names}
