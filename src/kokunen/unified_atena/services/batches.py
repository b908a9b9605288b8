"""送信データ作成 (S4-1): what has changed becomes files, row by row checked and converted; one serial per interface.

A row that cannot go (no base data, an item that the layout does not take) is left out with its reason and keeps nobody
else back. A file is made in one transaction with the state of its rows: a kill leaves either all of it or nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connections, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from kokunen.common_platform.codes.characters import chosen_replacements
from kokunen.common_platform.operations import clock
from kokunen.ledger.access import Act, system_context
from kokunen.ledger.recording import record
from kokunen.unified_atena.characters import Replacement, convert
from kokunen.unified_atena.choices import Interface, ItemState, Operation
from kokunen.unified_atena.kinds import kinds
from kokunen.unified_atena.models import (
    ALIAS,
    Inquiry,
    ProvisionRecord,
    SendBatch,
    SendItem,
    UnifiedPerson,
    UnmappedCharacter,
)

ROWS_OF_A_FILE = 1000
_LOCK = 0x6B6F6B75_33
#: 作る順: a number before what hangs on it.
ORDER = (Interface.NUMBER, Interface.NO_AUTO_REPLY, Interface.PROVISION, Interface.INQUIRY, Interface.NUMBER_END)

_BASE = """
select l.person_id, coalesce(r.name, o.name, ''), coalesce(r.name_kana, o.name_kana, ''),
       coalesce(r.birth_date, o.birth_date), coalesce(nullif(r.sex, ''), o.sex, '0'),
       coalesce(nullif(concat_ws('　', r.address, nullif(r.building, '')), ''), o.address, '')
from atena_link l
left join integrated.unified_atena__resident r on r.atena_number = l.atena_number
left join integrated.unified_atena__nonresident o on o.atena_number = l.atena_number
where l.ended_at is null and l.flagged and l.person_id = any(%s)
"""

Row = dict[str, Any]


@dataclass(slots=True)
class _Draft:
    """作成中の送信データ: rows that go, items that do not, characters that were replaced."""

    rows: list[Row] = field(default_factory=list)
    sent: list[SendItem] = field(default_factory=list)
    kept_back: list[SendItem] = field(default_factory=list)
    replaced: Counter[Replacement] = field(default_factory=Counter)

    def take(self, item: SendItem, row: Row) -> None:
        """The row goes."""
        self.rows.append({"row": len(self.rows) + 1, "unified_number": item.unified_number, **row})
        item.state, item.row_number = ItemState.IN_FILE, len(self.rows)
        self.sent.append(item)

    def leave(self, item: SendItem, code: str, words: str) -> None:
        """The row does not go, for this reason."""
        item.state, item.fault_code, item.fault = ItemState.EXCLUDED, code, words
        self.kept_back.append(item)

    def drop(self, item: SendItem, words: str) -> None:
        """There is nothing to tell any more."""
        item.state, item.settled_reason, item.settled_by = ItemState.CLOSED, words, "system:送信データ作成"
        self.kept_back.append(item)

    def text(self, text: str, chosen: Mapping[str, str], row_seen: set[Replacement]) -> str:
        """Converted text; each replacement counts once a row."""
        converted = convert(text, chosen)
        for one in converted.replacements:
            if one not in row_seen:
                row_seen.add(one)
                self.replaced[one] += 1
        return converted.text


def make_batches(limit: int = 1000) -> int:
    """送信データを作る: files from everything that can go now; returns how many files."""
    made = 0
    for interface in ORDER:
        while made < limit and _make_one(interface):
            made += 1
    return made


def _make_one(interface: Interface) -> bool:
    with transaction.atomic(using=ALIAS):
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        items = list(_ready(interface)[:ROWS_OF_A_FILE])
        if not items:
            return False
        draft = _Draft()
        _BUILDERS[interface](items, draft)
        if draft.rows:
            _store(interface, draft)
        fields = ["state", "fault_code", "fault", "settled_reason", "settled_by"]
        SendItem.objects.bulk_update(draft.kept_back, fields, batch_size=1000)
    return True


def _ready(interface: Interface) -> QuerySet[SendItem]:
    rows = SendItem.objects.select_for_update().filter(interface=interface, state=ItemState.WAITING).order_by("id")
    if interface == Interface.NUMBER:
        return rows
    known = SendItem.objects.filter(
        interface=Interface.NUMBER, state=ItemState.ACCEPTED, unified_number=OuterRef("unified_number")
    )
    return rows.filter(Exists(known))


def _store(interface: Interface, draft: _Draft) -> SendBatch:
    at = clock.now()
    last = SendBatch.objects.filter(interface=interface).aggregate(last=Max("serial"))["last"] or 0
    batch = write_batch(interface, int(last) + 1, draft.rows, at)
    for item in draft.sent:
        item.batch = batch
    SendItem.objects.bulk_update(draft.sent, ["state", "batch", "row_number", "revision", "operation"], batch_size=1000)
    _note_characters(draft.replaced, batch, at)
    record(
        ALIAS,
        system_context("団体内統合宛名 送信データ作成", "number_management"),
        act=Act.EXPORT,
        dataset=f"中間サーバーへの送信データ（{interface.label}）",
        count=len(draft.rows),
        detail={"interface": str(interface), "serial": batch.serial, "left_out": len(draft.kept_back)},
    )
    return batch


def write_batch(interface: Interface, serial: int, rows: Sequence[Row], at: datetime) -> SendBatch:
    """ヘッダー・データ・トレーラー: serial and day, rows, count."""
    content = {"serial": serial, "made_on": clock.today().isoformat(), "rows": list(rows), "row_count": len(rows)}
    digest = hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return SendBatch.objects.create(
        interface=interface, serial=serial, content=content, row_count=len(rows), sha256=digest, made_at=at
    )


def _note_characters(replaced: Counter[Replacement], batch: SendBatch, at: datetime) -> None:
    """変換できなかった文字の一覧: in how many rows each was met, and what went out in its place."""
    if not replaced:
        return
    times: Counter[str] = Counter()
    last: dict[str, Replacement] = {}
    for one, count in replaced.items():
        times[one.character] += count
        last[one.character] = one
    known = dict(UnmappedCharacter.objects.filter(pk__in=last).values_list("pk", "times"))
    rows = [
        UnmappedCharacter(
            character=character, replaced_by=one.replaced_by, by_rule=str(one.rule), first_met_at=at, last_met_at=at,
            times=known.get(character, 0) + times[character], last_batch=batch,
        )
        for character, one in last.items()
    ]  # fmt: skip
    UnmappedCharacter.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["character"],
        update_fields=["replaced_by", "by_rule", "last_met_at", "times", "last_batch"],
    )


# --- content by interface ---------------------------------------------------------------------------------------------


def _numbers(items: Sequence[SendItem], draft: _Draft) -> None:
    """団体内統合宛名番号の登録: with the four basic items of the record that carries the flag."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_BASE, [[item.unified_number for item in items]])
        base = {row[0]: row[1:] for row in cursor.fetchall()}
    ended = set(
        UnifiedPerson.objects.filter(
            pk__in=[item.unified_number for item in items], ended_at__isnull=False
        ).values_list("pk", flat=True)
    )
    chosen = chosen_replacements()
    for item in items:
        if item.unified_number in ended:
            draft.drop(item, "知らせる前に終了")
            continue
        name, kana, birth, sex, address = base.get(item.unified_number, ("", "", None, "0", ""))
        if not name or birth is None:
            draft.leave(item, "base_missing", "氏名または生年月日がないため、送信できません")
            continue
        seen: set[Replacement] = set()
        draft.take(item, {
            "name": draft.text(name, chosen, seen)[:200], "name_kana": draft.text(kana, chosen, seen)[:200],
            "birth_date": _iso(birth), "sex": sex or "0", "address": draft.text(address, chosen, seen)[:300],
        })  # fmt: skip


def _ends(items: Sequence[SendItem], draft: _Draft) -> None:
    for item in items:
        draft.take(item, {})


def _flags(items: Sequence[SendItem], draft: _Draft) -> None:
    numbers = [item.unified_number for item in items]
    shut = dict(UnifiedPerson.objects.filter(pk__in=numbers).values_list("pk", "no_auto_reply"))
    for item in items:
        draft.take(item, {"stop": "1" if shut[item.unified_number] else "0"})


def _records(items: Sequence[SendItem], draft: _Draft) -> None:
    """特定個人情報: the record as it now stands; one that was deleted before anybody was told of it does not go."""
    people = {item.unified_number for item in items}
    found = {(r.person_id, r.kind, r.record_key): r for r in ProvisionRecord.objects.filter(person__in=people)}
    told = set(
        SendItem.objects.filter(
            interface=Interface.PROVISION, unified_number__in=people, state__in=(ItemState.ACCEPTED, ItemState.IN_FILE)
        ).values_list("unified_number", "kind", "record_key")
    )
    chosen = chosen_replacements()
    for item in items:
        thing = (item.unified_number, item.kind, item.record_key)
        row = found.get(thing)
        if row is None or (row.is_deleted and thing not in told):
            draft.drop(item, "送る前に削除")
            continue
        kind, seen = kinds()[item.kind], set[Replacement]()
        item.revision = row.revision
        item.operation = Operation.DELETE if row.is_deleted else Operation.PUT
        texts = {one.item for one in kind.items if one.text}
        values = [
            {"item": name, "value": draft.text(str(value), chosen, seen) if name in texts else str(value)}
            for name, value in sorted(row.content.items())
            if value not in (None, "")
        ]
        long = next((one["item"] for one in values if len(one["value"]) > 200), None)
        if long is not None:
            draft.leave(item, "too_long", f"項目{long}が200文字を超えています")
            continue
        draft.take(item, {
            "kind": kind.code, "key": row.record_key, "operation": str(item.operation), "revision": row.revision,
            "items": [] if row.is_deleted else values,
        })  # fmt: skip


def _inquiries(items: Sequence[SendItem], draft: _Draft) -> None:
    found = {str(row.pk): row for row in Inquiry.objects.filter(pk__in=[int(item.record_key) for item in items])}
    for item in items:
        row = found[item.record_key]
        content = {"inquiry": item.record_key, "body": row.body_code, "kind": kinds()[row.kind].code}
        draft.take(item, {**content, "key": row.record_key} if row.record_key else content)


_BUILDERS: dict[Interface, Callable[[Sequence[SendItem], _Draft], None]] = {
    Interface.NUMBER: _numbers,
    Interface.NUMBER_END: _ends,
    Interface.NO_AUTO_REPLY: _flags,
    Interface.PROVISION: _records,
    Interface.INQUIRY: _inquiries,
}


def _iso(day: date) -> str:
    return day.isoformat()
