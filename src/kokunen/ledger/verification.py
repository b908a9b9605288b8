"""検証: is the ledger whole? Recomputes every hash and every count, and says the first thing that does not fit.

What shows: a changed entry (its leaf differs), a removed or reordered one (the chain breaks or a position is
missing), an entry that vanished before it was sealed (its writer's count has a hole), a person's entry that is kept
from that person (the person's numbers have a hole).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connections, transaction

GENESIS = hashlib.sha256(b"kokunen ledger").digest()
_MOST_FINDINGS = 100


@dataclass(slots=True)
class Report:
    """検証の結果: counts, the head of the chain, and what was found wrong (Japanese, one sentence each)."""

    sealed: int = 0
    waiting: int = 0
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
            "head": self.head,
            "findings": self.findings,
        }


def verify() -> Report:
    """Check the whole log on one consistent snapshot."""
    report = Report()
    with transaction.atomic(using="ledger"):
        with connections["ledger"].cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read read only")
        _chain(report)
        _writers(report)
        _subjects(report)
        report.waiting = int(_value("select count(*) from unsealed"))
    return report


def _chain(report: Report) -> None:
    chain, expected = GENESIS, 1
    for position, entry_id, leaf, sealed_chain, content in _sealed_entries():
        if position != expected:
            _add(report, f"封印の {expected} 番から {position - 1} 番までがありません")
        if content is None:
            _add(report, f"封印の {position} 番が指す記録 {entry_id} がありません")
        elif hashlib.sha256(bytes(content)).digest() != bytes(leaf):
            _add(report, f"記録 {entry_id}（封印の {position} 番）の内容が封印した時と違います")
        chain = hashlib.sha256(chain + bytes(leaf)).digest()
        if chain != bytes(sealed_chain):
            _add(report, f"封印の {position} 番で鎖が切れています")
            chain = bytes(sealed_chain)
        expected = position + 1
        report.sealed += 1
    report.head = chain.hex()


def _sealed_entries() -> Iterator[tuple[int, int, bytes, bytes, bytes | None]]:
    connection = connections["ledger"]
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "select s.position, s.entry_id, s.leaf, s.chain, case when "
            "e.entry_id is null then null else entry_bytes(e) end "
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
        "select atena_number, count(*), max(number) from subject group by atena_number having count(*) <> max(number)"
    )
    for atena_number, count, highest in rows:
        _add(report, f"宛名番号 {atena_number} の記録が欠けています（番号 {highest} に対し {count} 件）")
    missing = _rows(
        "select s.position, a.atena from seal s join entry e using "
        "(entry_id) cross join lateral unnest(e.atena_numbers) as a(atena) "
        "where not exists (select 1 from subject p where p.atena_number = a.atena and p.position = s.position) limit 20"
    )
    for position, atena_number in missing:
        _add(report, f"封印の {position} 番は宛名番号 {atena_number} の閲覧ですが、本人の記録に入っていません")


def _add(report: Report, finding: str) -> None:
    if len(report.findings) < _MOST_FINDINGS:
        report.findings.append(finding)


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connections["ledger"].cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _value(query: str) -> Any:
    return _rows(query)[0][0]
