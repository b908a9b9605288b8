"""免除の判定 (exemption): the weakest kind everybody passes, months and unknown incomes in every combination."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from benchmarks._applications import random_applications
from benchmarks._exemption_by_hand import decide as decide_by_hand

from kokunen.law.engine.months import parse_month
from kokunen.law.rules.exemption import (
    ORDER,
    Application,
    Best,
    Decision,
    Ground,
    Income,
    Kind,
    Person,
    Scheme,
    Status,
    decide,
    decide_all,
)

NOBODY = dict.fromkeys(("general", "elderly", "specified", "age_16_18", "under_16"), 0)
# an income just inside each limit of a person without dependants, and one outside all of them
AMOUNTS = {670_000: 0, 880_000: 1, 1_280_000: 2, 1_680_000: 3, 1_680_001: 4}
STRENGTH = (Kind.FULL, Kind.THREE_QUARTER, Kind.HALF, Kind.QUARTER)
MONTH = parse_month("2026-07")


def person(amount: int | None, *grounds: Ground) -> Person:
    if amount is None:
        return Person({2025: Income(Status.OTHER_CITY, None, NOBODY)}, grounds)
    return Person({2025: Income(Status.KNOWN, amount, NOBODY)}, grounds)


def apply(persons: dict[str, Person], wished: frozenset[Kind] = frozenset(), birth: int = 1970) -> Decision:
    return decide(
        Application(
            Scheme.GENERAL,
            date(2026, 11, 23),
            date(birth, 6, 15),
            persons,
            from_month=MONTH,
            to_month=MONTH,
            wished=wished,
        )
    )


def kind_of(persons: dict[str, Person], wished: frozenset[Kind] = frozenset(), birth: int = 1970) -> str:
    (cycle,) = apply(persons, wished, birth).cycles
    (segment,) = cycle.segments
    return segment.result


def test_without_deferral_the_result_is_the_weakest_of_the_best_kinds() -> None:
    for three in itertools.product(AMOUNTS, repeat=3):
        names = ("applicant", "spouse", "householder")
        weakest = max(AMOUNTS[amount] for amount in three)
        expected = "rejected" if weakest == 4 else str(STRENGTH[weakest])
        assert kind_of({name: person(amount) for name, amount in zip(names, three, strict=True)}) == expected


def test_under_fifty_the_deferral_comes_before_the_partial_exemptions_and_leaves_the_householder_out() -> None:
    for own, spouse, head in itertools.product(AMOUNTS, repeat=3):
        persons = {"applicant": person(own), "spouse": person(spouse), "householder": person(head)}
        ranks = [AMOUNTS[amount] for amount in (own, spouse, head)]
        if max(ranks) > 0 and max(ranks[:2]) == 0:
            assert kind_of(persons, birth=1990) == "deferral"
        else:
            assert kind_of(persons, birth=1990) == kind_of(persons)


def test_a_wish_is_never_answered_with_a_kind_that_was_not_wished() -> None:
    for size in range(1, len(ORDER) + 1):
        for wished in map(frozenset, itertools.combinations(ORDER, size)):
            for amount in AMOUNTS:
                assert kind_of({"applicant": person(amount)}, wished, 1990) in {*map(str, wished), "rejected"}


def test_an_unknown_income_is_decided_only_where_every_possible_income_gives_the_same() -> None:
    for own in AMOUNTS:
        possible = {kind_of({"applicant": person(own), "householder": person(head)}) for head in AMOUNTS}
        found = kind_of({"applicant": person(own), "householder": person(None)})
        assert found == (possible.pop() if len(possible) == 1 else "undetermined")


@pytest.mark.parametrize("kind", ["job_loss", "business_closed", "disaster"])
def test_a_ground_passes_its_person_alone_also_with_unknown_income(kind: str) -> None:
    ground = Ground(kind, date(2026, 6, 30))
    for amount in (None, *AMOUNTS):
        assert kind_of({"applicant": person(amount, ground)}) == "full_exemption"
        spouse = {"applicant": person(0), "spouse": person(amount)}
        assert kind_of({**spouse, "applicant": person(None, ground)}) == kind_of(spouse)


def test_a_ground_of_a_day_holds_from_the_month_before_to_june_or_march_of_the_second_year_after() -> None:
    ground = Ground("job_loss", date(2026, 3, 31))
    for scheme, last in ((Scheme.GENERAL, "2028-06"), (Scheme.STUDENT, "2028-03")):
        months = [month for month in range(MONTH - 60, MONTH + 60) if ground.holds(month, scheme)]
        assert months == list(range(parse_month("2026-02"), parse_month(last) + 1))


def test_a_kind_that_is_passed_passes_every_weaker_one() -> None:
    for best, kind in itertools.product((Best.FULL, Best.THREE_QUARTER, Best.HALF, Best.QUARTER), STRENGTH):
        assert best.passes(kind) == (STRENGTH.index(Kind(best.value)) <= STRENGTH.index(kind))
    assert Best.FULL.passes(Kind.DEFERRAL) and not Best.THREE_QUARTER.passes(Kind.DEFERRAL)
    assert not any(best.passes(kind) for best in (Best.NONE, Best.UNKNOWN) for kind in Kind)


def test_the_segments_cover_every_month_that_is_not_paid_exactly_once() -> None:
    paid = frozenset(range(MONTH - 20, MONTH + 6, 4))
    application = Application(
        Scheme.GENERAL, date(2026, 11, 23), date(1990, 6, 15), {"applicant": person(0)}, paid_months=paid
    )
    decision = decide(application)
    covered = [
        month
        for cycle in decision.cycles
        for segment in cycle.segments
        for month in range(segment.first, segment.last + 1)
    ]
    reach = range(decision.window.earliest, decision.window.latest + 1)
    assert covered == [month for month in reach if month not in paid]


@pytest.mark.parametrize("seed", range(4))
def test_columns_and_one_by_one_agree_on_every_application(seed: int) -> None:
    applications = random_applications(600, seed)
    together = decide_all(applications)
    assert {kind for one in together for cycle in one.cycles for kind in (s.result for s in cycle.segments)} >= {
        *map(str, ORDER),
        "student_deferral",
        "rejected",
        "undetermined",
    }
    for application, decision in zip(applications, together, strict=True):
        assert decision == decide_by_hand(application), application


def test_an_application_alone_gets_what_it_gets_among_the_others() -> None:
    applications = random_applications(60, 9)
    assert decide_all(applications) == [decide(application) for application in applications]
