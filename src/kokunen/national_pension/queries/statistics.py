"""統計: month-end insured persons and the subsidy counts, from the records themselves. Names nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connections

from kokunen.common_platform.operations import clock
from kokunen.kernel.eras import format_year_month
from kokunen.national_pension.choices import NoticeKind, OutreachResult

USING = "national_pension"
_MONTHS = """
select m.day, count(*) filter (where q.insured_type = '1'),
       count(*) filter (where q.insured_type in ('4','5','6','7','8'))
from unnest(%(days)s::date[]) m(day)
left join qualification_period q on upper_inf(q.recorded_period) and q.valid_period @> m.day
      and q.insured_type in ('1','4','5','6','7','8')
group by m.day order by m.day
"""
_EXEMPT = """
select m.day, e.kind, count(*)
from unnest(%(days)s::date[]) m(day)
join exemption_period e on upper_inf(e.recorded_period) and e.valid_period @> m.day
join qualification_period q on q.atena_number = e.atena_number and upper_inf(q.recorded_period)
     and q.valid_period @> m.day and q.insured_type = '1'
group by m.day, e.kind
"""
_FORMS = """
select kind, count(*) from receipt
where received_on >= %(first)s and received_on < %(end)s and state <> '80' group by kind order by kind
"""
_TASKS = """
select case when kind in ('F12','F12b','F13','F14','F15','F16') then '免除事務'
            when kind >= 'F20' and kind < 'F30' then '給付事務' else '適用等事務' end as task, count(*)
from receipt where received_on >= %(first)s and received_on < %(end)s and state <> '80' group by 1 order by 1
"""
_COOPERATION = """
with told as (
    select a.purpose, a.atena_number, a.tax_year, min(f.answered_at) as at
    from income_answer a join income_request_file f on f.id = a.file_id
    where a.code = '1' and a.atena_number <> '' group by a.purpose, a.atena_number, a.tax_year
)
select case purpose when '1' then '所得情報の提供（継続審査、実人数）' else '所得情報の提供（未納者対策、実人数）' end,
       count(*)
  from told where at >= %(first)s and at < %(end)s group by purpose
union all select '勧奨状', count(*) from outreach_letter where made_on >= %(first)s and made_on < %(end)s
union all select '勧奨による申請', count(*) from outreach_letter
  where result = %(applied)s and result_on >= %(first)s and result_on < %(end)s
union all select '口座振替・前納の申出', count(*) from receipt
  where kind = 'F18' and received_on >= %(first)s and received_on < %(end)s and state <> '80'
union all select '継続審査の通知', count(*) from continuation_case
  where letter_on >= %(first)s and letter_on < %(end)s
union all select '年金相談', count(*) from consultation_note where at >= %(first)s and at < %(end)s
union all select '年金事務所への照会', count(*) from inquiry_slip where sent_at >= %(first)s and sent_at < %(end)s
"""


GROUPS: dict[str, tuple[str, ...]] = {
    "法定免除": ("10", "11", "12"),
    "全額免除": ("20",),
    "一部免除": ("21", "22", "23"),
    "納付猶予": ("30",),
    "学生納付特例": ("40",),
    "産前産後・育児": ("50", "51", "52"),
}
EXEMPT_GROUPS = ("法定免除", "全額免除", "一部免除", "納付猶予", "学生納付特例")
_GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """月末: insured persons at the end of a month."""

    label: str
    first_kind: int
    voluntary: int
    exempt: dict[str, int] = field(default_factory=dict)

    @property
    def exempted(self) -> int:
        """免除者数: 法定・申請免除・猶予・学特 of the month (産前産後 and 育児 count as paying, 法5条1項)."""
        return sum(count for group, count in self.exempt.items() if group in EXEMPT_GROUPS)

    @property
    def paying(self) -> int:
        """免除者を除く第1号と任意."""
        return self.first_kind + self.voluntary - self.exempted

    @property
    def columns(self) -> list[int]:
        """区分ごとの人数, in the order of GROUPS."""
        return [self.exempt.get(group, 0) for group in GROUPS]


@dataclass(frozen=True, slots=True)
class Statistics:
    """統計 of a fiscal year: month ends that have passed, the average that the subsidy takes, counts by task."""

    year: int
    months: tuple[MonthEnd, ...]
    tasks: tuple[tuple[str, int], ...]
    forms: tuple[tuple[str, int], ...]
    cooperation: tuple[tuple[str, int], ...]

    @property
    def summed(self) -> int:
        """月末被保険者数の合計 (第1号 and 任意)."""
        return sum(one.first_kind + one.voluntary for one in self.months)

    @property
    def twelfth(self) -> int:
        """合計の12分の1, fraction cut."""
        return self.summed // 12

    @property
    def exempt_summed(self) -> int:
        """月末免除者数の合計."""
        return sum(one.exempted for one in self.months)

    @property
    def exempt_twelfth(self) -> int:
        """免除者数の合計の12分の1, fraction cut."""
        return self.exempt_summed // 12

    @property
    def paying_twelfth(self) -> int:
        """免除者を除く被保険者数の合計の12分の1, fraction cut (適用等事務の基礎)."""
        return sum(one.paying for one in self.months) // 12


def statistics(year: int) -> Statistics:
    """統計: five statements; months that have not ended are left out."""
    first, end = date(year, 4, 1), date(year + 1, 4, 1)
    starts = [date(year + (month > 12), (month - 1) % 12 + 1, 1) for month in range(5, 17)]
    days = [start - timedelta(days=1) for start in starts if start - timedelta(days=1) <= clock.today()]
    values: dict[str, Any] = {"days": days, "first": first, "end": end, "applied": str(OutreachResult.APPLIED)}
    with connections[USING].cursor() as cursor:
        exempt: dict[date, dict[str, int]] = {}
        cursor.execute(_EXEMPT, values)
        for day, kind, count in cursor.fetchall():
            groups = exempt.setdefault(day, {})
            groups[_GROUP_OF[kind]] = groups.get(_GROUP_OF[kind], 0) + count
        cursor.execute(_MONTHS, values)
        months = tuple(
            MonthEnd(format_year_month(day), kind, voluntary, exempt.get(day, {}))
            for day, kind, voluntary in cursor.fetchall()
        )
        cursor.execute(_FORMS, values)
        forms = tuple((str(NoticeKind(kind).label), count) for kind, count in cursor.fetchall())
        cursor.execute(_TASKS, values)
        tasks = tuple(cursor.fetchall())
        cursor.execute(_COOPERATION, values)
        cooperation = tuple(cursor.fetchall())
    return Statistics(year, months, tasks, forms, cooperation)
