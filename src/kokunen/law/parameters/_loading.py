"""法令上の数値の読み込み: one YAML file into one ``Parameter``, refusing every kind of mistake by name."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import Any, NoReturn

from kokunen.law import strict_yaml
from kokunen.law.engine.steps import Unit
from kokunen.law.parameters._types import Entry, Parameter, Status

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FILE_KEYS = ("description", "unit", "until", "values")
_ENTRY_KEYS = ("value", "status", "source")


class ParameterFileError(ValueError):
    """パラメータファイルの誤り: names the file, the place and what would be right."""


def parse_parameter(path: str, text: str) -> Parameter:
    """ファイルの内容 ``text`` を読む; ``path`` is the parameter's name, used in messages."""
    try:
        raw = strict_yaml.load(text, origin=path)
    except strict_yaml.StrictYamlError as error:
        raise ParameterFileError(str(error)) from error
    _mapping(raw, path, _FILE_KEYS, required=("description", "unit", "values"))
    if raw["unit"] not in list(Unit):
        _refuse(path, f"unitは{'、'.join(Unit)}のいずれかです（{raw['unit']}）")
    if not isinstance(raw["description"], str):
        _refuse(path, "descriptionは文で書いてください")
    if not isinstance(raw["values"], dict) or not raw["values"]:
        _refuse(path, "valuesには、効力の始まる日ごとの値を1つ以上書いてください")
    entries = tuple(_entry(path, raw["unit"], start, value) for start, value in raw["values"].items())
    if any(a.start >= b.start for a, b in pairwise(entries)):
        _refuse(path, "valuesの日付は古い順に並べてください")
    until = _day(path, raw["until"]) if "until" in raw else None
    if until is not None and until < entries[-1].start:
        _refuse(path, f"until（{until}）が最後の値の始まる日より前です")
    return Parameter(path, raw["description"], raw["unit"], entries, until)


def _entry(path: str, unit: str, start: str, raw: Any) -> Entry:
    where = f"{path} {start}"
    _mapping(raw, where, _ENTRY_KEYS, required=_ENTRY_KEYS)
    if raw["status"] not in list(Status):
        _refuse(where, f"statusは{'、'.join(Status)}のいずれかです（{raw['status']}）")
    if not isinstance(raw["source"], str) or not raw["source"].strip():
        _refuse(where, "sourceには、値の根拠（法令の条、告示、資料）を書いてください")
    _exact(raw["value"], where)
    value = _day(where, raw["value"]) if unit == Unit.DATE else raw["value"]
    return Entry(_day(path, start), value, Status(raw["status"]), raw["source"])


def _day(path: str, text: Any) -> date:
    if isinstance(text, str) and _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    _refuse(path, f"日付は実在する日をYYYY-MM-DDで書いてください（{text}）")


def _mapping(raw: Any, where: str, allowed: tuple[str, ...], *, required: tuple[str, ...]) -> None:
    if not isinstance(raw, dict):
        _refuse(where, f"{'、'.join(allowed)}を持つ項目として書いてください")
    for key in raw:
        if key not in allowed:
            _refuse(where, f"「{key}」という項目はありません。書ける項目: {'、'.join(allowed)}")
    for key in required:
        if raw.get(key) is None:
            _refuse(where, f"{key}がありません")


def _exact(value: Any, where: str) -> None:
    """Whole numbers, text, truth values, or lists and mappings of these."""
    if isinstance(value, float):
        _refuse(where, f"小数は使えません（{value}）。分数は{{numerator: 7, denominator: 10}}の形で書いてください")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if inner is None:
            _refuse(where, "値のない項目があります")
        _exact(inner, where)


def _refuse(where: str, message: str) -> NoReturn:
    raise ParameterFileError(f"{where}: {message}")
