"""様式の読込み — the record layout as an object, read from ``layout/*.yaml`` and checked when it is loaded.

Nothing about columns, codes, names or lengths is known to any other module: an official edition of the layout is put
into force by replacing those files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from .characters import Gaiji
from .fields import (
    Code,
    Const,
    Digits,
    Era,
    EraDate,
    FieldError,
    FieldType,
    Kana,
    Number,
    Phone,
    Replacements,
    SplitDigits,
    Text,
    Token,
    Value,
    WesternDate,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """様式に合わない点 — ``line`` counts from 1: of the file when reading, of the records when writing."""

    line: int
    field: str
    label: str
    code: str
    message: str
    hint: str = ""
    characters: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.line}行目" + (f" {self.label}" if self.label else "")
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Field:
    """項目 — one item: its type, whether it may be blank, and where the report has its value."""

    name: str
    label: str
    type: FieldType
    required: bool = False
    required_unless: str = ""
    sources: tuple[str, ...] = ()
    automatic: bool = False  # filled by the codec, not by the report
    secret: bool = False  # its value is never shown or logged


@dataclass(frozen=True, slots=True)
class RecordFormat:
    """行の様式 — the items of one kind of line in their order."""

    label: str
    fields: tuple[Field, ...]

    @property
    def width(self) -> int:
        """Number of columns, the same for every line of this kind."""
        return sum(field.type.width for field in self.fields)

    def encode(
        self, values: Mapping[str, Value | None], line: int
    ) -> tuple[tuple[str, ...], list[tuple[str, str, str]], list[Problem]]:
        """Columns of a record, replacements made (label, original, replacement), and what stands in the way.

        Columns are blank where something stands in the way.
        """
        columns: list[str] = []
        replaced: list[tuple[str, str, str]] = []
        problems: list[Problem] = []
        for item in self.fields:
            value = values.get(item.name)
            if value is None or (isinstance(value, str) and not value.strip()):
                if self._must(item, values):
                    problems.append(_missing(item, line))
                columns.extend([""] * item.type.width)
                continue
            changes: Replacements = []
            try:
                columns.extend(item.type.encode(value, changes))
                replaced.extend((item.label, original, other) for original, other in changes)
            except FieldError as error:
                problems.append(_problem(item, line, error))
                columns.extend([""] * item.type.width)
        known = {item.name for item in self.fields}
        for name in sorted(set(values) - known):
            problems.append(Problem(line, name, name, "unexpected", "様式にない項目です", "この届書では送れません。"))
        return tuple(columns), replaced, problems

    def decode(self, columns: Sequence[str], line: int) -> tuple[dict[str, Value | None], list[Problem]]:
        """Values of a line's columns, and every departure from the layout. A wrong number of columns stops there."""
        if len(columns) != self.width:
            message = f"列数が違います（{len(columns)}列、正しくは{self.width}列）"
            return {}, [Problem(line, "", self.label, "column_count", message)]
        values: dict[str, Value | None] = {}
        problems: list[Problem] = []
        start = 0
        for item in self.fields:
            part = tuple(columns[start : start + item.type.width])
            start += item.type.width
            values[item.name] = None
            if not any(part):
                continue
            try:
                values[item.name] = item.type.decode(part)
            except FieldError as error:
                problems.append(_problem(item, line, error))
        failed = {problem.field for problem in problems}
        problems.extend(
            _missing(item, line)
            for item in self.fields
            if item.name not in failed and values[item.name] is None and self._must(item, values)
        )
        return values, problems

    @staticmethod
    def _must(item: Field, values: Mapping[str, Value | None]) -> bool:
        return item.required or (bool(item.required_unless) and not values.get(item.required_unless))


@dataclass(frozen=True, slots=True)
class NoticeFormat:
    """届書の様式 — the code that begins its line, its title, and its items."""

    kind: str
    code: str
    title: str
    record: RecordFormat


@dataclass(frozen=True, slots=True)
class Medium:
    """媒体の種類 — only recordable optical media are here; capacity in bytes."""

    code: str
    label: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Layout:
    """媒体の様式 — everything that is known of the medium and of the result file."""

    edition: str
    title: str
    status: str
    sources: tuple[str, ...]
    file_name: str
    forbidden_characters: tuple[str, ...]
    serial_digits: int
    serial_last: int
    media: Mapping[str, Medium]
    management: RecordFormat
    representative_code: str
    kanri_marker: str
    summary: RecordFormat
    sender: RecordFormat
    data_marker: str
    cover_suffix: str
    cover: RecordFormat
    cover_count: RecordFormat
    notices: Mapping[str, NoticeFormat]
    gaiji: Gaiji
    result: Mapping[str, Any]
    result_management: RecordFormat
    result_line: RecordFormat
    result_fault: RecordFormat
    reasons: Mapping[str, str]
    tables: Mapping[str, Mapping[str, str]]
    by_code: Mapping[str, NoticeFormat] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {notice.code: notice for notice in self.notices.values()})


@lru_cache(maxsize=1)
def load_layout() -> Layout:
    """The layout in force. Raises ValueError when a definition contradicts itself."""
    folder = files(__package__) / "layout"
    parts = {
        name: yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in ("medium", "codes", "notices", "gaiji", "result")
    }
    return build_layout(**parts)


def build_layout(
    medium: Mapping[str, Any],
    codes: Mapping[str, Any],
    notices: Mapping[str, Any],
    gaiji: Mapping[str, Any],
    result: Mapping[str, Any],
) -> Layout:
    """A layout from its definitions as they stand in the files. Raises ValueError when they contradict themselves."""
    table = Gaiji(gaiji["replacements"], gaiji["kana"], gaiji["variation_selectors"] == "strip")
    builder = _Builder(codes, table, {kind: spec["code"] for kind, spec in notices["notices"].items()})
    found = {kind: _notice(kind, spec, notices["groups"], builder) for kind, spec in notices["notices"].items()}
    management = builder.record(medium["management"])
    representative = next(item.type for item in management.fields if item.name == "representative_code")
    return Layout(
        edition=medium["edition"],
        title=medium["title"],
        status=medium["status"],
        sources=tuple(medium["sources"]),
        file_name=medium["file"]["name"],
        forbidden_characters=tuple(medium["file"]["forbidden_characters"]),
        serial_digits=medium["serial"]["digits"],
        serial_last=medium["serial"]["last"],
        media={code: Medium(code, spec["label"], spec["capacity"]) for code, spec in medium["media"].items()},
        management=management,
        representative_code=representative.value if isinstance(representative, Const) else "",
        kanri_marker=medium["kanri_marker"],
        summary=builder.record(medium["summary"]),
        sender=builder.record(medium["sender"]),
        data_marker=medium["data_marker"],
        cover_suffix=medium["cover"]["file_suffix"],
        cover=builder.record(medium["cover"]),
        cover_count=builder.record({"label": "件数", "columns": medium["cover"]["count_columns"]}),
        notices=found,
        gaiji=table,
        result=result["file"],
        result_management=builder.record(result["management"]),
        result_line=builder.record(result["line"]),
        result_fault=builder.record(result["fault"]),
        reasons=result["reasons"],
        tables=codes["tables"],
    )


def _notice(kind: str, spec: Mapping[str, Any], groups: Mapping[str, Any], builder: _Builder) -> NoticeFormat:
    columns = list(_expanded(spec["columns"], groups))
    record = builder.record({"label": spec["title"], "columns": columns})
    if record.width + 1 != spec["width"]:
        raise ValueError(f"{kind}: {record.width + 1} columns, but width says {spec['width']}")
    return NoticeFormat(kind, spec["code"], spec["title"], record)


def _expanded(columns: Sequence[Mapping[str, Any]], groups: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for column in columns:
        if "use" in column:
            yield from groups[column["use"]]
        else:
            yield column


class _Builder:
    """Turns column definitions into typed items."""

    def __init__(self, codes: Mapping[str, Any], gaiji: Gaiji, notice_codes: Mapping[str, str]) -> None:
        self._tables = codes["tables"]
        self._gaiji = gaiji
        self._notice_codes = notice_codes
        self._eras = tuple(Era(**era) for era in sorted(codes["eras"], key=lambda era: str(era["first_day"])))

    def record(self, spec: Mapping[str, Any]) -> RecordFormat:
        items = tuple(self._field(column) for column in spec["columns"])
        if len({item.name for item in items}) != len(items):
            raise ValueError(f"{spec['label']}: two items have the same name")
        return RecordFormat(spec["label"], items)

    def _field(self, column: Mapping[str, Any]) -> Field:
        source = column.get("source", column["name"])
        return Field(
            name=column["name"],
            label=column["label"],
            type=self._type(column),
            required=column.get("required", False),
            required_unless=column.get("required_unless", ""),
            sources=tuple(source) if isinstance(source, list) else (source,),
            automatic=column.get("automatic", False),
            secret=column.get("secret", False),
        )

    def _type(self, column: Mapping[str, Any]) -> FieldType:
        kind = column["type"]
        simple: dict[str, FieldType] = {
            "western_date": WesternDate(),
            "phone": Phone(),
            "era_date": EraDate(self._eras),
            "era_month": EraDate(self._eras, with_day=False),
            "notice_code": Code("notice_code", self._notice_codes, {}),
        }
        if kind in simple:
            return simple[kind]
        if kind == "digits":
            return Digits(column["length"])
        if kind == "number":
            return Number(column["max_digits"])
        if kind == "token":
            return Token(column["max"], column.get("min", 1))
        if kind == "const":
            return Const(column["value"])
        if kind == "split_digits":
            return SplitDigits(tuple(column["parts"]))
        if kind == "text":
            return Text(column["max"], self._gaiji)
        if kind == "kana":
            return Kana(column["max"], self._gaiji)
        if kind == "code":
            return self._code(column["table"])
        raise ValueError(f"{column['name']}: unknown type {kind}")

    def _code(self, table: str) -> Code:
        """A row is `value: label`, or `value: {label: …, to: …}` when the medium writes another value."""
        rows = self._tables[table]
        labels = {own: row["label"] if isinstance(row, dict) else row for own, row in rows.items()}
        written = {own: row["to"] if isinstance(row, dict) else own for own, row in rows.items()}
        return Code(table, written, labels)


def _missing(item: Field, line: int) -> Problem:
    unless = "（個人番号がないときは必須）" if item.required_unless else ""
    return Problem(
        line, item.name, item.label, "missing", f"必要な項目がありません{unless}", "届書の内容を補ってください。"
    )


def _problem(item: Field, line: int, error: FieldError) -> Problem:
    return Problem(line, item.name, item.label, error.code, error.message, error.hint, error.characters)
