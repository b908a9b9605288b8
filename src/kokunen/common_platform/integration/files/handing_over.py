"""ファイルの提供: a consumer's view of a dataset as files, full or what has changed since a number."""

from __future__ import annotations

from pathlib import Path

from django.db import connections, transaction
from psycopg import sql

from kokunen.common_platform.integration.files.formats import DIFFERENCE, FULL, FileName, write_file
from kokunen.common_platform.integration.schema import DeclaredView
from kokunen.common_platform.operations import clock
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record


def hand_over(
    view: DeclaredView, folder: Path, *, user: str, seq: int, after: int | None, context: AccessContext
) -> tuple[Path, int]:
    """ファイルを渡す: the declared columns of ``view``; all rows (``after`` None) or those changed after that number.

    Gives the file and the number of the feed up to which it tells: the ``after`` of the next difference. Nothing but
    declared columns can be in it, since it reads the consumer's own view.
    """
    using, columns = view.subsystem, ["atena_number", *(c for c in view.columns if c != "atena_number")]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    source, feed = sql.Identifier("integrated", view.name), sql.Identifier("integrated", f"{view.name}__change")
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("select integrated.feed_horizon(%s)", [view.dataset.name])
        row = cursor.fetchone()
        horizon = int(row[0]) if row else 0
        if after is None:
            cursor.execute(sql.SQL("select {} from {} order by atena_number").format(names, source))
        else:
            cursor.execute(
                sql.SQL(
                    "select {} from {} where atena_number in "
                    "(select atena_number from {} where seq > %s and seq <= %s) order by atena_number"
                ).format(names, source, feed),
                [after, horizon],
            )
        rows = cursor.fetchall()
        record(
            using,
            context,
            act=Act.EXPORT,
            dataset=f"ファイル連携 {view.dataset.label_ja}",
            atena_numbers=sorted({str(row[0]) for row in rows}) if after is not None else (),
            count=len(rows),
            detail={"user": user, "seq": seq, "kind": FULL if after is None else DIFFERENCE},
        )
    kind = FULL if after is None else DIFFERENCE
    name = FileName("112038", user, view.dataset.name, kind, clock.now(), seq)
    return write_file(folder, name, columns, rows, ((after or 0) + 1, horizon)), horizon
