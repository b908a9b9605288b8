"""免除期間 (exemption periods): the months of 産前産後・育児期間・法定免除 that follow from a day of fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kokunen.law.engine.months import month_of
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history
from kokunen.law.rules.exemption.months import (
    in_calendar,
    latest_value,
    month_of_next_day,
    month_step,
)

_MATERNITY = "国民年金法第88条の2"
_CHILDCARE = "国民年金法第88条の3（令和6年法律第47号）"
_STATUTORY = "国民年金法第89条第1項"


@dataclass(frozen=True, slots=True)
class Period:
    """免除期間: first and last month, both inclusive; ``last`` None while it goes on, both None without any month."""

    first: int | None
    last: int | None
    steps: tuple[Explained, ...]
    open_ended: bool = False

    @property
    def months(self) -> int | None:
        """月数: 0 when no month results, None while the period goes on."""
        if self.open_ended:
            return None
        return 0 if self.first is None or self.last is None else self.last - self.first + 1


def maternity(base: date, *, multiple: bool, field: str) -> Period:
    """産前産後免除: around the month of ``base`` (出産予定日 or 出産日), from 2019-04 at the earliest (法88条の2).

    ``field`` names the input ``base`` came from; ``InputError`` (out_of_range) on it at the ends of the calendar.
    """
    rule = history("exemption/maternity").entries[-1]
    base_month = month_of(base)
    before = rule.value["before_multiple" if multiple else "before"]
    last = in_calendar(base_month + rule.value["after"], field, "出産予定日または出産日")
    first = max(base_month - before, month_of(rule.start))
    steps = (
        month_step("base_month", "出産予定月または出産月", base_month, _MATERNITY),
        Explained("multiple", "多胎", multiple, Unit.BOOL, _MATERNITY),
        Explained("months_before", "基準の月より前の月数", before, Unit.MONTH, _MATERNITY),
        month_step("first_possible_month", "制度の始まった月", month_of(rule.start), "平成28年法律第114号附則第1条"),
    )
    return _between(first, last, steps, _MATERNITY)


def childcare(
    birth: date,
    *,
    birth_mother: bool,
    maternity_to: int | None = None,
    raising_start: date | None = None,
    raising_end: date | None = None,
) -> Period:
    """育児期間免除: from the month raising begins to the month before the day after the child reaches 1 (法88条の3).

    A birth mother begins after the last 産前産後 month (``maternity_to``, else two months after the birth month). Not
    before 2026-10. An earlier ``raising_end`` ends the period with the month before the day after it.
    """
    rule = history("exemption/childcare").entries[-1]
    # the day after reaching 1 is the birthday; born on 29 February it is 1 March of the next year
    birthday = month_of(birth) + 12 * rule.value["age"] + ((birth.month, birth.day) == (2, 29))
    age_limit = in_calendar(birthday - 1, "birth_date", "生年月日")
    raising = month_of(raising_start or birth)
    steps = [month_step("raising_start_month", "養育開始の月", raising, _CHILDCARE)]
    first = max(raising, month_of(rule.start))
    if birth_mother:
        maternity_last = maternity_to
        if maternity_last is None:
            maternity_last = month_of(birth) + rule.value["maternity_months_after_birth"]
        steps.append(month_step("maternity_to", "産前産後免除の終月", maternity_last, _MATERNITY))
        first = max(first, maternity_last + 1)
    steps.append(month_step("first_possible_month", "制度の始まった月", month_of(rule.start), _CHILDCARE))
    steps.append(month_step("age_limit_month", "子が1歳に達する日の翌日の前月", age_limit, _CHILDCARE))
    last = age_limit
    if raising_end is not None:
        end_limit = month_of_next_day(raising_end) - 1
        steps.append(month_step("raising_end_limit_month", "養育終了日の翌日の前月", end_limit, _CHILDCARE))
        last = min(last, end_limit)
    return _between(first, last, tuple(steps), _CHILDCARE)


def statutory(start: date, end: date | None) -> Period:
    """法定免除: from the month before the ground arises to the month in which it ends (法89条1項).

    ``end`` is the day from which the ground no longer holds, None while it holds.
    """
    first = in_calendar(month_of(start) - latest_value("statutory"), "start_date", "該当日")
    steps = (month_step("start_month", "該当日の属する月", month_of(start), _STATUTORY),)
    if end is None:
        ends = _ends(first, None, _STATUTORY)
        open_step = Explained("months", "免除月数（継続中）", None, Unit.MONTH, _STATUTORY)
        return Period(first, None, (*steps, *ends, open_step), open_ended=True)
    return _between(first, month_of(end), steps, _STATUTORY)


def _between(first: int, last: int, steps: tuple[Explained, ...], article: str) -> Period:
    """The period, or none when the first month lies after the last one, with the steps of its ends."""
    none = first > last
    months = 0 if none else last - first + 1
    ends = _ends(None, None, article) if none else _ends(first, last, article)
    counted = Explained("months", "免除月数", months, Unit.MONTH, article)
    return Period(None if none else first, None if none else last, (*steps, *ends, counted))


def _ends(first: int | None, last: int | None, article: str) -> tuple[Explained, Explained]:
    return (
        month_step("from", "免除期間の初月", first, article),
        month_step("to", "免除期間の終月", last, article),
    )
