"""検索: one box for people, shared by every subsystem that searches persons (own tables or its declared view).

What was typed is read as number, date, kana, kanji or romaji (`read_query`, a chip on the screen may say otherwise).
A name is looked for in three steps, each in the order of its key: exact, prefix, part. Every step is a keyset walk,
so page 1,000 costs what page 1 costs:

* exact and prefix are ranges of the btree (key, atena_number);
* part is answered in one of two ways. A rare part comes from the GIN index over characters and bigrams
  (`public.unibi`), then is sorted. A frequent part would give that way too many rows to sort; there the btree is
  walked in order with a filter, and a page fills after a few hundred entries. Which of both is told by the planner's
  own statistics of the rarest bigram (cached a while); a walk that does not fill its page within WALK_LIMIT entries
  goes over to GIN. Names in Latin letters and kana stand before all kanji in the order; a part with kanji is in few of
  them, so its walk begins at the kanji and those few come from a partial index.

The steps of a first page before the part are one statement: a search costs few round trips.

Nothing here writes the ledger: the subsystem's query does, in the same transaction.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import orjson
from django.db import connections
from psycopg import sql

from kokunen.kernel.errors import InputError
from kokunen.kernel.names import alternate_search_key, search_key, variant_key
from kokunen.kernel.numbers import strip_separators
from kokunen.kernel.wareki import parse_imprecise

PAGE_SIZE = 30
TOTAL_CAP = 1000
WALK_LIMIT = 60_000
RARE = 4_000
_CACHE_SECONDS = 600.0
_LAST = "\U0010ffff"
_KANJI = "\u3400"
#: Condition of the partial index over names before the kanji that hold one (`name_key < '㐀' and name_key ~ this`).
ANY_KANJI = "[\u3400-\U0003fffd]"


class KeyKind(StrEnum):
    """検索キーの種類: guessed from what was typed."""

    NUMBER = "number"
    DATE = "date"
    KANA = "kana"
    KANJI = "kanji"
    ROMAJI = "romaji"


KEY_KIND_JA = {
    KeyKind.NUMBER: "番号",
    KeyKind.DATE: "生年月日",
    KeyKind.KANA: "カナ",
    KeyKind.KANJI: "漢字",
    KeyKind.ROMAJI: "ローマ字",
}


class Tier(StrEnum):
    """一致の段階, in the order shown."""

    EXACT = "exact"
    PREFIX = "prefix"
    PART = "part"


_TIERS = tuple(Tier)


@dataclass(frozen=True, slots=True)
class SearchTarget:
    """検索の対象: a relation with one row a person (or a name), and the columns that hold its keys.

    `kana` and `names` list key columns in order of precedence; all but the first are sparse (NULL where there is
    nothing) and have partial btree indexes (column, atena_number). `part_kana`, `part_name`: the first column has a
    GIN index on public.unibi.
    """

    relation: str
    kana: tuple[str, ...] = ("kana_key", "kana_alt_key")
    names: tuple[str, ...] = ("name_key",)
    birth: str = "birth_date"

    @property
    def identifier(self) -> sql.Identifier:
        """The relation as SQL."""
        return sql.Identifier(*self.relation.split("."))


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """読み取った検索条件: `keys` are folded (two for kana with a long mark), `digits` of a number, `birth` a day."""

    kind: KeyKind
    text: str
    keys: tuple[str, ...] = ()
    digits: str = ""
    birth: date | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """続きの位置: tier, key and 宛名番号 of the last row shown."""

    tier: Tier
    key: str
    atena_number: str

    def encode(self) -> str:
        """For a link of the screen."""
        return orjson.dumps([self.tier, self.key, self.atena_number]).hex()

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """From a link; a broken one starts again with an error in words."""
        try:
            tier, key, number = orjson.loads(bytes.fromhex(text))
            return cls(Tier(tier), str(key), str(number))
        except (ValueError, TypeError):
            raise InputError(
                "続きの位置を読み取れません", "cursor", "invalid_format", "もう一度検索してください。"
            ) from None


@dataclass(frozen=True, slots=True)
class Hit:
    """見つかった行: whose, by which key, in which tier."""

    atena_number: str
    key: str
    tier: Tier


@dataclass(frozen=True, slots=True)
class Page:
    """検索結果の1頁: hits in order, the cursor of the next page (None = the end), total up to TOTAL_CAP (None =
    more).
    """

    hits: tuple[Hit, ...]
    next_cursor: Cursor | None
    total: int | None


# --- reading what was typed -----------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[0-9]{1,15}|[0-9]{4}-[0-9]{6}|[A-Z]{2}[0-9]{8}[A-Z]{2}")
_DATE = re.compile(
    r"(?:[MTSHR明大昭平令]|明治|大正|昭和|平成|令和)?(?:元|[0-9]{1,4})[./年-].*|[MTSHR][0-9]{6}|(?:18|19|20)[0-9]{6}"
)
_KANA = re.compile(r"[ぁ-ゖァ-ヺー゛゜・\u3099\u309a\s]+")
_ROMAJI = re.compile(r"[A-Z0-9'., \-]+")


def read_query(text: str, today: date, kind: KeyKind | None = None) -> SearchQuery:
    """検索語を読む: guesses the kind unless the officer chose one. Raises InputError for nothing, or a day that does
    not exist.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        raise InputError(
            "検索する語が入力されていません",
            "q",
            "missing_field",
            "氏名・カナ・生年月日・番号のどれかを入力してください。",
        )
    kind = kind or guess_kind(plain)
    if kind == KeyKind.NUMBER:
        return SearchQuery(kind, text, digits=strip_separators(plain).upper())
    if kind == KeyKind.DATE:
        return SearchQuery(kind, text, birth=parse_imprecise(plain, today, "q").sortable)
    if kind == KeyKind.KANA:
        keys = tuple(dict.fromkeys((search_key(plain), alternate_search_key(plain))))
        return SearchQuery(kind, text, keys=_some(keys, plain))
    key = variant_key(plain)
    return SearchQuery(kind, text, keys=_some((key,), plain))


def _some(keys: tuple[str, ...], plain: str) -> tuple[str, ...]:
    found = tuple(key for key in keys if key)
    if not found:
        raise InputError(
            f"「{plain[:20]}」では検索できません", "q", "invalid_value", "氏名かカナを1文字以上入力してください。"
        )
    return found


def guess_kind(text: str) -> KeyKind:
    """検索キーの種類を推定する: a day is recognised by its form, so eight digits 19800401 are a birth date."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if _DATE.fullmatch(plain.replace(" ", "")):
        return KeyKind.DATE
    if _NUMBER.fullmatch(strip_separators(plain)) or _NUMBER.fullmatch(plain):
        return KeyKind.NUMBER
    if _KANA.fullmatch(plain):
        return KeyKind.KANA
    return KeyKind.ROMAJI if _ROMAJI.fullmatch(plain) else KeyKind.KANJI


# --- finding ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Search:
    """One search on one target: fills a page tier by tier."""

    using: str
    target: SearchTarget
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    want: int
    hits: list[Hit] = field(default_factory=list)

    def run(self, cursor: Cursor | None) -> None:
        if cursor is None:
            self._open()
        tiers = _TIERS[_TIERS.index(cursor.tier) :] if cursor else (Tier.PART,)
        for tier in tiers:
            after = cursor if cursor and cursor.tier == tier else None
            missing = self.want - len(self.hits)
            if missing <= 0:
                return
            rows = getattr(self, f"_{tier}")(after, missing)
            self.hits.extend(Hit(number, key, tier) for key, number in rows)

    def _open(self) -> None:
        """exact and prefix of a first page: every range of every key column in one statement."""
        begins = sql.SQL("{column} > {low} and {column} < {high}")
        branches: list[sql.Composable] = []
        for column in map(sql.Identifier, self.columns):
            exact = sql.SQL("{} = any({})").format(column, sql.Literal(list(self.keys)))
            branches.append(self._branch(Tier.EXACT, column, exact))
            for key in self.keys:
                bounds = begins.format(column=column, low=sql.Literal(key), high=sql.Literal(key + _LAST))
                branches.append(self._branch(Tier.PREFIX, column, bounds))
        with connections[self.using].cursor() as cursor:
            cursor.execute(sql.SQL(" union all ").join(branches))
            rows = cursor.fetchall()
        for tier in (Tier.EXACT, Tier.PREFIX):
            found = sorted({(str(key), str(number)) for which, key, number in rows if which == tier})
            self.hits.extend(Hit(number, key, tier) for key, number in found[: self.want - len(self.hits)])

    def _branch(self, tier: Tier, column: sql.Identifier, condition: sql.Composable) -> sql.Composed:
        return sql.SQL(
            "(select {tier}, {column}, atena_number from {table} where {condition} order by {column}, atena_number "
            "limit {limit})"
        ).format(
            tier=sql.Literal(str(tier)),
            column=column,
            table=self.target.identifier,
            condition=condition,
            limit=sql.Literal(self.want),
        )

    def _exact(self, after: Cursor | None, limit: int) -> list[tuple[str, str]]:
        condition = sql.SQL("{column} = any(%(keys)s)")
        return self._ordered(condition, {"keys": list(self.keys)}, after, limit)

    def _prefix(self, after: Cursor | None, limit: int) -> list[tuple[str, str]]:
        # one range per key: an OR of two ranges would not be walked in order
        found: list[tuple[str, str]] = []
        for key in self.keys:
            condition = sql.SQL("{column} > %(low)s and {column} < %(high)s")
            found += self._ordered(condition, {"low": key, "high": key + _LAST}, after, limit)
        return sorted(set(found))[:limit]

    def _part(self, after: Cursor | None, limit: int) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for key in self.keys:
            for position, column in enumerate(self.columns):
                found += self._part_of(column, key, after, limit, sparse=position > 0)
        return sorted(set(found))[:limit]

    def _part_of(
        self, column: str, key: str, after: Cursor | None, limit: int, *, sparse: bool
    ) -> list[tuple[str, str]]:
        facts = {"part": f"%{_escape(key)}%", "start": f"{_escape(key)}%", "limit": limit, **_after(after)}
        names = {
            "column": sql.Identifier(column),
            "table": self.target.identifier,
            "after": _AFTER.format(column=sql.Identifier(column)) if after else sql.SQL(""),
        }
        if sparse:
            return self._fetch(_WALK_SPARSE.format(**names), facts)
        if self._is_frequent(column, key):
            rows = self._walk(names, facts, key, after, limit)
            if len(rows) >= limit:
                return rows
        return self._fetch(_GIN.format(**names), {**facts, "grams": grams(key)})

    def _walk(
        self, names: dict[str, Any], facts: dict[str, Any], key: str, after: Cursor | None, limit: int
    ) -> list[tuple[str, str]]:
        """The btree in order; for a part with kanji the few mixed names before the kanji, then the kanji."""
        facts = {**facts, "walk": WALK_LIMIT, "kanji": _KANJI}
        if max(key) < _KANJI or (after and after.key >= _KANJI):
            return self._fetch(_WALK.format(**names, begin=sql.SQL("")), facts)
        mixed = self._fetch(_MIXED.format(**names, kanji=sql.Literal(_KANJI), any=sql.Literal(ANY_KANJI)), facts)
        if len(mixed) >= limit:
            return mixed
        names = {**names, "after": sql.SQL("")}
        begin = sql.SQL(" and {} >= {}").format(names["column"], sql.Literal(_KANJI))
        return mixed + self._fetch(_WALK.format(**names, begin=begin), {**facts, "limit": limit - len(mixed)})

    def _is_frequent(self, column: str, key: str) -> bool:
        return all(estimated_rows(self.using, self.target, column, gram) > RARE for gram in grams(key))

    def _ordered(
        self, condition: sql.SQL, facts: dict[str, Any], after: Cursor | None, limit: int
    ) -> list[tuple[str, str]]:
        """The first rows of each key column in the order of the key, merged."""
        found: list[tuple[str, str]] = []
        for column in self.columns:
            name = sql.Identifier(column)
            statement = sql.SQL(
                "select {column}, atena_number from {table} where {condition}{after} "
                "order by {column}, atena_number limit %(limit)s"
            ).format(
                column=name,
                table=self.target.identifier,
                condition=condition.format(column=name),
                after=_AFTER.format(column=name) if after else sql.SQL(""),
            )
            found += self._fetch(statement, {**facts, "limit": limit, **_after(after)})
        return sorted(set(found))[:limit]

    def _fetch(self, statement: sql.Composed, facts: dict[str, Any]) -> list[tuple[str, str]]:
        with connections[self.using].cursor() as cursor:
            cursor.execute(statement, facts)
            return [(str(key), str(number)) for key, number in cursor.fetchall()]


_AFTER = sql.SQL(" and ({column}, atena_number) > (%(key)s, %(number)s)")
_WALK = sql.SQL(
    "select {column}, atena_number from (select {column}, atena_number from {table} where true{after}{begin} "
    "order by {column}, atena_number limit %(walk)s) s "
    "where {column} like %(part)s and {column} not like %(start)s limit %(limit)s"
)
_MIXED = sql.SQL(
    "select {column}, atena_number from {table} where {column} < {kanji} and {column} ~ {any} "
    "and {column} like %(part)s and {column} not like %(start)s{after} order by {column}, atena_number limit %(limit)s"
)
_WALK_SPARSE = sql.SQL(
    "select {column}, atena_number from {table} where {column} is not null and {column} like %(part)s "
    "and {column} not like %(start)s{after} order by {column}, atena_number limit %(limit)s"
)
_GIN = sql.SQL(
    "select {column}, atena_number from (select {column}, atena_number from {table} "
    "where public.unibi({column}) @> %(grams)s and {column} like %(part)s and {column} not like %(start)s{after} "
    "offset 0) s order by {column}, atena_number limit %(limit)s"
)


def _after(cursor: Cursor | None) -> dict[str, str]:
    return {"key": cursor.key, "number": cursor.atena_number} if cursor else {}


def _escape(key: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", key)


def grams(key: str) -> list[str]:
    """索引の要素: all bigrams of a longer key, the character itself of a single one."""
    return sorted({key[i : i + 2] for i in range(len(key) - 1)}) if len(key) > 1 else [key]


# How often a gram occurs, as the planner believes; (database, relation, column, gram) → (rows, when asked).
_estimates: dict[tuple[str, str, str, str], tuple[int, float]] = {}


def estimated_rows(using: str, target: SearchTarget, column: str, gram: str) -> int:
    """出現数の見積り: of one character or bigram, from the statistics of the GIN index (kept for ten minutes)."""
    connection = connections[using]
    key = (str(connection.settings_dict["NAME"]), target.relation, column, gram)
    known = _estimates.get(key)
    if known is not None and time.monotonic() - known[1] < _CACHE_SECONDS:
        return known[0]
    statement = sql.SQL("explain (format json) select 1 from {table} where public.unibi({column}) @> {grams}").format(
        table=target.identifier, column=sql.Identifier(column), grams=sql.Literal([gram])
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        plan = cursor.fetchone()[0]
    document = orjson.loads(plan) if isinstance(plan, str) else plan
    rows = int(document[0]["Plan"]["Plan Rows"])
    if len(_estimates) > 50_000:
        _estimates.clear()
    _estimates[key] = (rows, time.monotonic())
    return rows


def find(
    using: str, target: SearchTarget, query: SearchQuery, *, cursor: Cursor | None = None, size: int = PAGE_SIZE
) -> Page:
    """探す: one page of hits for a name or a birth date (numbers are looked up by the subsystem, which knows its
    kinds).
    """
    if query.kind == KeyKind.DATE:
        return _find_by_birth(using, target, query, cursor, size)
    if not query.keys:
        return Page((), None, 0)
    columns = target.kana if query.kind == KeyKind.KANA else target.names
    search = _Search(using, target, columns, query.keys, size + 1)
    search.run(cursor)
    return _page(search.hits, size, None if cursor else count_up_to(using, target, query))


def _page(hits: Sequence[Hit], size: int, total: int | None) -> Page:
    shown = tuple(hits[:size])
    last = shown[-1] if len(hits) > size else None
    following = Cursor(last.tier, last.key, last.atena_number) if last else None
    return Page(shown, following, total if following else (total if total is not None else None))


def _find_by_birth(using: str, target: SearchTarget, query: SearchQuery, cursor: Cursor | None, size: int) -> Page:
    kana, birth = sql.Identifier(target.kana[0]), sql.Identifier(target.birth)
    statement = sql.SQL(
        "select {kana}, atena_number from {table} where {birth} = %(birth)s{after} "
        "order by {kana}, atena_number limit %(limit)s"
    ).format(
        kana=kana, table=target.identifier, birth=birth, after=_AFTER.format(column=kana) if cursor else sql.SQL("")
    )
    with connections[using].cursor() as database:
        database.execute(statement, {"birth": query.birth, "limit": size + 1, **_after(cursor)})
        hits = [Hit(str(number), str(key), Tier.EXACT) for key, number in database.fetchall()]
        total = None
        if cursor is None:
            counted = sql.SQL("select count(*) from (select 1 from {} where {} = %s limit %s) t").format(
                target.identifier, birth
            )
            database.execute(counted, [query.birth, TOTAL_CAP + 1])
            total = int(database.fetchone()[0])
    return _page(hits, size, _capped(total))


def count_up_to(using: str, target: SearchTarget, query: SearchQuery, cap: int = TOTAL_CAP) -> int | None:
    """件数: exact up to `cap`, None = more than that. A frequent part is known to be more without counting."""
    columns = target.kana if query.kind == KeyKind.KANA else target.names
    main, key = columns[0], query.keys[0]
    with connections[using].cursor() as cursor:
        column, table = sql.Identifier(main), target.identifier
        begins = sql.SQL("select count(*) from (select 1 from {t} where {c} >= %s and {c} < %s limit %s) s").format(
            t=table, c=column
        )
        cursor.execute(begins, [key, key + _LAST, cap + 1])
        beginning = int(cursor.fetchone()[0])
        if beginning > cap:
            return None
        if len(grams(key)) == 1 and estimated_rows(using, target, main, grams(key)[0]) > 3 * cap:
            return None
        if all(estimated_rows(using, target, main, gram) > RARE for gram in grams(key)):
            return None
        parts = [
            sql.SQL("select atena_number, {c} as k from {t} where public.unibi({c}) @> {g} and {c} like {p}").format(
                c=column, t=table, g=sql.Literal(grams(one)), p=sql.Literal(f"%{_escape(one)}%")
            )
            for one in query.keys
        ]
        parts += [
            sql.SQL("select atena_number, {c} from {t} where {c} is not null and {c} like {p}").format(
                c=sql.Identifier(other), t=table, p=sql.Literal(f"%{_escape(one)}%")
            )
            for other in columns[1:]
            for one in query.keys
        ]
        cursor.execute(
            sql.SQL("select count(*) from ({} limit {}) u").format(sql.SQL(" union ").join(parts), sql.Literal(cap + 1))
        )
        return _capped(int(cursor.fetchone()[0]), cap)


def _capped(total: int | None, cap: int = TOTAL_CAP) -> int | None:
    return total if total is None or total <= cap else None
