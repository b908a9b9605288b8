"""共通基盤の受入試験 (S3-2, S3-3): one place for codes, one city for two batches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import pytest

from kokunen.ledger.access import system_context

TODAY = date(2026, 11, 24)


@pytest.fixture
def city(city_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from kokunen.city import generate
    from kokunen.city.loading import load_city

    monkeypatch.setenv("KOKUNEN_TODAY", TODAY.isoformat())
    load_city(generate(600, 5, TODAY))
    yield


@pytest.mark.usefixtures("city")
@pytest.mark.function("S3-3")
def test_二つのバッチは同じ写しの上で同じ市を見る(admin_connection: Any) -> None:
    """Consistent, dated, columnar; a batch names its snapshot; a change in between reaches neither batch."""
    from kokunen.common_platform.batch_master.readers import open_snapshot
    from kokunen.common_platform.batch_master.services import take_snapshot

    taken = take_snapshot()
    for name, count in taken.generation.row_counts.items():
        assert admin_connection.execute(f"select count(*) from integrated.{name}").fetchone() == (count,)
    tax, desk = system_context("当初課税", "tax_assessment"), system_context("名寄せ", "number_management")
    with open_snapshot("resident_tax", batch="当初課税", run="2026", context=tax) as first:
        before = first.scan("resident", "atena_number", "name", "birth_date").collect().sort("atena_number")
        admin_connection.execute("update integrated.resident set name = '変わった名'")
        with open_snapshot("nonresident_registry", batch="名寄せ", run="1", context=desk) as second:
            assert (second.generation, second.cutoff_at) == (first.generation, first.cutoff_at)
            after = second.scan("resident", "atena_number", "name", "birth_date").collect().sort("atena_number")
    assert before.equals(after)
    assert before.height == taken.generation.row_counts["resident"] > 600
    assert before.schema["birth_date"] == pl.Date


@pytest.mark.usefixtures("city")
@pytest.mark.function("S3-2")
def test_市で使われているコードはすべて辞書にあり_どれもなくせない(admin_connection: Any) -> None:
    from kokunen.common_platform.codes import queries
    from kokunen.common_platform.codes.services import compare, read_file
    from kokunen.kernel.errors import InputError

    used = {
        "municipalities": "select distinct municipality_code from nonresident_registry.atena_version"
        " where municipality_code <> ''",
        "towns": "select distinct town_id from resident_registry.resident_version where status = '1' and town_id <> ''",
        "nationalities": "select distinct nationality_code from resident_registry.resident_version"
        " where nationality_code <> ''",
        "reasons": "select distinct code from resident_registry.resident_event",
        "relations": "select distinct unnest(string_to_array(relationship_codes, ','))"
        " from resident_registry.resident_version where relationship_codes <> ''",
    }
    for dictionary, statement in used.items():
        codes = {row[0] for row in admin_connection.execute(statement).fetchall()}
        assert codes, dictionary
        assert codes - queries.entries(dictionary).keys() == set(), dictionary
    labels = {entry.label for entry in queries.entries("residence_statuses").values()}
    statuses = admin_connection.execute(
        "select distinct residence_status from resident_registry.resident_version where residence_status <> ''"
    ).fetchall()
    assert {row[0] for row in statuses} - labels == set()
    one = read_file("towns", b"code,label,kana\n0000101,x,\n")
    assert len(compare("towns", one, TODAY).in_use) > 10
    with pytest.raises(InputError):
        queries.translate("towns", "9999999")
