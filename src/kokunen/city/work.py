"""仕事: what everybody does for a living today, in the light of age, sex, marriage and status of residence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from kokunen.city.composition import Kind
from kokunen.city.days import age_on
from kokunen.city.foreigners import STATUSES, Stay
from kokunen.city.people import NOBODY, Society
from kokunen.city.randomness import Bools, Ints, Rng


class Work(IntEnum):
    """就業の状態."""

    CHILD = 0
    STUDENT = 1
    EMPLOYEE = 2
    SELF_EMPLOYED = 3
    PART_TIME = 4
    AT_HOME = 5
    UNEMPLOYED = 6
    RETIRED = 7


@dataclass(slots=True)
class Livelihood:
    """暮らし向き: ``at_59`` is what somebody past 60 did before; ``dependent_spouse`` marks those of 第3号."""

    work: Ints
    at_59: Ints
    dependent_spouse: Bools
    age: Ints


# Shares in the order of Work from STUDENT on, by age class; made up, in the shape of the labour force survey.
_YOUNG = {
    18: (0.74, 0.17, 0.01, 0.05, 0.00, 0.03, 0.0),
    20: (0.48, 0.37, 0.01, 0.09, 0.00, 0.05, 0.0),
    23: (0.11, 0.73, 0.02, 0.09, 0.00, 0.05, 0.0),
}
_MEN = (0.005, 0.795, 0.115, 0.03, 0.01, 0.045, 0.0)
_WIVES = (0.0, 0.50, 0.06, 0.26, 0.17, 0.01, 0.0)
_WOMEN = (0.005, 0.72, 0.06, 0.115, 0.02, 0.08, 0.0)
_SIXTIES = {
    (60, 1): (0.0, 0.66, 0.15, 0.05, 0.0, 0.03, 0.11),
    (60, 2): (0.0, 0.36, 0.06, 0.24, 0.0, 0.01, 0.33),
    (65, 1): (0.0, 0.33, 0.13, 0.10, 0.0, 0.0, 0.44),
    (65, 2): (0.0, 0.14, 0.05, 0.14, 0.0, 0.0, 0.67),
    (70, 1): (0.0, 0.08, 0.10, 0.06, 0.0, 0.0, 0.76),
    (70, 2): (0.0, 0.03, 0.03, 0.05, 0.0, 0.0, 0.89),
}


def livelihoods(rng: Rng, society: Society, stay: Stay, today: int) -> Livelihood:
    """仕事を決める: for everybody, removed people as on the day they left."""
    people = society.people
    age = age_on(people.birth, np.minimum(people.exit, today))
    draw = rng.random(people.count)
    before = rng.random(people.count)
    married = people.spouse != NOBODY
    work = _drawn(draw, age, people.sex, married)
    work = _by_status(rng, society, stay, work, age)
    work = np.where((society.grid.kind[people.household] == Kind.INSTITUTION), Work.RETIRED, work)
    at_59 = np.where(age < 60, work, _drawn(before, np.full(people.count, 50), people.sex, married))
    at_59 = np.where((age >= 60) & (work == Work.EMPLOYEE), Work.EMPLOYEE, at_59)
    spouse = np.maximum(people.spouse, 0)
    breadwinner = married & (work[spouse] == Work.EMPLOYEE) & (age[spouse] < 65)
    own = np.isin(np.where(age < 60, work, at_59), [int(Work.PART_TIME), int(Work.AT_HOME)])
    return Livelihood(work, at_59, breadwinner & own & (age >= 20), age)


def _drawn(draw: NDArray[np.float64], age: Ints, sex: Ints, married: Bools) -> Ints:
    work = np.where(age < 15, Work.CHILD, Work.STUDENT).astype(np.int64)
    for low, high, shares in ((18, 19, _YOUNG[18]), (20, 22, _YOUNG[20]), (23, 24, _YOUNG[23])):
        work = _fill(work, (age >= low) & (age <= high), draw, shares)
    prime = (age >= 25) & (age <= 59)
    work = _fill(work, prime & (sex == 1), draw, _MEN)
    work = _fill(work, prime & (sex == 2) & married, draw, _WIVES)
    work = _fill(work, prime & (sex == 2) & ~married, draw, _WOMEN)
    for (low, one), shares in _SIXTIES.items():
        high = {60: 64, 65: 69, 70: 78}[low]
        work = _fill(work, (age >= low) & (age <= high) & (sex == one), draw, shares)
    return np.where(age > 78, np.where(draw < 0.04, Work.SELF_EMPLOYED, Work.RETIRED), work)


def _fill(work: Ints, rows: Bools, draw: NDArray[np.float64], shares: tuple[float, ...]) -> Ints:
    limits = np.cumsum(shares) / sum(shares)
    return np.where(rows, np.minimum(np.searchsorted(limits, draw, side="right"), 6) + 1, work)


def _by_status(rng: Rng, society: Society, stay: Stay, work: Ints, age: Ints) -> Ints:
    """The status of residence says what a foreign resident may do."""
    status = np.full(work.size, -1, dtype=np.int64)
    status[stay.person] = stay.status
    adult = age >= 18
    workers = [STATUSES.index(name) for name in ("技術・人文知識・国際業務", "技能実習", "特定技能", "技能")]
    work = np.where(adult & np.isin(status, workers), Work.EMPLOYEE, work)
    work = np.where(adult & (status == STATUSES.index("留学")), Work.STUDENT, work)
    work = np.where(adult & (status == STATUSES.index("経営・管理")), Work.SELF_EMPLOYED, work)
    family = adult & (status == STATUSES.index("家族滞在")) & (age < 60)
    return np.where(family, np.where(rng.random(work.size) < 0.5, Work.PART_TIME, Work.AT_HOME), work)
