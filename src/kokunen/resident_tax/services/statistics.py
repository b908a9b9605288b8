"""課税状況調の集計: the decisions in force on 1 July become the cells of the tables, chunk by chunk.

The steps of the law are computed again from the stored inputs, summed, and forgotten; what stays are the cells and, for
each taxpayer, the rows in which he counts. A chunk, its cells and its checkpoint are one transaction.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import polars as pl
from django.db import connections, transaction
from django.db.models import Count, Sum
from psycopg import sql

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict
from kokunen.law.rules import resident_tax
from kokunen.law.rules.resident_tax import FACTS, RELATIVE_FACTS, SEPARATE_FACTS
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax import statistic_tables
from kokunen.resident_tax.choices import RunKind, RunState
from kokunen.resident_tax.models import PensionWithholding, StatisticCell, StatisticPerson, TaxDecision, TaxRun
from kokunen.resident_tax.services.assessing import copied, copy_in
from kokunen.resident_tax.services.common import USING, one_case

CHUNK = 50_000
_FACTS = (*FACTS, *SEPARATE_FACTS)
_SEPARATE = tuple(fact.name for fact in SEPARATE_FACTS)
_DECISIONS = """
select d.atena_number, d.method, coalesce(r.sex, '') as sex, d.inputs->>'facts' as facts,
    d.inputs->>'relatives' as relatives
from tax_decision d left join integrated.resident_tax__resident r on r.atena_number = d.atena_number
where d.tax_year = {year} and d.recorded_period @> {at}::timestamptz and d.atena_number > {after}
order by d.atena_number limit {limit}
"""


def as_of(tax_year: int) -> datetime:
    """調査の日時: the end of 1 July of the tax year; now, while that lies ahead or nothing had been decided by then."""
    survey = datetime.combine(date(tax_year, 7, 1), time(23, 59, 59), tzinfo=clock.OFFICE_ZONE)
    decided = TaxDecision.objects.filter(tax_year=tax_year).known_on(survey).exists()
    return survey if decided and survey < clock.now() else clock.now()


@one_case("課税状況調の集計の開始")
def start(*, tax_year: int, context: AccessContext) -> TaxRun:
    """集計を始める: what was counted before is dropped; Conflict while a run goes on or nothing is decided."""
    at = as_of(tax_year)
    total = TaxDecision.objects.filter(tax_year=tax_year).known_on(at).count()
    if not total:
        raise Conflict(
            "この日に有効な賦課決定がありません", code="nothing_decided", hint="当初課税の後に集計してください。"
        )
    now = clock.now()
    run = TaxRun.objects.create(
        kind=RunKind.STATISTICS, tax_year=tax_year, total=total, started_by=context.staff_number, started_at=now,
        moved_at=now, totals={"as_of": at.isoformat()},
    )  # fmt: skip
    StatisticCell.objects.filter(tax_year=tax_year).delete()
    StatisticPerson.objects.filter(tax_year=tax_year).delete()
    record(USING, context, act=Act.SYSTEM, dataset="課税状況調の集計", count=total, detail={"tax_year": tax_year})
    return run


def carry_on(run_id: int, *, context: AccessContext, chunk: int = CHUNK, chunks: int | None = None) -> TaxRun:
    """集計を進める from the checkpoint; safe to call again after any stop."""
    done = 0
    while chunks is None or done < chunks:
        run = _one_chunk(run_id, chunk, context)
        if run.state == RunState.DONE:
            return run
        done += 1
    return TaxRun.objects.get(pk=run_id)


def _one_chunk(run_id: int, size: int, context: AccessContext) -> TaxRun:
    with transaction.atomic(using=USING):
        run = TaxRun.objects.select_for_update().get(pk=run_id)
        if run.state == RunState.DONE:
            return run
        rows = copied(
            sql.SQL(_DECISIONS).format(
                year=sql.Literal(run.tax_year), at=sql.Literal(run.totals["as_of"]),
                after=sql.Literal(run.checkpoint), limit=sql.Literal(size),
            )
        )  # fmt: skip
        run.moved_at, run.problem = clock.now(), ""
        if rows.is_empty():
            _withholding_cells(run.tax_year)
            run.state, run.ended_at = RunState.DONE, run.moved_at
        else:
            frame = statistic_tables.prepared(computed(rows, run.tax_year))
            _add(run.tax_year, statistic_tables.cells(frame))
            people = statistic_tables.persons(frame).with_columns(tax_year=pl.lit(run.tax_year))
            with connections[USING].cursor() as cursor:
                copy_in(cursor, "statistic_person", people)
            run.done += rows.height
            run.checkpoint = str(rows["atena_number"][-1])
            run.state = RunState.RUNNING
            record(USING, context, act=Act.SYSTEM, dataset="課税状況調の集計", count=rows.height,
                   items=("R10 所得情報",), detail={"tax_year": run.tax_year})  # fmt: skip
        run.save()
        return run


def computed(rows: pl.DataFrame, tax_year: int) -> pl.DataFrame:
    """法の段 of each decision from its inputs, with ``business``, ``sex`` and ``method``."""
    facts = pl.Struct([pl.Field(fact.name, _plain(fact.kind)) for fact in _FACTS])
    opened = rows.with_columns(pl.col("facts").str.json_decode(facts)).unnest("facts")
    opened = opened.with_columns(pl.col(fact.name).str.to_date() for fact in _FACTS if fact.kind is pl.Date)
    family = pl.List(pl.Struct([pl.Field(fact.name, _plain(fact.kind)) for fact in RELATIVE_FACTS]))
    relatives = (
        rows.select(person="atena_number", one=pl.col("relatives").str.json_decode(family))
        .explode("one").drop_nulls("one").unnest("one")
        .with_columns(pl.col(fact.name).str.to_date() for fact in RELATIVE_FACTS if fact.kind is pl.Date)
    )  # fmt: skip
    has = pl.any_horizontal(*(pl.col(name).fill_null(0) != 0 for name in _SEPARATE))
    names = [fact.name for fact in FACTS]
    pieces = []
    for part, columns, keep in (
        (opened.filter(~has), names, statistic_tables.ALWAYS),
        (opened.filter(has), [*names, *_SEPARATE], (*statistic_tables.ALWAYS, *statistic_tables.SEPARATE)),
    ):
        if part.height:
            people = part.select(pl.col("atena_number").alias("person"), *columns)
            own = relatives.join(people.select("person"), on="person", how="semi")
            found = resident_tax.assess(people, own, tax_year, ["person", *keep])
            absent = [name for name in statistic_tables.SEPARATE if name not in found.columns]
            pieces.append(found.with_columns(pl.lit(0, dtype=pl.Int64).alias(name) for name in absent))
    law = pl.concat([piece.select(sorted(piece.columns)) for piece in pieces])
    kept = opened.select(
        "atena_number", "method", "sex", business=pl.col("business_income").fill_null(0),
    )  # fmt: skip
    return kept.join(law.rename({"person": "atena_number"}), on="atena_number", how="left")


def _plain(kind: Any) -> Any:
    return pl.String if isinstance(kind, pl.Enum) or kind is pl.Date else kind


_ADD = """
insert into statistic_cell (tax_year, family, "row", "column", value)
select %s, * from unnest(%s::text[], %s::text[], %s::text[], %s::bigint[])
on conflict (tax_year, family, "row", "column") do update set value = statistic_cell.value + excluded.value
"""


def _add(tax_year: int, cells: list[tuple[str, str, str, int]]) -> None:
    with connections[USING].cursor() as cursor:
        cursor.execute(_ADD, [tax_year, *(list(column) for column in zip(*cells, strict=True))])


def _withholding_cells(tax_year: int) -> None:
    states = {"4": "pension.requested", "7": "pension.accepted", "5": "pension.accepted", "8": "pension.stopped",
              "6": "pension.refused"}  # fmt: skip
    grouped = PensionWithholding.objects.filter(tax_year=tax_year, state__in=states).values_list("state")
    cells: list[tuple[str, str, str, int]] = []
    for state, people, amount in grouped.annotate(people=Count("id"), amount=Sum("pension_tax")):
        cells += [("09", states[state], "persons", people), ("09", states[state], "amount", amount or 0)]
    for cell in cells:
        _add(tax_year, [cell])
