"""二つの時間の行: the rows left behind by an office that records version after version and overwrites none."""

from __future__ import annotations

import polars as pl

from kokunen.city.frames import MOMENT


def expand(versions: pl.DataFrame, key: str = "atena_number") -> pl.DataFrame:
    """版を二つの時間の行にする.

    ``versions`` holds, for each ``key`` in order, ``valid_from``, ``valid_to`` and ``recorded_from``. A version that
    was followed by another gives two rows: as it was first recorded (valid without end, known until the next was
    recorded) and as it stands since (valid until the next begins). A correction begins on the day of what it corrects,
    so of the corrected version only the first row remains. The result has ``recorded_to`` (null: known now) after
    ``recorded_from``; ``is_first`` marks the row that opened the version.
    """
    followed = pl.col(key) == pl.col(key).shift(-1)
    next_recorded = pl.when(followed).then(pl.col("recorded_from").shift(-1))
    next_begins = pl.when(followed).then(pl.col("valid_from").shift(-1))
    numbered = versions.with_row_index("_row").with_columns(
        recorded_to=next_recorded, _settled_to=next_begins, is_first=pl.lit(True)
    )
    first = numbered.with_columns(valid_to=pl.lit(None, dtype=pl.Date))
    settled = numbered.filter(
        pl.col("recorded_to").is_not_null() & (pl.col("_settled_to") > pl.col("valid_from"))
    ).with_columns(
        valid_to=pl.col("_settled_to"),
        recorded_from=pl.col("recorded_to"),
        recorded_to=pl.lit(None, dtype=MOMENT),
        is_first=pl.lit(False),
    )
    together = pl.concat([first, settled]).sort("_row", "is_first", descending=[False, True])
    order = [*versions.columns]
    order.insert(order.index("recorded_from") + 1, "recorded_to")
    return together.select(*order, "is_first")
