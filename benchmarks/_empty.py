"""空の市: a durable cluster of its own with every table and nobody in it, for figures that need no people.

`KOKUNEN_BENCH_DATA`/NAME holds it while the figure is measured; afterwards it is gone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASE = Path(os.environ.get("KOKUNEN_BENCH_DATA", ROOT / "var" / "bench")).resolve()


@contextmanager
def empty_city(name: str, port: int) -> Iterator[dict[str, str]]:
    """Start it, make its tables and point this process at it; gives the environment for processes that work on it."""
    from kokunen.common_platform.operations.embedded_postgres import Cluster

    data = BASE / name
    shutil.rmtree(data, ignore_errors=True)
    environment = {
        **os.environ,
        "KOKUNEN_DATA": str(data),
        "KOKUNEN_PORT_BASE": str(port),
        "KOKUNEN_MODE": "demo",
        "KOKUNEN_CUSTODIAN": str(data / "custodian"),
        "DJANGO_SETTINGS_MODULE": "kokunen.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    environment.pop("KOKUNEN_DATABASE_NAME", None)
    os.environ.update(environment)
    cluster = Cluster(data / "postgres", port, durable=True)
    cluster.start()
    try:
        subprocess.run([sys.executable, "-m", "kokunen.config.provision"], env=environment, check=True)
        import django

        django.setup()
        yield environment
    finally:
        from django.db import connections

        connections.close_all()
        cluster.stop()
        shutil.rmtree(data, ignore_errors=True)


def port_after(offset: int) -> int:
    """A port of the measurements: KOKUNEN_BENCH_PORT_BASE (18400) and ``offset``."""
    return int(os.environ.get("KOKUNEN_BENCH_PORT_BASE", "18400")) + offset
