"""試験の市: small cities, made once for all tests of this folder."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from kokunen.city import City, generate

TODAY = date(2026, 11, 24)
RESIDENTS = 26_000
"""Two blocks: one full, one of a thousand."""


@pytest.fixture(scope="session")
def city() -> City:
    return generate(RESIDENTS, seed=7, today=TODAY)


@pytest.fixture(scope="session")
def tables(city: City) -> dict[str, pl.DataFrame]:
    """Everything, the truth included, by the name of the table."""
    blocks = list(city.each_block())
    names = [*blocks[0].tables, *blocks[0].truth]
    return {name: pl.concat([(block.tables | block.truth)[name] for block in blocks]) for name in names}


@pytest.fixture(scope="session")
def residents(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """今の住民: the newest version of everybody who is a resident today."""
    newest = tables["persons"].group_by("atena_number", maintain_order=True).last()
    return newest.filter(pl.col("state") == "current")
