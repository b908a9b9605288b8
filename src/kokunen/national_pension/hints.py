"""あわせて確認のきっかけ (pure): what a person's age, household and record suggest, before the visitor asks.

Codes of `advice.ADVICE`; each is a hint, never a judgement. No database here: facts go in, codes come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from kokunen.kernel.calendar import add_months, reaches_age_on
from kokunen.law.engine.months import month_of
from kokunen.law.rules.exemption import Scheme, application_window, deferral_last_month
from kokunen.national_pension.resident_view import Resident

_FIRST = "1"
_CHILD = "子"
_MONTHS_AHEAD = 12  # 納付猶予 that ends within a year is worth a word today


def codes_for(
    resident: Resident,
    insured_type: str,
    members: Sequence[Resident],
    today: date,
    left_work_on: date | None = None,
) -> list[str]:
    """案内の符号: for a 第1号 a birth in the household, work left, moving in and reaching 50; 60 to 65 without a
    qualification; 65 reached. `left_work_on`: the last working day before the present 第1号 period, when known.
    """
    if not resident.is_living_here:
        return []
    codes = []
    if insured_type == _FIRST:
        codes += _of_first(resident, members, today, left_work_on)
    sixty, sixty_five = (reaches_age_on(resident.birth_date, age) for age in (60, 65))
    if not insured_type and sixty <= today < sixty_five:
        codes.append("voluntary_60")
    if add_months(sixty_five, -1) <= today < add_months(sixty_five, 12):
        codes.append("old_age_claim")
    return codes


def _of_first(resident: Resident, members: Sequence[Resident], today: date, left_work_on: date | None) -> list[str]:
    codes = []
    if _newborn(resident, members, today):
        codes += ["maternity", "childcare"] if resident.sex == "2" else ["childcare"]
    # 失業の特例 counts the work left in the year before the cycle's or later: to June of the second year after.
    if left_work_on is not None and today < date(left_work_on.year + 2, 7, 1):
        codes.append("unemployment")
    cycle = application_window(today, Scheme.GENERAL).cycles[-1]
    if date(cycle.year, 1, 1) < resident.resident_since <= today:
        codes.append("moved_in")
    if month_of(today) <= deferral_last_month(resident.birth_date) < month_of(today) + _MONTHS_AHEAD:
        codes.append("reaching_50")
    return codes


def open_months(months: Iterable[int], today: date) -> tuple[int, ...]:
    """まだ申請できる月: of these months of 第1号 (nothing noted for them) those in reach of an application today."""
    earliest = application_window(today, Scheme.GENERAL).earliest
    return tuple(sorted(month for month in months if earliest <= month <= month_of(today)))


def may_have_newborn(resident: Resident, insured_type: str, today: date) -> bool:
    """世帯を見る要があるか: only a 第1号 under 60 can be exempt because of a birth."""
    return insured_type == _FIRST and resident.is_living_here and today < reaches_age_on(resident.birth_date, 60)


def _newborn(resident: Resident, members: Sequence[Resident], today: date) -> bool:
    """A child of the household under one year, younger than the person by at least a generation's 14 years."""
    return any(
        one.relationship.endswith(_CHILD)
        and add_months(today, -12) < one.birth_date <= today
        and add_months(one.birth_date, -14 * 12) > resident.birth_date
        for one in members
    )
