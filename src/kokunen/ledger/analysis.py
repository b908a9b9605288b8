"""閲覧記録の分析: what stands out in a span of days, in sets (CTL-055), and whom a misuse or a loss concerns (CTL-145).

Read by those who review and by the leak procedure; reading it is itself a look with its entry, made by the caller's
service.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections

_PEOPLE_ONLY = "staff_number not like 'system:%%' and staff_number not like 'api:%%'"
_SPAN = "recorded_at >= %(first)s::date and recorded_at < %(until)s::date + 1"


@dataclass(frozen=True, slots=True)
class Pair:
    """職員と本人: that officer looked at that person so often in the span; did any work follow?"""

    staff_number: str
    atena_number: str
    entries: int
    has_case: bool


@dataclass(frozen=True, slots=True)
class Count:
    """職員ごとの件数: with what it is measured against."""

    staff_number: str
    day: date | None
    number: int
    usual: float


@dataclass(frozen=True, slots=True)
class Exposed:
    """範囲に入る本人: how often, from when to when, which items."""

    atena_number: str
    entries: int
    first_at: datetime
    last_at: datetime
    items: tuple[str, ...]


def pairs(first: date, until: date) -> list[Pair]:
    """Who looked at whom. Work followed when that officer registered or printed something for the person, or a look
    named its case.
    """
    rows = _rows(
        "select staff_number, atena, count(*), "
        "bool_or(case_id is not null or act in ('register', 'correct', 'cancel', 'print')) "
        f"from (select staff_number, case_id, act, unnest(atena_numbers) as atena from entry where {_SPAN} "
        f"and {_PEOPLE_ONLY} and act <> 'refuse' and cardinality(atena_numbers) <= 20) e group by 1, 2",
        {"first": first, "until": until},
    )
    return [Pair(*row) for row in rows]


def off_hours(first: date, until: date, *, opens: int, closes: int, closed_days: Sequence[date]) -> list[Count]:
    """閉庁時の閲覧: entries with people on closed days or outside the hours, by officer and day."""
    rows = _rows(
        "select staff_number, (recorded_at at time zone 'Asia/Tokyo')::date as day, count(*), 0 from entry "
        f"where {_SPAN} and {_PEOPLE_ONLY} and cardinality(atena_numbers) > 0 and ("
        "(recorded_at at time zone 'Asia/Tokyo')::date = any (%(closed)s::date[]) "
        "or extract(hour from recorded_at at time zone 'Asia/Tokyo') not between %(opens)s and %(closes)s - 1) "
        "group by 1, 2 order by 1, 2",
        {"first": first, "until": until, "closed": list(closed_days), "opens": opens, "closes": closes},
    )
    return [Count(*row) for row in rows]


def volumes(first: date, until: date, *, least: int, factor: float) -> list[Count]:
    """量の外れ: officer-days with more people than `factor` times the median officer-day of the same office, and than
    `least`.
    """
    rows = _rows(
        "with days as (select staff_number, office_code, (recorded_at at time zone 'Asia/Tokyo')::date as day, "
        "count(distinct atena) as people "
        "from (select staff_number, office_code, recorded_at, unnest(atena_numbers) as atena "
        f"from entry where recorded_at >= %(first)s::date - 28 and recorded_at < %(until)s::date + 1 "
        f"and {_PEOPLE_ONLY} and cardinality(atena_numbers) <= 200) e group by 1, 2, 3), "
        "usual as (select office_code, percentile_cont(0.5) within group (order by people) as median "
        "from days group by 1) "
        "select d.staff_number, d.day, d.people, u.median from days d join usual u using (office_code) "
        "where d.day between %(first)s and %(until)s and d.people >= %(least)s and d.people > %(factor)s * u.median "
        "order by 1, 2",
        {"first": first, "until": until, "least": least, "factor": factor},
    )
    return [Count(*row) for row in rows]


def exposed(
    *,
    staff_number: str = "",
    terminal: str = "",
    serial: str = "",
    case_id: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Exposed]:
    """範囲の特定: everybody whose data that officer, terminal, print or case had on a screen, paper or medium."""
    if not (staff_number or terminal or serial or case_id):
        return []
    rows = _rows(
        "select atena, count(*), min(recorded_at), max(recorded_at), "
        "(select array_agg(distinct i order by i) "
        "from unnest(string_to_array(string_agg(items, chr(31)), chr(31))) i where i <> '') "
        "from (select unnest(atena_numbers) as atena, recorded_at, array_to_string(items, chr(31)) as items from entry "
        "where act <> 'refuse' and (%(staff)s = '' or staff_number = %(staff)s) "
        "and (%(terminal)s = '' or terminal = %(terminal)s) "
        "and (%(serial)s = '' or serial = %(serial)s) and (%(case)s = '' or case_id = %(case)s) "
        "and (%(since)s::timestamptz is null or recorded_at >= %(since)s) "
        "and (%(until)s::timestamptz is null or recorded_at <= %(until)s)) e group by atena order by atena",
        {
            "staff": staff_number,
            "terminal": terminal,
            "serial": serial,
            "case": case_id,
            "since": since,
            "until": until,
        },
    )
    return [Exposed(row[0], row[1], row[2], row[3], tuple(row[4] or ())) for row in rows]


def _rows(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connections["ledger"].cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
