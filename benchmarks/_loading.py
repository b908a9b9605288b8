"""登録だけの速さ: rows a second of loading a city that is already made, beside a rival that is given its rows too.

    python -m benchmarks._loading RESIDENTS

Run in an environment that names an empty, provisioned database; prints one JSON document (rows, seconds).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kokunen.city.block import Block
from kokunen.city.city import City


@dataclass(frozen=True, slots=True)
class Ready(City):
    """できている市: its blocks stand in memory."""

    made: tuple[Block, ...] = ()

    def each_block(self) -> Iterator[Block]:
        return iter(self.made)


def main(residents: int) -> None:
    """Make the city, then measure its load: every row of every table and feed, keys, indexes and constraints built."""
    import django

    django.setup()
    from kokunen.city.loading import load_city

    day = date(2026, 11, 24)
    made = tuple(City(residents, 1, day, workers=1).each_block())
    began = time.perf_counter()
    loaded = load_city(Ready(residents, 1, day, made=made))
    seconds = time.perf_counter() - began
    print(json.dumps({"rows": sum(loaded.rows.values()), "seconds": seconds}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
