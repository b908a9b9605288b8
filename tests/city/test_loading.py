"""市を入れる: a small city through every table, published, once only, with its truth left outside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import pytest
from psycopg import Connection

from kokunen.city import City, generate
from kokunen.kernel.errors import Conflict
from kokunen.kernel.names import kana_sort_key, search_key, variant_key

TODAY = date(2026, 11, 24)
Admin = Connection[tuple[Any, ...]]


@pytest.fixture
def loaded(city_database: str) -> Iterator[City]:
    from kokunen.city.loading import load_city

    city = generate(600, 11, TODAY)
    load_city(city)
    yield city


def scalar(admin: Admin, statement: str, *values: Any) -> Any:
    row = admin.execute(statement, values).fetchone()
    assert row is not None
    return row[0]


def test_どの行も各システムの表に入り公開される(loaded: City, admin_connection: Admin) -> None:
    persons, incomes = loaded.table("persons"), loaded.table("incomes")
    everybody = persons["atena_number"].n_unique()
    living = (
        "select count(*) from resident_registry.resident_version "
        "where status = '1' and upper_inf(valid_period) and upper_inf(recorded_period)"
    )
    assert scalar(admin_connection, living) == 600
    assert scalar(admin_connection, "select count(*) from integrated.resident") == everybody
    assert scalar(admin_connection, "select count(*) from integrated.resident__change") == everybody
    assert scalar(admin_connection, "select count(*) from integrated.income") == incomes.height
    unknown = (
        "select count(*) from integrated.income where state = '4' and total_income is null and deduction_total is null"
    )
    assert scalar(admin_connection, unknown) == incomes.filter(pl.col("state") == "undeclared").height
    numbers = loaded.table("pension_persons").height
    assert scalar(admin_connection, "select count(*) from national_pension.pension_number") == numbers
    known = "select count(*) from national_pension.qualification_period where upper_inf(recorded_period)"
    assert scalar(admin_connection, known) == loaded.table("qualification_periods").height


def test_索引と制約は入れる前と同じに戻る(city_database: str, admin_connection: Admin) -> None:
    from kokunen.city.loading import load_city

    shape = (
        "select string_agg(d, chr(10) order by d) from (select indexdef as d from pg_indexes where schemaname in "
        "('resident_registry', 'resident_tax', 'national_pension', 'integrated') union all "
        "select conrelid::regclass || "
        "conname || pg_get_constraintdef(oid) from pg_constraint where connamespace::regnamespace::text in "
        "('resident_registry', 'resident_tax', 'national_pension', 'integrated')) t"
    )
    before = scalar(admin_connection, shape)
    load_city(generate(600, 12, TODAY))
    assert scalar(admin_connection, shape) == before


def test_人のいる市には二度入れられず何も変わらない(loaded: City, admin_connection: Admin) -> None:
    from kokunen.city.loading import load_city

    count = "select count(*) from resident_registry.resident_version"
    before = scalar(admin_connection, count)
    with pytest.raises(Conflict, match="すでに住民がいます"):
        load_city(generate(600, 1, TODAY))
    assert scalar(admin_connection, count) == before


def test_公開した行は登録の版と同じことを言い検索キーをもつ(loaded: City, admin_connection: Admin) -> None:
    rows = admin_connection.execute(
        "select p.name, p.name_kana, p.kana_key, p.name_key, p.kana_sort, p.address, v.town || v.lot, p.head_name, "
        "v.head_name "
        "from integrated.resident p join resident_registry.resident_version v using (atena_number) "
        "where upper_inf(v.valid_period) and upper_inf(v.recorded_period)"
    ).fetchall()
    assert len(rows) == loaded.table("persons")["atena_number"].n_unique()
    for name, kana, kana_key, name_key, kana_sort, address, place, head, head_there in rows[:200]:
        assert (kana_key, name_key, kana_sort) == (search_key(kana), variant_key(name), kana_sort_key(kana))
        assert (address, head) == (place, head_there)


def test_年金は連携の続きから始まり過去の異動を二度処理しない(loaded: City, admin_connection: Admin) -> None:
    from kokunen.common_platform.integration.consuming import drain
    from kokunen.national_pension.linkage import CONSUMERS

    assert sum(drain(consumer) for consumer in CONSUMERS) == 0
    assert scalar(admin_connection, "select count(*) from national_pension.work_item") == 0


@pytest.mark.function("S5-1")
@pytest.mark.function("S5-2")
def test_住登外者と法人と番号も入り_番号は読めない形でだけ残る(loaded: City, admin_connection: Admin) -> None:
    from kokunen.common_platform.integration.consuming import drain
    from kokunen.ledger.access import AccessContext
    from kokunen.nonresident_registry import queries
    from kokunen.nonresident_registry.linkage import CONSUMERS
    from kokunen.nonresident_registry.services.numbers import reveal_number

    people, companies, numbers = loaded.table("nonresidents"), loaded.table("corporations"), loaded.table("numbers")
    held = numbers.filter(pl.col("individual_number").is_not_null())
    everybody = people.height + companies.height
    for table in ("nonresident_registry.atena_version", "integrated.nonresident", "integrated.nonresident__change"):
        assert scalar(admin_connection, f"select count(*) from {table}") == everybody
    for table in ("nonresident_registry.number_binding", "integrated.number_binding"):
        assert scalar(admin_connection, f"select count(*) from {table}") == held.height + companies.height
    text = scalar(admin_connection, "select string_agg(b::text, '|') from nonresident_registry.number_binding b")
    assert not [number for number in held["individual_number"] if number in text]
    context = AccessContext("atena1", "1020", "number_management")
    number, digits = held.select("atena_number", "individual_number").row(0)
    shown = reveal_number(context=context, atena_number=number, number_kind="1", reason="登録の確認")
    assert shown == digits
    first = people.row(0, named=True)
    found = queries.find_records(context=context, text=first["kana"])
    assert first["atena_number"] in [line.subject.atena_number for line in found.lines]
    address = found.lines[0].subject.address
    assert address in people["address"].to_list()
    assert sum(drain(consumer) for consumer in CONSUMERS) == 0


def test_新しい付番は入れた番号の後に続く(loaded: City, admin_connection: Admin) -> None:
    from kokunen.resident_registry.services.numbering import next_atena_number, next_household_number

    persons = loaded.table("persons")
    assert next_atena_number() > max(persons["atena_number"])
    assert next_household_number() > max(persons["household_number"])
    assert next_atena_number() > max(loaded.table("nonresidents")["atena_number"])
    used = (
        "select count(*) from resident_registry.resident_code_stock "
        "join resident_registry.resident_code_assignment using (resident_code)"
    )
    assert scalar(admin_connection, used) == 0
    assert scalar(admin_connection, "select count(*) from resident_registry.resident_code_stock") >= 500


def test_台帳は何を入れたかを言う(loaded: City, admin_connection: Admin) -> None:
    entries = admin_connection.execute(
        "select dataset, subject_count, (detail ->> 'rows')::int from ledger.entry where act = 'load' order by dataset"
    ).fetchall()
    systems = ["national_pension", "nonresident_registry", "resident_registry", "resident_tax"]
    assert [entry[0] for entry in entries] == systems
    assert all(count == 600 and rows > 600 for _, count, rows in entries)


def test_同じ種の市はデータベースでも同じ(loaded: City, admin_connection: Admin) -> None:
    found = scalar(
        admin_connection,
        "select md5(string_agg(atena_number || name || address || coalesce(removed_on::text, ''), '|' "
        "order by atena_number)) "
        "from integrated.resident",
    )
    newest = loaded.table("persons").group_by("atena_number", maintain_order=True).last().sort("atena_number")
    text = "|".join(
        f"{number}{name}{town}{lot}{removed or ''}"
        for number, name, town, lot, removed in newest.select(
            "atena_number", "name", "town", "lot", pl.col("removed_on").cast(pl.String)
        ).iter_rows()
    )
    import hashlib

    assert found == hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
