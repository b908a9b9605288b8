"""模擬都市の命令: kokunen city generate: makes the city, writes it or loads it, and tells how far it is."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from kokunen.city.city import City
from kokunen.city.city import generate as make_city


def generate(*, residents: int, seed: int, load: bool) -> dict[str, Any]:
    """合成の市をつくる: with ``load`` into the database, else as Parquet files below KOKUNEN_DATA/city.

    A progress bar on standard error; returns what was done, for ``--json``. Raises InputError for a size out of
    range and Conflict for a city that has people already.
    """
    from kokunen.common_platform.operations import clock
    from kokunen.config import environment

    started = time.monotonic()
    workers = 1 if (os.cpu_count() or 1) > 1 else 0
    with _progress() as progress:
        task = progress.add_task("住民", total=residents)
        city = make_city(
            residents, seed, clock.today(), lambda done, _: progress.update(task, completed=done), workers=workers
        )
        if load:
            summary = _load(city, lambda text: progress.update(task, description=text))
        else:
            summary = _write(city, environment.data_dir() / "city" / f"{residents}-{seed}")
    return {
        "residents": residents,
        "seed": seed,
        "today": city.today.isoformat(),
        **summary,
        "seconds": round(time.monotonic() - started, 2),
    }


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _load(city: City, stage: Any) -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
    import django

    django.setup()
    from kokunen.city.loading import load_city

    loaded = load_city(city, stage)
    rows = sum(loaded.rows.values())
    return {
        "loaded": True,
        "rows": loaded.rows,
        "rows_per_second": round(rows / loaded.seconds),
        "copy_seconds": round(loaded.copy_seconds, 2),
        "index_seconds": round(loaded.index_seconds, 2),
    }


def _write(city: City, directory: Path) -> dict[str, Any]:
    manifest = city.write_parquet(directory)
    files = manifest["files"]
    assert isinstance(files, dict)
    return {
        "loaded": False,
        "directory": str(directory),
        "tables": {path: entry["rows"] for path, entry in sorted(files.items())},
    }
