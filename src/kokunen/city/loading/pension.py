"""国民年金に入れる: the roll, 基礎年金番号 and qualification periods in two times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from kokunen.city.frames import MOMENT
from kokunen.city.loading.copying import Link, copy_frame, day_range, moment_range

SCHEMA = "national_pension"
TABLES = (
    "insured_person",
    "pension_number",
    "qualification_period",
    "exemption_period",
    "additional_premium_period",
)
STAFF = "system:city"
_FAR = date(2200, 1, 1)
_MOVES = {"101": "01", "102": "01", "103": "01", "105": "01", "106": "01", "111": "04", "201": "02", "202": "02",
          "203": "02", "204": "02", "211": "05", "213": "07", "216": "07", "301": "03", "314": "09", "321": "08",
          "324": "10", "341": "08", "344": "08"}  # fmt: skip


@dataclass(slots=True)
class PensionLoader:
    """国民年金の登録: one call a block. ``cutover`` is the moment from which the office's knowledge is recorded."""

    connection: Link
    cutover: pl.Expr
    today: pl.Expr
    rows: int = 0

    def load(self, tables: dict[str, pl.DataFrame]) -> None:
        """一街区を入れる."""
        numbers = tables["pension_persons"]
        self._copy("insured_person", self._roll(tables["persons"], numbers))
        self._copy("pension_number", self._numbers(numbers))
        self._copy("qualification_period", self._periods(tables["qualification_periods"]))
        self._copy("exemption_period", self._exemptions(tables["exemption_periods"]))
        self._copy("additional_premium_period", self._additional(tables["additional_periods"]))

    def _copy(self, table: str, frame: pl.DataFrame) -> None:
        self.rows += copy_frame(self.connection, SCHEMA, table, frame)

    def _known(self, day: str, days_later: int) -> pl.Expr:
        """When the office learned of something: some days later, but within the time the register has been recorded."""
        at = pl.col(day).cast(pl.Datetime("us")).dt.replace_time_zone("Asia/Tokyo")
        moment = at + pl.duration(days=days_later, hours=10)
        return pl.min_horizontal(pl.max_horizontal(moment, self.cutover), self.today).cast(MOMENT)

    def _roll(self, persons: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
        last = persons.unique("atena_number", keep="last", maintain_order=True)
        roll = last.join(numbers.select("atena_number", "phone_number"), on="atena_number", how="inner")
        place = pl.concat_str("town", "lot")
        leaves = pl.col("event_code").is_in(["201", "202", "203", "204"]) & (pl.col("state") == "removed")
        return roll.select(
            day_range("became_resident_on", None).alias("valid_period"),
            moment_range("recorded_from", None).alias("recorded_period"),
            pl.lit(STAFF).alias("recorded_by"),
            pl.lit("データ移行").alias("recorded_reason"),
            "atena_number",
            "name",
            pl.col("kana").alias("name_kana"),
            pl.col("alias").fill_null("").alias("alias"),
            "birth_date",
            pl.lit("").alias("birth_text"),
            "sex",
            pl.col("relation").alias("relationship"),
            pl.col("phone_number").fill_null("").alias("phone"),
            "head_name",
            pl.col("became_resident_on"),
            pl.col("removed_on").alias("ceased_resident_on"),
            "postal_code",
            pl.when(pl.col("building") == "")
            .then(place)
            .otherwise(pl.concat_str(place, pl.lit("　"), "building"))
            .alias("address"),
            pl.when(leaves)
            .then(pl.col("destination").fill_null(""))
            .otherwise(pl.lit(""))
            .alias("destination_address"),
            pl.when(leaves).then(pl.col("removed_on")).alias("moved_out_on"),
            pl.col("event_code").replace_strict(_MOVES, default="06").alias("move_code"),
        )

    def _numbers(self, numbers: pl.DataFrame) -> pl.DataFrame:
        return numbers.with_columns(known=self._known("first_acquired_on", 20)).select(
            day_range("first_acquired_on", None).alias("valid_period"),
            moment_range("known", None).alias("recorded_period"),
            pl.lit(STAFF).alias("recorded_by"),
            pl.lit("データ移行").alias("recorded_reason"),
            "atena_number",
            pl.col("basic_pension_number").alias("number"),
            pl.lit("primary").alias("role"),
        )

    def _periods(self, periods: pl.DataFrame) -> pl.DataFrame:
        """A period that ended was first known without its end: two rows, unless both were known at the cutover."""
        next_kind = pl.when(pl.col("atena_number") == pl.col("atena_number").shift(-1)).then(pl.col("kind").shift(-1))
        ended = pl.col("lost_on").is_not_null()
        rows = periods.with_columns(
            acquired_by=pl.when(pl.col("kind") == "2")
            .then(pl.lit("21"))
            .when(pl.col("kind") == "3")
            .then(pl.lit("22"))
            .otherwise(pl.col("acquired_by").fill_null("99")),
            lost_by=pl.when(~ended)
            .then(pl.lit(""))
            .when(pl.col("lost_by").is_not_null())
            .then(pl.col("lost_by"))
            .when(next_kind == "2")
            .then(pl.lit("04"))
            .when(next_kind == "3")
            .then(pl.lit("06"))
            .otherwise(pl.lit("21")),
            known=self._known("acquired_on", 12),
            end_known=pl.when(ended).then(self._known("lost_on", 12)),
        )
        first = rows.filter(pl.col("end_known").is_null() | (pl.col("known") < pl.col("end_known"))).with_columns(
            until=pl.lit(None, dtype=pl.Date), why=pl.lit(""), known_to="end_known"
        )
        settled = rows.filter(ended).with_columns(
            until="lost_on", why="lost_by", known="end_known", known_to=pl.lit(None, dtype=MOMENT)
        )
        return pl.concat([first, settled.select(first.columns)]).select(
            day_range("acquired_on", "until").alias("valid_period"),
            moment_range("known", "known_to").alias("recorded_period"),
            pl.lit(STAFF).alias("recorded_by"),
            pl.lit("データ移行").alias("recorded_reason"),
            "atena_number",
            pl.col("kind").alias("insured_type"),
            pl.col("acquired_by").alias("acquisition_reason"),
            pl.col("why").alias("loss_reason"),
            pl.lit("load").alias("source"),
        )

    def _exemptions(self, periods: pl.DataFrame) -> pl.DataFrame:
        """What was granted (those still waiting have no months yet), each month with its strongest kind alone."""
        granted = one_kind_a_month(periods.filter(pl.col("result").is_in(["1", "2"])))
        return granted.with_columns(known=self._known("decided_on", 3)).select(
            day_range("begin", "until").alias("valid_period"),
            moment_range("known", None).alias("recorded_period"),
            pl.lit(STAFF).alias("recorded_by"),
            pl.lit("データ移行").alias("recorded_reason"),
            "atena_number",
            "kind",
            "special_ground",
            "applied_on",
            "decided_on",
            "continue_wished",
            pl.col("school").fill_null("").alias("school"),
            pl.when(pl.col("until").is_null()).then(pl.lit("")).otherwise(pl.lit("1")).alias("end_reason"),
        )

    def _additional(self, periods: pl.DataFrame) -> pl.DataFrame:
        """付加: from the month of the 申出; a period left before it began has no month."""
        months = periods.with_columns(until=pl.col("to_month").dt.offset_by("1mo"))
        kept = months.filter(pl.col("until").is_null() | (pl.col("until") > pl.col("from_month")))
        return kept.with_columns(known=self._known("joined_on", 12)).select(
            day_range("from_month", "until").alias("valid_period"),
            moment_range("known", None).alias("recorded_period"),
            pl.lit(STAFF).alias("recorded_by"),
            pl.lit("データ移行").alias("recorded_reason"),
            "atena_number",
            "division",
            "joined_on",
            "left_on",
        )


_STRENGTH = {"50": 0, "51": 1, "52": 1, "10": 2, "11": 2, "12": 2}
"""適用の順 (法88条の2、88条の3、89条、90条ほか)."""


def one_kind_a_month(periods: pl.DataFrame) -> pl.DataFrame:
    """月ごとに一つの種類: overlapping rows are cut, the stronger kind keeps the month; an empty ``until`` goes on."""
    strength = pl.col("kind").replace_strict(_STRENGTH, default=3, return_dtype=pl.Int8)
    rows = periods.with_columns(
        strength=strength, begin=pl.col("from_month"), until=pl.col("to_month").dt.offset_by("1mo")
    ).with_row_index("row")
    far = pl.lit(_FAR)
    cuts = pl.concat(
        [rows.select("atena_number", cut="begin"), rows.select("atena_number", cut=pl.col("until").fill_null(far))]
    ).unique()
    pieces = (
        rows.join(cuts, on="atena_number")
        .filter((pl.col("cut") >= pl.col("begin")) & (pl.col("cut") < pl.col("until").fill_null(far)))
        .sort("atena_number", "cut", "strength", "row")
        .unique(["atena_number", "cut"], keep="first", maintain_order=True)
    )
    ends = cuts.sort("atena_number", "cut").with_columns(
        end=pl.col("cut").shift(-1).over("atena_number", order_by="cut")
    )
    cut = pieces.join(ends, on=["atena_number", "cut"], how="left", maintain_order="left")
    joined = (
        cut.sort("row", "cut")
        .with_columns(
            new=((pl.col("row") != pl.col("row").shift()) | (pl.col("cut") != pl.col("end").shift()))
            .fill_null(True)
            .cum_sum()
        )
        .group_by("new", maintain_order=True)
        .agg(pl.col("cut").first(), pl.col("end").last(), pl.exclude("cut", "end", "new").first())
    )
    until = pl.when(pl.col("end") < far).then(pl.col("end"))
    return joined.with_columns(begin="cut", until=until).drop("cut", "end", "new", "row", "strength")
