"""都市の登録: 600,000 residents generated and loaded (both times, feeds, search keys), beside a Django bulk insert."""

from __future__ import annotations

from benchmarks import _city
from kokunen.commands.bench import Figure

_RIVAL_ROWS = 60_000


def measure() -> list[Figure]:
    """Minutes and memory of the whole load; rows a second beside the rival's insert into the same server."""
    load = _city.use()
    rival = _rival()
    return [
        Figure("load_600000", "minutes", load.seconds / 60, 4, "less"),
        Figure("load_peak_memory", "GiB (largest process)", load.peak_gib, 3, "less"),
        Figure(
            "load_rows",
            "rows a second",
            load.rows_per_second,
            8 * rival,
            "more",
            "Django bulk_create into a contact table",
            rival,
        ),
    ]


def _rival() -> float:
    from django.db import connections

    from benchmarks import _contacts  # a model: only importable once the settings stand

    with connections["resident_registry"].cursor() as cursor:
        cursor.execute("select name, name_kana, town || lot || building from resident_version limit %s", [_RIVAL_ROWS])
        people = cursor.fetchall()
    _contacts.make_table()
    return _contacts.insert(people)
