"""送受信の照合: once a day both sides say what they hold, kind by kind, with a digest over number, key and revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connections, transaction
from django.db.models import Max

from kokunen.common_platform.operations import clock
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.unified_atena.choices import BatchState, Interface, ItemState, Operation
from kokunen.unified_atena.kinds import kinds
from kokunen.unified_atena.models import ALIAS, Reconciliation, SendBatch
from kokunen.unified_atena.services.batches import write_batch

NUMBERS = "numbers"

_RECORDS = """
with last as (
    select distinct on (unified_number, kind, record_key) unified_number, kind, record_key, operation, revision
    from send_item where interface = %(interface)s and state = %(accepted)s and batch_id < %(before)s
    order by unified_number, kind, record_key, batch_id desc, row_number desc
)
select kind, count(*), encode(sha256(convert_to(coalesce(string_agg(
           unified_number || ':' || record_key || ':' || revision, ',' order by unified_number collate "C",
           record_key collate "C"), ''), 'UTF8')), 'hex')
from last l where operation = %(put)s and not exists (
    select 1 from send_item e where e.interface = %(ended)s and e.state = %(accepted)s and e.batch_id < %(before)s
      and e.unified_number = l.unified_number)
group by kind
"""
_NUMBERS = """
select count(*), encode(sha256(convert_to(coalesce(string_agg(unified_number, ',' order by unified_number collate "C"),
           ''), 'UTF8')), 'hex')
from (select distinct unified_number from send_item n where interface = %(interface)s and state = %(accepted)s
      and batch_id < %(before)s and not exists (
          select 1 from send_item e where e.interface = %(ended)s and e.state = %(accepted)s
            and e.batch_id < %(before)s and e.unified_number = n.unified_number)) s
"""


def ask_comparison(context: AccessContext) -> Reconciliation:
    """照合を求める: a file without rows; the answer tells what the other side holds after every earlier file."""
    with transaction.atomic(using=ALIAS):
        at = clock.now()
        last = SendBatch.objects.filter(interface=Interface.COMPARE).aggregate(last=Max("serial"))["last"] or 0
        batch = write_batch(Interface.COMPARE, int(last) + 1, [], at)
        waiting = SendBatch.objects.filter(state__in=(BatchState.WAITING, BatchState.SENT)).exclude(pk=batch.pk).count()
        row = Reconciliation.objects.create(asked_at=at, batch=batch, own={}, unanswered_files=waiting)
        record(ALIAS, context, act=Act.REGISTER, dataset="中間サーバーとの照合", detail={"serial": batch.serial})
    return row


def answered(items: Mapping[str, Any]) -> bool | None:
    """照合の結果を記す (in the caller's transaction): None when nobody asked, False before its file has a receipt."""
    row = (
        Reconciliation.objects.select_for_update(of=("self",))
        .select_related("batch")
        .filter(batch__serial=items["serial"])
        .first()
    )
    if row is None:
        return None
    if row.batch.state != BatchState.SENT:
        return False
    own = _own(row.batch.pk)
    theirs = {one["kind"]: {"count": one["count"], "digest": one["digest"]} for one in items.get("kinds") or []}
    names = {kind.code: kind.label for kind in kinds().values()} | {NUMBERS: "団体内統合宛名番号"}
    row.own, row.theirs = own, theirs
    row.differences = [
        f"{names.get(code, code)}: 当市 {own.get(code, _NOTHING)['count']:,}件、"
        f"中間サーバー {theirs.get(code, _NOTHING)['count']:,}件"
        for code in sorted({*own, *theirs})
        if own.get(code, _NOTHING) != theirs.get(code, _NOTHING)
    ]
    row.agrees = not row.differences
    row.save(update_fields=["own", "theirs", "differences", "agrees"])
    row.batch.state, row.batch.answered_at = BatchState.DONE, clock.now()
    row.batch.save(update_fields=["state", "answered_at"])
    return True


_NOTHING: dict[str, Any] = {"count": 0, "digest": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}


def _own(before: int) -> dict[str, dict[str, Any]]:
    """当市の件数: what the other side must hold after every file before this one."""
    names: dict[str, Any] = {
        "accepted": ItemState.ACCEPTED,
        "before": before,
        "ended": Interface.NUMBER_END,
        "put": Operation.PUT,
    }
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_RECORDS, {**names, "interface": Interface.PROVISION})
        found = {
            kinds()[name].code: {"count": int(count), "digest": digest} for name, count, digest in cursor.fetchall()
        }
        cursor.execute(_NUMBERS, {**names, "interface": Interface.NUMBER})
        count, digest = cursor.fetchone()
    return {**found, NUMBERS: {"count": int(count), "digest": digest}}
