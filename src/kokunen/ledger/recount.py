"""再計算: every hash of the log made again from the stored rows, range by range, beside the database.

The database sends bytes (binary COPY, some hundred rows a message) and is asked for built-in functions only: a function
of the ledger that its owner has replaced cannot vouch for a row. The hashes are made here, with hashlib. Ranges
of positions and parts of the people need nothing of each other, so that several processes share the work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from struct import Struct
from typing import Any, NamedTuple

import psycopg

from kokunen.ledger import merkle

GENESIS = hashlib.sha256(b"kokunen ledger").digest()
_MOST_FINDINGS = 100
_NOBODY = (0, b"")
_BLOCK = 256  # positions a message
_ENTRY = Struct(">qqB")  # position, entry_id, is the entry still there
_LENGTH = Struct(">i")
_NAMED = Struct(">qq")  # position, person_id
_STEP = Struct(">qqq")  # person_id, number, position
_HASH = 32

# Built-in functions only. The fields of an entry are those of `entry_bytes` in sql/ledger.sql, up to the two hashes.
_FIELDS = (
    "e.entry_id::text", "to_char(e.recorded_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')", "e.writer",
    "e.writer_number::text", "e.staff_number", "e.office_code", "e.purpose", "e.act", "e.dataset", "e.screen",
    "e.terminal", "coalesce(e.case_id, '')", "coalesce(e.serial, '')", "array_to_json(e.items)::text",
    "e.subject_count::text",
)  # fmt: skip


def _sized(value: str) -> str:
    """SQL: four bytes of length (-1: nothing there), then the bytes."""
    return f"int4send(coalesce(octet_length({value}), -1)) || coalesce({value}, '')"


def _hash(value: str) -> str:
    """SQL: a hash of 32 bytes as it is; one that was cut or made longer as another, so that it cannot fit."""
    return f"case when octet_length({value}) = 32 then {value} else sha256({value}) end"


_CONTENT = (
    "convert_to(format('" + "%s:%s," * len(_FIELDS) + "', "
    + ", ".join(f"octet_length({name}), {name}" for name in _FIELDS) + "), 'UTF8')"
)  # fmt: skip
# One row for each block of positions: short index scans in order, whatever the size of the log.
_ENTRIES = (
    "copy (select (select string_agg(int8send(s.position) || int8send(s.entry_id) || "
    "case when e.entry_id is null then '\\x00'::bytea else '\\x01' end || "
    + " || ".join(
        _sized(value)
        for value in (
            "s.leaf", "s.chain", "s.detail_hash", _CONTENT, "e.salt", "convert_to(e.detail::text, 'UTF8')",
            "convert_to(array_to_string(e.atena_numbers, ','), 'UTF8')",
        )
    )
    + ", ''::bytea order by s.position) from ledger.seal s left join ledger.entry e on e.entry_id = s.entry_id "
    "where s.position between g and least(g + {block} - 1, {last})), "
    f"(select string_agg(int8send(position) || int8send(person_id) || {_hash('commitment')}, ''::bytea "
    "order by position, commitment) from ledger.subject where position between g and least(g + {block} - 1, {last})) "
    "from generate_series({first}::bigint, {last}::bigint, {block}) g) to stdout (format binary)"
)  # fmt: skip
_STEPS = (
    "copy (select (select string_agg(int8send(j.person_id) || int8send(j.number) || int8send(j.position) || "
    f"{_hash('s.leaf')}, ''::bytea order by j.position, j.person_id) "
    "from ledger.subject j join ledger.seal s on s.position = j.position "
    "where j.position between g and g + {block} - 1 and j.person_id % {parts} = {part}) "
    "from generate_series(1::bigint, (select coalesce(max(position), 0) from ledger.seal), {block}) g) "
    "to stdout (format binary)"
)


class Range(NamedTuple):
    """封印の範囲: positions `first` to `last`; `tiled` when a checkpoint covers them (ranges then end at tiles)."""

    first: int
    last: int
    tiled: bool


@dataclass(slots=True)
class RangeResult:
    """範囲の結果: what was found wrong, how many seals, the last link of the chain, and the roots of its tiles."""

    sealed: int = 0
    head: bytes = GENESIS
    tiles: list[bytes] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def find(self, words: str) -> None:
        """Note a finding."""
        if len(self.findings) < _MOST_FINDINGS:
            self.findings.append(words)


@dataclass(slots=True)
class PeopleResult:
    """本人の結果: (token, count, head) of people as of the newest checkpoint, and what was found wrong."""

    members: list[tuple[bytes, int, bytes]] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


class People:
    """本人の対応: 宛名番号 to person and salt, and every known person; the tokens are checked on the way."""

    def __init__(self, connection: psycopg.Connection[Any], findings: list[str] | None = None) -> None:
        self.known: set[int] = set()
        self.by_number: dict[bytes, tuple[int, bytes]] = {}
        sql = "select person_id, convert_to(atena_number, 'UTF8'), salt, token from ledger.person"
        with connection.cursor(binary=True) as cursor:
            for person_id, number, salt, token in cursor.execute(sql):
                self.known.add(person_id)
                if number is None or salt is None:
                    continue
                self.by_number[number] = (person_id, salt)
                if findings is not None and hashlib.sha256(b"\x05" + salt + number).digest() != token:
                    findings.append(f"宛名番号 {number.decode()} の本人の印が違います")


def check_range(connection: psycopg.Connection[Any], people: People, given: Range) -> RangeResult:
    """範囲の再計算: leaf, detail, people and chain of each seal in the range, from the link before it on."""
    result = RangeResult()
    chain, expected, leaves, sha = _link_before(connection, given.first), given.first, list[bytes](), hashlib.sha256
    for position, entry_id, there, parts, named in _entries(connection, given):
        leaf, sealed_chain, detail_hash, content, salt, detail, numbers = parts
        if position != expected:
            result.find(f"封印の {expected} 番から {position - 1} 番までがありません")
        expected = position + 1
        result.sealed += 1
        if not there:
            result.find(f"封印の {position} 番が指す記録 {entry_id} がありません")
        else:
            commitments = b"".join(named.values())
            made = sha(
                b"\x00%b64:%b,64:%b," % (content, detail_hash.hex().encode(), sha(commitments).hexdigest().encode())
            ).digest()
            fits = detail == b"{}" if salt is None else sha(b"\x06" + salt + detail).digest() == detail_hash
            if made != leaf or not fits:
                result.find(f"記録 {entry_id}（封印の {position} 番）の内容が封印した時と違います")
            _check_named(result, people, position, entry_id, numbers, named)
        chain = sha(chain + leaf).digest()
        if chain != sealed_chain:
            result.find(f"封印の {position} 番で鎖が切れています")
            chain = sealed_chain
        if given.tiled:
            leaves.append(leaf)
            if len(leaves) == merkle.TILE:
                result.tiles.append(merkle.root(leaves))
                leaves = []
    if leaves:
        result.tiles.append(merkle.root(leaves))
    result.head = chain
    return result


def check_people(connection: psycopg.Connection[Any], part: int, parts: int, signed_until: int) -> PeopleResult:
    """本人の再計算: each `parts`-th person: numbers without a hole, and the head that follows from the entries.

    `signed_until` is the newest checkpoint's last position; `members` are those of that moment.
    """
    result, sha = PeopleResult(), hashlib.sha256
    kept: dict[int, tuple[bytes | None, bytes, int, bytes]] = {}
    with connection.cursor(binary=True) as cursor:
        for person_id, number, token, count, head in cursor.execute(
            "select person_id, convert_to(atena_number, 'UTF8'), token, last_number, head from ledger.person "
            f"where person_id % {parts} = {part}"
        ):
            kept[person_id] = (number, token, count, head)
    heads = {person_id: (0, token) for person_id, (_, token, _, _) in kept.items()}
    signed: dict[int, tuple[int, bytes]] | None = None
    holes: set[int] = set()
    for (data,) in _messages(connection, _STEPS.format(block=_BLOCK, part=part, parts=parts), 1):
        for at in range(0, len(data or b""), _STEP.size + _HASH):
            person_id, number, position = _STEP.unpack_from(data, at)
            if signed is None and position > signed_until:
                signed = dict(heads)
            if person_id not in heads:
                continue  # told with the entry
            count, head = heads[person_id]
            if number != count + 1:
                holes.add(person_id)
            leaf = data[at + _STEP.size : at + _STEP.size + _HASH]
            heads[person_id] = (count + 1, sha(b"\x02" + head + leaf).digest())
    for person_id, (atena, _, last, head) in kept.items():
        count, made = heads[person_id]
        if count != last or person_id in holes:
            name = atena.decode() if atena is not None else "（忘れた人）"
            result.findings.append(f"宛名番号 {name} の記録が欠けています（番号 {last} に対し {count} 件）")
        if made != head:
            result.findings.append("本人の記録の先端が、記録の並びと合いません")
    moment = heads if signed is None else signed
    result.members = [(kept[person_id][1], count, head) for person_id, (count, head) in moment.items() if count]
    del result.findings[_MOST_FINDINGS:]
    return result


def _check_named(
    result: RangeResult, people: People, position: int, entry_id: int, numbers: bytes, named: dict[int, bytes]
) -> None:
    """The entry stands in the list of everybody whom it names, under that person's own commitment."""
    ending = b"/%d" % entry_id
    for number in numbers.split(b",") if numbers else ():
        person_id, salt = people.by_number.get(number, _NOBODY)
        if named.get(person_id) != hashlib.sha256(b"\x03" + salt + number + ending).digest():
            result.find(f"封印の {position} 番は宛名番号 {number.decode()} の閲覧ですが、本人の記録に入っていません")
    if not people.known >= named.keys():
        result.find(f"封印の {position} 番は、台帳にいない人の記録に入っています")


def _entries(
    connection: psycopg.Connection[Any], given: Range
) -> Iterator[tuple[int, int, bool, Sequence[Any], dict[int, bytes]]]:
    """Position, entry, is it there, the sized parts, and the commitments by person in their order."""
    unpack, length, size = _ENTRY.unpack_from, _LENGTH.unpack_from, _ENTRY.size
    nobody: dict[int, bytes] = {}
    for data, subjects in _messages(connection, _ENTRIES.format(first=given.first, last=given.last, block=_BLOCK)):
        named = _named(subjects or b"")
        at, end = 0, len(data or b"")
        while at < end:
            position, entry_id, there = unpack(data, at)
            at += size
            parts: list[bytes | None] = []
            for _ in range(7):
                (many,) = length(data, at)
                at += 4
                if many < 0:
                    parts.append(None)
                else:
                    parts.append(data[at : at + many])
                    at += many
            yield position, entry_id, bool(there), parts, named.get(position, nobody)


def _named(subjects: bytes) -> dict[int, dict[int, bytes]]:
    """By position: the commitments by person, in the order of the commitments."""
    found: dict[int, dict[int, bytes]] = {}
    for at in range(0, len(subjects), _NAMED.size + _HASH):
        position, person_id = _NAMED.unpack_from(subjects, at)
        found.setdefault(position, {})[person_id] = subjects[at + _NAMED.size : at + _NAMED.size + _HASH]
    return found


def _messages(connection: psycopg.Connection[Any], sql: str, columns: int = 2) -> Iterator[tuple[Any, ...]]:
    """The byteas of each row that the statement copies out."""
    with connection.cursor() as cursor, cursor.copy(sql.encode()) as copy:
        copy.set_types(["bytea"] * columns)
        yield from copy.rows()


def _link_before(connection: psycopg.Connection[Any], position: int) -> bytes:
    """The chain's value as stored before that position; its own range has checked it."""
    with connection.cursor(binary=True) as cursor:
        cursor.execute(
            "select chain from ledger.seal where position < %s order by position desc limit 1",
            [position],
            prepare=False,
        )
        row = cursor.fetchone()
    return bytes(row[0]) if row else GENESIS
