"""部署コード: the offices of the city that work with these systems, as data.

The eight of the assessment (国民年金課 and seven branches) and the departments around them. The rows stand in
`data/offices.yaml`; the portal loads them into its table when the city is set up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "data" / "offices.yaml"


@dataclass(frozen=True, slots=True)
class OfficeCode:
    """部署: one office. `kind` is main, branch or department; `uses_pension_file`: 使用部署 of the assessment."""

    code: str
    name: str
    kana: str
    department: str
    kind: str
    uses_pension_file: bool


@lru_cache(maxsize=1)
def all_offices() -> tuple[OfficeCode, ...]:
    """Every office, in the order of the organisation."""
    return tuple(OfficeCode(**row) for row in yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def using_offices() -> Iterator[OfficeCode]:
    """使用部署: the offices that the assessment lets use the pension file."""
    return (office for office in all_offices() if office.uses_pension_file)


def get_office(code: str) -> OfficeCode:
    """The office of that code; KeyError when there is none."""
    for office in all_offices():
        if office.code == code:
            return office
    raise KeyError(code)
