"""20歳到達者の一覧: who becomes 20 in the months to come, long before a work item is made of it.

20歳 is reached at the end of the day before the birthday (年齢計算ニ関スル法律), and that day the qualification begins
(国民年金法8条1号). The night job makes a work item for the coming month; this list looks a year ahead, so that letters,
guidance for students and the number of forms can be prepared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connections

from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import add_months, last_of_month, reaches_age_on
from kokunen.kernel.errors import InputError
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext, Act
from kokunen.national_pension import resident_view
from kokunen.national_pension.choices import SHORT_TYPE_LABELS, WorkKind, WorkState
from kokunen.national_pension.queries.common import USING, looking
from kokunen.national_pension.resident_view import Resident

PAGE = 50
MONTHS_AHEAD = 12
_AGE = 20
_STATES = dict(WorkState.choices)


@dataclass(frozen=True, slots=True)
class ReachingRow:
    """一覧の行: the person, the day of reaching 20, what is recorded already, and the work item if there is one."""

    resident: Resident
    reached_on: date
    insured: str
    item_id: int | None
    item_state: str
    settled: bool


@dataclass(frozen=True, slots=True)
class MonthCount:
    """月ごとの人数: how many reach 20 in the month that begins on `first`, and how many of them hold no record."""

    first: date
    people: int
    without: int

    @property
    def label(self) -> str:
        """令和8年12月."""
        return _month_words(self.first)


@dataclass(frozen=True, slots=True)
class Reaching:
    """1ページ: the rows of a month in the order of birth, the key of the next page, the counts of a year."""

    month: date
    rows: tuple[ReachingRow, ...]
    next_key: str
    total: int
    months: tuple[MonthCount, ...]

    @property
    def label(self) -> str:
        """令和8年12月."""
        return _month_words(self.month)


def _month_words(first: date) -> str:
    return format_wareki(first).removesuffix("1日")


_BIRTHS = f"""
from {resident_view.VIEW} r
left join lateral (
    select q.insured_type from qualification_period q
    where q.atena_number = r.atena_number and upper_inf(q.recorded_period)
    order by q.valid_period desc limit 1
) held on true
where r.status = '1' and r.birth_date between %(first)s and %(last)s
"""
_COUNTS = f"""
select date_trunc('month', r.birth_date - 1)::date, count(*), count(*) filter (where held.insured_type is null)
{_BIRTHS} group by 1
"""
_ROWS = f"""
select r.atena_number, held.insured_type
{_BIRTHS} and (r.birth_date, r.atena_number) > (%(after_birth)s, %(after)s)
order by r.birth_date, r.atena_number limit %(limit)s
"""
_ITEMS = """
select distinct on (atena_number) atena_number, id, state from work_item
where atena_number = any(%s) and kind = %s order by atena_number, id desc
"""


def reaching_20(*, context: AccessContext, month: date | None = None, after: str = "") -> Reaching:
    """20歳到達者の一覧: residents who reach 20 in `month` (any day of it; default: the coming one), 50 a page.

    `after` is the key of the last row seen (birth date and 宛名番号). Raises InputError for a month outside the year
    ahead. A person born on the first of a month reaches 20 on the last day of the month before.
    """
    this = clock.today().replace(day=1)
    first = (month or add_months(this, 1)).replace(day=1)
    if not this <= first <= add_months(this, MONTHS_AHEAD):
        raise InputError(
            f"一覧にできるのは、今月から{MONTHS_AHEAD}か月先までです",
            "month",
            "out_of_range",
            "月を選び直してください。",
        )
    values = _window(first, first)
    birth, _, last = after.partition("|")
    keyed: dict[str, Any] = {**values, "after_birth": birth or "0001-01-01", "after": last, "limit": PAGE + 1}
    with looking() as note, connections[USING].cursor() as cursor:
        cursor.execute(_ROWS, keyed)
        found = cursor.fetchall()
        numbers = [row[0] for row in found[:PAGE]]
        cursor.execute(_ITEMS, [numbers, WorkKind.REACHED_20])
        items = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
        note(context, "20歳到達者一覧", numbers, act=Act.SEARCH)
        residents = resident_view.by_numbers(numbers)
        months = _counts(this)
    rows = tuple(_row(residents[number], insured, items.get(number)) for number, insured in found[:PAGE])
    more = len(found) > PAGE
    key = f"{rows[-1].resident.birth_date.isoformat()}|{numbers[-1]}" if more else ""
    total = next((one.people for one in months if one.first == first), 0)
    return Reaching(first, rows, key, total, months)


def _window(first: date, last: date) -> dict[str, date]:
    """Birth dates of whoever reaches 20 from the first day of one month to the last of another: one day later."""
    return {
        "first": add_months(first, -12 * _AGE) + timedelta(days=1),
        "last": add_months(last_of_month(last), -12 * _AGE) + timedelta(days=1),
    }


def _counts(this: date) -> tuple[MonthCount, ...]:
    with connections[USING].cursor() as cursor:
        cursor.execute(_COUNTS, _window(this, add_months(this, MONTHS_AHEAD)))
        found = {add_months(first, 12 * _AGE): (people, without) for first, people, without in cursor.fetchall()}
    months = [add_months(this, ahead) for ahead in range(MONTHS_AHEAD + 1)]
    return tuple(MonthCount(first, *found.get(first, (0, 0))) for first in months)


def _row(resident: Resident, insured: str | None, item: tuple[int, str] | None) -> ReachingRow:
    return ReachingRow(
        resident,
        reaches_age_on(resident.birth_date, _AGE),
        SHORT_TYPE_LABELS[insured] if insured else "",
        item[0] if item else None,
        _STATES.get(item[1], "") if item else "",
        bool(item) and item[1] not in ("open", "planned") if item else False,
    )
