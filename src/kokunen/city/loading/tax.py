"""個人住民税に入れる: incomes and claims of three tax years in two times; published as `income`."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kokunen.city.loading.copying import Feed, Link, copy_frame
from kokunen.resident_tax.linkage import INCOME

SCHEMA = "resident_tax"
TABLES = ("income_record", "dependant_claim")
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

    def load(self, tables: dict[str, pl.DataFrame]) -> None:
        """一街区を入れる."""
        incomes = tables["incomes"].with_columns(state=pl.col("state").replace_strict(_STATES))
        stored = incomes.with_columns(pl.col(name).fill_null("") for name in _CODES)
        claims = tables["dependants"].with_columns(kind=pl.col("kind").replace_strict(_KINDS))
        self.rows += copy_frame(self.connection, SCHEMA, "income_record", _in_two_times(stored))
        self.rows += copy_frame(self.connection, SCHEMA, "dependant_claim", _in_two_times(claims))
        published = incomes.select("atena_number", *INCOME.column_names)
        changes = incomes.select(
            "atena_number",
            kind=pl.lit("register"),
            reason_code=pl.lit(None, dtype=pl.String),
            event_on=pl.date(pl.col("tax_year"), 6, 1),
        )
        self.rows += self.feed.publish(published, changes)


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
