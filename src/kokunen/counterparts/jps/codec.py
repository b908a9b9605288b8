"""媒体の読み書き — whole files in the layout: the notices, the 送付書 sheet, and the result.

Writing collects everything that stands in the way before it gives up, so that an officer sees the whole list at once.
Reading is strict: a file is right only when writing its content again gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from .characters import ENCODING, UndeliverableError, encode
from .fields import Value
from .layout import Layout, NoticeFormat, Problem, RecordFormat

NEWLINE = "\r\n"
Values = Mapping[str, Value | None]


class LayoutError(ValueError):
    """様式に合わない — ``problems`` lists every departure in order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Header:
    """媒体の管理情報 — what the lines before [data] say."""

    prefecture: str
    city: str
    fiscal_year: int
    serial: int
    created_on: date
    total: int
    sender: Values
    remake_of: int | None = None
    office_symbol: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """届書1件 — its kind and its values by item name."""

    kind: str
    values: Values


@dataclass(frozen=True, slots=True)
class Replacement:
    """置換え1件 — made in record ``line``."""

    line: int
    label: str
    original: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Encoded:
    """書かれた媒体 — bytes, lines per kind, replacements made."""

    data: bytes
    counts: Mapping[str, int]
    replaced: tuple[Replacement, ...]


@dataclass(frozen=True, slots=True)
class Decoded:
    """読まれた媒体 — ``header`` is None when not even that could be read; ``problems`` empty means all is right."""

    header: Header | None
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]


# writing ----------------------------------------------------------------------------------------------------------
def check_records(
    layout: Layout, records: Sequence[Record]
) -> tuple[list[tuple[str, ...]], list[Replacement], list[Problem]]:
    """Columns of every record (numbered from 1), replacements, and every problem of every record."""
    rows: list[tuple[str, ...]] = []
    replaced: list[Replacement] = []
    problems: list[Problem] = []
    seen: set[tuple[str, object]] = set()
    for line, record in enumerate(records, 1):
        notice = layout.notices[record.kind]
        columns, changes, found = notice.record.encode({**record.values, "line_number": line}, line)
        rows.append((notice.code, *columns))
        replaced.extend(Replacement(line, *change) for change in changes)
        problems.extend(found)
        key = (record.kind, record.values.get("receipt_number"))
        if key in seen:
            problems.append(_duplicate(line))
        seen.add(key)
    return rows, replaced, problems


def encode_medium(layout: Layout, header: Header, records: Sequence[Record]) -> Encoded:
    """The data file of a medium. Raises LayoutError with every problem of the records and of the header."""
    rows, replaced, problems = check_records(layout, records)
    head, found = _header_rows(layout, header)
    problems = found + problems
    if header.total != len(records):
        problems.append(Problem(0, "total", "届書総数", "bad_value", "届書総数と届書の数が一致しません"))
    if problems:
        raise LayoutError(problems)
    lines = [*head, layout.data_marker, *(",".join(row) for row in rows)]
    counts = Counter(record.kind for record in records)
    return Encoded(to_bytes(lines), {kind: counts[kind] for kind in layout.notices if counts[kind]}, tuple(replaced))


def _header_rows(layout: Layout, header: Header) -> tuple[list[str], list[Problem]]:
    place = {"prefecture": header.prefecture, "city": header.city}
    management: Values = {
        **place,
        "office_symbol": header.office_symbol,
        "serial": f"{header.serial:0{layout.serial_digits}}",
        "created_on": header.created_on,
        "representative_code": layout.representative_code,
    }
    summary: Values = {
        "fiscal_year": f"{header.fiscal_year:04}",
        "total": header.total,
        "remake": header.remake_of is not None,
        "remake_of": "" if header.remake_of is None else f"{header.remake_of:0{layout.serial_digits}}",
    }
    first, _, problems = layout.management.encode(management, 0)
    third, _, more = layout.summary.encode(summary, 0)
    fourth, _, rest = layout.sender.encode({**header.sender, **place}, 0)
    rows = [",".join(first), layout.kanri_marker, ",".join(third), ",".join(fourth)]
    return rows, [*problems, *more, *rest]


def to_bytes(lines: Sequence[str]) -> bytes:
    """Lines as bytes: CP932, CRLF after every line including the last."""
    return encode("".join(line + NEWLINE for line in lines))


# reading ----------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Reader:
    """Reads lines one after another and collects what is wrong."""

    lines: list[str]
    problems: list[Problem]
    position: int = 0

    def record(self, form: RecordFormat) -> dict[str, Value | None]:
        line = self._next(form.label)
        if line is None:
            return {}
        values, found = form.decode(line.split(","), self.position)
        self.problems.extend(found)
        return values

    def marker(self, text: str) -> None:
        line = self._next(text)
        if line is not None and line != text:
            self.problems.append(Problem(self.position, "", text, "marker", f"この行は {text} でなければなりません"))

    def _next(self, label: str) -> str | None:
        self.position += 1
        if self.position > len(self.lines):
            self.problems.append(
                Problem(self.position, "", label, "missing_line", "行がありません（途中で切れています）")
            )
            return None
        return self.lines[self.position - 1]


def decode_medium(layout: Layout, data: bytes) -> Decoded:
    """Content of a data file and every departure from the layout; never raises for what the file holds."""
    lines, problems = read_lines(data, layout.forbidden_characters)
    if problems:
        return Decoded(None, (), tuple(problems))
    reader = _Reader(lines, problems)
    management = reader.record(layout.management)
    reader.marker(layout.kanri_marker)
    summary = reader.record(layout.summary)
    sender = reader.record(layout.sender)
    reader.marker(layout.data_marker)
    if reader.problems:
        return Decoded(None, (), tuple(reader.problems))
    header = _header(management, summary, sender, reader.problems)
    records = _data(layout, reader)
    if header.total != len(records):
        message = f"届書総数は{header.total}件ですが、届書の行は{len(records)}件です"
        reader.problems.append(Problem(3, "total", "届書総数", "count", message))
    return Decoded(header, tuple(records), tuple(reader.problems))


def _header(management: Values, summary: Values, sender: Values, problems: list[Problem]) -> Header:
    remake_of = summary["remake_of"]
    if (summary["remake"] == "1") != (remake_of is not None):
        problems.append(Problem(3, "remake", "再作成区分", "inconsistent", "再作成区分と再作成元媒体通番が合いません"))
    if (sender["prefecture"], sender["city"]) != (management["prefecture"], management["city"]):
        problems.append(Problem(4, "city", "市区町村コード", "inconsistent", "提出元が管理レコードと異なります"))
    return Header(
        prefecture=str(management["prefecture"]),
        city=str(management["city"]),
        office_symbol=str(management["office_symbol"] or ""),
        fiscal_year=int(str(summary["fiscal_year"])),
        serial=int(str(management["serial"])),
        created_on=_date(management["created_on"]),
        total=int(str(summary["total"])),
        remake_of=None if remake_of is None else int(str(remake_of)),
        sender={name: value for name, value in sender.items() if name not in ("prefecture", "city")},
    )


def _data(layout: Layout, reader: _Reader) -> list[Record]:
    records: list[Record] = []
    seen: set[tuple[str, object]] = set()
    for number, text in enumerate(reader.lines[reader.position :], reader.position + 1):
        columns = text.split(",")
        notice: NoticeFormat | None = layout.by_code.get(columns[0])
        if notice is None:
            reader.problems.append(Problem(number, "", "届書コード", "unknown_code", "届書コードが様式にありません"))
            records.append(Record("", {}))
            continue
        values, found = notice.record.decode(columns[1:], number)
        reader.problems.extend(found)
        expected = len(records) + 1
        if values and values["line_number"] is not None and values["line_number"] != expected:
            message = f"連番が{expected}ではありません（行の並びが変わっているか、抜けています）"
            reader.problems.append(Problem(number, "line_number", "連番", "order", message))
        key = (notice.kind, values.get("receipt_number"))
        if key in seen:
            reader.problems.append(_duplicate(number))
        seen.add(key)
        records.append(Record(notice.kind, {k: v for k, v in values.items() if k != "line_number"}))
    return records


def read_lines(data: bytes, forbidden: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """Lines of a file, or why it is no such file: character set, line ends, forbidden characters, double codes."""
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return [], [Problem(1, "", "文字コード", "encoding", "UnicodeのBOMがあります。CP932で作成してください")]
    if not data.endswith(b"\r\n"):
        last = data.count(b"\r\n") + 1
        return [], [Problem(last, "", "改行", "newline", "最後の行がCRLFで終わっていません（途中で切れています）")]
    lines: list[str] = []
    problems: list[Problem] = []
    for number, raw in enumerate(data[:-2].split(b"\r\n"), 1):
        text, problem = _line(raw, number, forbidden)
        lines.append(text)
        if problem is not None:
            problems.append(problem)
    return lines, problems


def _line(raw: bytes, number: int, forbidden: Sequence[str]) -> tuple[str, Problem | None]:
    try:
        text = raw.decode(ENCODING)
        if encode(text) != raw:
            return "", Problem(number, "", "文字コード", "encoding", "同じ文字に別の符号が使われています")
    except (UnicodeDecodeError, UndeliverableError):
        return "", Problem(number, "", "文字コード", "encoding", "CP932として読めない文字があります")
    wrong = [character for character in text if character in forbidden and character != ","]
    if wrong or any(ord(character) < 0x20 or ord(character) == 0x7F for character in text):
        return "", Problem(number, "", "文字", "forbidden", "引用符・改行・制御文字は使えません")
    return text, None


# 送付書 -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cover:
    """送付書 — the sheet that goes with a medium: what it is, and how many notices of each kind it holds."""

    values: Values
    counts: Mapping[str, int] = field(default_factory=dict)


def encode_cover(layout: Layout, cover: Cover) -> bytes:
    """The 送付書 sheet. Raises LayoutError."""
    first, _, problems = layout.cover.encode(cover.values, 1)
    lines = [",".join(first)]
    for number, (kind, count) in enumerate(cover.counts.items(), 2):
        notice = layout.notices[kind]
        values: Values = {"notice_code": notice.code, "title": notice.title, "count": count}
        columns, _, found = layout.cover_count.encode(values, number)
        lines.append(",".join(columns))
        problems.extend(found)
    if problems:
        raise LayoutError(problems)
    return to_bytes(lines)


def decode_cover(layout: Layout, data: bytes) -> Cover:
    """Content of a 送付書 sheet. Raises LayoutError; a total that is not the sum of the counts is an error too."""
    lines, problems = read_lines(data, layout.forbidden_characters)
    reader = _Reader(lines, problems)
    values = {} if problems else reader.record(layout.cover)
    counts: dict[str, int] = {}
    while not reader.problems and reader.position < len(lines):
        row = reader.record(layout.cover_count)
        notice = layout.by_code.get(str(row.get("notice_code")))
        if notice is None or row["title"] != notice.title or notice.kind in counts:
            label = layout.cover_count.label
            reader.problems.append(
                Problem(reader.position, "", label, "unknown_code", "届書コードまたは届書名が違います")
            )
        else:
            counts[notice.kind] = int(str(row["count"]))
    if not reader.problems and values["total"] != sum(counts.values()):
        reader.problems.append(Problem(1, "total", "届書総数", "count", "届書総数が件数の合計と一致しません"))
    if reader.problems:
        raise LayoutError(reader.problems)
    return Cover(values, counts)


# 処理結果 ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Result:
    """処理結果 — the answer to one medium: the outcome of every line, or why the medium as a whole was refused."""

    values: Values
    lines: tuple[Values, ...] = ()
    faults: tuple[str, ...] = ()


def encode_result(layout: Layout, result: Result) -> bytes:
    """The result file. Raises LayoutError."""
    first, _, problems = layout.result_management.encode(result.values, 1)
    marker = layout.result["fault_marker" if result.faults else "data_marker"]
    lines = [",".join(first), marker]
    form = layout.result_fault if result.faults else layout.result_line
    rows: Sequence[Values] = [{"message": fault} for fault in result.faults] if result.faults else result.lines
    for number, row in enumerate(rows, 3):
        columns, _, found = form.encode(row, number)
        lines.append(",".join(columns))
        problems.extend(found)
    if problems:
        raise LayoutError(problems)
    return to_bytes(lines)


def decode_result(layout: Layout, data: bytes) -> Result:
    """Content of a result file. Raises LayoutError; counts that do not add up are an error too."""
    lines, problems = read_lines(data, layout.forbidden_characters)
    reader = _Reader(lines, problems)
    if problems:
        raise LayoutError(problems)
    values = reader.record(layout.result_management)
    refused = values.get("status") == "9"
    reader.marker(layout.result["fault_marker" if refused else "data_marker"])
    rows: list[dict[str, Value | None]] = []
    while not reader.problems and reader.position < len(lines):
        rows.append(reader.record(layout.result_fault if refused else layout.result_line))
    if not reader.problems and not refused:
        accepted = sum(row["outcome"] == "1" for row in rows)
        if (values["total"], values["accepted"], values["returned"]) != (len(rows), accepted, len(rows) - accepted):
            reader.problems.append(Problem(1, "total", "総件数", "count", "件数が行の数と一致しません"))
    if reader.problems:
        raise LayoutError(reader.problems)
    if refused:
        return Result(values, (), tuple(str(row["message"]) for row in rows))
    return Result(values, tuple(rows), ())


def _duplicate(line: int) -> Problem:
    message = "同じ受付番号の同じ届書が2つあります"
    return Problem(line, "receipt_number", "受付番号", "duplicate", message, "どちらか一方を取り除いてください。")


def _date(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError("the layout promises a date here")
    return value
