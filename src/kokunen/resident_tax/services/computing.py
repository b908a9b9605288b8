"""税額の計算: facts of people and relatives become decisions; the law does the work, here only the columns are named.

People without separately taxed incomes and those with go through the law apart, so that the few do not slow the many.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson
import polars as pl

from kokunen.law.engine.steps import Explained
from kokunen.law.parameters import value_on
from kokunen.law.rules import instalments, resident_tax
from kokunen.law.rules.instalments import spread
from kokunen.law.rules.resident_tax import FACTS, RELATIVE_FACTS, SEPARATE_FACTS
from kokunen.resident_tax.choices import CollectionMethod, TaxState

STATES = {
    "taxed": TaxState.TAXED,
    "income_levy_exempt": TaxState.FLAT_ONLY,
    "all_exempt": TaxState.EXEMPT,
    "unknown": TaxState.UNDECLARED,
}
METHODS = {CollectionMethod.ORDINARY: "ordinary", CollectionMethod.SALARY: "salary"}
_SEPARATE = tuple(fact.name for fact in SEPARATE_FACTS)
_KEPT = (
    "person", "exemption", "salary_receipts", "salary_income", "pension_receipts", "pension_income",
    "business_income", "total_income", "total_income_after_carryforward", "loss_carried_forward", "taxable_income",
    "deductions.casualty", "deductions.medical", "deductions.social_insurance",
    "deductions.small_enterprise_mutual_aid", "deductions.spouse_special", "deductions.specified_relative",
    "disability", "widow_holds", "single_parent_holds", "working_student_holds", "spouse_in_livelihood",
    "spouse_elderly", "spouse_disability", "city_tax", "prefecture_tax", "forest_environment_tax", "total_tax",
)  # fmt: skip


def assess(people: pl.DataFrame, relatives: pl.DataFrame, tax_year: int) -> pl.DataFrame:
    """税額: one row a person in the order of ``people``, the columns that decisions and 所得情報 need."""
    facts = [fact.name for fact in FACTS if fact.name in people.columns]
    separate = [name for name in _SEPARATE if name in people.columns]
    has = pl.any_horizontal(*(pl.col(name).fill_null(0) != 0 for name in separate)) if separate else pl.lit(False)
    few, many = people.filter(has), people.filter(~has)
    pieces = []
    for part, columns in ((many, facts), (few, [*facts, *separate])):
        if part.height:
            own = relatives.join(part.select("person"), on="person", how="semi")
            found = resident_tax.assess(part.select("person", *columns), own, tax_year, _KEPT)
            pieces.append(found)
    assessed = pl.concat(pieces) if pieces else pl.DataFrame(schema={"person": pl.String})
    counted = _family_counts(relatives, tax_year)
    return (
        people.select("person", "employer")
        .join(assessed, on="person", how="left", maintain_order="left")
        .join(counted, on="person", how="left", maintain_order="left")
    )


_COUNTS = ("general", "elderly", "specific", "young", "from_16_to_18", "disabled", "special_disabled")


def _family_counts(relatives: pl.DataFrame, tax_year: int) -> pl.DataFrame:
    """扶養の人数 by kind, as 所得情報 has them; 一般 counts the ages 16 to 18 too."""
    judged = resident_tax.assess_relatives(relatives, tax_year)
    young_adult = pl.col("birth_date") > resident_tax.TaxYear(tax_year).born_until(19)
    kind = pl.col("kind")
    return judged.group_by("person").agg(
        (kind == "general").sum().alias("general"),
        kind.is_in(["elderly", "elderly_parent"]).sum().alias("elderly"),
        (kind == "specific").sum().alias("specific"),
        (kind == "young").sum().alias("young"),
        ((kind == "general") & young_adult).sum().alias("from_16_to_18"),
        (pl.col("relative") & (pl.col("disability") == "general")).sum().alias("disabled"),
        (pl.col("relative") & (pl.col("disability") == "special")).sum().alias("special_disabled"),
    )


def decisions(people: pl.DataFrame, assessed: pl.DataFrame, inputs: pl.Series, tax_year: int) -> pl.DataFrame:
    """賦課決定の行: state, method, amounts, instalments (text of an array), inputs and their hash."""
    known = pl.col("state") != TaxState.UNDECLARED
    frame = assessed.select(
        pl.col("person").alias("atena_number"),
        pl.col("exemption").cast(pl.String).replace_strict(STATES).alias("state"),
        pl.when(pl.col("employer") != "")
        .then(pl.lit(str(CollectionMethod.SALARY)))
        .otherwise(pl.lit(str(CollectionMethod.ORDINARY)))
        .alias("method"),
        pl.col("employer").alias("payer_number"),
        "total_income",
        "taxable_income",
        "city_tax",
        "prefecture_tax",
        pl.col("forest_environment_tax").alias("forest_tax"),
        "total_tax",
    ).with_columns(inputs=inputs, inputs_hash=inputs.map_elements(hash_of, return_dtype=pl.String))
    amounts = ("total_income", "taxable_income", "city_tax", "prefecture_tax", "forest_tax", "total_tax")
    frame = frame.with_columns(pl.when(known).then(pl.col(name)).alias(name) for name in amounts)
    return frame.with_columns(_instalments(frame, tax_year).alias("instalments"))


def _instalments(frame: pl.DataFrame, tax_year: int) -> pl.Series:
    parts = {}
    totals = frame.select(pl.col("total_tax").fill_null(0).alias("total"))
    for code, method in METHODS.items():
        names = spread.columns(method)
        spreaded = instalments.evaluate(spread.first_rule(method, tax_year), totals, names)
        parts[code] = spreaded.select(
            pl.format("{{{}}}", pl.concat_str([pl.col(name).cast(pl.String) for name in names], separator=","))
        ).to_series()
    salary = frame.get_column("method") == CollectionMethod.SALARY
    chosen = parts[CollectionMethod.SALARY].zip_with(salary, parts[CollectionMethod.ORDINARY])
    owes = (frame.get_column("total_tax").fill_null(0) > 0).alias("owes")
    return chosen.zip_with(owes, pl.Series(["{}"]).new_from_index(0, frame.height))


def income_rows(assessed: pl.DataFrame, tax_year: int) -> pl.DataFrame:
    """所得情報の行: the items of 別添1 from the figures of the tax; a person under 未申告 has none.

    控除の合計額 is the sum of the pension tests (国民年金法施行令6条の11, 6条の12), not that of this tax.
    """
    fixed = value_on("exemption/fixed_deduction", date(tax_year, 7, 1))
    state = pl.col("exemption").cast(pl.String).replace_strict(STATES)

    def number(name: str) -> pl.Expr:
        return pl.col(name).fill_null(0).cast(pl.Int64)

    def flag(name: str) -> pl.Expr:
        return pl.col(name).fill_null(False)

    spouse, spouse_kind = flag("spouse_in_livelihood"), pl.col("spouse_disability").cast(pl.String)
    disabled = number("disabled") + (spouse & (spouse_kind == "general")).cast(pl.Int64)
    special = number("special_disabled") + (spouse & (spouse_kind == "special")).cast(pl.Int64)
    own = pl.col("disability").cast(pl.String)
    added = pl.sum_horizontal(
        number("deductions.casualty"), number("deductions.medical"), number("deductions.social_insurance"),
        number("deductions.small_enterprise_mutual_aid"), number("deductions.spouse_special"),
        number("deductions.specified_relative"), disabled * fixed["disabled"], special * fixed["special_disabled"],
        (own == "general").cast(pl.Int64) * fixed["disabled"],
        (own == "special").cast(pl.Int64) * fixed["special_disabled"],
        flag("widow_holds").cast(pl.Int64) * fixed["widow"],
        flag("single_parent_holds").cast(pl.Int64) * fixed["single_parent"],
        flag("working_student_holds").cast(pl.Int64) * fixed["working_student"],
    )  # fmt: skip
    over = pl.col("total_income") > 10_000_000
    kind = (
        pl.when(~spouse).then(pl.lit("0")).when(over).then(pl.lit("3"))
        .when(flag("spouse_elderly")).then(pl.lit("2")).otherwise(pl.lit("1"))
    )  # fmt: skip
    rows = assessed.select(
        pl.col("person").alias("atena_number"),
        state.alias("state"),
        salary_receipts=number("salary_receipts"),
        salary_income=number("salary_income"),
        public_pension_receipts=number("pension_receipts"),
        public_pension_income=number("pension_income"),
        business_income=number("business_income"),
        total_income=number("total_income"),
        general_dependants=number("general"),
        elderly_dependants=number("elderly"),
        specific_dependants=number("specific"),
        young_dependants=number("young"),
        dependants_16_to_18=number("from_16_to_18"),
        disabled_dependants=disabled,
        special_disabled_dependants=special,
        deduction_total=added,
        income_after_deduction=(
            number("total_income") - number("loss_carried_forward") - added
        ).clip(lower_bound=0),
        net_loss=number("loss_carried_forward"),
        casualty_deduction=number("deductions.casualty"),
        medical_deduction=number("deductions.medical"),
        social_insurance_deduction=number("deductions.social_insurance"),
        mutual_aid_deduction=number("deductions.small_enterprise_mutual_aid"),
        spouse_special_deduction=number("deductions.spouse_special"),
        specific_relative_deduction=number("deductions.specified_relative"),
        spouse_kind=kind,
        own_disability=own.replace_strict({"none": "0", "general": "1", "special": "2"}),
        widow_kind=pl.when(flag("single_parent_holds")).then(pl.lit("2"))
        .when(flag("widow_holds")).then(pl.lit("1")).otherwise(pl.lit("0")),
        single_parent_kind=flag("single_parent_holds").cast(pl.Int64).cast(pl.String),
        working_student=flag("working_student_holds").cast(pl.Int64).cast(pl.String),
        widow_special=pl.lit("0"),
    )  # fmt: skip
    known = pl.col("state") != TaxState.UNDECLARED
    others = [name for name in rows.columns if name not in ("atena_number", "state")]
    return rows.with_columns(pl.when(known).then(pl.col(name)).alias(name) for name in others)


def inputs_of(people: pl.DataFrame, relatives: pl.DataFrame) -> pl.Series:
    """計算の基礎 as JSON text: facts that are stated, relatives, documents, employer; the same facts, the same text."""
    families: dict[str, list[dict[str, Any]]] = {}
    for row in relatives.sort("person", "birth_date").iter_rows(named=True):
        families.setdefault(row.pop("person"), []).append(row)
    defaults = {fact.name: fact.default for fact in (*FACTS, *SEPARATE_FACTS)}
    names = [name for name in people.columns if name in defaults]
    texts = []
    for row in people.select("person", "documents", "employer", *names).iter_rows(named=True):
        facts = {name: row[name] for name in names if row[name] is not None and row[name] != defaults[name]}
        texts.append(
            orjson.dumps(
                {
                    "facts": facts,
                    "relatives": families.get(row["person"], []),
                    "documents": row["documents"],
                    "employer": row["employer"],
                },
                option=orjson.OPT_SORT_KEYS,
            ).decode()
        )
    return pl.Series("inputs", texts, dtype=pl.String)


def hash_of(inputs: str) -> str:
    """計算の基礎の要約値."""
    return hashlib.sha256(inputs.encode()).hexdigest()


def frames_of(atena_number: str, inputs: Mapping[str, Any]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """計算の基礎から表へ: the frames of one person, back from the stored inputs."""
    facts = {fact.name: fact for fact in (*FACTS, *SEPARATE_FACTS)}
    columns: dict[str, pl.Series] = {
        "person": pl.Series([atena_number]),
        "documents": pl.Series([list(inputs.get("documents", []))], dtype=pl.List(pl.Int64)),
        "employer": pl.Series([inputs.get("employer", "")]),
    }
    for name, value in inputs["facts"].items():
        columns[name] = _series(name, [value], facts[name].kind)
    kinds = {fact.name: fact.kind for fact in RELATIVE_FACTS}
    rows: Sequence[Mapping[str, Any]] = inputs.get("relatives", [])
    relatives = pl.DataFrame(
        {"person": pl.Series([atena_number] * len(rows), dtype=pl.String)}
        | {name: _series(name, [row.get(name) for row in rows], kind) for name, kind in kinds.items()}
    )
    return pl.DataFrame(columns), relatives


def _series(name: str, values: Sequence[Any], kind: Any) -> pl.Series:
    if kind is pl.Date:
        return pl.Series(name, [date.fromisoformat(v) if isinstance(v, str) else v for v in values], dtype=pl.Date)
    return pl.Series(name, list(values), dtype=kind)


def explain(atena_number: str, inputs: Mapping[str, Any], tax_year: int) -> list[Explained]:
    """なぜ: the stated facts and every step of the law, from the stored inputs."""
    people, relatives = frames_of(atena_number, inputs)
    known = [name for name in people.columns if name not in ("documents", "employer")]
    own = relatives if relatives.height else None
    assessed = resident_tax.assess(people.select(known), own, tax_year)
    return resident_tax.explain(assessed, tax_year)
