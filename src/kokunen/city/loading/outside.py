"""住登外管理に入れる: people outside the register, corporations and everybody's numbers, sealed on the way in.

Published as `nonresident` and `number_binding`. Numbers that stand twice (planted double records) are marked so.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from kokunen.city.loading.copying import Feed, Link, copy_frame, day_range, moment_range
from kokunen.nonresident_registry.services.moves import ADDRESS_PATTERN
from kokunen.nonresident_registry.vault import KEY_VERSION, NumberVault, the_vault

SCHEMA = "nonresident_registry"
TABLES = ("atena_version", "search_name", "number_binding")
STAFF = "system:city"
_REASONS = {"property_owner": "01", "insured_relative": "02", "tax_after_move_out": "03"}
_EMPTY = ("roman_name", "kanji_name", "alias", "alias_kana", "birth_text", "postal_code", "town_code", "ward_code",
          "lot", "building", "building_kana", "country_code", "foreign_address", "telephone", "remarks")  # fmt: skip


@dataclass(slots=True)
class OutsideLoader:
    """住登外管理の登録: one call a block."""

    connection: Link
    records: Feed
    bindings: Feed
    rows: int = 0
    vault: NumberVault = field(default_factory=lambda: the_vault())
    seen: set[str] = field(default_factory=set)

    def load(self, tables: dict[str, pl.DataFrame]) -> None:
        """一街区を入れる."""
        people, companies = _people(tables["nonresidents"]), _companies(tables["corporations"])
        versions = pl.concat([people, companies], how="diagonal_relaxed")
        versions = _completed(versions)
        self._copy("atena_version", _in_two_times(versions))
        self._copy("search_name", _search_names(tables["nonresidents"], tables["corporations"]))
        self.rows += self.records.publish(_published(versions), _changes(versions))
        numbers = tables["numbers"].select("atena_number", number="individual_number", number_kind=pl.lit("1"))
        corporate = tables["corporations"].select("atena_number", number="corporate_number", number_kind=pl.lit("2"))
        self._bind(pl.concat([numbers.filter(pl.col("number").is_not_null()), corporate]))

    def _copy(self, table: str, frame: pl.DataFrame) -> None:
        self.rows += copy_frame(self.connection, SCHEMA, table, frame)

    def _bind(self, numbers: pl.DataFrame) -> None:
        """番号紐付: sealed row by row (a nonce each); migrated numbers count as checked."""
        ciphers, indexes, tokens, twice = [], [], [], []
        for atena_number, number, kind in numbers.iter_rows():
            index = self.vault.index(kind, number)
            ciphers.append("\\\\x" + self.vault.seal(kind, atena_number, number).hex())
            indexes.append(index)
            tokens.append(self.vault.token(kind, number))
            twice.append(index in self.seen)
            self.seen.add(index)
        keys = numbers.select("atena_number", "number_kind")
        rows = keys.with_columns(
            valid_period=pl.lit("[2016-01-01,)"),
            recorded_period=pl.lit("[2016-01-04 09:00:00+09,)"),
            recorded_by=pl.lit(STAFF),
            recorded_reason=pl.lit("データ移行"),
            cipher=pl.Series(ciphers, dtype=pl.String),
            key_version=pl.lit(KEY_VERSION),
            number_index=pl.Series(indexes, dtype=pl.String),
            number_token=pl.Series(tokens, dtype=pl.String),
            source=pl.lit("9"),
            verification=pl.lit("1"),
            twice=pl.Series(twice, dtype=pl.Boolean),
        )
        self._copy("number_binding", rows)
        published = rows.select("atena_number", "number_kind", "number_token", is_current=pl.lit(True))
        changes = keys.select(
            "atena_number",
            kind=pl.lit("register"),
            reason_code=pl.lit(None, dtype=pl.String),
            event_on=pl.date(2016, 1, 1),
        )
        self.rows += self.bindings.publish(published, changes)


def _people(rows: pl.DataFrame) -> pl.DataFrame:
    inside = pl.col("municipality_code").is_not_null()
    return rows.select(
        "atena_number",
        kind=pl.lit("1"),
        reason=pl.col("reason").replace_strict(_REASONS, default="99"),
        former_resident="former_resident",
        name="name",
        name_kana="kana",
        sex="sex",
        birth_date="birth_date",
        municipality_code=pl.col("municipality_code").fill_null(""),
        place=pl.when(inside).then("address").otherwise(pl.lit("")),
        country=pl.when(inside).then(pl.lit("")).otherwise("address"),
        changed_on="valid_from",
        recorded_from="recorded_from",
    )


def _companies(rows: pl.DataFrame) -> pl.DataFrame:
    opening = pl.duration(hours=9)
    return rows.select(
        "atena_number",
        kind=pl.lit("2"),
        reason=pl.lit("09"),
        former_resident=pl.lit(False),
        name="name",
        name_kana="kana",
        sex=pl.lit("0"),
        birth_date=pl.lit(None, dtype=pl.Date),
        municipality_code=pl.col("municipality_code").fill_null(""),
        place="address",
        country=pl.lit(""),
        changed_on="valid_from",
        recorded_from=pl.col("valid_from").cast(pl.Datetime("us")).dt.replace_time_zone("Asia/Tokyo") + opening,
    )


def _completed(rows: pl.DataFrame) -> pl.DataFrame:
    """住所 in its parts, and everything that the load does not know as empty."""
    parts = pl.col("place").str.extract_groups(ADDRESS_PATTERN)
    return rows.with_columns(
        history_number=pl.lit(1),
        status=pl.lit("1"),
        prefecture=parts.struct.field("prefecture").fill_null(""),
        municipality=parts.struct.field("municipality").fill_null(""),
        town=parts.struct.field("rest").fill_null(""),
        alias_kana_confirmed=pl.lit(False),
        no_other_work=pl.lit(False),
        ended_on=pl.lit(None, dtype=pl.Date),
        **{name: pl.lit("") for name in _EMPTY},
    )


def _in_two_times(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        valid_period=day_range("changed_on", None),
        recorded_period=moment_range("recorded_from", None),
        recorded_by=pl.lit(STAFF),
        recorded_reason=pl.lit("データ移行"),
    ).drop("place", "recorded_from")


def _search_names(people: pl.DataFrame, companies: pl.DataFrame) -> pl.DataFrame:
    """検索用の氏名: keys of people come with the city, those of corporations are made here."""
    from kokunen.kernel.names import search_keys, variant_keys

    keyed = companies.select(
        "atena_number",
        "name",
        "kana",
        name_key=pl.Series(list(variant_keys(companies["name"].to_list())), dtype=pl.String),
        kana_key=pl.Series(list(search_keys(companies["kana"].to_list())), dtype=pl.String),
        kana_alt_key=pl.lit(None, dtype=pl.String),
        birth_date=pl.lit(None, dtype=pl.Date),
    )
    both = pl.concat([people.select(keyed.columns), keyed])
    return both.select(
        "atena_number",
        kind=pl.lit("1"),
        shown="name",
        shown_kana="kana",
        name_key="name_key",
        kana_key="kana_key",
        kana_alt_key=pl.when(pl.col("kana_alt_key") != pl.col("kana_key")).then("kana_alt_key"),
        birth_date="birth_date",
        is_past=pl.lit(False),
    )


def _published(rows: pl.DataFrame) -> pl.DataFrame:
    address = pl.concat_str("prefecture", "municipality", "town")
    return rows.select(
        "atena_number", "kind", "status", "reason", "name", "name_kana", "alias", "sex", "birth_date", "birth_text",
        "postal_code", "municipality_code",
        address=pl.when(pl.col("country") != "").then("country").otherwise(address),
        former_resident="former_resident", no_other_work="no_other_work", ended_on="ended_on",
    )  # fmt: skip


def _changes(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        "atena_number", kind=pl.lit("register"), reason_code=pl.col("reason"), event_on=pl.col("changed_on")
    )
