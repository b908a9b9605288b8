"""開示: everybody who has looked at one person, with proofs that each entry is real and that none was left out.

The document is checked by `verifier.py`, one file without any program of ours: see there what each part proves. It is
made under the seal's lock at a checkpoint of its own, so that the list and what the checkpoint signs agree exactly.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import connections, transaction

from kokunen.kernel.errors import InputError
from kokunen.ledger import checkpoints, merkle
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.checkpoints import Checkpoint, find_checkpoint, full_buckets, take_in_transaction
from kokunen.ledger.custody import city_key, second_custodian
from kokunen.ledger.recording import record

FORMAT = "kokunen disclosure 1"
_ENTRY = (
    "entry_id", "recorded_at", "writer", "writer_number", "staff_number", "office_code", "purpose", "act", "dataset",
    "screen", "terminal", "case_id", "serial", "items", "subject_count",
)  # fmt: skip


def disclose(atena_number: str, *, context: AccessContext, serial: str | None = None) -> dict[str, Any]:
    """開示の書類: a JSON document. The making of it is itself the newest entry in it. Raises InputError."""
    with transaction.atomic(using="ledger"):
        known = _rows("select 1 from entry where atena_numbers @> array[%s] limit 1", atena_number)
        if not known:
            raise InputError(f"宛名番号 {atena_number} の閲覧記録はありません", field="atena_number")
        record(
            "ledger",
            context,
            act=Act.PRINT,
            dataset="閲覧記録の開示",
            atena_numbers=[atena_number],
            serial=serial,
        )
        take_in_transaction()
        person = _person(atena_number)
        entries = _entries(person["person_id"])
        people = _people(person["token"])
    checkpoints.hand_over()
    newest = find_checkpoint()
    assert newest is not None
    used = sorted({entry["checkpoint"] for entry in entries} | {newest.statement.number})
    return {
        "format": FORMAT,
        "person": {"atena_number": atena_number, "salt": person["salt"].hex(), "count": person["count"]},
        "checkpoint": newest.statement.number,
        "checkpoints": {str(number): _signed(find_checkpoint(number)) for number in used},
        "people": people,
        "entries": entries,
    }


def public_keys() -> dict[str, Any]:
    """keys.json: the keys that the verifier trusts; a reader compares them with those the city has published."""
    return {"city": city_key().public.as_dict(), "custodian": second_custodian().public.as_dict()}


def _person(atena_number: str) -> dict[str, Any]:
    [(person_id, salt, token, count)] = _rows(
        "select person_id, salt, token, last_number from person where atena_number = %s", atena_number
    )
    return {"person_id": person_id, "salt": bytes(salt), "token": bytes(token), "count": count}


def _entries(person_id: int) -> list[dict[str, Any]]:
    """The person's entries in the order of their numbers, each with its way to its checkpoint's root."""
    rows = _rows(
        "select j.number, s.position, s.detail_hash, c.number, c.first_position, c.last_position, "
        "(select array_agg(o.commitment order by o.commitment) from subject o where o.position = s.position), "
        "e.entry_id, to_char(e.recorded_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), e.writer, "
        "e.writer_number, e.staff_number, e.office_code, e.purpose, e.act, e.dataset, e.screen, e.terminal, "
        "coalesce(e.case_id, ''), coalesce(e.serial, ''), e.items, e.subject_count "
        "from subject j join seal s on s.position = j.position join entry e using (entry_id) "
        "cross join lateral (select number, first_position, last_position from checkpoint c "
        "where c.last_position >= s.position order by c.last_position, c.number limit 1) c "
        "where j.person_id = %s order by j.number",
        person_id,
    )
    ways = _ways([(row[1], row[3], row[4], row[5]) for row in rows])
    return [
        {
            "number": row[0],
            "position": row[1],
            "checkpoint": row[3],
            **dict(zip(_ENTRY, row[7:], strict=True)),
            "detail_hash": bytes(row[2]).hex(),
            "commitments": [bytes(value).hex() for value in row[6]],
            "path": [value.hex() for value in ways[row[1]]],
        }
        for row in rows
    ]


def _ways(places: list[tuple[int, int, int, int]]) -> dict[int, list[bytes]]:
    """Merkle paths by position; leaves are read tile by tile, two queries in all."""
    wanted: dict[tuple[int, int], list[int]] = defaultdict(list)
    for position, number, first, _ in places:
        wanted[(number, (position - first) // merkle.TILE)].append(position)
    bounds = {number: (first, last) for _, number, first, last in places}
    tops = {
        int(number): [bytes(tiles)[at : at + 32] for at in range(0, len(bytes(tiles)), 32)]
        for number, tiles in _rows("select number, tiles from checkpoint where number = any(%s)", list(bounds))
    }
    starts = {key: bounds[key[0]][0] + key[1] * merkle.TILE for key in wanted}
    leaves: dict[tuple[int, int], list[bytes]] = defaultdict(list)
    keys = list(wanted)
    for index, leaf in _rows(
        "select t.i, s.leaf from unnest(%s::bigint[], %s::bigint[]) with ordinality as t (a, b, i) "
        "join seal s on s.position between t.a and t.b order by t.i, s.position",
        [starts[key] for key in keys],
        [min(starts[key] + merkle.TILE - 1, bounds[key[0]][1]) for key in keys],
    ):
        leaves[keys[index - 1]].append(bytes(leaf))
    return {
        position: merkle.path(leaves[key], position - starts[key]) + merkle.path(tops[key[0]], key[1])
        for key, positions in wanted.items()
        for position in positions
    }


def _people(token: bytes) -> dict[str, Any]:
    """The bucket of that token and its way to the people's root, as the newest checkpoint signs them."""
    number = merkle.bucket_of(token)
    members = _rows(
        "select token, last_number, head from person "
        "where get_byte(token, 0) * 16 + get_byte(token, 1) / 16 = %s order by token",
        number,
    )
    buckets = {int(bucket): bytes(value) for bucket, value in _rows("select bucket, hash from people_bucket")}
    return {
        "bucket": [[bytes(t).hex(), count, bytes(head).hex()] for t, count, head in members],
        "path": [value.hex() for value in merkle.path(full_buckets(buckets), number)],
    }


def _signed(checkpoint: Checkpoint | None) -> dict[str, Any]:
    assert checkpoint is not None and checkpoint.receipt is not None and checkpoint.receipt_signature is not None
    return {
        "statement": checkpoint.statement.text,
        "signature": checkpoint.signature.hex(),
        "receipt": checkpoint.receipt,
        "receipt_signature": checkpoint.receipt_signature.hex(),
    }


def _rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections["ledger"].cursor() as cursor:
        cursor.execute(query, values or None)
        return list(cursor.fetchall())
