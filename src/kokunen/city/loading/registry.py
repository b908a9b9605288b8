"""住民基本台帳に入れる: versions in two times, events, households, names for search, 支援措置, 住民票コード.

Published as `resident`.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import polars as pl

from kokunen.city.bitemporal import expand
from kokunen.city.loading.copying import Feed, Link, copy_frame, day_range, moment_range, set_identity
from kokunen.city.numbers import BLOCK_CAPACITY, resident_codes
from kokunen.city.randomness import Ints
from kokunen.city.reference import MUNICIPALITY

SCHEMA = "resident_registry"
TABLES = ("resident_version", "resident_event", "event_person", "household")
#: What stands beside the register and shares no key with it: loaded on a connection of its own, at the same time.
TABLES_BESIDE = ("search_name", "support_measure", "resident_code_assignment", "resident_code_stock")
STAFF, OFFICE = "system:city", "2020"

_STATUS = {"201": "2", "202": "2", "203": "2", "204": "2", "211": "3", "213": "4", "216": "4"}
_FILING = {"111": "2", "211": "2", "321": "2", "324": "2", "346": "2", "216": "2", "344": "3", "204": "4", "213": "4",
           "323": "4", "341": "5"}  # fmt: skip
_NAME_KINDS = {"name": "1", "alias": "2", "former": "3", "kanji": "4"}
_MEASURES = {"domestic_violence": "A", "stalking": "B", "child_abuse": "C", "other": "D"}
_LEAVING = ("201", "202", "203", "204")


@dataclass(slots=True)
class RegistryLoader:
    """住民基本台帳の登録: one call a block; the register on one connection, names and published rows on the other."""

    connection: Link
    feed: Feed
    last_event: int = 0
    rows: int = 0
    beside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def load(self, tables: dict[str, pl.DataFrame]) -> None:
        """一街区を入れる."""
        persons = self._numbered(tables["persons"])
        contacts = (
            tables["numbers"]
            .select("atena_number", "resident_code")
            .join(tables["pension_persons"].select("atena_number", "phone_number"), on="atena_number", how="left")
        )
        persons = persons.join(contacts, on="atena_number", how="left", maintain_order="left")
        content = _content(persons)
        beside = self.beside.submit(self._load_beside, persons, content, tables)
        rows = self._copy("resident_event", _events(persons))
        rows += self._copy("household", _households(persons))
        rows += self._copy("resident_version", _versions(persons, content))
        rows += self._copy("event_person", _event_persons(persons))
        self.rows += rows + beside.result()

    def _load_beside(self, persons: pl.DataFrame, content: pl.DataFrame, tables: dict[str, pl.DataFrame]) -> int:
        """検索用の氏名、支援措置、住民票コード、公開: what does not look at the register's own tables."""
        codes = persons.filter(pl.col("history_number") == 1).select("resident_code", "atena_number")
        link = self.feed.connection
        rows = copy_frame(link, SCHEMA, "search_name", _search_names(tables["person_names"], persons))
        rows += copy_frame(link, SCHEMA, "support_measure", _measures(tables["support_measures"]))
        rows += copy_frame(link, SCHEMA, "resident_code_assignment", codes)
        return rows + self._publish(persons, content, tables["support_measures"])

    def finish(self, blocks: int, residents: int, seed: int) -> None:
        """付番の続き: sequences go on after the loaded numbers, and the stock holds unused 住民票コード."""
        self.beside.shutdown()
        set_identity(self.connection, SCHEMA, "resident_event", "id", self.last_event)
        for sequence, column, table in (
            ("atena_number_seq", "atena_number", "resident_version"),
            ("household_number_seq", "household_number", "household"),
        ):
            # the numbers of the last block are reserved for people outside the register and corporations
            self.connection.execute(
                f"select setval('{SCHEMA}.{sequence}', coalesce(max(left({column}, 14)::bigint), 0) + %s) "
                f"from {SCHEMA}.{table}",
                [BLOCK_CAPACITY],
            )
        stock = pl.Series(range(max(500, residents // 200)), dtype=pl.Int64)
        place: Ints = (stock + (blocks + 1) * BLOCK_CAPACITY).to_numpy()
        frame = pl.DataFrame({"resident_code": resident_codes(place, seed)})
        stocked = frame.with_columns(received_on=pl.lit("2026-04-01"))
        self.rows += copy_frame(self.feed.connection, SCHEMA, "resident_code_stock", stocked)

    def _copy(self, table: str, frame: pl.DataFrame) -> int:
        return copy_frame(self.connection, SCHEMA, table, frame)

    def _numbered(self, persons: pl.DataFrame) -> pl.DataFrame:
        """Versions with the number of their event: one event a household, day, reason and moment."""
        keys = ["household_number", "event_on", "event_code", "recorded_from"]
        events = persons.select(keys).unique(maintain_order=True).with_row_index("event_id", self.last_event + 1)
        self.last_event += events.height
        return persons.join(events, on=keys, how="left", maintain_order="left")

    def _publish(self, persons: pl.DataFrame, content: pl.DataFrame, measures: pl.DataFrame) -> int:
        newest = pl.col("atena_number") != pl.col("atena_number").shift(-1)
        mask = persons.select(newest.fill_null(True)).to_series()
        person, row = persons.filter(mask), content.filter(mask)
        protected = person["atena_number"].is_in(measures["atena_number"].implode())
        alternate = pl.when(person["kana_alt_key"] != person["kana_key"]).then(person["kana_alt_key"])
        rows = row.select(
            person["atena_number"],
            *(name for name in _PUBLISHED_AS_STORED if name in row.columns),
            address=pl.concat_str("town", "lot"),
            departure_on=pl.coalesce("confirmed_departure_on", "planned_departure_on"),
            destination=pl.when(pl.col("confirmed_destination") != "")
            .then("confirmed_destination")
            .otherwise("planned_destination"),
            destination_abroad=pl.col("destination_kind") == "2",
            name_key=person["name_key"],
            kana_key=person["kana_key"],
            kana_alt_key=alternate,
            alias_name_key=person["alias_name_key"],
            alias_kana_key=person["alias_kana_key"],
            kana_sort=person["kana_sort"],
            protected=protected,
        )
        current = pl.col("state") == "current"
        changes = person.select(
            "atena_number",
            kind=pl.when(current).then(pl.lit("register")).otherwise(pl.lit("remove")),
            reason_code="event_code",
            event_on="event_on",
        )
        return self.feed.publish(rows, changes)


_PUBLISHED_AS_STORED = (
    "status", "resident_kind", "name", "name_kana", "former_surname", "former_surname_kana", "kanji_name", "alias",
    "alias_kana", "birth_date", "birth_text", "sex", "relationship", "relationship_codes", "household_number",
    "head_atena_number", "head_name", "telephone", "resident_since", "resident_since_text", "removed_on",
    "removed_text", "removal_code", "postal_code", "town_id", "building", "address_since", "previous_address",
    "departure_code",
)  # fmt: skip


def _text(column: str) -> pl.Expr:
    return pl.col(column).fill_null("")


def _content(persons: pl.DataFrame) -> pl.DataFrame:
    """記載事項 of each version, by the names of the register's columns."""
    removed = pl.col("state") == "removed"
    leaves = removed & pl.col("event_code").is_in(_LEAVING)
    abroad = leaves & (pl.col("event_code") == "203")
    # the new city's 転入通知 has come for most; until then only the planned place is known
    told = (
        leaves
        & ~abroad
        & (pl.col("event_id") % 8 != 0)
        & (pl.col("removed_on") < pl.col("removed_on").max() - pl.duration(days=30))
    )
    none = pl.lit(None, dtype=pl.Date)
    foreign = pl.col("resident_kind") == "foreign"
    return persons.select(
        status=pl.when(removed).then(pl.col("event_code").replace_strict(_STATUS, default="4")).otherwise(pl.lit("1")),
        resident_kind=pl.when(foreign).then(pl.lit("2")).otherwise(pl.lit("1")),
        name="name",
        name_kana="kana",
        kana_status=pl.when(pl.col("kana_status") == "certified").then(pl.lit("3")).otherwise(pl.lit("0")),
        kana_confirmed=~foreign,
        kanji_name=_text("kanji_name"),
        alias=_text("alias"),
        alias_kana=_text("alias_kana"),
        former_surname=_text("former_family_name"),
        former_surname_kana=_text("former_family_kana"),
        birth_date="birth_date",
        birth_text=pl.lit(""),
        birth_imprecise=pl.lit(False),
        sex="sex",
        household_number="household_number",
        household_order="order_in_household",
        relationship="relation",
        relationship_codes=pl.col("relation_codes").str.replace_all("-", ","),
        head_atena_number="head_atena_number",
        head_name="head_name",
        registered_domicile=_text("honseki"),
        registered_domicile_head=_text("koseki_head"),
        resident_since="became_resident_on",
        resident_since_text=pl.lit(""),
        resident_since_imprecise=pl.lit(False),
        address_since="address_set_on",
        address_since_text=pl.lit(""),
        address_since_imprecise=pl.lit(False),
        postal_code="postal_code",
        town_id="town_id",
        town="town",
        lot="lot",
        building="building",
        previous_address=_text("previous_address"),
        last_registered_address=pl.when(foreign | _text("previous_address").str.starts_with(MUNICIPALITY))
        .then(pl.lit(""))
        .otherwise(_text("previous_address")),
        notified_on="notified_on",
        filing_kind=pl.col("event_code").replace_strict(_FILING, default="1"),
        resident_code="resident_code",
        telephone=_text("phone_number"),
        nationality_code=_text("nationality_code"),
        nationality=_text("nationality"),
        residence_class=pl.when(foreign)
        .then(pl.when(pl.col("residence_class") == "特別永住者").then(pl.lit("2")).otherwise(pl.lit("1")))
        .otherwise(pl.lit("")),
        residence_status=_text("residence_status"),
        residence_period=_text("residence_period"),
        residence_expires_on="stay_expires_on",
        residence_card_number=_text("residence_card_number"),
        departure_code=pl.when(leaves).then(pl.col("event_code")).otherwise(pl.lit("")),
        planned_departure_on=pl.when(leaves).then(pl.col("removed_on")).otherwise(none),
        planned_destination=pl.when(leaves).then(_text("destination")).otherwise(pl.lit("")),
        destination_kind=pl.when(abroad).then(pl.lit("2")).when(leaves).then(pl.lit("1")).otherwise(pl.lit("")),
        confirmed_departure_on=pl.when(told).then(pl.col("removed_on")).otherwise(none),
        confirmed_destination=pl.when(told).then(_text("destination")).otherwise(pl.lit("")),
        arrival_notified_on=pl.when(told).then(pl.col("removed_on") + pl.duration(days=11)).otherwise(none),
        removal_code=pl.when(removed).then(pl.col("event_code")).otherwise(pl.lit("")),
        removed_on="removed_on",
        removed_text=pl.lit(""),
        removed_imprecise=pl.lit(False),
        remarks=pl.lit(""),
    )


def _versions(persons: pl.DataFrame, content: pl.DataFrame) -> pl.DataFrame:
    """Rows in two times, as the register's own services leave them behind."""
    keys = persons.select("atena_number", "history_number", "event_id", "valid_from", "valid_to", "recorded_from")
    rows = expand(pl.concat([keys, content], how="horizontal"))
    return rows.select(
        day_range("valid_from", "valid_to").alias("valid_period"),
        moment_range("recorded_from", "recorded_to").alias("recorded_period"),
        pl.lit(STAFF).alias("recorded_by"),
        pl.lit("データ移行").alias("recorded_reason"),
        "atena_number",
        pl.col("history_number").alias("version_number"),
        "event_id",
        *content.columns,
    )


def _events(persons: pl.DataFrame) -> pl.DataFrame:
    events = persons.unique("event_id", maintain_order=True)
    return events.select(
        id="event_id",
        code="event_code",
        event_on="event_on",
        event_text=pl.lit(""),
        event_imprecise=pl.lit(False),
        notified_on="notified_on",
        filing_kind=pl.col("event_code").replace_strict(_FILING, default="1"),
        processed_on="notified_on",
        processed_at="recorded_from",
        staff_number=pl.lit(STAFF),
        office_code=pl.lit(OFFICE),
        filer=pl.when(pl.col("event_code").replace_strict(_FILING, default="1") == "1")
        .then(pl.lit("2"))
        .otherwise(pl.lit("9")),
        filer_name=pl.lit(""),
        identity_check=pl.lit("9"),
        household_number="household_number",
        remarks=pl.lit(""),
        case_id=pl.lit(""),
    )


def _event_persons(persons: pl.DataFrame) -> pl.DataFrame:
    return persons.select(
        "event_id",
        "atena_number",
        is_subject=pl.col("event_code") != "314",
        version_before=pl.when(pl.col("history_number") > 1).then(pl.col("history_number") - 1),
        version_after="history_number",
    )


def _households(persons: pl.DataFrame) -> pl.DataFrame:
    """世帯 in two times: from its first member to its last."""
    life = persons.group_by("household_number", maintain_order=True).agg(
        begins=pl.col("valid_from").min(),
        recorded=pl.col("recorded_from").min(),
        last_recorded=pl.col("recorded_from").max(),
        last_day=pl.col("valid_from").max(),
        living=(
            (pl.col("state") == "current")
            & ((pl.col("atena_number") != pl.col("atena_number").shift(-1)).fill_null(True))
        ).any(),
    )
    ended = life.filter(~pl.col("living"))
    known_to = pl.when(~pl.col("living")).then(pl.col("last_recorded"))
    opened = life.with_columns(ends=pl.lit(None, dtype=pl.Date), known_to=known_to)
    closed = ended.with_columns(
        ends="last_day", recorded="last_recorded", known_to=pl.lit(None, dtype=life["recorded"].dtype)
    )
    rows = pl.concat([opened, closed.select(opened.columns)])
    return rows.select(
        day_range("begins", "ends").alias("valid_period"),
        moment_range("recorded", "known_to").alias("recorded_period"),
        pl.lit(STAFF).alias("recorded_by"),
        pl.lit("データ移行").alias("recorded_reason"),
        "household_number",
        pl.lit("").alias("de_facto_head"),
    )


def _search_names(names: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    """検索用の氏名: a kanji form has no reading of its own; what nobody is called any more is marked as past."""
    last = persons.unique("atena_number", keep="last", maintain_order=True)
    held = last.select("atena_number", "birth_date", "name", "alias")
    kanji = pl.col("kind") == "kanji"
    past = ((pl.col("kind") == "name") & (pl.col("name") != pl.col("name_now"))) | (
        (pl.col("kind") == "alias") & (pl.col("name") != pl.col("alias_now").fill_null(""))
    )
    joined = names.join(held.rename({"name": "name_now", "alias": "alias_now"}), on="atena_number", how="left")
    return joined.select(
        "atena_number",
        kind=pl.col("kind").replace_strict(_NAME_KINDS),
        shown="name",
        shown_kana=pl.when(kanji).then(pl.lit("")).otherwise("kana"),
        name_key="name_key",
        kana_key=pl.when(kanji).then(pl.lit("")).otherwise("kana_key"),
        kana_alt_key=pl.when(~kanji & (pl.col("kana_alt_key") != pl.col("kana_key"))).then("kana_alt_key"),
        birth_date="birth_date",
        is_past=past,
    )


def _measures(measures: pl.DataFrame) -> pl.DataFrame:
    opening = pl.duration(hours=9)
    moment = pl.col("starts_on").cast(pl.Datetime("us")).dt.replace_time_zone("Asia/Tokyo") + opening
    return measures.with_columns(recorded=moment).select(
        day_range("starts_on", None).alias("valid_period"),
        moment_range("recorded", None).alias("recorded_period"),
        pl.lit(STAFF).alias("recorded_by"),
        pl.lit("データ移行").alias("recorded_reason"),
        "atena_number",
        "applicant_atena_number",
        pl.when(pl.col("state") == "provisional").then(pl.lit("1")).otherwise(pl.lit("2")).alias("kind"),
        pl.col("kind").replace_strict(_MEASURES).alias("reason"),
        pl.col("applied_on").alias("requested_on"),
        "starts_on",
        "ends_on",
        pl.col("consulted").alias("consulted_agency"),
        pl.lit("").alias("abuser"),
    )
