"""閲覧記録を列で作る: millions of entries with their true hashes, chain, numbers per person and counters, by COPY.

What `ledger.record` and `ledger.seal_committed` make of one look after another is made here a column at a time: two
processes hash the entries and send them, this one adds the chain and the heads, which need the entry before. Nothing of
the log can tell afterwards; `verification.verify` recounts every hash of it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, NamedTuple

import psycopg

WRITER, CHUNK, _PROCESSES = "fill", 50_000, 2
_SHA = hashlib.sha256
_ITEMS, _ITEMS_JSON = '{"R1/氏名情報","R2/取得日"}', '["R1/氏名情報","R2/取得日"]'
_DAY = "2026-11-02"
"""All looks of the fill lie in one day, a microsecond column apart; the order is that of their numbers."""

_PUT_ASIDE = """
select 'i', c.relname, pg_get_indexdef(i.indexrelid), t.relname from pg_index i
  join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
 where t.relnamespace = 'ledger'::regnamespace and t.relname in ('entry', 'seal', 'subject')
   and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)
union all
select 'c', k.conname, pg_get_constraintdef(k.oid), t.relname from pg_constraint k join pg_class t on t.oid = k.conrelid
 where t.relnamespace = 'ledger'::regnamespace and t.relname in ('entry', 'seal', 'subject') and k.contype in ('p', 'u')
"""


class Person(NamedTuple):
    """本人: as the chunks need one."""

    person_id: int
    atena_number: str
    salt: bytes
    last_number: int


class Made(NamedTuple):
    """一まとまりの封印: position of the first, and for each entry detail hash, hash of people, leaf (32 bytes each)."""

    first: int
    details: bytes
    subjects: bytes
    leaves: bytes


def fill(address: dict[str, Any], entries: int, people: int) -> None:
    """Add `entries` sealed entries about `people` people; indexes and constraints are made again when all lie there."""
    with psycopg.connect(**address, autocommit=True) as admin:
        admin.execute("set maintenance_work_mem = '512MB'")
        if admin.execute("select 1 from ledger.unsealed limit 1").fetchone():
            raise RuntimeError("entries wait for the sealer")
        known, heads = _people(admin, people)
        position, chain, entry = _ends(admin)
        aside = admin.execute(_PUT_ASIDE).fetchall()
        for kind, name, _, table in aside:
            drop = "drop index ledger.{0}" if kind == "i" else "alter table ledger.{1} drop constraint {0}"
            admin.execute(drop.format(name, table))
        _add(address, admin, entries, known, heads, position, chain, entry)
        admin.execute("insert into ledger.writer (writer, last_number) values (%s, %s)", [WRITER, entries])
        admin.execute(
            "select setval(pg_get_serial_sequence('ledger.entry', 'entry_id'), max(entry_id)) from ledger.entry"
        )
        with admin.transaction(), admin.cursor() as cursor:
            cursor.execute("create temp table moved (person_id bigint, last_number bigint, head bytea) on commit drop")
            with cursor.copy("copy moved from stdin") as copy:
                for place, person in enumerate(known):
                    number = person.last_number + len(range(place, entries, people))
                    copy.write_row((person.person_id, number, heads[place]))
            cursor.execute(
                "update ledger.person p set last_number = m.last_number, head = m.head from moved m "
                "where m.person_id = p.person_id"
            )
        for kind, name, definition, table in aside:
            add = f"alter table ledger.{table} add constraint {name} {definition}"
            admin.execute(definition if kind == "i" else add)
        admin.execute("vacuum analyze")


def _people(admin: psycopg.Connection[Any], people: int) -> tuple[list[Person], list[bytes]]:
    """The people in the order of their numbers, those that nobody has looked at yet added; and their heads."""
    numbers = [f"{number:015}" for number in range(people)]
    known = {row[0] for row in admin.execute("select atena_number from ledger.person").fetchall()}
    columns = "atena_number, salt, token, head"
    with admin.cursor() as cursor, cursor.copy(f"copy ledger.person ({columns}) from stdin") as copy:
        for number in numbers:
            if number not in known:
                salt = secrets.token_bytes(32)
                token = _SHA(b"\x05" + salt + number.encode()).digest()
                copy.write_row((number, salt, token, token))
    rows = admin.execute(
        "select person_id, atena_number, salt, last_number, head from ledger.person where atena_number = any(%s) "
        "order by atena_number",
        [numbers],
    ).fetchall()
    return [Person(row[0], row[1], bytes(row[2]), row[3]) for row in rows], [bytes(row[4]) for row in rows]


def _ends(admin: psycopg.Connection[Any]) -> tuple[int, bytes, int]:
    """Last position, last link of the chain, last entry."""
    row = admin.execute("select position, chain from ledger.seal order by position desc limit 1").fetchone()
    [(entry,)] = admin.execute("select coalesce(max(entry_id), 0) from ledger.entry").fetchall()
    return (row[0], bytes(row[1]), entry) if row else (0, _SHA(b"kokunen ledger").digest(), entry)


def _add(
    address: dict[str, Any],
    admin: psycopg.Connection[Any],
    entries: int,
    known: list[Person],
    heads: list[bytes],
    position: int,
    chain: bytes,
    entry: int,
) -> None:
    starts = iter(range(0, entries, CHUNK))
    with ProcessPoolExecutor(
        _PROCESSES, mp_context=get_context("spawn"), initializer=_open, initargs=(address, known, position, entry)
    ) as pool:
        waiting: list[Future[Made]] = []
        for start in starts:
            waiting.append(pool.submit(_make, start, min(CHUNK, entries - start)))
            if len(waiting) > 2 * _PROCESSES:
                chain = _seal(admin, waiting.pop(0).result(), chain, heads, position, entry)
        for made in waiting:
            chain = _seal(admin, made.result(), chain, heads, position, entry)


def _seal(
    admin: psycopg.Connection[Any], made: Made, chain: bytes, heads: list[bytes], position: int, entry: int
) -> bytes:
    """Chain and heads of one chunk, in order; its rows of `seal`."""
    people = len(heads)
    lines = []
    for place in range(len(made.leaves) // 32):
        at = 32 * place
        leaf = made.leaves[at : at + 32]
        chain = _SHA(chain + leaf).digest()
        number = made.first + place
        person = number % people
        heads[person] = _SHA(b"\x02" + heads[person] + leaf).digest()
        lines.append(
            f"{position + 1 + number}\t{entry + 1 + number}\t\\\\x{made.details[at : at + 32].hex()}\t"
            f"\\\\x{made.subjects[at : at + 32].hex()}\t\\\\x{leaf.hex()}\t\\\\x{chain.hex()}\n"
        )
    columns = "position, entry_id, detail_hash, subjects_hash, leaf, chain"
    with admin.cursor() as cursor, cursor.copy(f"copy ledger.seal ({columns}) from stdin") as copy:
        copy.write("".join(lines))
    return chain


class _Bench(NamedTuple):
    connection: psycopg.Connection[Any]
    known: list[Person]
    position: int
    entry: int


_bench: _Bench | None = None


def _open(address: dict[str, Any], known: list[Person], position: int, entry: int) -> None:
    global _bench
    _bench = _Bench(psycopg.connect(**address, autocommit=True), known, position, entry)


def _part(text: str) -> str:
    return f"{len(text.encode())}:{text},"


def _make(start: int, count: int) -> Made:
    """One chunk: entries and subjects go to the database, their hashes come back."""
    assert _bench is not None
    entry_lines: list[str] = []
    subject_lines: list[str] = []
    details, subjects, leaves = bytearray(), bytearray(), bytearray()
    salts = secrets.token_bytes(16 * count)
    head, tail = _part(WRITER), "".join(map(_part, ("2010", "pension_inquiry", "view", "個人照会", "person")))
    end = _part("") + _part("") + _part(_ITEMS_JSON) + _part("1")
    for number, moment in zip(range(start, start + count), _moments(start), strict=False):
        entry, salt = _bench.entry + 1 + number, salts[16 * (number - start) :][:16]
        person = _bench.known[number % len(_bench.known)]
        commitment = _SHA(b"\x03" + person.salt + f"{person.atena_number}/{entry}".encode()).digest()
        detail, subject = _SHA(b"\x06" + salt + b"{}").digest(), _SHA(commitment).digest()
        staff, terminal, own = f"nenkin{number % 50}", f"T-{number % 40}", str(number + 1)
        text = (
            f"{_part(str(entry))}{_part(moment)}{head}{len(own)}:{own},{len(staff)}:{staff},{tail}"
            f"{len(terminal)}:{terminal},{end}64:{detail.hex()},64:{subject.hex()},"
        )
        details += detail
        subjects += subject
        leaves += _SHA(b"\x00" + text.encode()).digest()
        entry_lines.append(
            f"{entry}\t{moment}Z\t{WRITER}\t{own}\t{staff}\t2010\tpension_inquiry\tview\t個人照会\tperson\t{terminal}\t"
            f"{{{person.atena_number}}}\t{_ITEMS}\t1\t\\\\x{salt.hex()}\n"
        )
        turn = person.last_number + number // len(_bench.known) + 1
        subject_lines.append(f"{person.person_id}\t{turn}\t{_bench.position + 1 + number}\t\\\\x{commitment.hex()}\n")
    columns = (
        "entry_id, recorded_at, writer, writer_number, staff_number, office_code, purpose, act, dataset, screen, "
        "terminal, atena_numbers, items, subject_count, salt"
    )
    with _bench.connection.cursor() as cursor:
        with cursor.copy(f"copy ledger.entry ({columns}) from stdin") as copy:
            copy.write("".join(entry_lines))
        with cursor.copy("copy ledger.subject (person_id, number, position, commitment) from stdin") as copy:
            copy.write("".join(subject_lines))
    return Made(start, bytes(details), bytes(subjects), bytes(leaves))


def _moments(start: int) -> Iterator[str]:
    """Times of the entries from that number on: a thousand a second."""
    number = start
    while True:
        second, rest = divmod(number, 1000)
        hour, minute = second // 3600 % 24, second // 60 % 60
        yield f"{_DAY}T{hour:02}:{minute:02}:{second % 60:02}.{rest * 1000:06}"
        number += 1
