"""都市の登録: 600,000 residents generated and loaded (both times, feeds, search keys), beside a Django bulk insert.

Minutes and memory are those of making and loading. Rows a second are those of loading alone, as the rival is not asked
to make its rows either: a city that stands in memory goes into a second database of the same server.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from types import ModuleType

from benchmarks import _city
from kokunen.commands.bench import Figure

_RIVAL_ROWS = 60_000
_DATABASE = "kokunen_loading"


def measure() -> list[Figure]:
    """Minutes and memory of the whole load; rows a second beside the rival's insert into the same server."""
    load = _city.use()
    loading = _loading()
    rival = _rival()
    return [
        Figure("load_600000", "minutes", load.seconds / 60, 4, "less"),
        Figure("load_peak_memory", "GiB (largest process)", load.peak_gib, 3, "less"),
        Figure(
            "load_rows",
            "rows a second",
            loading,
            8 * rival,
            "more",
            "Django bulk_create into a contact table",
            rival,
        ),
    ]


def _loading() -> float:
    """Rows a second of a load whose city is already made."""
    from kokunen.config import provision

    environment = {**_city.environment(), "KOKUNEN_DATABASE_NAME": _DATABASE}
    _drop(provision)
    try:
        subprocess.run([sys.executable, "-m", "kokunen.config.provision"], env=environment, check=True)
        told = subprocess.run(
            [sys.executable, "-m", "benchmarks._loading", str(_city.RESIDENTS)],
            env={**environment, "PYTHONPATH": os.pathsep.join([str(_city.ROOT), os.environ.get("PYTHONPATH", "")])},
            check=True,
            capture_output=True,
        )
    finally:
        _drop(provision)
    facts = json.loads(told.stdout.splitlines()[-1])
    return float(facts["rows"] / facts["seconds"])


def _drop(provision: ModuleType) -> None:
    with provision.admin_connection("postgres") as admin:
        admin.execute(f"drop database if exists {_DATABASE} with (force)")


def _rival() -> float:
    from django.db import connections

    from benchmarks import _contacts  # a model: only importable once the settings stand

    with connections["resident_registry"].cursor() as cursor:
        cursor.execute("select name, name_kana, town || lot || building from resident_version limit %s", [_RIVAL_ROWS])
        people = cursor.fetchall()
    rates = []
    for _ in range(3):
        _contacts.make_table()
        rates.append(_contacts.insert(people))
    return statistics.median(rates)
