"""統計: month-end insured persons and the subsidy counts, from the records themselves. Names nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connections

from kokunen.common_platform.operations import clock
from kokunen.kernel.eras import format_year_month
from kokunen.national_pension.choices import OutreachResult

USING = "national_pension"
_MONTHS = """
select m.day, count(*) filter (where q.insured_type = '1'),
       count(*) filter (where q.insured_type in ('4','5','6','7','8'))
from unnest(%(days)s::date[]) m(day)
left join qualification_period q on upper_inf(q.recorded_period) and q.valid_period @> m.day
      and q.insured_type in ('1','4','5','6','7','8')
group by m.day order by m.day
"""
_TASKS = """
select case when kind in ('F12','F12b','F13','F14','F15','F16') then '免除事務'
            when kind >= 'F20' and kind < 'F30' then '給付事務' else '適用等事務' end as task, count(*)
from receipt where received_on >= %(first)s and received_on < %(end)s and state <> '80' group by 1 order by 1
"""
_COOPERATION = """
select '勧奨状', count(*) from outreach_letter where made_on >= %(first)s and made_on < %(end)s
union all select '勧奨による申請', count(*) from outreach_letter
  where result = %(applied)s and result_on >= %(first)s and result_on < %(end)s
union all select '年金相談', count(*) from consultation_note where at >= %(first)s and at < %(end)s
union all select '年金事務所への照会', count(*) from inquiry_slip where sent_at >= %(first)s and sent_at < %(end)s
"""


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """月末: insured persons at the end of a month."""

    label: str
    first_kind: int
    voluntary: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """統計 of a fiscal year: month ends that have passed, the average that the subsidy takes, counts by task."""

    year: int
    months: tuple[MonthEnd, ...]
    tasks: tuple[tuple[str, int], ...]
    cooperation: tuple[tuple[str, int], ...]

    @property
    def summed(self) -> int:
        """月末被保険者数の合計 (第1号 and 任意)."""
        return sum(one.first_kind + one.voluntary for one in self.months)

    @property
    def twelfth(self) -> int:
        """合計の12分の1, fraction cut."""
        return self.summed // 12


def statistics(year: int) -> Statistics:
    """統計: three statements; months that have not ended are left out."""
    first, end = date(year, 4, 1), date(year + 1, 4, 1)
    starts = [date(year + (month > 12), (month - 1) % 12 + 1, 1) for month in range(5, 17)]
    days = [start - timedelta(days=1) for start in starts if start - timedelta(days=1) <= clock.today()]
    values: dict[str, Any] = {"days": days, "first": first, "end": end, "applied": str(OutreachResult.APPLIED)}
    with connections[USING].cursor() as cursor:
        cursor.execute(_MONTHS, values)
        months = tuple(MonthEnd(format_year_month(day), kind, voluntary) for day, kind, voluntary in cursor.fetchall())
        cursor.execute(_TASKS, values)
        tasks = tuple(cursor.fetchall())
        cursor.execute(_COOPERATION, values)
        cooperation = tuple(cursor.fetchall())
    return Statistics(year, months, tasks, cooperation)
