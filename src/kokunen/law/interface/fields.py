"""項目表 (field tables): the fields of a ruleset, declared once and read by one validator.

A field knows its type, whether it is required, its default, what is allowed and how to say so in Japanese. ``read``
turns the JSON value into the value rules work with (date, month number, ``Record``) or raises ``LineError``, in the
order type, format, range. Bounds of dates and months may depend on fields read before: give a function of the
outermost record.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn, TypeAlias

from kokunen.law.engine.months import month_text, parse_month
from kokunen.law.interface.errors import Code, LineError, shown

_DAY_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

NOTHING: Any = object()
"""既定値なし: an optional field without a default is simply absent from the record."""


class Record(dict[str, Any]):
    """読み終えた入力: field name → value, defaults filled in.

    ``given`` names the fields the line itself contained, so that a field of another kind can be refused even when it
    was given with its default value.
    """

    __slots__ = ("given", "path", "table")

    def __init__(self, table: Sequence[Field], path: str = "") -> None:
        super().__init__()
        self.table = table
        self.path = path
        self.given: set[str] = set()

    def field(self, name: str) -> Field:
        """The declaration of ``name``."""
        return next(field for field in self.table if field.name == name)

    def path_of(self, name: str) -> str:
        """The full path of ``name``, as errors give it."""
        return join(self.path, name)

    def refuse(self, name: str, code: Code, message: str) -> NoReturn:
        """Raise an error on ``name``; the message begins with the field's Japanese term."""
        raise LineError(code, self.path_of(name), message)

    def require(self, name: str, when: str) -> None:
        """条件付き必須: ``name`` must have been given; ``when`` says why (``特例転入のとき``)."""
        if name not in self.given:
            field = self.field(name)
            self.refuse(
                name,
                Code.MISSING_FIELD,
                f"{when}、{field.label}は必須です。{field.allowed(self)}で指定してください",
            )

    def forbid(self, names: Sequence[str], when: str) -> None:
        """適用のない項目: none of ``names`` may have been given, the first one in the order given is refused."""
        for name in names:
            if name in self.given:
                label = self.field(name).label
                self.refuse(
                    name,
                    Code.INCONSISTENT,
                    f"{when}、{label}は指定できません。{name}を除いてください",
                )


DayBound: TypeAlias = date | Callable[[Record], date] | None
MonthBound: TypeAlias = int | Callable[[Record], int] | None
"""上下限: a value, a function of the outermost record as far as it was read, or none."""


def join(path: str, name: str) -> str:
    """項目の道筋: ``events[0]`` and ``type`` give ``events[0].type``."""
    return f"{path}.{name}" if path else name


def _bound(value: Any, root: Record) -> Any:
    return value(root) if callable(value) else value


def _span(low: str | None, high: str | None) -> str:
    if low is not None and high is not None:
        return f"{low}から{high}までの"
    if low is not None:
        return f"{low}以後の"
    return f"{high}以前の" if high is not None else ""


@dataclass(frozen=True, kw_only=True)
class Field(ABC):
    """項目: the common part of every declaration. ``label`` is the Japanese term used in messages."""

    name: str
    label: str
    required: bool = False
    default: Any = NOTHING
    secret: bool = False

    @abstractmethod
    def allowed(self, root: Record) -> str:
        """What is allowed, as the middle of a Japanese sentence: ``0から600までの整数``."""

    @abstractmethod
    def read(self, value: Any, path: str, root: Record) -> Any:
        """The value rules work with, or ``LineError``."""

    def refuse(self, code: Code, path: str, value: Any, root: Record) -> NoReturn:
        """Raise the error with what is allowed and, unless secret, what was entered."""
        entered = "（入力値は表示しません）" if self.secret else shown(value)
        hint = "。省くときは項目ごと書かないでください" if value is None else ""
        raise LineError(
            code,
            path,
            f"{self.label}は{self.allowed(root)}で指定してください{hint}{entered}",
        )

    def absent(self, path: str, root: Record) -> Any:
        """The value when the line does not contain the field: the default, or ``NOTHING``."""
        if self.required:
            message = f"{self.label}は必須です。{self.allowed(root)}で指定してください"
            raise LineError(Code.MISSING_FIELD, path, message)
        return self.default


@dataclass(frozen=True, kw_only=True)
class Integer(Field):
    """整数: exact; ``1.0``, ``1e3``, ``"1"`` and ``true`` are of another type.

    Either ``choices`` (another number is ``invalid_value``) or ``spans``, closed ranges (outside is ``out_of_range``).
    """

    spans: tuple[tuple[int, int], ...] = ()
    choices: tuple[int, ...] = ()

    def allowed(self, root: Record) -> str:
        if self.choices:
            return "、".join(map(str, self.choices)) + "のいずれかの整数"
        if not self.spans:
            return "整数"
        return "、または".join(str(a) if a == b else f"{a}から{b}まで" for a, b in self.spans) + "の整数"

    def read(self, value: Any, path: str, root: Record) -> int:
        if type(value) is not int:
            self.refuse(Code.INVALID_TYPE, path, value, root)
        if self.choices and value not in self.choices:
            self.refuse(Code.INVALID_VALUE, path, value, root)
        if self.spans and not any(low <= value <= high for low, high in self.spans):
            self.refuse(Code.OUT_OF_RANGE, path, value, root)
        return value


@dataclass(frozen=True, kw_only=True)
class Boolean(Field):
    """真偽."""

    def allowed(self, root: Record) -> str:
        return "trueまたはfalse"

    def read(self, value: Any, path: str, root: Record) -> bool:
        if not isinstance(value, bool):
            self.refuse(Code.INVALID_TYPE, path, value, root)
        return value


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """文字列: length counted in characters (code points)."""

    low: int
    high: int

    def allowed(self, root: Record) -> str:
        return f"{self.low}文字から{self.high}文字までの文字列"

    def read(self, value: Any, path: str, root: Record) -> str:
        if not isinstance(value, str):
            self.refuse(Code.INVALID_TYPE, path, value, root)
        if not self.low <= len(value) <= self.high:
            self.refuse(Code.OUT_OF_RANGE, path, value, root)
        return value


@dataclass(frozen=True, kw_only=True)
class Enum(Field):
    """区分値: exactly one of ``values``."""

    values: tuple[str, ...]

    def allowed(self, root: Record) -> str:
        return "、".join(self.values) + "のいずれか"

    def read(self, value: Any, path: str, root: Record) -> str:
        if not isinstance(value, str):
            self.refuse(Code.INVALID_TYPE, path, value, root)
        if value not in self.values:
            self.refuse(Code.INVALID_VALUE, path, value, root)
        return value


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """年月日 ``YYYY-MM-DD``, a real calendar day, read as ``date``."""

    low: DayBound = None
    high: DayBound = None

    def allowed(self, root: Record) -> str:
        low, high = _bound(self.low, root), _bound(self.high, root)
        span = _span(low and low.isoformat(), high and high.isoformat())
        return f"{span}実在する日付（YYYY-MM-DD）"

    def read(self, value: Any, path: str, root: Record) -> date:
        if not isinstance(value, str):
            self.refuse(Code.INVALID_TYPE, path, value, root)
        try:
            day = date.fromisoformat(value) if _DAY_FORM.fullmatch(value) else None
        except ValueError:
            day = None
        if day is None:
            self.refuse(Code.INVALID_FORMAT, path, value, root)
        low, high = _bound(self.low, root), _bound(self.high, root)
        if (low is not None and day < low) or (high is not None and day > high):
            self.refuse(Code.OUT_OF_RANGE, path, value, root)
        return day


@dataclass(frozen=True, kw_only=True)
class Month(Field):
    """年月 ``YYYY-MM``, read as the month number of ``kokunen.law.engine.months``."""

    low: MonthBound = None
    high: MonthBound = None

    def allowed(self, root: Record) -> str:
        low, high = _bound(self.low, root), _bound(self.high, root)
        span = _span(
            None if low is None else month_text(low),
            None if high is None else month_text(high),
        )
        return f"{span}実在する年月（YYYY-MM）"

    def read(self, value: Any, path: str, root: Record) -> int:
        if not isinstance(value, str):
            self.refuse(Code.INVALID_TYPE, path, value, root)
        try:
            month = parse_month(value)
        except ValueError:
            self.refuse(Code.INVALID_FORMAT, path, value, root)
        low, high = _bound(self.low, root), _bound(self.high, root)
        if (low is not None and month < low) or (high is not None and month > high):
            self.refuse(Code.OUT_OF_RANGE, path, value, root)
        return month


@dataclass(frozen=True, kw_only=True)
class Object(Field):
    """入れ子: an object with its own table, read as ``Record``.

    ``filled``: when the line leaves the object out, the record of its defaults stands in its place.
    """

    fields: tuple[Field, ...]
    filled: bool = False

    def allowed(self, root: Record) -> str:
        return "オブジェクト（" + "、".join(field.name for field in self.fields) + "）"

    def read(self, value: Any, path: str, root: Record) -> Record:
        if not isinstance(value, dict):
            self.refuse(Code.INVALID_TYPE, path, value, root)
        return read_fields(value, self.fields, Record(self.fields, path), root)

    def absent(self, path: str, root: Record) -> Any:
        if self.filled and not self.required:
            return read_fields({}, self.fields, Record(self.fields, path), root)
        return super().absent(path, root)


@dataclass(frozen=True, kw_only=True)
class List(Field):
    """一覧: ``low``..``high`` items, each read by ``item`` (whose own name is not used)."""

    item: Field
    low: int = 0
    high: int

    def allowed(self, root: Record) -> str:
        return f"{self.low}件から{self.high}件までの配列"

    def read(self, value: Any, path: str, root: Record) -> list[Any]:
        if not isinstance(value, list):
            self.refuse(Code.INVALID_TYPE, path, value, root)
        if not self.low <= len(value) <= self.high:
            message = f"{self.label}は{self.allowed(root)}で指定してください（入力値: {len(value)}件）"
            raise LineError(Code.OUT_OF_RANGE, path, message)
        return [self.item.read(item, f"{path}[{index}]", root) for index, item in enumerate(value)]


def refuse_unknown(raw: dict[str, Any], fields: Sequence[Field], path: str, also: tuple[str, ...] = ()) -> None:
    """未知の項目: the first key of ``raw`` that no field declares is an error."""
    known = (*also, *(field.name for field in fields))
    for key in raw:
        if key not in known:
            where = f"{path}に" if path else ""
            message = f"{where}ない項目が指定されています{shown(key)}。指定できる項目: {'、'.join(known)}"
            raise LineError(Code.UNKNOWN_FIELD, join(path, key), message)


def read_fields(raw: dict[str, Any], fields: Sequence[Field], record: Record, root: Record) -> Record:
    """項目を表の順に読む: unknown keys first, then every field in table order."""
    refuse_unknown(raw, fields, record.path)
    return fill(raw, fields, record, root)


def fill(raw: dict[str, Any], fields: Sequence[Field], record: Record, root: Record) -> Record:
    """項目を表の順に読む, without looking for unknown keys."""
    for field in fields:
        path = record.path_of(field.name)
        if field.name in raw:
            record[field.name] = field.read(raw[field.name], path, root)
            record.given.add(field.name)
        else:
            value = field.absent(path, root)
            if value is not NOTHING:
                record[field.name] = value
    return record
