"""あわせて確認のきっかけ (pure): what a person's age, household and record suggest, before the visitor asks.

Codes of `advice.ADVICE`; each is a hint, never a judgement. No database here: facts go in, codes come out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kokunen.kernel.calendar import add_months, reaches_age_on
from kokunen.national_pension.resident_view import Resident

_FIRST, _VOLUNTARY = "1", ("4", "5", "6", "7", "8")
_CHILD = "子"


def codes_for(resident: Resident, insured_type: str, members: Sequence[Resident], today: date) -> list[str]:
    """案内の符号: birth in the household (第1号 only), 60 to 65 without a qualification, 65 reached."""
    if not resident.is_living_here:
        return []
    codes = []
    if insured_type == _FIRST and _newborn(resident, members, today):
        codes += ["maternity", "childcare"] if resident.sex == "2" else ["childcare"]
    sixty, sixty_five = (reaches_age_on(resident.birth_date, age) for age in (60, 65))
    if not insured_type and sixty <= today < sixty_five:
        codes.append("voluntary_60")
    if add_months(sixty_five, -1) <= today < add_months(sixty_five, 12):
        codes.append("old_age_claim")
    return codes


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
