"""外国人住民: status of residence, period, expiry and card of each, as a chain of grants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kokunen.city.composition import Role
from kokunen.city.days import NEVER, add_months, age_on
from kokunen.city.people import JAPAN, People
from kokunen.city.randomness import Bools, Ints, Rng, pick
from kokunen.city.reference import Reference
from kokunen.city.timeline import REFORM_2012

STATUSES = (
    "永住者", "特別永住者", "技術・人文知識・国際業務", "家族滞在", "留学", "技能実習", "特定技能", "定住者",
    "日本人の配偶者等", "永住者の配偶者等", "特定活動", "経営・管理", "技能",
)  # fmt: skip
PERIODS = ("", "1年", "3年", "5年", "1年3月", "2年", "6月")
PERIOD_MONTHS = np.array([0, 12, 36, 60, 15, 24, 6])
PERMANENT, SPECIAL, FAMILY, STUDY, OF_JAPANESE = 0, 1, 3, 4, 8

# Shares of the statuses of grown-ups by nationality, in the order of STATUSES; made up, shaped like statistics.
_SHARES: dict[str, tuple[float, ...]] = {
    "CHN": (42, 0.3, 22, 4, 9, 1, 2, 4, 4, 3, 2, 5, 2),
    "VNM": (6, 0, 24, 6, 12, 22, 22, 2, 2, 1, 3, 0, 0),
    "PHL": (46, 0, 6, 2, 1, 7, 10, 17, 9, 1, 1, 0, 0),
    "KOR": (26, 48, 9, 2, 5, 0, 0, 3, 5, 1, 0, 1, 0),
    "TUR": (14, 0, 3, 8, 1, 0, 1, 8, 14, 3, 46, 1, 1),
    "NPL": (6, 0, 28, 10, 26, 0, 8, 1, 2, 1, 5, 2, 11),
}
_OTHER = (24, 0.2, 26, 6, 12, 6, 9, 4, 6, 1, 3, 2, 1)
_PERIOD_SHARES: dict[str, tuple[float, ...]] = {
    "留学": (0, 15, 0, 0, 40, 45, 0),
    "技能実習": (0, 75, 0, 0, 0, 25, 0),
    "特定技能": (0, 85, 0, 0, 0, 0, 15),
    "特定活動": (0, 60, 0, 0, 0, 0, 40),
}


@dataclass(slots=True)
class Stay:
    """在留: three grants at most for each person, oldest first; ``granted`` is NEVER where there is none."""

    person: Ints
    status: Ints
    period: Ints
    granted: Ints
    expires: Ints


def grant_stays(rng: Rng, reference: Reference, people: People, today: int) -> Stay:
    """在留資格を与える: for every foreign resident, the present grant and up to two before it."""
    person = np.flatnonzero(people.nation != JAPAN)
    status = _statuses(rng, reference, people, person, today)
    period = _periods(rng, status)
    months = PERIOD_MONTHS[period]
    until = np.minimum(people.exit[person], today)
    limited = months > 0
    left = rng.random(person.size)
    expires = add_months(until, np.ceil(months * left).astype(np.int64)) + (left * 27).astype(np.int64) + 1
    begin = people.entry[person]
    granted = np.full((person.size, 3), NEVER, dtype=np.int64)
    last = add_months(expires, -months)
    earlier = add_months(last, -months)
    granted[:, 0] = begin
    granted[:, 1] = np.where(limited & (earlier > begin + 30) & (earlier < until - 2), earlier, NEVER)
    granted[:, 2] = np.where(limited & (last > begin + 30) & (last < until - 2), last, NEVER)
    ends = np.stack([np.where(granted[:, 1] < NEVER, earlier, np.where(granted[:, 2] < NEVER, last, expires)),
                     last, expires], axis=1)  # fmt: skip
    ends = np.where(limited[:, None], ends, NEVER)
    return Stay(person, status, period, granted, np.where(granted < NEVER, ends, NEVER))


def _statuses(rng: Rng, reference: Reference, people: People, person: Ints, today: int) -> Ints:
    status = np.zeros(person.size, dtype=np.int64)
    for index, nation in enumerate(reference.nations):
        rows = np.flatnonzero(people.nation[person] == index)
        status[rows] = pick(rng, _SHARES.get(nation.code, _OTHER), rows.size)
    age = age_on(people.birth[person], today)
    spouse = people.spouse[person]
    of_japanese = (spouse >= 0) & (people.nation[np.maximum(spouse, 0)] == JAPAN)
    status = np.where(of_japanese & (status != PERMANENT) & (status != SPECIAL), OF_JAPANESE, status)
    status = np.where((status == STUDY) & (age > 38), PERMANENT, status)
    status = np.where(np.isin(status, [5, 6]) & ((age > 48) | (people.role[person] != Role.HEAD)), FAMILY, status)
    minor = (age < 18) & (status != SPECIAL)
    return np.where(minor, np.where(rng.random(person.size) < 0.4, PERMANENT, FAMILY), status)


def _periods(rng: Rng, status: Ints) -> Ints:
    period = pick(rng, (0, 30, 45, 25, 0, 0, 0), status.size)
    for name, shares in _PERIOD_SHARES.items():
        rows = np.flatnonzero(status == STATUSES.index(name))
        period[rows] = pick(rng, shares, rows.size)
    return np.where(np.isin(status, [PERMANENT, SPECIAL]), 0, period)


def residence_class(status: Ints) -> pl.Series:
    """法30条の45の区分."""
    return pl.Series(np.where(status == SPECIAL, "特別永住者", "中長期在留者"))


def became_foreign_resident(people: People, since: Ints) -> Ints:
    """外国人住民となった年月日: not before 2012-07-09, when the law took foreigners onto the register."""
    return np.where(people.nation == JAPAN, since, np.maximum(since, REFORM_2012))


def has_alias(rng: Rng, people: People, stay: Stay) -> Bools:
    """通称を持つか: most special permanent residents, some others with names in kanji."""
    result = np.zeros(people.count, dtype=np.bool_)
    share: NDArray[np.float64] = np.where(stay.status == SPECIAL, 0.75, np.where(stay.status == PERMANENT, 0.06, 0.01))
    result[stay.person] = rng.random(stay.person.size) < share
    return result
