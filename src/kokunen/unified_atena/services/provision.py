"""情報提供データベースの自動作成: kinds of `data/kinds.yaml` from the integrated database, set by set.

A record is written only where its content differs: its revision counts up and its sending is asked for in the same
transaction. A source that is gone (or is not given any more) deletes the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections, transaction
from psycopg import sql

from kokunen.common_platform.operations import clock
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.unified_atena.choices import Interface
from kokunen.unified_atena.kinds import Kind, kinds
from kokunen.unified_atena.models import ALIAS, RebuildReport, UnifiedPerson
from kokunen.unified_atena.services.items import ask

_PUT = """
with wanted as (
    select distinct on (l.person_id, key.value) l.person_id, key.value as record_key, l.atena_number, made.content,
           md5(made.content::text) as content_hash
    from atena_link l
    join {view} s on s.atena_number = l.atena_number
    cross join lateral (select {key} as value) key
    cross join lateral (select jsonb_build_object({content}) as content) made
    where l.ended_at is null and l.person_id = any(%(people)s) {conditions}
    order by l.person_id, key.value, l.flagged desc, l.atena_number
), put as (
    insert into provision_record as p (person_id, kind, record_key, atena_number, content, content_hash, revision,
                                       is_deleted, changed_at)
    select person_id, %(kind)s, record_key, atena_number, content, content_hash, 1, false, %(at)s from wanted
    on conflict (person_id, kind, record_key) do update set atena_number = excluded.atena_number,
        content = excluded.content, content_hash = excluded.content_hash, revision = p.revision + 1,
        is_deleted = false, changed_at = excluded.changed_at
    where p.content_hash <> excluded.content_hash or p.is_deleted
    returning p.person_id, p.record_key, p.revision = 1 as is_new
), gone as (
    update provision_record p set is_deleted = true, revision = p.revision + 1, changed_at = %(at)s
    where p.kind = %(kind)s and p.person_id = any(%(people)s) and not p.is_deleted
      and not exists (select 1 from wanted w where w.person_id = p.person_id and w.record_key = p.record_key)
    returning p.person_id, p.record_key
)
select person_id, record_key, case when is_new then 'added' else 'changed' end from put
union all select person_id, record_key, 'removed' from gone
"""


def refresh(people: Sequence[str]) -> int:
    """情報提供データベースを更新する of these people, in the caller's transaction; returns how many records differ."""
    return sum(sum(_refresh(kind, people).values()) for kind in kinds().values()) if people else 0


def _refresh(kind: Kind, people: Sequence[str]) -> dict[str, int]:
    at = clock.now()
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_statement(kind), {"people": list(people), "kind": kind.name, "at": at})
        rows = cursor.fetchall()
    ask(Interface.PROVISION, [(person, kind.name, key) for person, key, _ in rows], at)
    found = {"added": 0, "changed": 0, "removed": 0}
    for _, _, what in rows:
        found[what] += 1
    return found


def _statement(kind: Kind) -> sql.Composed:
    conditions: list[sql.Composable] = [
        sql.SQL("and s.{} in ({})").format(sql.Identifier(column), sql.SQL(", ").join(map(sql.Literal, values)))
        for column, values in kind.where
    ]
    if kind.flagged_only:
        conditions.append(sql.SQL("and l.flagged"))
    pairs = [sql.SQL("{}, s.{}").format(sql.Literal(one.item), sql.Identifier(one.column)) for one in kind.items]
    return sql.SQL(_PUT).format(
        view=sql.Identifier("integrated", f"unified_atena__{kind.dataset}"),
        key=sql.SQL("s.{}::text").format(sql.Identifier(kind.key)) if kind.key else sql.SQL("''::text"),
        content=sql.SQL(", ").join(pairs),
        conditions=sql.SQL(" ").join(conditions),
    )


def rebuild(context: AccessContext, batch: int = 5000) -> RebuildReport:
    """全件作成: every live person and kind anew; the report says what the feed had missed (zero when all is well)."""
    started = clock.now()
    counts: dict[str, dict[str, Any]] = {name: {"added": 0, "changed": 0, "removed": 0} for name in kinds()}
    people = list(UnifiedPerson.objects.filter(ended_at__isnull=True).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(people), batch):
        with transaction.atomic(using=ALIAS):
            for name, kind in kinds().items():
                for what, number in _refresh(kind, people[start : start + batch]).items():
                    counts[name][what] += number
    with transaction.atomic(using=ALIAS):
        report = RebuildReport.objects.create(
            started_at=started, ended_at=clock.now(), by=context.staff_number[:60], counts=counts
        )
        record(
            ALIAS,
            context,
            act=Act.SYSTEM,
            dataset="情報提供データベースの全件作成",
            count=len(people),
            detail={"counts": counts},
        )
    return report
