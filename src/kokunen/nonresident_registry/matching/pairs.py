"""候補の組: keys of every record, and the pairs that share a block (records outside the register on the left)."""

from __future__ import annotations

import polars as pl

#: 一つのブロックの上限: a block with more people than this says nothing about anybody.
LARGEST_BLOCK = 400

COLUMNS = ("atena_number", "outside", "name_key", "kana_key", "name", "name_kana", "former_kana", "birth_date", "sex",
           "number_token", "address", "previous_address")  # fmt: skip


def people(rows: pl.DataFrame) -> pl.DataFrame:
    """記録の鍵: one row a record with `COLUMNS` → the same with given name, former key and row number.

    `name`, `name_kana`: with a full-width blank between 氏 and 名. `former_kana`: kana of 旧氏, empty when none.
    `address`, `previous_address`: where the person lives and lived before, empty when not known.
    """
    given_kana = pl.col("name_kana").str.split("　").list.get(1, null_on_oob=True)
    given = pl.col("name").str.split("　").list.get(1, null_on_oob=True)
    return rows.with_row_index("row").with_columns(
        given_kana=given_kana.fill_null(""),
        given=given.fill_null(""),
        family_kana=pl.col("name_kana").str.split("　").list.get(0).fill_null(""),
        year=pl.col("birth_date").dt.year(),
    )


def candidates(rows: pl.DataFrame) -> pl.DataFrame:
    """候補の組: (left, right) row numbers, left < right, at least one of the two outside the register."""
    found = [_block(rows, keys) for keys in (["birth_date", "sex"], ["kana_key", "year"], ["name_key", "year"],
                                             ["number_token"])]  # fmt: skip
    found.append(_former(rows))
    pairs = pl.concat(found).unique()
    return pairs.sort("left", "right")


def _block(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    usable = rows.filter(pl.all_horizontal(pl.col(key).is_not_null() for key in keys))
    for key in keys:
        if usable.schema[key] == pl.String:
            usable = usable.filter(pl.col(key) != "")
    usable = usable.select("row", "outside", *keys).filter(pl.len().over(keys) <= LARGEST_BLOCK)
    return _joined(usable.filter("outside"), usable, keys, keys)


def _former(rows: pl.DataFrame) -> pl.DataFrame:
    """旧氏: somebody's former family name with the given name is somebody else's present name."""
    former = rows.filter(pl.col("former_kana") != "").select(
        "row", "outside", "given_kana", "year", family_kana="former_kana"
    )
    now = rows.select("row", "outside", "family_kana", "given_kana", "year")
    keys = ["family_kana", "given_kana", "year"]
    return _joined(former, now, keys, keys)


def _joined(left: pl.DataFrame, right: pl.DataFrame, left_on: list[str], right_on: list[str]) -> pl.DataFrame:
    both = left.join(right, left_on=left_on, right_on=right_on, how="inner", suffix="_other").filter(
        (pl.col("row") != pl.col("row_other")) & (pl.col("outside") | pl.col("outside_other"))
    )
    return both.select(left=pl.min_horizontal("row", "row_other"), right=pl.max_horizontal("row", "row_other")).unique()
