"""名寄せの測定の材料: the records of a generated city, and who is whom."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokunen.city.city import City

TODAY = date(2026, 11, 24)


def city_rows(residents: int, seed: int = 7) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(records as the matching takes them, planted duplicates). A former resident who went on is one record."""
    records, truths = [], []
    for block in City(residents, seed, TODAY).each_block():
        tables = block.tables
        persons = tables["persons"].unique("atena_number", keep="last", maintain_order=True)
        inside = persons.select(
            "atena_number", "name_key", "kana_key", "name", "birth_date", "sex", outside=pl.lit(False),
            name_kana=pl.col("kana").fill_null(""), former_kana=pl.col("former_family_kana").fill_null(""),
            address=pl.col("address").fill_null(""), previous_address=pl.col("previous_address").fill_null(""),
        )  # fmt: skip
        outside = tables["nonresidents"].select(
            "atena_number", "name_key", "kana_key", "name", "birth_date", "sex", outside=pl.lit(True),
            name_kana="kana", former_kana=pl.lit(""), address=pl.col("address").fill_null(""),
            previous_address=pl.lit(""),
        )  # fmt: skip
        rows = pl.concat([outside, inside.join(outside, on="atena_number", how="anti")])
        numbers = tables["numbers"].select("atena_number", number_token="individual_number")
        records.append(rows.join(numbers, on="atena_number", how="left"))
        truths.append(block.truth["planted_duplicates"])
    return pl.concat(records), pl.concat(truths)


def score(rows: pl.DataFrame, judged: pl.DataFrame, truth: pl.DataFrame, line: float) -> tuple[float, float, int]:
    """(precision, recall, proposals) of the pairs at or above the review line."""
    numbers = rows["atena_number"]
    above = judged.filter(pl.col("probability") >= line)
    proposed = pl.DataFrame({"a": numbers.gather(above["left"]), "b": numbers.gather(above["right"])})
    found = _ordered(proposed, "a", "b").unique()
    right = _ordered(truth, "atena_number", "same_as_atena_number").unique()
    hit = found.join(right, on=["x", "y"], how="inner").height
    return hit / max(1, found.height), hit / max(1, right.height), found.height


def _ordered(frame: pl.DataFrame, a: str, b: str) -> pl.DataFrame:
    return frame.select(x=pl.min_horizontal(a, b), y=pl.max_horizontal(a, b))
