"""検証: is the ledger whole? Recomputes every hash and every count, and says the first thing that does not fit.

What shows: a changed entry (its leaf differs), a removed or reordered one (the chain breaks or a position is
missing), an entry that vanished before it was sealed (its writer's count has a hole), a person's entry that is kept
from that person (the person's numbers have a hole), a checkpoint that was forged, and a database that was rewritten or
rolled back as a whole (the second custodian holds what it no longer has).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import connections, transaction

from kokunen.kernel.errors import InputError
from kokunen.ledger import merkle
from kokunen.ledger.checkpoints import bucket_hashes, full_buckets
from kokunen.ledger.custody import Custodian, city_key, second_custodian
from kokunen.ledger.recount import GENESIS, Range, RangeResult
from kokunen.ledger.statements import Statement
from kokunen.ledger.workers import Workers

_MOST_FINDINGS = 100
_RANGE = 256 * merkle.TILE  # positions a worker takes at a time


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
        with Workers.beside(connections["ledger"]) as workers:
            _chain(report, statements, workers)
            _people(report, statements[-1] if statements else None, workers)
            for finding in workers.token_findings:
                _add(report, finding)
        _writers(report)
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


def _ranges(report: Report, statements: list[Statement]) -> tuple[list[list[Range]], list[Range]]:
    """封印の範囲: those of each checkpoint, cut at its tiles, and those that no checkpoint covers yet."""
    highest = int(_value("select coalesce(max(position), 0) from seal"))
    covered, start = list[list[Range]](), 1
    for statement in statements:
        if statement.last > highest:
            _add(report, f"検印 {statement.number} が定める記録（封印の {statement.last} 番まで）がありません")
        covered.append(_cut(start, statement.last, tiled=True))
        start = max(start, statement.last + 1)
    return covered, _cut(start, highest, tiled=False)


def _cut(first: int, last: int, *, tiled: bool) -> list[Range]:
    return [Range(at, min(at + _RANGE - 1, last), tiled) for at in range(first, last + 1, _RANGE)]


def _chain(report: Report, statements: list[Statement], workers: Workers) -> None:
    """Every seal against its entry and the chain; the trees of the checkpoints."""
    covered, rest = _ranges(report, statements)
    results = workers.map_ranges([*(one for ranges in covered for one in ranges), *rest])
    for statement, ranges in zip(statements, covered, strict=True):
        tiles = list[bytes]()
        for _ in ranges:
            tiles += _take(report, next(results)).tiles
        if merkle.root(tiles) != statement.root:
            _add(report, f"検印 {statement.number} の木の根が、封印された記録と合いません")
    for result in results:
        _take(report, result)


def _take(report: Report, result: RangeResult) -> RangeResult:
    report.sealed += result.sealed
    report.head = result.head.hex()
    for finding in result.findings:
        _add(report, finding)
    return result


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


def _people(report: Report, newest: Statement | None, workers: Workers) -> None:
    """本人: numbers and heads follow from the entries; the people of the newest checkpoint are those it signed."""
    members: list[tuple[bytes, int, bytes]] = []
    for result in workers.map_people(newest.last if newest else 0):
        members += result.members
        for finding in result.findings:
            _add(report, finding)
    if newest is not None and (
        len(members) != newest.people or merkle.root(full_buckets(bucket_hashes(members))) != newest.people_root
    ):
        _add(report, f"検印 {newest.number} が定める本人ごとの件数と、記録が合いません")


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
