"""列の部品: days, moments and names as Polars columns."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kokunen.city.days import NEVER
from kokunen.city.randomness import Bools, Ints
from kokunen.city.reference import Reference

SPACE_IN_SORT_KEY = (" ", "0", "2")
"""What the space between 氏 and 名 adds to each level of the sort key (:func:`kokunen.kernel.names.kana_sort_key`)."""
MOMENT = pl.Datetime("us", time_zone="Asia/Tokyo")


def dates(days: Ints) -> pl.Series:
    """日付の列: NEVER (either sign) becomes null."""
    known = np.abs(days) < NEVER
    return _masked(pl.Series(np.where(known, days, 0).astype(np.int32)), known).cast(pl.Date)


def moments(seconds: Ints) -> pl.Series:
    """時刻の列: seconds since 1970 (UTC) as times of Asia/Tokyo."""
    return pl.Series(seconds * 1_000_000).cast(pl.Datetime("us", time_zone="UTC")).dt.convert_time_zone("Asia/Tokyo")


def _masked(values: pl.Series, known: Bools) -> pl.Series:
    return values if known.all() else values.set(pl.Series(~known), None)


def gathered(values: pl.Series, rows: Ints) -> pl.Series:
    """行の取り出し: null where the row number is negative."""
    if not rows.size or not len(values):
        return pl.Series([None] * rows.size, dtype=values.dtype)
    return _masked(values.gather(np.maximum(rows, 0)), rows >= 0)


def chosen(condition: Bools, yes: pl.Series, no: pl.Series) -> pl.Series:
    """条件の列: ``yes`` where the condition holds, else ``no``."""
    return yes.zip_with(pl.Series(condition), no)


def nothing(size: int, kind: type[pl.DataType] = pl.String) -> pl.Series:
    return pl.Series([None], dtype=kind).new_from_index(0, size)


def constant(value: str, size: int) -> pl.Series:
    return pl.Series([value], dtype=pl.String).new_from_index(0, size)


def name_columns(reference: Reference, family: Ints, given: Ints, foreign: Bools) -> dict[str, pl.Series]:
    """氏名の列: name, kana and keys of (family, given) word numbers. Keys are put together from the words' own."""
    families, givens = reference.families, reference.givens
    family_text, given_text = families.text.gather(family), givens.text.gather(given)
    family_kana, given_kana = families.kana.gather(family), givens.kana.gather(given)
    separator = chosen(foreign, constant(" ", family.size), constant("\u3000", family.size))
    key = families.key.gather(family) + chosen(
        families.ends_in_o[family], givens.key_after_o.gather(given), givens.key.gather(given)
    )
    alternate = families.alternate.gather(family) + chosen(
        families.alternate_ends_in_o[family], givens.alternate_after_o.gather(given), givens.alternate.gather(given)
    )
    kana = family_kana + "\u3000" + given_kana
    plain, voicing, size = (
        one.gather(family) + space + other.gather(given)
        for one, space, other in zip(families.sort, SPACE_IN_SORT_KEY, givens.sort, strict=True)
    )
    kanji = families.kanji.gather(family) + givens.kanji.gather(given)
    kanji_variant = families.kanji_variant.gather(family) + givens.kanji_variant.gather(given)
    return {
        "name": family_text + separator + given_text,
        "family_name": family_text,
        "given_name": given_text,
        "kana": kana,
        "family_kana": family_kana,
        "given_kana": given_kana,
        "kanji_name": chosen(foreign & (kanji != "").to_numpy(), kanji, nothing(family.size)),
        "kana_key": key,
        "kana_alt_key": alternate,
        "name_key": families.variant.gather(family) + givens.variant.gather(given),
        "kanji_name_key": chosen(foreign & (kanji != "").to_numpy(), kanji_variant, nothing(family.size)),
        "kana_sort": plain + "  " + voicing + " " + size,
    }


def intervals_end(owner: Ints, begin: Ints) -> NDArray[np.int64]:
    """終わりの列: each row ends where the next row of the same owner begins; NEVER for the last (rows in order)."""
    end = np.full(begin.size, NEVER, dtype=np.int64)
    same = owner[1:] == owner[:-1]
    end[:-1] = np.where(same, begin[1:], NEVER)
    return end
