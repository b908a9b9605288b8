"""市の名のり — how the city is known to parties with a line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class City:
    """市 — its code (6 digits), its name, and the name in its client certificate."""

    municipality: str
    name: str
    client: str


@lru_cache(maxsize=1)
def load_city() -> City:
    """The city of ``counterparts/city.yaml``."""
    return City(**yaml.safe_load((files("kokunen.counterparts") / "city.yaml").read_text(encoding="utf-8")))
