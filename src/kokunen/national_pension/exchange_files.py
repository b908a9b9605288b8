"""日本年金機構とのファイル: a separated file read whole against its layout; every line that is wrong is told at once.

The layout is data: ``encoding``, ``separator`` and columns with ``name``, ``label``, ``form`` (what the value must look
like), ``required`` and ``expected`` (the same in words). A column whose name ends in ``_date`` or ``_on`` holds a real
day as eight digits, one named ``serial`` numbers the lines and stands once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from kokunen.kernel.errors import InputError

_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """読めない行: its number in the file and what is wrong with it."""

    line: int
    message: str


class BrokenFile(InputError):
    """読めないファイル: with every broken line (the first twenty in the message)."""

    def __init__(self, faults: Sequence[Fault], name: str) -> None:
        self.faults = tuple(faults)
        shown = " ".join(f"{one.line}行目: {one.message}。" for one in faults[:_MOST_FAULTS])
        super().__init__(
            f"{name}に読めない行が{len(faults)}行あります。{shown}",
            field="file",
            code="broken_file",
            hint="何も登録していません。日本年金機構に確認し、正しいファイルを読み込んでください。",
        )


def read_table(
    content: bytes, form: Mapping[str, Any], *, columns: Sequence[Mapping[str, Any]], name: str
) -> pl.DataFrame:
    """ファイルを読む: one row a line with ``line_number`` from 1; values are text. Raises `BrokenFile`."""
    lines = _decoded(content, str(form["encoding"]), name).splitlines()
    if not lines:
        raise BrokenFile([Fault(1, "1件もありません")], name)
    separator, wanted = str(form["separator"]), len(columns) - 1
    odd = [
        Fault(number, f"項目が{line.count(separator) + 1}個です（正しくは{wanted + 1}個）")
        for number, line in enumerate(lines, start=1)
        if line.count(separator) != wanted
    ]
    if odd:
        raise BrokenFile(odd, name)
    names = [str(column["name"]) for column in columns]
    table = pl.DataFrame({"line": lines}).select(
        pl.int_range(1, pl.len() + 1).alias("line_number"),
        pl.col("line").str.split_exact(separator, wanted).struct.rename_fields(names).alias("fields"),
    )
    table = table.unnest("fields").with_columns(pl.col(names).str.strip_chars())
    faults = sorted(_faults(table, columns), key=lambda fault: fault.line)
    if faults:
        raise BrokenFile(faults, name)
    return table


def _decoded(content: bytes, encoding: str, name: str) -> str:
    """文字にする. UTF-8 is looked for first: many of its bytes are also characters of Shift_JIS, but wrong ones."""
    try:
        unicode = content.decode("utf-8")
    except UnicodeDecodeError:
        unicode = ""
    if not unicode.isascii() or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        line = next((n for n, text in enumerate(unicode.split("\n"), start=1) if not text.isascii()), 1)
        told = "文字コードがUnicode（UTF-8など）です。Shift_JIS（CP932）で作成されたファイルを読み込んでください"
        raise BrokenFile([Fault(line, told)], name)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BrokenFile([Fault(line, "Shift_JIS（CP932）として読めない文字があります")], name) from None


def _faults(table: pl.DataFrame, columns: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    for column in columns:
        value = pl.col(column["name"])
        fits = value.str.contains(f"^(?:{column['form']})$")
        if column["name"].endswith(("_date", "_on")):
            fits &= value.str.to_date("%Y%m%d", strict=False).is_not_null()
        if not column["required"]:
            fits |= value == ""
        for (line,) in table.filter(~fits).select("line_number").iter_rows():
            yield Fault(line, f"{column['label']}が正しくありません（{column['expected']}）")
    twice = table.filter(pl.col("serial").is_duplicated() & (pl.col("serial") != ""))
    label = next(column["label"] for column in columns if column["name"] == "serial")
    for line, serial in twice.select("line_number", "serial").iter_rows():
        yield Fault(line, f"{label}{serial}が2回あります")
