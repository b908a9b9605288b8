"""特別徴収義務者と扶養の照会: employers with their employees, who is claimed by a taxpayer and who claims him."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax import resident_view
from kokunen.resident_tax.models import DependantClaim, WithholdingAgent
from kokunen.resident_tax.resident_view import Resident

USING = "resident_tax"
PAGE = 50

_AGENTS = """
select a.number, a.name, a.address, coalesce(s.people, 0), coalesce(s.total, 0)
from (select * from withholding_agent where number > %(after)s and (%(text)s = '' or number = %(text)s
    or name like '%%' || %(text)s || '%%') order by number limit %(page)s) a
left join lateral (select count(*) as people, sum(d.total_tax) as total from tax_decision d
    where d.tax_year = %(year)s and d.payer_number = a.number and upper_inf(d.recorded_period)
    and d.total_tax > 0) s on true order by a.number
"""


@dataclass(frozen=True, slots=True)
class AgentRow:
    """特別徴収義務者の一行: employees and their tax of the year; nobody is named."""

    number: str
    name: str
    address: str
    people: int
    total: int


def agents(tax_year: int, text: str = "", after: str = "") -> list[AgentRow]:
    """特別徴収義務者の一覧 by 指定番号; ``text`` is a number or a part of the name."""
    with connections[USING].cursor() as cursor:
        cursor.execute(_AGENTS, {"year": tax_year, "text": text, "after": after, "page": PAGE})
        return [AgentRow(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class EmployeeRow:
    """従業員の一行"""

    atena_number: str
    name: str
    total: int
    months: list[int]


def get_agent(number: str) -> WithholdingAgent:
    """特別徴収義務者1件. Raises InputError when there is none."""
    found: WithholdingAgent | None = WithholdingAgent.objects.filter(pk=number).first()
    if found is None:
        raise InputError("この特別徴収義務者は登録されていません", field="number", code="not_found")
    return found


def employees(
    number: str, tax_year: int, *, context: AccessContext, after: str = ""
) -> tuple[list[EmployeeRow], list[int]]:
    """従業員と月割の合計: a page by 宛名番号, and the sums of all employees by month."""
    with transaction.atomic(using=USING), connections[USING].cursor() as cursor:
        cursor.execute(
            "select d.atena_number, coalesce(r.name, ''), d.total_tax, coalesce(w.rest, d.instalments) "
            "from tax_decision d left join integrated.resident_tax__resident r on r.atena_number = d.atena_number "
            "left join pension_withholding w on w.atena_number = d.atena_number and w.tax_year = d.tax_year "
            "and w.state in ('4', '5', '7') where d.tax_year = %s and d.payer_number = %s and d.total_tax > 0 "
            "and upper_inf(d.recorded_period) and d.atena_number > %s order by d.atena_number limit %s",
            [tax_year, number, after, PAGE],
        )
        rows = [EmployeeRow(*row) for row in cursor.fetchall()]
        cursor.execute(
            "select sum(x.amount) from tax_decision d left join pension_withholding w on "
            "w.atena_number = d.atena_number and w.tax_year = d.tax_year and w.state in ('4', '5', '7') "
            "cross join lateral unnest(coalesce(w.rest, d.instalments)) with ordinality as x(amount, month) "
            "where d.tax_year = %s and d.payer_number = %s and upper_inf(d.recorded_period) "
            "group by x.month order by x.month",
            [tax_year, number],
        )
        sums = [int(row[0]) for row in cursor.fetchall()]
        record(USING, context, act=Act.VIEW, dataset="特別徴収義務者の従業員",
               atena_numbers=[row.atena_number for row in rows], items=("R10 所得情報",))  # fmt: skip
    return rows, sums


@dataclass(frozen=True, slots=True)
class Family:
    """扶養・専従者: the person, whom he claims, who claims him."""

    resident: Resident
    claims: list[tuple[DependantClaim, Resident | None]]
    claimed_by: list[tuple[DependantClaim, Resident | None]]


def family(atena_number: str, tax_year: int, *, context: AccessContext) -> Family:
    """扶養・専従者の照会, past claims included. Raises InputError for an unknown person."""
    with transaction.atomic(using=USING):
        rows: list[Any] = list(
            DependantClaim.objects.filter(tax_year=tax_year, claimant_atena_number=atena_number).order_by("id")
        )
        others: list[Any] = list(
            DependantClaim.objects.filter(tax_year=tax_year, dependant_atena_number=atena_number).order_by("id")
        )
        numbers = {atena_number, *(row.dependant_atena_number for row in rows),
                   *(row.claimant_atena_number for row in others)}  # fmt: skip
        record(USING, context, act=Act.VIEW, dataset="扶養・専従者", atena_numbers=sorted(numbers),
               items=("R10 所得情報",))  # fmt: skip
        people = resident_view.by_numbers(numbers)
    if atena_number not in people:
        raise InputError("この宛名番号の方は見つかりません", field="atena_number", code="not_found")
    return Family(
        people[atena_number],
        [(row, people.get(row.dependant_atena_number)) for row in rows],
        [(row, people.get(row.claimant_atena_number)) for row in others],
    )
