"""検証: is the ledger whole? Recomputes every hash and every count, and says the first thing that does not fit.

What shows: a changed entry (its leaf differs), a removed or reordered one (the chain breaks or a position is
missing), an entry that vanished before it was sealed (its writer's count has a hole), a person's entry that is kept
from that person (the person's numbers have a hole), a checkpoint that was forged, and a database that was rewritten or
rolled back as a whole (the second custodian holds what it no longer has).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connections, transaction

from kokunen.kernel.errors import InputError
from kokunen.ledger import merkle
from kokunen.ledger.checkpoints import bucket_hashes, full_buckets
from kokunen.ledger.custody import Custodian, city_key, second_custodian
from kokunen.ledger.statements import Statement

GENESIS = hashlib.sha256(b"kokunen ledger").digest()
_MOST_FINDINGS = 100


@dataclass(slots=True)
class Report:
    """検証の結果: counts, the head of the chain, and what was found wrong (Japanese, one sentence each)."""

    sealed: int = 0
    waiting: int = 0
    checkpoints: int = 0
    held: int = 0
    head: str = GENESIS.hex()
    findings: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Nothing found wrong."""
        return not self.findings

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "whole": self.is_whole,
            "sealed": self.sealed,
            "waiting": self.waiting,
            "checkpoints": self.checkpoints,
            "held_by_custodian": self.held,
            "head": self.head,
            "findings": self.findings,
        }


def verify(custodian: Custodian | None = None) -> Report:
    """Check the whole log on one consistent snapshot, and against what the second custodian holds."""
    report = Report()
    with transaction.atomic(using="ledger"):
        with connections["ledger"].cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read read only")
        statements = _statements(report)
        _chain(report, statements)
        _writers(report)
        _subjects(report)
        _heads(report, statements[-1] if statements else None)
        _custody(report, custodian or second_custodian(), statements)
        report.waiting = int(_value("select count(*) from unsealed"))
    return report


def _statements(report: Report) -> list[Statement]:
    """Checkpoints: signed by the city, each continuing the one before."""
    key, found = city_key().public, list[Statement]()
    previous, last = bytes(32), 0
    for number, first, end, text, signature in _rows(
        "select number, first_position, last_position, statement, signature from checkpoint order by number"
    ):
        try:
            statement = Statement.parse(text)
        except InputError:
            _add(report, f"検印 {number} の文が読めません")
            continue
        if not key.verifies(text, bytes(signature)):
            _add(report, f"検印 {number} の署名が市の鍵によるものではありません")
        if (statement.number, statement.first, statement.last) != (number, first, end):
            _add(report, f"検印 {number} の文と台帳の記載が違います")
        if statement.number != len(found) + 1 or statement.previous != previous or statement.first != last + 1:
            _add(report, f"検印 {number} は前の検印に続いていません")
        if found and statement.is_earlier_than(found[-1]):
            _add(report, f"検印 {number} の日時が前の検印より前です（時計の巻戻しの疑い）")
        previous, last = statement.digest, statement.last
        found.append(statement)
    report.checkpoints = len(found)
    return found


def _chain(report: Report, statements: list[Statement]) -> None:
    chain, expected = GENESIS, 1
    waiting, leaves = iter(statements), list[bytes]()
    statement = next(waiting, None)
    for position, entry_id, leaf, sealed_chain, content, detail_fits in _sealed_entries():
        leaf = bytes(leaf)
        if position != expected:
            _add(report, f"封印の {expected} 番から {position - 1} 番までがありません")
        if content is None:
            _add(report, f"封印の {position} 番が指す記録 {entry_id} がありません")
        elif bytes(content) != leaf or not detail_fits:
            _add(report, f"記録 {entry_id}（封印の {position} 番）の内容が封印した時と違います")
        chain = hashlib.sha256(chain + leaf).digest()
        if chain != bytes(sealed_chain):
            _add(report, f"封印の {position} 番で鎖が切れています")
            chain = bytes(sealed_chain)
        expected = position + 1
        report.sealed += 1
        if statement is not None:
            leaves.append(leaf)
            if position >= statement.last:
                if merkle.root(leaves) != statement.root:
                    _add(report, f"検印 {statement.number} の木の根が、封印された記録と合いません")
                statement, leaves = next(waiting, None), []
    if statement is not None:
        _add(report, f"検印 {statement.number} が定める記録（封印の {statement.last} 番まで）がありません")
    report.head = chain.hex()


def _sealed_entries() -> Iterator[tuple[int, int, bytes, bytes, bytes | None, bool]]:
    """Position, entry, leaf, chain; the leaf recomputed from the entry and its people; does the detail fit its hash?"""
    connection = connections["ledger"]
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "select s.position, s.entry_id, s.leaf, s.chain, case when e.entry_id is null then null else "
            "sha256('\\x00'::bytea || entry_bytes(e, s.detail_hash, coalesce((select sha256(string_agg(j.commitment, "
            "''::bytea order by j.commitment)) from subject j where j.position = s.position), "
            "sha256(''::bytea)))) end, "
            "case when e.salt is null then e.detail = '{}' "
            "else detail_hash_of(e.salt, e.detail) = s.detail_hash end "
            "from seal s left join entry e using (entry_id) order by s.position"
        )
        while rows := cursor.fetchmany(5000):
            yield from rows


def _writers(report: Report) -> None:
    """Each writer's numbers run from 1 to its count without a hole."""
    rows = _rows(
        "select w.writer, w.last_number, count(e.entry_id) from writer w left join entry e using (writer) "
        "group by w.writer, w.last_number having count(e.entry_id) <> w.last_number "
        "or coalesce(max(e.writer_number), 0) <> w.last_number"
    )
    for writer, last, count in rows:
        _add(report, f"書き手 {writer} の記録が足りません（通し番号 {last} に対し {count} 件）")
    for (writer,) in _rows("select distinct writer from entry where writer not in (select writer from writer)"):
        _add(report, f"書き手 {writer} の通し番号がありません")
    lost = _rows(
        "select entry_id from entry e where not exists (select 1 from seal s where s.entry_id = e.entry_id) "
        "and not exists (select 1 from unsealed u where u.entry_id = e.entry_id) limit 20"
    )
    for (entry_id,) in lost:
        _add(report, f"記録 {entry_id} は封印もされず、封印待ちでもありません")


def _subjects(report: Report) -> None:
    """Each person's numbers run from 1 without a hole, and name just the entries that name the person."""
    rows = _rows(
        "select coalesce(p.atena_number, '（忘れた人）'), count(s.number), p.last_number "
        "from person p left join subject s using (person_id) "
        "group by p.person_id having count(s.number) <> p.last_number "
        "or coalesce(max(s.number), 0) <> p.last_number limit 20"
    )
    for atena_number, count, highest in rows:
        _add(report, f"宛名番号 {atena_number} の記録が欠けています（番号 {highest} に対し {count} 件）")
    missing = _rows(
        "select s.position, a.atena from seal s join entry e using (entry_id) "
        "cross join lateral (select distinct unnest(e.atena_numbers) as atena) a "
        "left join person p on p.atena_number = a.atena "
        "left join subject j on j.position = s.position and j.person_id = p.person_id "
        "where j.commitment is distinct from commitment_of(p.salt, a.atena, s.entry_id) limit 20"
    )
    for position, atena_number in missing:
        _add(report, f"封印の {position} 番は宛名番号 {atena_number} の閲覧ですが、本人の記録に入っていません")
    for (atena_number,) in _rows(
        "select atena_number from person where salt is not null and token_of(salt, atena_number) <> token limit 20"
    ):
        _add(report, f"宛名番号 {atena_number} の本人の印が違います")


def _heads(report: Report, newest: Statement | None) -> None:
    """Each person's head follows from their entries; the people of the newest checkpoint are those it signed."""
    signed: list[tuple[bytes, int, bytes]] = []
    token: bytes | None = None
    head, count, kept = b"", 0, b""
    at_checkpoint: tuple[int, bytes] | None = None

    def close() -> None:
        if token is None:
            return
        if head != kept:
            _add(report, "本人の記録の先端が、記録の並びと合いません")
        if at_checkpoint is not None:
            signed.append((token, *at_checkpoint))

    for row_token, row_head, position, leaf in _appearances():
        if row_token != token:
            close()
            token, head, count, kept, at_checkpoint = row_token, row_token, 0, row_head, None
        head, count = hashlib.sha256(b"\x02" + head + leaf).digest(), count + 1
        if newest is not None and position <= newest.last:
            at_checkpoint = (count, head)
    close()
    if newest is not None and (
        len(signed) != newest.people or merkle.root(full_buckets(bucket_hashes(signed))) != newest.people_root
    ):
        _add(report, f"検印 {newest.number} が定める本人ごとの件数と、記録が合いません")


def _appearances() -> Iterator[tuple[bytes, bytes, int, bytes]]:
    with connections["ledger"].chunked_cursor() as cursor:
        cursor.execute(
            "select p.token, p.head, s.position, e.leaf from subject s join person p using (person_id) "
            "join seal e on e.position = s.position order by s.person_id, s.number"
        )
        while rows := cursor.fetchmany(5000):
            for token, head, position, leaf in rows:
                yield bytes(token), bytes(head), position, bytes(leaf)


def _custody(report: Report, custodian: Custodian, statements: list[Statement]) -> None:
    """What the second custodian holds must still be here, word for word."""
    kept = {statement.number: statement.text for statement in statements}
    for held in custodian.held():
        report.held += 1
        if held.number not in kept:
            _add(report, f"第二保管者が預かる検印 {held.number} が台帳にありません（巻戻しの疑い）")
        elif kept[held.number] != held.statement:
            _add(report, f"検印 {held.number} が、第二保管者の預かるものと違います（書換えの疑い）")


def _add(report: Report, finding: str) -> None:
    if len(report.findings) < _MOST_FINDINGS:
        report.findings.append(finding)


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connections["ledger"].cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _value(query: str) -> Any:
    return _rows(query)[0][0]
