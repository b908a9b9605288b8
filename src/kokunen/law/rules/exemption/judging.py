"""免除の判定 (judging): applications to cycles, judged persons and months, all at once.

An application is judged cycle by cycle (法90条, 90条の2, 90条の3; 平成16年改正法附則19条). In a cycle every judged
person has one income; what changes between its months is which grounds (特例事由) hold, whether 納付猶予 is still open
and which months are paid. A cycle is therefore cut at those changes into pieces, each piece is judged once, and
neighbours with the same answer are joined again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from kokunen.law.engine.columns import Rule, Step
from kokunen.law.engine.months import month_of
from kokunen.law.engine.steps import Unit
from kokunen.law.parameters import entry_on
from kokunen.law.rules.exemption.facts import GROUND, INCOME_COLUMNS, Tables
from kokunen.law.rules.exemption.income import income_rule
from kokunen.law.rules.exemption.kinds import ORDER, PEOPLE, RANK, REJECTED, RESULTS, STUDENT, UNDETERMINED, Kind
from kokunen.law.rules.exemption.months import Scheme, cycle_start, latest_value

_RESULT = pl.Enum(RESULTS)
_col = pl.col
_APPLICATION = ("scheme", *(f"wishes.{kind}" for kind in ORDER))


@dataclass(frozen=True, slots=True)
class Judged:
    """判定の表.

    ``reach`` is one row an application; ``cycles`` one row an application and cycle (``cycle`` its place,
    ``judges.NAME`` who is looked at); ``persons`` for each name a table beside ``cycles``, row by row, with the income
    and its test; ``segments`` the months of each ``cycle`` with ``kind`` and the ground of each person.
    """

    reach: pl.DataFrame
    cycles: pl.DataFrame
    persons: Mapping[str, pl.DataFrame]
    segments: pl.DataFrame


def judge(tables: Tables) -> Judged:
    """申請を判定する; ``InputError`` (out_of_range) for a cycle before the limits that are known."""
    reach = reach_rule().evaluate(tables.applications)
    cycles = _cycles(reach)
    persons = {name: _person(cycles, name, tables.incomes) for name in PEOPLE}
    pieces = _pieces(cycles, tables)
    judged = _judge_pieces(cycles, persons, pieces)
    return Judged(reach, cycles, persons, _joined(judged) if _is_cut(pieces) else judged)


def _is_cut(pieces: pl.DataFrame) -> bool:
    """Whether any cycle is more than one piece."""
    return pieces.get_column("cycle").n_unique() < pieces.height


@cache
def reach_rule() -> Rule:
    """申請の届く月: 2年1か月前 to the end of the cycle in progress, and of these what is insured and wished."""
    ages = latest_value("insured_age")
    applied, born = _month("applied_on"), _month("birth") - (_col("birth").dt.day() == 1).cast(pl.Int64)
    window = "国民年金法施行規則第77条の2"
    insured = "国民年金法第7条第1項第1号"
    age = latest_value("deferral")["age"]
    return Rule(
        "reach of exemption applications",
        (
            Step("cycle_month", "免除年度の始まる月", Unit.MONTH, "国民年金法第90条第1項", _cycle_month()),
            Step(
                "earliest", "申請できる最初の月", Unit.YEAR_MONTH, window, applied - latest_value("application_window")
            ),
            Step("latest", "申請できる最後の月", Unit.YEAR_MONTH, window, _start(_cycle_year(applied) + 1) - 1),
            Step("deferral_last", "納付猶予のできる最後の月（年齢）", Unit.YEAR_MONTH, None, born + 12 * age - 1),
            Step(
                "first",
                "判定する最初の月",
                Unit.YEAR_MONTH,
                insured,
                pl.max_horizontal(
                    _col("earliest"), _col("insured_from").fill_null(born + 12 * ages["from"]), _col("from_month")
                ),
            ),
            Step(
                "last",
                "判定する最後の月",
                Unit.YEAR_MONTH,
                insured,
                pl.min_horizontal(
                    _col("latest"), _col("insured_to").fill_null(born + 12 * ages["until"] - 1), _col("to_month")
                ),
            ),
        ),
    )


def _month(day: str) -> pl.Expr:
    return _col(day).dt.year().cast(pl.Int64) * 12 + _col(day).dt.month().cast(pl.Int64) - 1


def _cycle_month() -> pl.Expr:
    starts = {str(scheme): cycle_start(0, scheme) for scheme in Scheme}
    return (
        pl.when(_col("scheme") == str(Scheme.STUDENT))
        .then(starts["student"])
        .otherwise(starts["general"])
        .cast(pl.Int64)
    )


def _cycle_year(month: pl.Expr) -> pl.Expr:
    return (month - _col("cycle_month")) // 12


def _start(year: pl.Expr) -> pl.Expr:
    return year * 12 + _col("cycle_month")


def _cycles(reach: pl.DataFrame) -> pl.DataFrame:
    """One row for each cycle that holds a month wished, insured and in reach."""
    years = pl.int_ranges(_cycle_year(_col("first")), _cycle_year(_col("last")) + 1)
    general = _col("scheme") == str(Scheme.GENERAL)
    cycles = (
        reach.filter(_col("first") <= _col("last"))
        .with_columns(cycle_year=years)
        .explode("cycle_year")
        .with_columns(_start(_col("cycle_year")).alias("start"))
        .with_columns(
            pl.max_horizontal("first", "start").alias("from"),
            pl.min_horizontal("last", _col("start") + 11).alias("to"),
            pl.date(_col("start") // 12, _col("start") % 12 + 1, 1).alias("cycle_day"),
            pl.lit(True).alias("judges.applicant"),
            (general & _col("has.spouse") & ~_col("dv_separated")).alias("judges.spouse"),
            (general & _col("has.householder")).alias("judges.householder"),
            pl.min_horizontal(_col("deferral_last"), pl.lit(_deferral_end())).alias("deferral_end"),
        )
        .with_row_index("cycle")
    )
    if cycles.height:
        first = cycles.get_column("cycle_day").min()
        assert isinstance(first, date)
        entry_on("exemption/income_limit", first)
    return cycles


def _deferral_end() -> int:
    return month_of(date.fromisoformat(latest_value("deferral")["last_day"]))


def _person(cycles: pl.DataFrame, name: str, incomes: pl.DataFrame) -> pl.DataFrame:
    """The income of one person in every cycle with its test; nothing is known of who is not judged."""
    key = (_col("application") * 10_000 + _col("income_year")).alias("key")
    wanted = cycles.select("cycle_day", (_col("application") * 10_000 + _col("cycle_year") - 1).alias("key"))
    own = incomes.filter(_col("person") == name).select(key, *list(INCOME_COLUMNS)[3:])
    found = wanted.join(own, on="key", how="left", maintain_order="left", validate="m:1").drop("key")
    return income_rule().evaluate(found)


def _pieces(cycles: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """The cycles cut where a ground, the deferral or a paid month begins or ends; paid months left out."""
    whole = cycles.select("cycle", _col("from").alias("first"))
    cuts = [_deferral_cuts(cycles)]
    grounds = _grounds(cycles, tables.grounds)
    if grounds.height:
        cuts += [grounds.select("cycle", "first", "from", "to"), _after(grounds, "last")]
    paid = tables.paid.join(cycles.select("cycle", "application", "from", "to"), on="application").filter(
        _col("month").is_between("from", "to")
    )
    if paid.height:
        cuts += [paid.select("cycle", _col("month").alias("first"), "from", "to"), _after(paid, "month")]
    inside = [cut.filter((_col("first") > _col("from")) & (_col("first") <= _col("to"))) for cut in cuts]
    added = [cut.select("cycle", "first") for cut in inside if cut.height]
    pieces = pl.concat([whole, *added]).unique().sort("cycle", "first") if added else whole
    ends = cycles.select("cycle", "to")
    pieces = pieces.join(ends, on="cycle", how="left", maintain_order="left").select(
        "cycle",
        "first",
        last=pl.when(_col("cycle").shift(-1) == _col("cycle")).then(_col("first").shift(-1) - 1).otherwise(_col("to")),
    )
    if paid.height:
        pieces = pieces.join(paid.select("cycle", first="month"), on=("cycle", "first"), how="anti")
    return _with_grounds(pieces.sort("cycle", "first") if added else pieces, grounds)


def _after(frame: pl.DataFrame, month: str) -> pl.DataFrame:
    return frame.select("cycle", (_col(month) + 1).alias("first"), "from", "to")


def _deferral_cuts(cycles: pl.DataFrame) -> pl.DataFrame:
    general = cycles.filter((_col("scheme") == str(Scheme.GENERAL)) & (_col("deferral_end") < _col("to")))
    return _after(general, "deferral_end")


def _grounds(cycles: pl.DataFrame, grounds: pl.DataFrame) -> pl.DataFrame:
    """The grounds of judged persons beside the cycles of their application."""
    judged = pl.any_horizontal((_col("person") == name) & _col(f"judges.{name}") for name in PEOPLE)
    reached = (_col("first") <= _col("to")) & (_col("last").is_null() | (_col("last") >= _col("from")))
    kept = cycles.select("cycle", "application", "from", "to", *(f"judges.{name}" for name in PEOPLE))
    return grounds.join(kept, on="application").filter(judged & reached)


def _with_grounds(pieces: pl.DataFrame, grounds: pl.DataFrame) -> pl.DataFrame:
    """``ground.NAME``: the first ground in list order that holds in the piece."""
    pieces = pieces.with_row_index("piece")
    for name in PEOPLE:
        own = grounds.filter(_col("person") == name)
        if own.is_empty():
            pieces = pieces.with_columns(pl.lit(None, dtype=GROUND).alias(f"ground.{name}"))
            continue
        held = (
            pieces.select("piece", "cycle", month="first")
            .join(own.select("cycle", "place", "kind", "first", "last"), on="cycle")
            .filter((_col("first") <= _col("month")) & (_col("last").is_null() | (_col("month") <= _col("last"))))
            .sort("piece", "place")
            .unique("piece", keep="first")
            .select("piece", _col("kind").alias(f"ground.{name}"))
        )
        pieces = pieces.join(held, on="piece", how="left", maintain_order="left")
    return pieces


def _judge_pieces(cycles: pl.DataFrame, persons: Mapping[str, pl.DataFrame], pieces: pl.DataFrame) -> pl.DataFrame:
    known = cycles.select("deferral_end", *_APPLICATION, *(f"judges.{name}" for name in PEOPLE)).hstack(
        [persons[name].get_column("rank").alias(f"rank.{name}") for name in PEOPLE]
    )
    if pieces.height != cycles.height or _is_cut(pieces):
        known = known[pieces.get_column("cycle")]
    facts = pieces.hstack(known)
    kept = ("cycle", "first", "last", "kind", *(f"ground.{name}" for name in PEOPLE))
    return result_rule().evaluate(facts, kept)


@cache
def result_rule() -> Rule:
    """結果の規則: the first kind in the order of the law that nobody fails for certain."""
    ways: list[Step] = []
    for name in PEOPLE:
        passes = ~_col(f"judges.{name}") | _col(f"ground.{name}").is_not_null()
        rank = pl.when(passes).then(0).otherwise(_col(f"rank.{name}")).cast(pl.Int8)
        ways.append(Step(f"must.{name}", "その人の順位", Unit.DAY, None, rank))
    everybody = [_col(f"must.{name}") for name in PEOPLE]
    couple = everybody[:2]
    return Rule(
        "result of exemption applications",
        (
            *ways,
            Step("all.rank", "全員の順位", Unit.DAY, None, pl.max_horizontal(everybody).fill_null(0)),
            Step("all.unknown", "所得のわからない人", Unit.BOOL, None, _any_unknown(everybody)),
            Step("couple.rank", "申請者と配偶者の順位", Unit.DAY, None, pl.max_horizontal(couple).fill_null(0)),
            Step("couple.unknown", "所得のわからない申請者・配偶者", Unit.BOOL, None, _any_unknown(couple)),
            Step("kind", "判定の結果", Unit.TEXT, "国民年金法第90条、第90条の2、第90条の3", _kind()),
        ),
    )


def _any_unknown(ranks: list[pl.Expr]) -> pl.Expr:
    return pl.any_horizontal(rank.is_null() for rank in ranks)


def _kind() -> pl.Expr:
    student = _col("scheme") == str(Scheme.STUDENT)
    found = pl.lit(REJECTED, dtype=_RESULT)
    for kind in reversed(ORDER):
        group = "couple" if kind is Kind.DEFERRAL else "all"
        open_kind = ~student & _col(f"wishes.{kind}") & (_col(f"{group}.rank") <= RANK[kind])
        if kind is Kind.DEFERRAL:
            open_kind &= _col("first") <= _col("deferral_end")
        found = pl.when(open_kind).then(_or_undetermined(group, kind)).otherwise(found)
    by_student = student & (_col("all.rank") <= RANK[Kind.HALF])
    return pl.when(by_student).then(_or_undetermined("all", STUDENT)).otherwise(found)


def _or_undetermined(group: str, kind: str) -> pl.Expr:
    unknown, known = pl.lit(UNDETERMINED, dtype=_RESULT), pl.lit(str(kind), dtype=_RESULT)
    return pl.when(_col(f"{group}.unknown")).then(unknown).otherwise(known)


def _joined(pieces: pl.DataFrame) -> pl.DataFrame:
    """Neighbouring pieces of equal kind and grounds are one segment."""
    same = (_col("cycle") == _col("cycle").shift()) & (_col("first") == _col("last").shift() + 1)
    for name in ("kind", *(f"ground.{name}" for name in PEOPLE)):
        same &= _col(name).eq_missing(_col(name).shift())
    kept = ("cycle", "kind", *(f"ground.{name}" for name in PEOPLE))
    return (
        pieces.with_columns(segment=(~same).fill_null(True).cum_sum())
        .group_by("segment", maintain_order=True)
        .agg(_col("first").first(), _col("last").last(), *(_col(name).first() for name in kept))
        .drop("segment")
    )
