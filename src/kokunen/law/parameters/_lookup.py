"""法令上の数値を引く: by path and day, each file read once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from kokunen.law.parameters._loading import ParameterFileError, parse_parameter
from kokunen.law.parameters._types import Entry, Parameter

_ROOT = files("kokunen.law.parameters")


@cache
def history(path: str) -> Parameter:
    """数値の沿革: every entry of ``path``; ``ParameterFileError`` when there is no such file."""
    file = _ROOT.joinpath(*f"{path}.yaml".split("/"))
    if not file.is_file():
        raise ParameterFileError(f"{path}: パラメータファイルがありません")
    return parse_parameter(path, file.read_text(encoding="utf-8"))


def entry_on(path: str, day: date) -> Entry:
    """その日の値とその根拠; ``InputError`` (out_of_range) for a day without a value."""
    return history(path).entry_on(day)


def value_on(path: str, day: date) -> Any:
    """その日の値: ``value_on("qualification/age_limits", date(2026, 4, 1))``."""
    return entry_on(path, day).value


def all_paths() -> list[str]:
    """登録されている数値の名, in order."""
    return sorted(_paths(_ROOT, ""))


def _paths(folder: Traversable, prefix: str) -> Iterator[str]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _paths(item, f"{prefix}{item.name}/")
        elif item.name.endswith(".yaml"):
            yield prefix + item.name.removesuffix(".yaml")
