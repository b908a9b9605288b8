"""年金事務所の名簿: what the terminal controller knows of the city's people, as a file in its own folder.

The 年金事務所 has its records from elsewhere (厚生年金, other cities); in the demo city they agree with what the city
knows, so that an officer who reads a record finds the person in front of her.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kokunen.config import environment

_APPROVED = "1"  # T7


@dataclass(slots=True)
class RecordsOfficeList:
    """名簿: one call a block; the file appears as a whole at the end. `rows` counts people."""

    rows: int = 0
    frames: list[pl.DataFrame] = field(default_factory=list)

    def load(self, tables: dict[str, pl.DataFrame]) -> None:
        """一街区を加える."""
        persons = (
            tables["persons"]
            .unique("atena_number", keep="last")
            .select("atena_number", "name", "kana", pl.col("birth_date").cast(pl.String), "sex")
        )
        frame = (
            tables["pension_persons"]
            .select("atena_number", "basic_pension_number")
            .join(persons, on="atena_number")
            .join(tables["numbers"].select("atena_number", "individual_number"), on="atena_number", how="left")
            .join(_periods(tables["qualification_periods"]), on="atena_number", how="left")
            .join(_exemptions(tables["exemption_periods"]), on="atena_number", how="left")
            .select(
                "basic_pension_number",
                "individual_number",
                "name",
                "kana",
                "birth_date",
                "sex",
                "periods",
                "exemptions",
            )
            .fill_null("")
        )
        self.frames.append(frame)
        self.rows += frame.height

    def finish(self) -> None:
        """名簿を置く."""
        folder = environment.data_dir() / "counterparts" / "terminal_controller"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = folder / f".people.{os.getpid()}"
        if self.frames:
            pl.concat(self.frames).write_csv(draft)
            draft.chmod(0o600)
            Path(draft).replace(folder / "people.csv")


def _periods(frame: pl.DataFrame) -> pl.DataFrame:
    """Insured months run from the month of 取得 to the month before that of 喪失 (国民年金法11条)."""
    last = pl.col("lost_on").dt.offset_by("-1mo").dt.strftime("%Y-%m").fill_null("")
    return _listed(frame.sort("acquired_on"), pl.col("acquired_on").dt.strftime("%Y-%m"), last, "periods")


def _exemptions(frame: pl.DataFrame) -> pl.DataFrame:
    last = pl.col("to_month").dt.strftime("%Y-%m").fill_null("")
    approved = frame.filter(pl.col("result") == _APPROVED).sort("from_month")
    return _listed(approved, pl.col("from_month").dt.strftime("%Y-%m"), last, "exemptions")


def _listed(frame: pl.DataFrame, first: pl.Expr, last: pl.Expr, name: str) -> pl.DataFrame:
    return frame.group_by("atena_number", maintain_order=True).agg(
        pl.concat_str("kind", first, last, separator=":").str.join(";").alias(name)
    )
