"""統計: population and movements of the register as of any day, counted by the database in a few set-based statements.

Two bases. 異動日: what held on the day, as the office knows it now. 処理日: what the office knew at the end of the day,
so that a late notice counts in the month in which it was entered (the default: monthly tables stay as printed).
Each movement is a step of one person's record (not living → living, living → not living, one nationality → another), so
last population + in - out = population always, for each nationality, town and the total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import connections, transaction

from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_registry.choices import Cause
from kokunen.resident_registry.models import ALIAS

UNKNOWN_AGE = -1
JAPANESE, FOREIGN = "1", "2"
PREFECTURE = "埼玉県"


class Basis(StrEnum):
    """数える基準."""

    PROCESSED = "processed"
    EVENT = "event"

    @property
    def label(self) -> str:
        """表示."""
        return "処理日" if self is Basis.PROCESSED else "異動日"


@dataclass(frozen=True, slots=True)
class Population:
    """人口: people and households on a day; ages in completed years, UNKNOWN_AGE when the birth date is unknown."""

    on: date
    basis: Basis
    by_age: Mapping[tuple[int, str, str], int]  # age, sex, kind
    by_town: Mapping[tuple[str, str], Mapping[tuple[str, str], int]]  # (町字ID, 町名) → (kind, sex) → people
    by_nationality: Mapping[tuple[str, str], int]  # nationality, sex
    by_residence_status: Mapping[str, int]
    households_by_town: Mapping[str, int]
    households_by_size: Mapping[int, int]
    mixed_households: int
    foreign_households: int

    @property
    def total(self) -> int:
        """総人口."""
        return sum(self.by_age.values())

    @property
    def households(self) -> int:
        """世帯数."""
        return sum(self.households_by_size.values())

    def of(self, kind: str = "", sex: str = "") -> int:
        """人口 of a nationality and sex ("" = all)."""
        return sum(n for (_, s, k), n in self.by_age.items() if kind in ("", k) and sex in ("", s))


@dataclass(frozen=True, slots=True)
class Movement:
    """異動の数: `sign` +1 記載, -1 消除, 0 within the city (town it came from in `from_town`)."""

    cause: str
    sign: int
    kind: str
    sex: str
    month: str
    town_id: str
    from_town: str
    number: int


@dataclass(frozen=True, slots=True)
class Movements:
    """異動集計: population the day before, the movements of the period, and population on its last day."""

    first: date
    last: date
    basis: Basis
    before: Population
    after: Population
    steps: Sequence[Movement]

    def closes(self) -> bool:
        """前の人口＋増－減＝人口 for each nationality and sex."""
        for kind in (JAPANESE, FOREIGN):
            for sex in ("1", "2", "0"):
                change = sum(step.sign * step.number for step in self.steps if (step.kind, step.sex) == (kind, sex))
                if self.before.of(kind, sex) + change != self.after.of(kind, sex):
                    return False
        return True


#: 基準ごとの「その日の記録」: one row for everybody who had a record that day. By 処理日 that is the record of now, but
#: for those whose last event came later: few, so the whole city is read once and no event is looked up for it.
_STANDING = {
    Basis.EVENT: """
    select * from resident_version where upper(recorded_period) is null and valid_period @> %(day)s::date""",
    Basis.PROCESSED: """
    select {columns} from resident_version r
    where upper(r.recorded_period) is null and upper(r.valid_period) is null
      and not exists (select 1 from resident_event e where e.id = r.event_id and e.processed_on > %(day)s)
    union all
    select {columns} from (
        select n.atena_number
        from (select distinct x.atena_number from event_person x join resident_event e on e.id = x.event_id
              where e.processed_on > %(day)s) x
        join resident_version n on n.atena_number = x.atena_number
             and upper(n.recorded_period) is null and upper(n.valid_period) is null
        join resident_event e on e.id = n.event_id and e.processed_on > %(day)s) n
    join lateral (
        select v.* from resident_version v join resident_event e on e.id = v.event_id
        where v.atena_number = n.atena_number and e.processed_on <= %(day)s
        order by v.version_number desc limit 1) r on true""",
}
_COLUMNS = (
    "r.status, r.birth_date, r.birth_imprecise, r.sex, r.resident_kind, r.town_id, r.town, r.nationality, "
    "r.residence_status, r.household_number"
)
_COUNTS = """
with day as materialized (select * from ({standing}) r where status = '1'),
alike as (
    select age, sex, resident_kind, town_id, town, nationality, residence_status, count(*) as number
    from (
        select case when birth_imprecise then -1
                    else extract(year from age(%(day)s::timestamp, birth_date::timestamp))::int end as age,
               sex, resident_kind, town_id, town, nationality, residence_status
        from day
    ) p
    group by 1, 2, 3, 4, 5, 6, 7
)
select grouping(age, sex, resident_kind, town_id, town, nationality, residence_status) as shape,
       age, sex, resident_kind, town_id, town, nationality, residence_status, sum(number)::bigint
from alike
group by grouping sets (
    (age, sex, resident_kind), (town_id, town, resident_kind, sex), (nationality, sex), (residence_status))
union all
select {households}, size, '', kinds, town_id, '', '', '', count(*) from (
    select household_number, min(town_id) as town_id, count(*)::int as size,
           case when min(resident_kind) <> max(resident_kind) then 'mixed' else min(resident_kind) end as kinds
    from day group by household_number
) h group by town_id, size, kinds
"""
_BY_AGE, _BY_TOWN, _BY_NATIONALITY, _BY_STATUS = 0b0001111, 0b1000011, 0b1011101, 0b1111110
_HOUSEHOLDS = -1


def population(*, context: AccessContext, on: date, basis: Basis = Basis.PROCESSED) -> Population:
    """人口: every count of one day, in one statement that reads the city once."""
    with transaction.atomic(using=ALIAS):
        _note(context, {"on": on, "basis": basis.label})
        return _population(on, basis)


def _population(on: date, basis: Basis) -> Population:
    facts = {"day": on}
    counts = _COUNTS.format(standing=_STANDING[basis].format(columns=_COLUMNS), households=_HOUSEHOLDS)
    by_age: dict[tuple[int, str, str], int] = {}
    by_town: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    by_nationality: dict[tuple[str, str], int] = {}
    by_status: dict[str, int] = {}
    by_size: dict[int, int] = {}
    town_houses: dict[str, int] = {}
    kinds: dict[str, int] = {}
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("set local work_mem = '128MB'")  # the day and the groups of a whole city stay in memory
        cursor.execute(counts, facts)
        for shape, age, sex, kind, town_id, town, nationality, status, number in cursor.fetchall():
            if shape == _BY_AGE:
                by_age[(age, sex, kind)] = number
            elif shape == _BY_TOWN:
                by_town.setdefault((town_id, town), {})[(kind, sex)] = number
            elif shape == _BY_NATIONALITY and nationality:
                by_nationality[(nationality, sex)] = number
            elif shape == _BY_STATUS and status:
                by_status[status] = number
            elif shape == _HOUSEHOLDS:
                by_size[age] = by_size.get(age, 0) + number
                town_houses[town_id] = town_houses.get(town_id, 0) + number
                kinds[kind] = kinds.get(kind, 0) + number
    return Population(
        on, basis, by_age, by_town, by_nationality, by_status, town_houses, by_size,
        kinds.get("mixed", 0), kinds.get(FOREIGN, 0),
    )  # fmt: skip


#: 異動の1段: the record before and after, for each person and step of the period.
_STEPS = {
    Basis.EVENT: """
    select e.code, e.cause, to_char(lower(r.valid_period), 'YYYY-MM') as month, r.status, r.resident_kind, r.sex,
           r.town_id, r.previous_address, r.destination_kind,
           coalesce(nullif(r.confirmed_destination, ''), r.planned_destination) as destination,
           p.status as was_status, p.resident_kind as was_kind, p.sex as was_sex, p.town_id as was_town
    from resident_version r
    join resident_event e on e.id = r.event_id
    left join resident_version p on p.atena_number = r.atena_number and upper(p.recorded_period) is null
        and upper(p.valid_period) = lower(r.valid_period)
    where upper(r.recorded_period) is null and lower(r.valid_period) between %(first)s and %(last)s""",
    Basis.PROCESSED: """
    select e.code, e.cause, to_char(e.processed_on, 'YYYY-MM') as month, r.status, r.resident_kind, r.sex, r.town_id,
           r.previous_address, r.destination_kind, coalesce(nullif(r.confirmed_destination, ''), r.planned_destination)
               as destination,
           p.status as was_status, p.resident_kind as was_kind, p.sex as was_sex, p.town_id as was_town
    from resident_event e
    join event_person x on x.event_id = e.id
    join lateral (select * from resident_version v where v.atena_number = x.atena_number
        and v.version_number = x.version_after order by lower(v.recorded_period) limit 1) r on true
    left join lateral (select * from resident_version v where v.atena_number = x.atena_number
        and v.version_number = x.version_before order by lower(v.recorded_period) limit 1) p on true
    where e.processed_on between %(first)s and %(last)s""",
}
_GATHERED = """
with step as ({steps}),
moved as (
    select code, cause, month, previous_address, destination, destination_kind, resident_kind as kind, sex, town_id,
           '' as from_town, 1 as sign
    from step where status = '1' and (was_status is distinct from '1' or was_kind <> resident_kind or was_sex <> sex)
    union all
    select code, cause, month, previous_address, destination, destination_kind, was_kind, was_sex, was_town, '', -1
    from step where was_status = '1' and (status <> '1' or was_kind <> resident_kind or was_sex <> sex)
    union all
    select code, cause, month, '', '', '', resident_kind, sex, town_id, was_town, 0
    from step where status = '1' and was_status = '1' and was_kind = resident_kind and was_sex = sex
        and (code = '301' or town_id <> was_town)
)
select code, cause, sign, kind, sex, month, town_id, from_town,
       case when sign = 1 and previous_address like %(prefecture)s then '1'
            when sign = -1 and destination like %(prefecture)s then '1' else '2' end as near,
       destination_kind = '2' as abroad, count(*)
from moved group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""


def movements(*, context: AccessContext, first: date, last: date, basis: Basis = Basis.PROCESSED) -> Movements:
    """異動集計: what happened from the first to the last day, with the population before and after."""
    if last < first:
        raise InputError("期間の終わりが始まりより前です", "last", "out_of_range", "日付を確認してください。")
    with transaction.atomic(using=ALIAS):
        _note(context, {"first": first, "last": last, "basis": basis.label})
        before, after = _population_of_two(first - timedelta(days=1), last, basis)
        facts: dict[str, date | str] = {"first": first, "last": last, "prefecture": f"{PREFECTURE}%"}
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(_GATHERED.format(steps=_STEPS[basis]), facts)
            rows = cursor.fetchall()
    steps = [
        Movement(_cause(code, cause, sign, near == "1", bool(abroad)), sign, kind, sex, month, town, from_town, number)
        for code, cause, sign, kind, sex, month, town, from_town, near, abroad, number in rows
    ]
    return Movements(first, last, basis, before, after, steps)


def _population_of_two(first: date, last: date, basis: Basis) -> tuple[Population, Population]:
    """2つの日の人口: the earlier day is counted beside the later one, on a connection of its own that sees the same."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("select pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
    with ThreadPoolExecutor(1, thread_name_prefix="statistics") as beside:
        earlier = beside.submit(_population_seen, snapshot, first, basis)
        later = _population(last, basis)
        return earlier.result(), later


def _population_seen(snapshot: str, on: date, basis: Basis) -> Population:
    try:
        with transaction.atomic(using=ALIAS):
            with connections[ALIAS].cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
                cursor.execute("set transaction snapshot %s", [snapshot])
            return _population(on, basis)
    finally:
        connections.close_all()


_IN = {"111": "出生", "115": "国籍喪失", "191": "異動の取消し"}
_OUT = {"211": "死亡", "215": "国籍喪失", "291": "異動の取消し", "901": "異動の取消し"}
CAUSES_IN = ("転入（県内）", "転入（県外）", "転入（国外）", "出生", "職権記載等", "帰化", "国籍取得", "国籍喪失",
             "異動の取消し", "性別の修正")  # fmt: skip
CAUSES_OUT = ("転出（県内）", "転出（県外）", "転出（国外）", "死亡", "職権消除等", "帰化", "国籍取得", "国籍喪失",
              "異動の取消し", "性別の修正")  # fmt: skip


def _cause(code: str, cause: str, sign: int, near: bool, abroad: bool) -> str:
    """異動集計表の行: which line of the table a step counts on; a pair that says no 事由の詳細 counts as 帰化."""
    if sign == 0:
        return "転居" if code == "301" else "市内の住所の修正"
    if code in ("114", "214"):
        return "国籍取得" if cause == Cause.NATIONALITY_ACQUIRED else "帰化"
    if code in ("115", "215"):
        return "国籍喪失"
    if code in ("191", "291", "391", "901"):
        return "異動の取消し"
    if sign == 1:
        if code in ("103", "105", "106"):
            return "転入（国外）"
        if code in ("101", "102", "104"):
            return "転入（県内）" if near else "転入（県外）"
        return _IN.get(code, "性別の修正" if code.startswith("3") else "職権記載等")
    if code in ("201", "202", "203", "204", "902"):
        place = "国外" if abroad or code == "203" else "県内" if near else "県外"
        return f"転出（{place}）"
    return _OUT.get(code, "性別の修正" if code.startswith("3") else "職権消除等")


def _note(context: AccessContext, detail: dict[str, object]) -> None:
    record(ALIAS, context, act=Act.VIEW, dataset="人口・異動の統計", count=0, detail=detail)
