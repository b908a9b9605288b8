"""年金特別徴収の登録管理: judge the candidates, ask the payers to withhold, stop it when it has to end.

The plan is made for the whole city in columns: eligibility and the part of the tax by the rules of ``withholding``,
仮徴収 and 本徴収 by those of ``instalments.pension``. Running it again changes nothing unless a tax has changed;
whoever was asked for already is not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from django.db import connections
from psycopg import sql

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError
from kokunen.law.rules import instalments
from kokunen.law.rules.instalments import pension, spread
from kokunen.law.rules.resident_tax import TaxYear, withholding
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax import resident_view
from kokunen.resident_tax.choices import CollectionMethod, StopReason, WithholdingState
from kokunen.resident_tax.models import PensionExchange, PensionWithholding
from kokunen.resident_tax.services.assessing import copied, copy_in
from kokunen.resident_tax.services.common import USING, one_case
from kokunen.resident_tax.services.exchange import waiting_file

MOST_RECORDS = 2_000
REASONS = {
    "under_age": "4月1日に65歳に達していません",
    "small_pension": "年金の年額が18万円未満です",
    "no_care_premium": "この年金から介護保険料が特別徴収されていません",
    "no_tax": "年金に係る税額がありません",
    "exceeds_pension": "税額と介護保険料の合計が年金の額を超えます",
    "other_pension": "他の年金から特別徴収します",
    "undecided": "賦課決定がありません",
}
_DATASET = "年金特別徴収"
_PRIORITY = ["payer_code", "pension_code", "id"]
"""順位 of several pensions of one person: 国民年金・厚生年金 (payer 001) first."""

_CANDIDATES = """
select w.id, w.atena_number, w.birth_date, w.yearly_pension, w.care_premium, w.payer_code, w.pension_code,
    coalesce(d.total_tax, 0) as total_tax, coalesce(d.forest_tax, 0) as forest_tax, d.method,
    coalesce(i.public_pension_income, 0) as pension_income, coalesce(d.total_income, 0) as total_income,
    b.pension_tax as previous_total, d.id is null as undecided
from pension_withholding w
left join tax_decision d on d.atena_number = w.atena_number and d.tax_year = w.tax_year and upper_inf(d.recorded_period)
left join income_record i on i.atena_number = w.atena_number and i.tax_year = w.tax_year
    and upper_inf(i.recorded_period)
left join pension_withholding b on b.atena_number = w.atena_number and b.tax_year = w.tax_year - 1
    and b.state = '5' and b.payer_code = w.payer_code
where w.tax_year = {year} and w.state in ('2', '3', '9') order by w.id
"""
_INTEGERS = ("id", "yearly_pension", "care_premium", "total_tax", "forest_tax", "pension_income", "total_income",
             "previous_total")  # fmt: skip


@one_case("年金特別徴収の判定")
def plan(*, tax_year: int, context: AccessContext) -> dict[str, int]:
    """判定する: who is withheld and how much; counts by outcome. Safe to run again."""
    people = copied(sql.SQL(_CANDIDATES).format(year=sql.Literal(tax_year)))
    if people.is_empty():
        return {"eligible": 0, "not_eligible": 0}
    people = people.with_columns(*(pl.col(name).cast(pl.Int64) for name in _INTEGERS))
    planned = _planned(people, tax_year)
    with connections[USING].cursor() as cursor:
        cursor.execute(
            "create temp table planned (id bigint, state text, reason text, first_year boolean, pension_tax bigint, "
            "ordinary bigint[], provisional bigint[], main bigint[], next_provisional bigint[], rest bigint[]) "
            "on commit drop"
        )
        copy_in(cursor, "planned", planned)
        columns = [name for name in planned.columns if name != "id"]
        cursor.execute(
            f"update pension_withholding w set {', '.join(f'{name} = p.{name}' for name in columns)}, moved_at = %s "
            "from planned p where p.id = w.id and (w.state, w.pension_tax, w.reason) is distinct from "
            "(p.state, p.pension_tax, p.reason)",
            [clock.now()],
        )
        cursor.execute("drop table planned")
    eligible = planned.filter(pl.col("state") == WithholdingState.READY).height
    record(USING, context, act=Act.SYSTEM, dataset=_DATASET + "の判定", count=planned.height,
           items=("R10 所得情報",), detail={"tax_year": tax_year})  # fmt: skip
    return {"eligible": eligible, "not_eligible": planned.height - eligible}


def _planned(people: pl.DataFrame, tax_year: int) -> pl.DataFrame:
    flat = TaxYear(tax_year).value("per_capita")
    owes = pl.col("total_tax") > 0
    salary = pl.col("method") == CollectionMethod.SALARY
    people = people.with_columns(
        flat_tax=pl.when(owes).then(flat["city"] + flat["prefecture"] + pl.col("forest_tax")).otherwise(0),
        salary_withheld=salary.fill_null(False),
    )
    people = withholding.rule(tax_year).evaluate(people)
    people = people.with_columns(
        reason=pl.when(pl.col("undecided") == "t").then(pl.lit("undecided"))
        .when(pl.col("eligible") & (pl.col("eligible").cum_sum().over("atena_number", order_by=_PRIORITY) > 1))
        .then(pl.lit("other_pension")).otherwise(pl.col("reason"))
    )  # fmt: skip
    chosen = pl.col("reason") == ""
    people = people.with_columns(
        pension_tax=pl.when(chosen).then("pension_tax").otherwise(0),
        first_year=pl.col("previous_total").is_null(),
        state=pl.when(chosen).then(pl.lit(str(WithholdingState.READY)))
        .otherwise(pl.lit(str(WithholdingState.NOT_ELIGIBLE))),
        reason=pl.col("reason").replace_strict(REASONS, default=""),
    )  # fmt: skip
    pieces = [
        _amounts(people.filter(pl.col("first_year") == first), tax_year, first)
        for first in (True, False)
        if people.filter(pl.col("first_year") == first).height
    ]
    return pl.concat(pieces)


def _amounts(people: pl.DataFrame, tax_year: int, first: bool) -> pl.DataFrame:
    names = {
        "ordinary": pension.ORDINARY, "provisional": pension.PROVISIONAL, "main": pension.MAIN,
        "next_provisional": pension.NEXT_PROVISIONAL,
    }  # fmt: skip
    frame = people.select(total="pension_tax", previous_total=pl.col("previous_total").fill_null(0))
    parts = pension.rule(tax_year, first).evaluate(frame, [name for group in names.values() for name in group])
    lists = {group: _array(parts, columns) for group, columns in names.items()}
    rest = people.select(total=pl.col("total_tax") - pl.col("pension_tax"))
    rests = {
        code: _array(instalments.evaluate(spread.first_rule(method, tax_year), rest, spread.columns(method)),
                     spread.columns(method))
        for code, method in ((CollectionMethod.ORDINARY, "ordinary"), (CollectionMethod.SALARY, "salary"))
    }  # fmt: skip
    chosen = rests[CollectionMethod.SALARY].zip_with(
        people.get_column("salary_withheld"), rests[CollectionMethod.ORDINARY]
    )
    return people.select("id", "state", "reason", "first_year", "pension_tax").with_columns(
        *(series.alias(name) for name, series in lists.items()), chosen.alias("rest")
    )


def _array(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    texts = pl.concat_str([pl.col(name).cast(pl.String) for name in columns], separator=",")
    return frame.select(pl.format("{{{}}}", texts)).to_series()


@one_case("年金特別徴収の依頼")
def request(*, tax_year: int, context: AccessContext) -> int:
    """依頼を作る: files of at most 2,000 records for each payer wait to be sent; gives how many people are in them."""
    ready = list(
        PensionWithholding.objects.select_for_update()
        .filter(tax_year=tax_year, state=WithholdingState.READY).order_by("payer_code", "id")
    )  # fmt: skip
    if not ready:
        raise Conflict("依頼する方がいません", code="nothing_to_send", hint="先に対象者の判定を行ってください。")
    for payer in dict.fromkeys(row.payer_code for row in ready):
        rows = [row for row in ready if row.payer_code == payer]
        for start in range(0, len(rows), MOST_RECORDS):
            part = rows[start : start + MOST_RECORDS]
            file = waiting_file("01", tax_year, payer, [_record(row, "01") for row in part], context)
            PensionWithholding.objects.filter(pk__in=[row.pk for row in part]).update(
                state=WithholdingState.REQUESTED, request=file, moved_at=clock.now()
            )
    record(USING, context, act=Act.EXPORT, dataset=_DATASET + "の依頼", count=len(ready),
           atena_numbers=[row.atena_number for row in ready], items=("R10 所得情報",),
           detail={"tax_year": tax_year})  # fmt: skip
    return len(ready)


def _record(row: PensionWithholding, division: str, stop_on: date | None = None) -> dict[str, Any]:
    amounts = [] if stop_on else [*row.main, *row.next_provisional, row.pension_tax]
    return {
        "pension_number": row.pension_number, "pension_code": row.pension_code,
        "birth_date": row.birth_date.isoformat(), "sex": row.sex, "kana": row.kana, "name": row.name,
        "address": row.address, "division": division, "event_on": stop_on.isoformat() if stop_on else "",
        "amounts": amounts,
    }  # fmt: skip


@one_case("年金特別徴収の停止")
def stop(*, withholding_id: int, reason: StopReason, stop_on: date, context: AccessContext) -> PensionExchange:
    """停止を通知する: one person; the unpaid rest goes to 普通徴収 once the payer has confirmed."""
    row = PensionWithholding.objects.select_for_update().filter(pk=withholding_id).first()
    if row is None or row.state != WithholdingState.ACCEPTED:
        raise Conflict("この方は年金から特別徴収されていません", code="not_withheld", hint="一覧を開き直してください。")
    return _stop([row], reason, stop_on, context)[0]


def _stop(
    rows: Sequence[PensionWithholding], reason: StopReason, stop_on: date, context: AccessContext
) -> list[PensionExchange]:
    made = []
    for payer in dict.fromkeys(row.payer_code for row in rows):
        own = [row for row in rows if row.payer_code == payer]
        file = waiting_file("41", own[0].tax_year, payer, [_record(row, str(reason), stop_on) for row in own], context)
        PensionWithholding.objects.filter(pk__in=[row.pk for row in own]).update(
            state=WithholdingState.STOPPING, stop=file, stop_reason=reason, stop_on=stop_on, moved_at=clock.now()
        )
        made.append(file)
    record(USING, context, act=Act.EXPORT, dataset=_DATASET + "の停止",
           atena_numbers=[row.atena_number for row in rows], items=("R10 所得情報",),
           detail={"reason": str(reason), "stop_on": stop_on})  # fmt: skip
    return made


@one_case("死亡・転出による停止")
def stop_gone(*, tax_year: int, context: AccessContext) -> int:
    """死亡・転出の停止: who died, and who moved out and whose last payment has come; gives how many were stopped."""
    rows = list(
        PensionWithholding.objects.select_for_update().filter(tax_year=tax_year, state=WithholdingState.ACCEPTED)
    )
    people = resident_view.by_numbers([row.atena_number for row in rows])
    today, done = clock.today(), 0
    grouped: dict[tuple[StopReason, date], list[PensionWithholding]] = {}
    for row in rows:
        person = people.get(row.atena_number)
        if person is None or person.removed_on is None or person.status == "1":
            continue
        died = person.status == resident_view.DEAD
        ends = withholding.ends_with_removal(person.removed_on, died)
        if died or (ends - today).days <= 62:
            grouped.setdefault((StopReason.DEATH if died else StopReason.MOVED, ends), []).append(row)
    for (reason, ends), own in grouped.items():
        _stop(own, reason, ends, context)
        done += len(own)
    return done


@one_case("年金特別徴収の照合")
def match(*, withholding_id: int, atena_number: str, context: AccessContext) -> PensionWithholding:
    """本人を決める: an officer names the resident whom the payers' record is about."""
    row = PensionWithholding.objects.select_for_update().filter(pk=withholding_id).first()
    if row is None or row.state != WithholdingState.UNMATCHED:
        raise Conflict("この記録はすでに照合されています", code="matched", hint="一覧を開き直してください。")
    person = resident_view.find(atena_number)
    if person is None:
        raise InputError("この宛名番号の方は見つかりません", field="atena_number", code="not_found",
                         hint="宛名番号を確かめてください。")  # fmt: skip
    if person.birth_date != row.birth_date:
        raise InputError("生年月日が対象者情報と違います", field="atena_number", code="inconsistent",
                         hint="別の方でないか確かめてください。")  # fmt: skip
    row.atena_number, row.state, row.reason, row.moved_at = atena_number, WithholdingState.CANDIDATE, "", clock.now()
    row.save()
    record(USING, context, act=Act.REGISTER, dataset=_DATASET + "の照合", atena_numbers=[atena_number])
    return row
