"""個人住民税に入れる: incomes and claims of three tax years in two times; published as `income`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from kokunen.city.loading.copying import Feed, Link, copy_frame
from kokunen.resident_tax.linkage import INCOME

SCHEMA = "resident_tax"
TABLES = ("income_record", "dependant_claim", "tax_document", "withholding_agent")
_DOCUMENT_YEAR = 2026
_EMPLOYERS = 300
_STATES = {"taxed": "1", "flat_only": "2", "exempt": "3", "undeclared": "4"}
_KINDS = {"spouse": "01", "elderly_spouse": "02", "under_16": "11", "age_16_to_18": "12", "general": "13",
          "specific": "14", "elderly": "15"}  # fmt: skip
_CODES = ("spouse_kind", "own_disability", "widow_kind", "single_parent_kind", "working_student", "widow_special")


@dataclass(slots=True)
class TaxLoader:
    """個人住民税の登録: one call a block."""

    connection: Link
    feed: Feed
    rows: int = 0
    pensioners: list[pl.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        """The made-up employers come first, once."""
        self.rows += copy_frame(self.connection, SCHEMA, "withholding_agent", employers())

    def load(self, tables: dict[str, pl.DataFrame]) -> None:
        """一街区を入れる."""
        incomes = tables["incomes"].with_columns(state=pl.col("state").replace_strict(_STATES))
        stored = incomes.with_columns(pl.col(name).fill_null("") for name in _CODES)
        claims = tables["dependants"].with_columns(kind=pl.col("kind").replace_strict(_KINDS))
        self.rows += copy_frame(self.connection, SCHEMA, "income_record", _in_two_times(stored))
        self.rows += copy_frame(self.connection, SCHEMA, "dependant_claim", _in_two_times(claims))
        self.rows += copy_frame(self.connection, SCHEMA, "tax_document", documents(incomes))
        self.pensioners.append(pensioners(tables))
        published = incomes.select("atena_number", *INCOME.column_names)
        changes = incomes.select(
            "atena_number",
            kind=pl.lit("register"),
            reason_code=pl.lit(None, dtype=pl.String),
            event_on=pl.date(pl.col("tax_year"), 6, 1),
        )
        self.rows += self.feed.publish(published, changes)

    def lay_out(self, data: Path) -> None:
        """年金保険者の名簿: what the payers behind eLTAX know, in the folder of that party."""
        folder = data / "counterparts" / "eltax"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = folder / "people.csv"
        pl.concat(self.pensioners).write_csv(place)
        place.chmod(0o600)


_BORN_UNTIL = date(_DOCUMENT_YEAR - 65, 4, 2)
_CARE_PREMIUM = 72_000


def pensioners(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """年金受給者: residents of 65 on 1 April of the newest year with a pension, as their payer has them."""
    living = tables["persons"].unique("atena_number", keep="last", maintain_order=True)
    living = living.filter((pl.col("state") == "current") & (pl.col("birth_date") <= _BORN_UNTIL))
    pension = pl.col("public_pension_receipts")
    incomes = tables["incomes"].filter((pl.col("tax_year") == _DOCUMENT_YEAR) & (pension > 0))
    made_up = (pl.col("atena_number").hash(7) % 9_000_000_000 + 1_000_000_000).cast(pl.String)
    return living.join(incomes.select("atena_number", pension=pension), on="atena_number").select(
        payer=pl.lit("001"), pension_number=made_up, pension_code=pl.lit("1150"), birth_date="birth_date", sex="sex",
        kana="kana", name="name", postal=pl.lit(""), address=pl.concat_str("town", "lot", ignore_nulls=True),
        pension="pension", care_premium=pl.lit(_CARE_PREMIUM),
    )  # fmt: skip


def employers() -> pl.DataFrame:
    """特別徴収義務者: made-up employers to whom the salaries of the city are given out."""
    return pl.DataFrame({"number": [f"{1_000_001 + index}" for index in range(_EMPLOYERS)]}).with_columns(
        name=pl.format("模擬事業所第{}号", pl.col("number")), address=pl.lit("")
    )


def documents(incomes: pl.DataFrame) -> pl.DataFrame:
    """課税資料 of the newest year: what payers and taxpayers would have sent in, from the incomes of the city."""
    known = incomes.filter((pl.col("tax_year") == _DOCUMENT_YEAR) & (pl.col("state") != _STATES["undeclared"]))
    business = pl.col("business_income") > 0
    salary, pension = pl.col("salary_receipts") > 0, pl.col("public_pension_receipts") > 0
    figures = {
        "salary_receipts": "salary_receipts",
        "pension_receipts": "public_pension_receipts",
        "business_income": "business_income",
        "social_insurance": "social_insurance_deduction",
        "small_enterprise_mutual_aid": "mutual_aid_deduction",
        "casualty_disaster_expense": "casualty_deduction",
        "loss_carried_forward": "net_loss",
    }
    kinds = (
        ("21", business, tuple(figures)),
        ("11", ~business & salary, ("salary_receipts", "social_insurance", "small_enterprise_mutual_aid")),
        ("12", ~business & pension & ~salary, ("pension_receipts", "social_insurance")),
        ("12", ~business & pension & salary, ("pension_receipts",)),
        ("22", ~business & ~pension & ~salary & (pl.col("state") != _STATES["undeclared"]), ("social_insurance",)),
    )
    own = pl.struct(
        pl.col("own_disability").replace_strict({"0": "none", "1": "general", "2": "special"}).alias("disability"),
        (pl.col("widow_kind") == "1").alias("widow"),
        pl.when(pl.col("single_parent_kind") == "1").then(pl.lit("mother")).otherwise(pl.lit("none"))
        .alias("single_parent"),
        (pl.col("working_student") == "1").alias("working_student"),
    )  # fmt: skip
    pieces = [
        known.filter(which).select(
            "atena_number",
            kind=pl.lit(kind),
            figures=pl.struct(
                *(pl.col(figures[name]).alias(name) for name in names), own.struct.unnest()
            ).struct.json_encode(),
        )
        for kind, which, names in kinds
    ]
    rows = pl.concat(pieces)
    salaried = pl.col("kind") == "11"
    payer = 1_000_001 + pl.col("atena_number").hash(1) % _EMPLOYERS
    return rows.with_columns(
        tax_year=pl.lit(_DOCUMENT_YEAR),
        payer_number=pl.when(salaried).then(payer.cast(pl.String)).otherwise(pl.lit("")),
        main=salaried,
        retired=pl.lit(False),
        includes_previous=pl.lit(False),
        withdrawn=pl.lit(False),
        received_on=pl.date(_DOCUMENT_YEAR, 1, 31),
        entered_at=pl.lit("2026-02-10 09:00:00+09"),
        entered_by=pl.lit("system:city"),
        fingerprint=pl.format("city:{}:{}", pl.col("kind"), pl.col("atena_number")),
    )


def _in_two_times(rows: pl.DataFrame) -> pl.DataFrame:
    """A tax year serves from 1 June to 31 May; its figures were fixed in the middle of May (地方税法321条の4)."""
    year = pl.col("tax_year").cast(pl.String)
    following = (pl.col("tax_year") + 1).cast(pl.String)
    return rows.with_columns(
        valid_period=pl.format("[{}-06-01,{}-06-01)", year, following),
        recorded_period=pl.format("[{}-05-15 18:00:00+09,)", year),
        recorded_by=pl.lit("system:city"),
        recorded_reason=pl.lit("データ移行"),
    )
