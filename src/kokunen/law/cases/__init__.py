"""判断の事例 (cases): the law as worked examples in YAML, for officers to read and for the tests to hold.

A file is one ruleset: ``title``, ``ruleset`` (the name ``kokunen rules`` takes) and ``cases``. A case has an ``id``, a
Japanese ``name`` that says what it shows, the ``article`` it rests on, the ``facts`` in the words of the ruleset and
the part of the answer that is ``expected``. Cases on either side of a limit stand next to each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from kokunen.law.strict_yaml import StrictYamlError, load

_CASE_KEYS = {"id", "name", "article", "facts", "expected"}


@dataclass(frozen=True, slots=True)
class Case:
    """事例: ``facts`` is a line of the ruleset without its id, ``expected`` the part of the answer that must match."""

    ruleset: str
    id: str
    name: str
    article: str
    facts: dict[str, Any]
    expected: dict[str, Any]


def all_cases() -> list[Case]:
    """すべての事例, file by file. Raises ``StrictYamlError`` for a file that is not as described above."""
    return [
        case
        for file in sorted(files(__name__).iterdir(), key=lambda item: item.name)
        if file.name.endswith(".yaml")
        for case in parse_cases(file.read_text(encoding="utf-8"), file.name)
    ]


def parse_cases(text: str, origin: str) -> Iterator[Case]:
    """一つのファイルの事例."""
    content = load(text, origin)
    if not isinstance(content, dict) or set(content) != {"title", "ruleset", "cases"}:
        raise StrictYamlError(f"{origin}: title、ruleset、casesの3つを書いてください")
    for raw in content["cases"]:
        if not isinstance(raw, dict) or set(raw) != _CASE_KEYS:
            raise StrictYamlError(f"{origin}: 事例には{'、'.join(sorted(_CASE_KEYS))}を書いてください（{raw!s:.60}）")
        yield Case(content["ruleset"], str(raw["id"]), raw["name"], raw["article"], raw["facts"], raw["expected"])
