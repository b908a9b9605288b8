"""一頁ずつ読む: a consumer's view of a dataset for a system that calls from outside, whole or what has changed.

It reads the consumer's own declared view with the consumer's own login: nothing but declared columns can be in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections, transaction
from psycopg import sql

from kokunen.common_platform.integration.schema import DeclaredView, declared_views
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record


@dataclass(frozen=True, slots=True)
class Page:
    """一頁: rows in the order of 宛名番号; `following` is where the next page begins ("" = no further one).

    `horizon` is the number of the feed up to which the rows tell; the `after` of the next difference.
    """

    rows: list[dict[str, Any]]
    following: str
    horizon: int


def find_view(subsystem: str, dataset: str) -> DeclaredView | None:
    """その業務に宣言された利用; None when the assessment in force declares none."""
    return next((v for v in declared_views() if (v.subsystem, v.dataset.name) == (subsystem, dataset)), None)


def read_page(view: DeclaredView, *, start: str, limit: int, after: int | None, context: AccessContext) -> Page:
    """一頁を読む: up to ``limit`` people behind 宛名番号 ``start``; with ``after`` those changed since that number.

    The entry in the ledger names everybody on the page and stands in the same transaction.
    """
    using = view.subsystem
    columns = list(dict.fromkeys(("atena_number", *view.dataset.key, *view.columns)))
    source, feed = sql.Identifier("integrated", view.name), sql.Identifier("integrated", f"{view.name}__change")
    changed = sql.SQL("and atena_number in (select atena_number from {} where seq > %(after)s and seq <= %(horizon)s)")
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("select integrated.feed_horizon(%s)", [view.dataset.name])
        horizon = int((cursor.fetchone() or (0,))[0])
        cursor.execute(
            sql.SQL(
                "select {columns} from {source} where atena_number in (select distinct atena_number from {source} "
                "where atena_number > %(start)s {changed} order by atena_number limit %(limit)s) order by {key}"
            ).format(
                columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
                source=source,
                changed=sql.SQL("") if after is None else changed.format(feed),
                key=sql.SQL(", ").join(map(sql.Identifier, ("atena_number", *view.dataset.key))),
            ),
            {"start": start, "limit": limit, "after": after, "horizon": horizon},
        )
        rows = [dict(zip(columns, map(_shown, row), strict=True)) for row in cursor.fetchall()]
        people = list(dict.fromkeys(str(row["atena_number"]) for row in rows))
        record(
            using,
            context,
            act=Act.EXPORT,
            dataset=f"公開用API {view.dataset.label_ja}",
            atena_numbers=people,
            count=len(rows),
            items=[column.label_ja for column in view.dataset.columns if column.name in view.columns],
            detail={"after": after, "start": start},
        )
    return Page(rows, people[-1] if len(people) == limit else "", horizon)


def _shown(value: object) -> object:
    """No value of a response is null (共通機能標準仕様書); days and times as text."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date | datetime) else value
