"""検印: a signed statement about the whole log, handed to the second custodian.

Taken each day and for each disclosure.

One statement commits to every entry sealed since the one before (a tree), to the number and the head of every person
(a tree of 4,096 buckets) and to the statement before. Whoever holds it can later show an entry to be in the log and a
person's list to be complete.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

from kokunen.common_platform.operations import clock
from kokunen.ledger import merkle
from kokunen.ledger.custody import Custodian, city_key, second_custodian
from kokunen.ledger.sealer import seal_all
from kokunen.ledger.statements import Statement

_LOCK = "select pg_advisory_xact_lock(hashtext('kokunen.ledger.seal'), 0)"
_NO_STATEMENT = bytes(32)
_PART = 256 * merkle.TILE
"""Leaves read at a time; whole tiles."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """検印 as it is kept."""

    statement: Statement
    signature: bytes
    receipt: str | None
    receipt_signature: bytes | None


def take() -> Checkpoint:
    """検印を取る: seal what is committed, sign the state and hand it to the custodian.

    When nothing was sealed since the last checkpoint, that one is given back.
    """
    with transaction.atomic(using="ledger"):
        take_in_transaction()
    hand_over()
    newest = find_checkpoint()
    assert newest is not None
    return newest


def take_in_transaction() -> Statement:
    """検印 in the caller's transaction, which holds the log still until it ends (a disclosure reads it then)."""
    _rows(_LOCK)
    seal_all()
    last = find_checkpoint()
    first = last.statement.last + 1 if last else 1
    until = int(_rows("select coalesce(max(position), 0) from seal")[0][0])
    if last and until < first:
        return last.statement
    moved = _moved_buckets(first)
    buckets = {int(bucket): bytes(value) for bucket, value in _rows("select bucket, hash from people_bucket")} | moved
    tiles, key = _tiles(first, until), city_key()
    statement = Statement(
        number=last.statement.number + 1 if last else 1,
        taken_at=clock.now().isoformat(timespec="seconds"),
        first=first,
        last=until,
        root=merkle.root(tiles),
        people=int(_rows("select count(*) from person")[0][0]),
        people_root=merkle.root(full_buckets(buckets)),
        previous=last.statement.digest if last else _NO_STATEMENT,
        key=key.public.key_id,
    )
    _rows(
        "select keep_checkpoint(%s, %s, %s, %s, %s, %s, %s::int[], %s::bytea[])",
        statement.number,
        statement.first,
        statement.last,
        b"".join(tiles),
        statement.text,
        key.sign(statement.text),
        list(moved),
        list(moved.values()),
    )
    return statement


def hand_over(custodian: Custodian | None = None) -> int:
    """引渡し: give the custodian every checkpoint without a receipt, in order; returns how many. Safe to repeat."""
    keeper = custodian or second_custodian()
    waiting = _rows(
        "select number, statement, signature from checkpoint where receipt_statement is null order by number"
    )
    for number, text, signature in waiting:
        receipt, receipt_signature = keeper.take(text, bytes(signature))
        with transaction.atomic(using="ledger"):
            _rows("select keep_receipt(%s, %s, %s)", number, receipt, receipt_signature)
    return len(waiting)


def find_checkpoint(number: int | None = None) -> Checkpoint | None:
    """The checkpoint of that number, by default the newest."""
    rows = _rows(
        "select statement, signature, receipt_statement, receipt_signature from checkpoint "
        "where %s::bigint is null or number = %s order by number desc limit 1",
        number,
        number,
    )
    for text, signature, receipt, receipt_signature in rows:
        return Checkpoint(
            Statement.parse(text),
            bytes(signature),
            receipt,
            bytes(receipt_signature) if receipt_signature is not None else None,
        )
    return None


def full_buckets(buckets: dict[int, bytes]) -> list[bytes]:
    """All bucket hashes in their order; where nobody is, that of an empty one."""
    return [buckets.get(number, merkle.EMPTY_BUCKET) for number in range(merkle.BUCKETS)]


def bucket_hashes(people: Iterable[tuple[bytes, int, bytes]]) -> dict[int, bytes]:
    """Hashes of the buckets of these people (each bucket must be complete)."""
    grouped: dict[int, list[tuple[bytes, int, bytes]]] = defaultdict(list)
    for token, count, head in people:
        grouped[merkle.bucket_of(token)].append((token, count, head))
    return {number: merkle.bucket_hash(members) for number, members in grouped.items()}


def _tiles(first: int, until: int) -> list[bytes]:
    """Roots of each 256 leaves from `first` to `until`, read in parts: also ten million at once fit in memory."""
    found: list[bytes] = []
    for start in range(first, until + 1, _PART):
        rows = _rows(
            "select leaf from seal where position between %s and %s order by position",
            start,
            min(start + _PART - 1, until),
        )
        found += merkle.tiles([bytes(leaf) for (leaf,) in rows])
    return found


def _moved_buckets(first: int) -> dict[int, bytes]:
    """Buckets in which somebody got an entry since position `first`."""
    people = _rows(
        "with moved as (select distinct get_byte(p.token, 0) * 16 + get_byte(p.token, 1) / 16 as bucket "
        "from subject s join person p using (person_id) where s.position >= %s) "
        "select p.token, p.last_number, p.head from person p "
        "where get_byte(p.token, 0) * 16 + get_byte(p.token, 1) / 16 in (select bucket from moved)",
        first,
    )
    return bucket_hashes((bytes(token), int(count), bytes(head)) for token, count, head in people)


def _rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections["ledger"].cursor() as cursor:
        cursor.execute(query, values or None)
        return list(cursor.fetchall())
