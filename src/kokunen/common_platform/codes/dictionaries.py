"""辞書の一覧: which code dictionaries the house shares, as `data/dictionaries.yaml` declares them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from kokunen.kernel.errors import InputError

DATA = Path(__file__).parent / "data"
COLUMNS = ("code", "label", "kana")


@dataclass(frozen=True, slots=True)
class FactColumn:
    """その他の項目"""

    name: str
    label: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Dictionary:
    """コード辞書: `pattern` is what a code looks like, `check` the name of a check digit rule or ""."""

    code: str
    label: str
    description: str
    code_label: str
    pattern: str
    first_edition: str
    source: str
    since: str
    check: str = ""
    facts: tuple[FactColumn, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of a file of this dictionary, in order."""
        return (*COLUMNS, *(one.name for one in self.facts))

    @property
    def headings(self) -> tuple[str, ...]:
        """見出し of a file of this dictionary, in the order of `columns`."""
        return (self.code_label, "名称", "読み", *(one.label for one in self.facts))

    def column_of(self, heading: str) -> str:
        """The column that a heading means: in Japanese or by its short name; one that is unknown stays as it is."""
        return dict(zip(self.headings, self.columns, strict=True)).get(heading.strip(), heading.strip())


@lru_cache(maxsize=1)
def dictionaries() -> dict[str, Dictionary]:
    """辞書 by code, in the order of the list."""
    content = yaml.safe_load((DATA / "dictionaries.yaml").read_text(encoding="utf-8"))
    return {
        code: Dictionary(
            code=code,
            facts=tuple(FactColumn(**one) for one in raw.get("facts", ())),
            **{name: value for name, value in raw.items() if name != "facts"},
        )
        for code, raw in content.items()
    }


def get_dictionary(code: str) -> Dictionary:
    """辞書. Raises InputError when there is none of that code."""
    found = dictionaries().get(code)
    if found is None:
        raise InputError(f"コード辞書「{code}」はありません", "dictionary", "not_found", "一覧から選んでください。")
    return found
