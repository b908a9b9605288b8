"""庁内連携に従う: links, flags, provision records and items to send of a batch of 宛名番号, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connections, transaction

from kokunen.ledger.access import Act, system_context
from kokunen.ledger.recording import record
from kokunen.unified_atena.models import ALIAS
from kokunen.unified_atena.services.linking import Linked, link
from kokunen.unified_atena.services.provision import refresh

log = logging.getLogger("kokunen.unified_atena")

_LOCK = 0x6B6F6B75_32
_UNLINKED = """
select b.atena_number from integrated.unified_atena__number_binding b
where b.number_kind = '1' and b.is_current
  and not exists (select 1 from atena_link l where l.atena_number = b.atena_number and l.ended_at is null)
order by 1
"""
_BATCH = 2000


@contextmanager
def in_turn() -> Iterator[None]:
    """順に行う: links are made by one transaction at a time (inside `atomic`)."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    yield


def follow(atena_numbers: Sequence[str]) -> Linked:
    """宛名番号の変更に従う: safe to repeat."""
    with transaction.atomic(using=ALIAS), in_turn():
        linked = link(atena_numbers)
        changed = refresh(linked.people)
        if linked.people:
            record(
                ALIAS,
                system_context("団体内統合宛名 宛名紐付の自動作成", "number_management"),
                act=Act.SYSTEM,
                dataset="宛名紐付の自動作成",
                atena_numbers=list(atena_numbers),
                detail={"created": linked.created, "linked": linked.linked, "held": linked.held, "records": changed},
            )
    return linked


def link_all() -> int:
    """全市の宛名紐付: whoever holds a checked number and is not linked yet; returns how many people got a number."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_UNLINKED)
        numbers = [row[0] for row in cursor.fetchall()]
    return sum(follow(numbers[start : start + _BATCH]).created for start in range(0, len(numbers), _BATCH))
