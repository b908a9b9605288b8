"""当初課税: documents become decisions, chunk by chunk over the city, each chunk one transaction with its checkpoint.

Columns are read by COPY, combined and computed in Polars, and written by COPY. A run that stops goes on behind its
checkpoint; a run over people who are decided already writes only what differs. One person goes the same way.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import connections, transaction
from psycopg import sql

from kokunen.common_platform.batch_master import readers
from kokunen.common_platform.batch_master.models import Generation
from kokunen.common_platform.integration.publishing import ChangeNote, republish_by_copy
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError
from kokunen.law.rules import resident_tax as law
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax.choices import DecisionReason, RunKind, RunState, TaxState
from kokunen.resident_tax.linkage import INCOME
from kokunen.resident_tax.models import Taxpayer, TaxRun
from kokunen.resident_tax.services import computing, merging
from kokunen.resident_tax.services.common import USING, one_case

CHUNK = 50_000
_LOCK = "resident_tax.assessment"

_TAXPAYERS = """
select t.atena_number, t.birth_date, exists (
    select 1 from dependant_claim c where c.dependant_atena_number = t.atena_number and c.tax_year = t.tax_year
    and c.kind not in ('21', '22') and upper_inf(c.recorded_period)) as claimed
from taxpayer t where t.tax_year = {year} and t.atena_number > {after} {only} order by t.atena_number limit {limit}
"""
_DOCUMENTS = """
select d.id, d.atena_number, d.kind, d.payer_number, d.main, d.retired, d.includes_previous, d.received_on, d.figures
from tax_document d where d.tax_year = {year} and d.atena_number > {after} and d.atena_number <= {last} {only}
and not d.withdrawn and not exists (select 1 from tax_document r where r.replaces_id = d.id)
"""
_CLAIMS = """
select c.claimant_atena_number as claimant, c.dependant_atena_number as dependant, c.kind, c.disability,
    c.lives_together, r.birth_date, 0 as total_income
from dependant_claim c join integrated.resident_tax__resident r on r.atena_number = c.dependant_atena_number
where c.tax_year = {year} and c.claimant_atena_number > {after} and c.claimant_atena_number <= {last} {claimant}
and upper_inf(c.recorded_period)
"""
"""扶養の申告: as declared, within the limit; what the cross-check finds is denied by a change, never in silence."""
_TYPES = {"birth_date": pl.Date, "received_on": pl.Date, "id": pl.Int64, "total_income": pl.Int64}
_FLAGS = ("claimed", "main", "retired", "includes_previous", "lives_together")


@one_case("賦課期日の住民の作成")
def take_taxpayers(*, tax_year: int, context: AccessContext) -> int:
    """賦課期日の住民: everybody who had an address here on 1 January, from the batch master; who is there stays.

    A generation of 1 January or later is read (S3-3); without one the register as it is published now.
    Returns how many were added. A person counts on the day of moving in and not on the day of leaving.
    """
    day = law.TaxYear(_year(tax_year)).assessed_on
    source, told = sql.SQL("integrated.resident_tax__resident"), "連携データ"
    with connections[USING].cursor() as cursor:
        if (generation := _snapshot_for(day)) is not None:
            told = _copy_snapshot(cursor, generation, tax_year, day, context)
            source = sql.SQL("snapshot_resident")
        cursor.execute(
            sql.SQL(
                "insert into taxpayer (tax_year, atena_number, birth_date, household_number, postal_code, address) "
                "select %s, atena_number, birth_date, household_number, postal_code, "
                "address || case when building = '' then '' else '　' || building end "
                "from {} where resident_since <= %s and birth_date < %s "
                "and (removed_on is null or removed_on > %s) order by atena_number on conflict do nothing"
            ).format(source),
            [tax_year, day, day, day],
        )
        added = int(cursor.rowcount)
    record(
        USING, context, act=Act.SYSTEM, dataset="賦課期日の住民の作成", count=added,
        detail={"tax_year": tax_year, "source": told},
    )  # fmt: skip
    return added


def _snapshot_for(day: date) -> int | None:
    """バッチマスタの世代: the newest one, when it was taken on 1 January or later; else the register as it stands."""
    generation = readers.latest_generation()
    if generation is None or Generation.objects.get(pk=generation).business_date < day:
        return None
    return generation


_TAKEN = ("atena_number", "birth_date", "household_number", "postal_code", "address", "building", "resident_since",
          "removed_on")  # fmt: skip


def _copy_snapshot(cursor: Any, generation: int, tax_year: int, day: date, context: AccessContext) -> str:
    run = f"{tax_year}-G{generation}"
    with readers.open_snapshot("resident_tax", batch="taxpayers", run=run, context=context) as snapshot:
        people = snapshot.scan("resident", *_TAKEN).filter(pl.col("resident_since") <= day).collect()
        cursor.execute(
            "create temp table snapshot_resident (atena_number text, birth_date date, household_number text, "
            "postal_code text, address text, building text, resident_since date, removed_on date) on commit drop"
        )
        copy_in(cursor, "snapshot_resident", people.select(_TAKEN))
        return f"バッチマスタ {snapshot.name}"


@one_case("当初課税の開始")
def start(*, tax_year: int, context: AccessContext) -> TaxRun:
    """当初課税を始める: a run over everybody of 1 January; Conflict while one is not finished."""
    total = Taxpayer.objects.filter(tax_year=_year(tax_year)).count()
    if not total:
        raise Conflict(
            "賦課期日の住民がまだありません", code="no_taxpayers", hint="先に賦課期日の住民を作成してください。"
        )
    now, used = clock.now(), readers.last_used("resident_tax", "taxpayers", f"{tax_year}-")
    run = TaxRun.objects.create(
        kind=RunKind.ASSESSMENT, tax_year=tax_year, total=total, started_by=context.staff_number,
        started_at=now, moved_at=now, totals={"snapshot": f"バッチマスタ {used}" if used else "連携データ"},
    )  # fmt: skip
    record(USING, context, act=Act.SYSTEM, dataset="当初課税の開始", count=total, detail={"tax_year": tax_year})
    return run


def carry_on(
    run_id: int,
    *,
    context: AccessContext,
    chunk: int = CHUNK,
    chunks: int | None = None,
    moved: Callable[[TaxRun], bool] | None = None,
) -> TaxRun:
    """当初課税を進める: from the checkpoint to the end (or ``chunks`` of it). Safe to call again after any stop.

    While a chunk is written the next one is computed beside it. ``moved`` is told of every chunk; False ends here.
    """
    run, done = TaxRun.objects.get(pk=run_id), 0
    with ThreadPoolExecutor(1, thread_name_prefix="assessment") as beside:
        ahead = beside.submit(_computed_beside, run.tax_year, run.checkpoint, chunk)
        while run.state != RunState.DONE and (chunks is None or done < chunks):
            computed = ahead.result()
            if computed is not None and (chunks is None or done + 1 < chunks):
                ahead = beside.submit(_computed_beside, run.tax_year, computed.last, chunk)
            run = _one_chunk(run_id, chunk, computed, context)
            done += 1
            if moved is not None and not moved(run):
                break
    return run


def _computed_beside(tax_year: int, after: str, size: int) -> Computed | None:
    """Computed in a thread of its own, whose connection it does not keep."""
    try:
        return _compute(tax_year, after, size, None)
    finally:
        connections.close_all()


def _one_chunk(run_id: int, size: int, computed: Computed | None, context: AccessContext) -> TaxRun:
    with transaction.atomic(using=USING):
        run = TaxRun.objects.select_for_update().get(pk=run_id)
        if run.state == RunState.DONE:
            return run
        if run.checkpoint != (computed.after if computed else run.checkpoint):  # another process was here meanwhile
            computed = _compute(run.tax_year, run.checkpoint, size, None)
        written = _write(computed, run.tax_year, None, context, DecisionReason.FIRST) if computed else None
        run.state, run.problem, run.moved_at = RunState.RUNNING, "", clock.now()
        if written is None:
            run.state, run.ended_at = RunState.DONE, run.moved_at
        else:
            run.done += written.people
            run.checkpoint = written.last
            run.totals |= {name: run.totals.get(name, 0) + value for name, value in written.totals.items()}
        run.save()
        return run


def stopped(run_id: int, problem: str) -> None:
    """中断を記す: the reason, in words; the checkpoint stands."""
    TaxRun.objects.filter(pk=run_id).exclude(state=RunState.DONE).update(
        state=RunState.STOPPED, problem=problem[:300], moved_at=clock.now()
    )


@one_case("個人の賦課")
def assess_person(*, atena_number: str, tax_year: int, context: AccessContext) -> bool:
    """一人を課税する: the same way as the city; True when a decision was written."""
    computed = _compute(_year(tax_year), "", 1, atena_number)
    if computed is None:
        raise InputError(
            "この方は賦課期日の住民ではありません", field="atena_number", code="not_found",
            hint="賦課期日の住所を確認してください。",
        )  # fmt: skip
    return _write(computed, tax_year, atena_number, context, DecisionReason.FIRST).totals["written"] > 0


@dataclass(frozen=True, slots=True)
class Computed:
    """一区切りの計算: behind ``after`` up to ``last``; the decisions and what is published of them."""

    after: str
    last: str
    people: int
    rows: pl.DataFrame
    incomes: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Written:
    """一区切りの結果"""

    people: int
    last: str
    totals: dict[str, int]


def _year(tax_year: int) -> int:
    if tax_year not in law.tax_years():
        raise InputError(f"{tax_year}年度の税法は登録されていません", field="tax_year", code="out_of_range")
    return tax_year


def _compute(tax_year: int, after: str, size: int, only: str | None) -> Computed | None:
    """計算する: ``size`` people behind ``after``; nothing is written. None when nobody is left."""
    one = sql.SQL("and atena_number = {}").format(sql.Literal(only)) if only else sql.SQL("")
    year = sql.Literal(tax_year)
    base = {"year": year, "after": sql.Literal(after), "only": one}
    taxpayers = copied(sql.SQL(_TAXPAYERS).format(**base, limit=sql.Literal(size)))
    if taxpayers.is_empty():
        return None
    last = str(taxpayers["atena_number"][-1])
    documents = copied(sql.SQL(_DOCUMENTS).format(**base, last=sql.Literal(last)))
    claimant = sql.SQL("and claimant_atena_number = {}").format(sql.Literal(only)) if only else sql.SQL("")
    claims = copied(sql.SQL(_CLAIMS).format(year=year, after=base["after"], last=sql.Literal(last), claimant=claimant))
    adult = pl.col("birth_date") <= law.TaxYear(tax_year).born_until(18)
    concerned = taxpayers.filter(adult | pl.col("atena_number").is_in(documents["atena_number"].implode()))
    people, relatives = merging.people_and_relatives(concerned, documents, claims)
    inputs = computing.inputs_of(people, relatives)
    assessed = computing.assess(people, relatives, tax_year)
    rows = computing.decisions(people, assessed, inputs, tax_year)
    return Computed(after, last, taxpayers.height, rows, computing.income_rows(assessed, tax_year))


def _write(
    computed: Computed, tax_year: int, only: str | None, context: AccessContext, reason: DecisionReason
) -> Written:
    """残す: decisions, what is published of them, the entry in the ledger."""
    rows = computed.rows
    changed = store(rows, computed.incomes, tax_year, reason, context)
    taxed = rows.filter(pl.col("total_tax") > 0)
    totals = {
        "people": rows.height,
        "written": changed,
        "taxed": taxed.height,
        "undeclared": rows.filter(pl.col("state") == TaxState.UNDECLARED).height,
        "total_tax": int(taxed["total_tax"].sum()),
        "city_tax": int(taxed["city_tax"].sum()),
        "prefecture_tax": int(taxed["prefecture_tax"].sum()),
    }
    record(
        USING, context, act=Act.SYSTEM, dataset="賦課決定", count=rows.height,
        atena_numbers=(only,) if only else (), items=("R10 所得情報",), detail={"tax_year": tax_year},
    )  # fmt: skip
    return Written(computed.people, computed.last, totals)


def copied(query: sql.Composed) -> pl.DataFrame:
    """表を読む: the rows of a query by COPY, dates, flags and whole numbers in their types."""
    buffer = io.BytesIO()
    with (
        connections[USING].cursor() as cursor,
        cursor.copy(sql.SQL("copy ({}) to stdout (format csv, header)").format(query)) as copy,
    ):
        for piece in copy:
            buffer.write(piece)
    buffer.seek(0)
    frame = pl.read_csv(buffer, infer_schema=False)
    return frame.with_columns(
        *(pl.col(name).str.to_date() if kind is pl.Date else pl.col(name).cast(kind)
          for name, kind in _TYPES.items() if name in frame.columns),
        *((pl.col(name) == "t").alias(name) for name in _FLAGS if name in frame.columns),
        *(pl.col(name).fill_null("") for name in ("payer_number",) if name in frame.columns),
    )  # fmt: skip


_STORE = """
with changed as (
    select n.*, d.id as old_id, coalesce(d.version, 0) + 1 as version
    from new_decision n left join tax_decision d on d.atena_number = n.atena_number and d.tax_year = %(year)s
        and upper_inf(d.recorded_period)
    where d.id is null or (d.inputs_hash <> n.inputs_hash and (%(later)s or d.version = 1))
), closed as (
    update tax_decision d set recorded_period = tstzrange(lower(d.recorded_period), %(now)s)
    from changed c where d.id = c.old_id returning d.id
), counted as (select count(*) from closed)
insert into tax_decision (atena_number, tax_year, version, reason, decided_on, state, method, payer_number,
    total_income, taxable_income, city_tax, prefecture_tax, forest_tax, total_tax, instalments, inputs, inputs_hash,
    valid_period, recorded_period, recorded_by, recorded_reason)
select atena_number, %(year)s, version, %(reason)s, %(today)s, state, method, payer_number, total_income,
    taxable_income, city_tax, prefecture_tax, forest_tax, total_tax, instalments, inputs, inputs_hash,
    daterange(%(from)s, %(until)s), tstzrange(%(now)s, null), %(by)s, %(why)s
from changed, counted order by atena_number returning atena_number
"""


def store(
    rows: pl.DataFrame,
    incomes: pl.DataFrame,
    tax_year: int,
    reason: DecisionReason,
    context: AccessContext,
    why: str = "",
) -> int:
    """決定を残し公開する: new versions of what differs, 所得情報 beside them, both in two times; returns how many.

    A first assessment never overwrites a decision that was changed since (更正); a change (``reason``) does.
    """
    now = clock.now()
    values: dict[str, Any] = {
        "year": tax_year, "reason": str(reason), "today": clock.today(), "now": now, "by": context.staff_number,
        "from": date(tax_year, 6, 1), "until": date(tax_year + 1, 6, 1), "later": reason != DecisionReason.FIRST,
        "why": why or DecisionReason(reason).label,
    }  # fmt: skip
    with connections[USING].cursor() as cursor:
        cursor.execute(
            "create temp table new_decision (atena_number text, state text, method text, payer_number text, "
            "total_income bigint, taxable_income bigint, city_tax bigint, prefecture_tax bigint, forest_tax bigint, "
            "total_tax bigint, inputs jsonb, inputs_hash text, instalments bigint[]) on commit drop"
        )
        copy_in(cursor, "new_decision", rows)
        cursor.execute("analyze new_decision")
        cursor.execute(_STORE, values)
        written = [str(row[0]) for row in cursor.fetchall()]
        cursor.execute("drop table new_decision")
        changed = incomes.filter(pl.col("atena_number").is_in(written)) if len(written) < incomes.height else incomes
        if changed.height:
            _store_incomes(cursor, changed, tax_year, now, values)
    return len(written)


def _store_incomes(cursor: Any, incomes: pl.DataFrame, tax_year: int, now: datetime, values: dict[str, Any]) -> None:
    numbers = incomes["atena_number"].to_list()
    cursor.execute(
        "update income_record set recorded_period = tstzrange(lower(recorded_period), %s) where tax_year = %s "
        "and atena_number = any(%s) and upper_inf(recorded_period)",
        [now, tax_year, numbers],
    )
    texts = [name for name in incomes.columns if incomes.schema[name] == pl.String and name != "state"]
    kept = incomes.with_columns(pl.col(name).fill_null("") for name in texts).with_columns(
        tax_year=pl.lit(tax_year),
        valid_period=pl.lit(f"[{values['from']},{values['until']})"),
        recorded_period=pl.lit(f"[{now.isoformat()},)"),
        recorded_by=pl.lit(values["by"]),
        recorded_reason=pl.lit(values["why"]),
    )
    copy_in(cursor, "income_record", kept)
    published = incomes.with_columns(tax_year=pl.lit(tax_year)).select("atena_number", *INCOME.column_names)
    republish_by_copy(USING, INCOME, published.columns, _csv(published), ChangeNote("update", None, clock.today()))


def copy_in(cursor: Any, table: str, frame: pl.DataFrame) -> None:
    """表に書く: a frame into the table by COPY, by the names of its columns."""
    statement = sql.SQL("copy {} ({}) from stdin (format csv, null '\\N')").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    )
    with cursor.copy(statement) as copy:
        copy.write(_csv(frame))


def _csv(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_csv(buffer, include_header=False, null_value="\\N")
    return buffer.getvalue()
