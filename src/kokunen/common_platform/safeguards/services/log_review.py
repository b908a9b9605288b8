"""閲覧記録の点検: the week's findings by rule, and the entry that waits for the auditor's signature (CTL-055)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connections, transaction

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.models import Staff
from kokunen.common_platform.safeguards.models import RegisterEntry
from kokunen.common_platform.safeguards.procedures import get_procedure, parameter
from kokunen.common_platform.safeguards.services.register import is_ended, open_entry
from kokunen.kernel.calendar import is_open_day
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger import analysis
from kokunen.ledger.access import AccessContext, Act, system_context
from kokunen.ledger.recording import record

OWN, FAMILY, SURNAME, PROTECTED = "本人の記録", "家族の記録", "同姓の人", "支援措置の人"
OFF_HOURS, VOLUME, NO_CASE = "時間外", "量の外れ", "案件のない閲覧"

_RELATED = """
with looked as (
    select * from unnest(%(staff)s::text[], %(atena)s::text[], %(entries)s::int[], %(cased)s::boolean[])
        as l (staff_number, atena_number, entries, cased)),
self as (select s.staff_number, s.atena_number, r.household_number
           from unnest(%(own_staff)s::text[], %(own_atena)s::text[]) as s (staff_number, atena_number)
           left join integrated.default__resident r using (atena_number)),
named as (select * from unnest(%(named_staff)s::text[], %(surname)s::text[]) as n (staff_number, surname))
select l.staff_number, l.atena_number, l.entries,
       case when l.atena_number = s.atena_number then 'own'
            when r.household_number <> '' and r.household_number = s.household_number then 'family'
            when not l.cased and r.protected then 'protected'
            when not l.cased and split_part(translate(r.name, '　', ' '), ' ', 1) = n.surname then 'surname' end as rule
  from looked l
  left join integrated.default__resident r using (atena_number)
  left join self s using (staff_number)
  left join named n using (staff_number)
"""
_RULES = {"own": OWN, "family": FAMILY, "protected": PROTECTED, "surname": SURNAME}


@dataclass(frozen=True, slots=True)
class Anomaly:
    """拾い出した閲覧: by rule, officer, person (where one is meant) and day (where one is meant)."""

    rule: str
    staff_number: str
    words: str
    atena_number: str = ""
    day: date | None = None


def find_anomalies(first: date, until: date, *, context: AccessContext) -> list[Anomaly]:
    """拾い出す: everything of these days that a rule names, by rule and officer; the look itself is recorded."""
    pairs = analysis.pairs(first, until)
    found = [*_related(pairs), *_off_hours(first, until), *_volume(first, until), *_without_case(pairs)]
    with transaction.atomic():
        record(
            "default",
            context,
            act=Act.VIEW,
            dataset="閲覧記録の点検",
            atena_numbers=[one.atena_number for one in found if one.atena_number],
            detail={"from": first.isoformat(), "until": until.isoformat(), "findings": len(found)},
        )
    return found


def open_week(monday: date, *, context: AccessContext | None = None) -> RegisterEntry:
    """点検を始める: one entry a week, with counts by rule; safe to repeat."""
    title = f"{format_wareki(monday)}の週"
    known = RegisterEntry.objects.filter(kind="log_review", title=title).first()
    if known is not None:
        return known
    acting, sunday = context or system_context("log-review", "audit"), monday + timedelta(days=6)
    counts = Counter(one.rule for one in find_anomalies(monday, sunday, context=acting))
    findings = [f"{rule} {number}件" for rule, number in sorted(counts.items())]
    content = {"from": monday, "until": sunday, "findings": findings}
    return open_entry("log_review", title=title, content=content, context=acting, by_program=True)


def open_due_weeks() -> int:
    """前の週の点検を始める: the week before today's; returns how many entries were added."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday() + 7)
    before = RegisterEntry.objects.filter(kind="log_review").count()
    open_week(monday)
    return RegisterEntry.objects.filter(kind="log_review").count() - before


def _related(pairs: Sequence[analysis.Pair]) -> Iterable[Anomaly]:
    own = _own_numbers()
    surnames = {
        number: name.replace("　", " ").split(" ")[0]
        for number, name in Staff.objects.filter(number__in={pair.staff_number for pair in pairs}).values_list(
            "number", "name"
        )
    }
    values: dict[str, Any] = {
        "staff": [pair.staff_number for pair in pairs],
        "atena": [pair.atena_number for pair in pairs],
        "entries": [pair.entries for pair in pairs],
        "cased": [pair.has_case for pair in pairs],
        "own_staff": list(own),
        "own_atena": list(own.values()),
        "named_staff": list(surnames),
        "surname": list(surnames.values()),
    }
    with connections["default"].cursor() as cursor:
        cursor.execute(f"select * from ({_RELATED}) f where rule is not null order by rule, staff_number", values)
        for staff_number, atena_number, entries, rule in cursor.fetchall():
            yield Anomaly(_RULES[rule], staff_number, f"{entries}回", atena_number)


def _own_numbers() -> dict[str, str]:
    procedure = get_procedure("staff_person")
    return {
        str(entry.content["staff"]): entry.atena_number
        for entry in RegisterEntry.objects.filter(kind="staff_person").prefetch_related("steps")
        if not is_ended(procedure, list(entry.steps.all()))
    }


def _off_hours(first: date, until: date) -> Iterable[Anomaly]:
    days = [first + timedelta(days=n) for n in range((until - first).days + 1)]
    closed = [day for day in days if not is_open_day(day)]
    counts = analysis.off_hours(
        first,
        until,
        opens=int(parameter("review_opens")),
        closes=int(parameter("review_closes")),
        closed_days=closed,
    )
    for one in counts:
        yield Anomaly(OFF_HOURS, one.staff_number, f"{one.number}件", day=one.day)


def _volume(first: date, until: date) -> Iterable[Anomaly]:
    least, factor = int(parameter("review_least_people")), float(parameter("review_factor"))
    for one in analysis.volumes(first, until, least=least, factor=factor):
        yield Anomaly(VOLUME, one.staff_number, f"{one.number}人（同じ所属の中央値 {one.usual:.0f}人）", day=one.day)


def _without_case(pairs: Sequence[analysis.Pair]) -> Iterable[Anomaly]:
    counts = Counter(pair.staff_number for pair in pairs if not pair.has_case)
    for staff_number, number in sorted(counts.items()):
        if number >= int(parameter("review_without_case")):
            yield Anomaly(NO_CASE, staff_number, f"{number}人")
