"""不変条件 (共通基盤): published tables and their feeds, positions of the readers, runs of the nets."""

from __future__ import annotations

from django.db import connections, transaction
from psycopg import sql

from kokunen.common_platform.integration.datasets import datasets
from kokunen.common_platform.integration.overview import consumers
from kokunen.common_platform.operations.invariants import Check, Outcome, count_and_misfits


def feeds_tell_the_tables() -> Outcome:
    """公開表と変更記録: each publication of a row counts its version up by one and leaves one change in the feed."""
    from kokunen.config import environment

    served, counted, findings = set(environment.served_subsystems()), 0, []
    for name, dataset in datasets().items():
        if dataset.publisher not in served:
            continue
        with connections[dataset.publisher].cursor() as cursor:
            cursor.execute(
                sql.SQL(
                    "with t as (select atena_number, sum(version) as n from {table} group by atena_number), "
                    "f as (select atena_number, count(*) as n from {feed} group by atena_number) "
                    "select (select coalesce(sum(n), 0) from f), count(*) filter (where coalesce(f.n, 0) < t.n), "
                    "count(*) filter (where coalesce(t.n, 0) < f.n) from t full join f using (atena_number)"
                ).format(table=sql.Identifier("integrated", name), feed=sql.Identifier("integrated", f"{name}__change"))
            )
            changes, lost, doubled = cursor.fetchone() or (0, 0, 0)
        counted += int(changes)
        if lost:
            findings.append(f"{name}: 変更記録が足りない宛名番号が {lost} 件あります")
        if doubled:
            findings.append(f"{name}: 公開より変更記録が多い宛名番号が {doubled} 件あります")
    return Outcome(counted, tuple(findings))


def readers_stand_inside_the_feeds() -> Outcome:
    """利用の位置: a position is never beyond its feed, and what was set aside lies behind the position."""
    counted, findings = 0, []
    for consumer in consumers():
        for name in consumer.datasets:
            view = sql.Identifier("integrated", f"{consumer.subsystem}__{name}__change")
            with transaction.atomic(using=consumer.subsystem), connections[consumer.subsystem].cursor() as cursor:
                cursor.execute(
                    sql.SQL(
                        "select c.seq, (select coalesce(max(seq), 0) from {}), (select count(*) from feed_parked p "
                        "where p.consumer = c.consumer and p.dataset = c.dataset and p.seq > c.seq) "
                        "from feed_cursor c where c.consumer = %s and c.dataset = %s"
                    ).format(view),
                    [consumer.name, name],
                )
                row = cursor.fetchone()
            if row is None:
                continue
            position, last, ahead = row
            counted += int(position)
            if position > last:
                findings.append(f"{consumer.name} {name}: 位置 {position} が変更記録の末尾 {last} を越えています")
            if ahead:
                findings.append(f"{consumer.name} {name}: 位置より先に保留が {ahead} 件あります")
    return Outcome(counted, tuple(findings))


def steps_of_ended_runs_have_ended() -> Outcome:
    """ジョブの実行: a run that ended well has no step that was left out; a queued call is done at most once."""
    return count_and_misfits(
        "default",
        "select count(*), count(*) filter (where r.state in ('well', 'warning') "
        "and s.state not in ('well', 'warning', 'skipped')) from net_run r join step_run s on s.run_id = r.id",
        "正常・警告で終わったネットに、終わっていないジョブが {} 件あります",
    )


CHECKS = (
    Check("common_platform.feeds", "公開表と変更記録が合う", feeds_tell_the_tables),
    Check("common_platform.readers", "利用の位置が変更記録の中にある", readers_stand_inside_the_feeds),
    Check("common_platform.runs", "終わったネットに残ったジョブがない", steps_of_ended_runs_have_ended),
)
