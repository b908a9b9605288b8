"""免除期間 (exemption periods): what holds on every day of the calendar, not only in the worked cases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kokunen.law.engine.months import month_of, month_text
from kokunen.law.rules.exemption.months import Scheme, application_window, cycle_year, deferral_last_month
from kokunen.law.rules.exemption_period import childcare, maternity, statutory

DAYS = [date(2026, 12, 1) + timedelta(days) for days in range(365 * 4 + 1)]


def test_a_birth_gives_four_months_and_twins_six() -> None:
    assert {maternity(day, multiple=False, field="birth_date").months for day in DAYS} == {4}
    assert {maternity(day, multiple=True, field="birth_date").months for day in DAYS} == {6}


def test_the_months_of_a_mother_follow_one_another_without_gap_and_end_with_those_of_the_father() -> None:
    for day in DAYS:
        first, mother = maternity(day, multiple=False, field="birth_date"), childcare(day, birth_mother=True)
        father = childcare(day, birth_mother=False)
        assert first.last is not None and mother.first == first.last + 1
        assert mother.last == father.last
        # a child born on 29 February reaches 1 on 28 February, the day after is in March
        leap = (day.month, day.day) == (2, 29)
        assert (mother.months, father.months) == ((10, 13) if leap else (9, 12))


def test_the_end_of_raising_never_lengthens_the_period() -> None:
    born = date(2027, 3, 10)
    full = childcare(born, birth_mother=False)
    for days in range(800):
        cut = childcare(born, birth_mother=False, raising_end=born + timedelta(days))
        assert cut.months is not None and full.months is not None and cut.months <= full.months
        assert (cut.first is None) == (cut.months == 0)


def test_a_ground_that_goes_on_has_no_last_month_and_no_count() -> None:
    going_on, ended = statutory(date(2026, 8, 14), None), statutory(date(2026, 8, 14), date(2026, 8, 14))
    assert (going_on.last, going_on.months) == (None, None)
    assert ended.months == 2


@pytest.mark.parametrize("scheme", list(Scheme))
def test_the_cycles_of_an_application_cover_every_month_of_its_reach_once(scheme: Scheme) -> None:
    for day in DAYS[::17]:
        window = application_window(day, scheme)
        months = [month for cycle in window.cycles for month in range(cycle.first, cycle.last + 1)]
        assert months == list(range(month_of(day) - 25, window.latest + 1))
        for cycle in window.cycles:
            assert {cycle_year(month, scheme) for month in range(cycle.first, cycle.last + 1)} == {cycle.year}
        assert month_text(window.latest)[-2:] == ("03" if scheme is Scheme.STUDENT else "06")


def test_the_deferral_ends_a_month_earlier_for_those_born_on_the_first() -> None:
    assert deferral_last_month(date(1976, 12, 2)) - deferral_last_month(date(1976, 12, 1)) == 1
