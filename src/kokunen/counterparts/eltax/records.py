"""500バイト記録 — files of the withholding as both ends write and read them; every width and code is in records.yaml.

A file is header, data records, trailer, 500 bytes each, without line ends. Digits and half-width kana are one byte
(JIS X 0201), kanji two bytes of JIS X 0208 between the shift codes ESC $ B and ESC ( B; a letter that JIS X 0208 does
not have goes as 〓. An empty number, date or text is spaces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from kokunen.kernel.errors import InputError

AMOUNTS = 8
_SHIFT_IN, _SHIFT_OUT = b"\x1b$B", b"\x1b(B"
_GETA = "〓"
_ALIKE = {"－": "−", "～": "〜", "―": "—", "‐": "−"}
_IDEOGRAPHIC_SPACE = b"!!"


@dataclass(frozen=True, slots=True)
class Column:
    """記録の項目: name, label, width in bytes and kind of value."""

    name: str
    label: str
    bytes: int
    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class RecordLayout:
    """記録の様式: columns of the three kinds of record, contents and results by code."""

    size: int
    system_code: str
    media_code: str
    records: Mapping[str, tuple[Column, ...]]
    contents: Mapping[str, Mapping[str, Any]]
    results: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PensionRecord:
    """明細: one pension. ``amounts`` are up to eight, yen; what they are depends on the content code."""

    pension_number: str
    pension_code: str
    birth_date: date
    sex: str
    kana: str
    name: str
    division: str
    postal: str = ""
    address: str = ""
    result: str = ""
    event_on: date | None = None
    amounts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PensionFile:
    """ファイル: what one payer and the city tell each other about one content."""

    city: str
    payer: str
    content_code: str
    created_on: date
    records: tuple[PensionRecord, ...] = field(default_factory=tuple)


class RecordError(InputError):
    """ファイルの誤り: the whole file is refused; ``code`` is a reason of layout.yaml."""

    default_code = "E01"


@lru_cache(maxsize=1)
def layout() -> RecordLayout:
    """様式: records.yaml, its widths checked against the size."""
    raw = yaml.safe_load((files(__package__) / "records.yaml").read_text(encoding="utf-8"))
    records = {name: tuple(Column(**one) for one in columns) for name, columns in raw["records"].items()}
    for name, columns in records.items():
        width = sum(column.bytes for column in columns)
        if width != raw["size"]:
            raise ValueError(f"{name}: {width} bytes instead of {raw['size']}")
    return RecordLayout(raw["size"], raw["system_code"], raw["media_code"], records, raw["contents"], raw["results"])


def write(file: PensionFile) -> bytes:
    """ファイルを書く; the same file gives the same bytes. Raises RecordError for a value that does not fit."""
    form = layout()
    common: dict[str, Any] = {
        "city": file.city[:5], "payer": file.payer, "content_code": file.content_code, "media": form.media_code,
        "system": form.system_code, "created_on": file.created_on,
    }  # fmt: skip
    pieces = [_record("header", common)]
    sums = [0, 0, 0]
    for record in file.records:
        amounts = (*record.amounts, *(0,) * (AMOUNTS - len(record.amounts)))
        sums = [total + amounts[index] for index, total in enumerate(sums)]
        own = {name: getattr(record, name) for name in PensionRecord.__slots__ if name != "amounts"}
        own |= {f"amount_{index + 1}": value for index, value in enumerate(amounts)}
        pieces.append(_record("data", common | own))
    end = {f"sum_{index + 1}": value for index, value in enumerate(sums)}
    pieces.append(_record("trailer", common | end | {"count": len(file.records)}))
    return b"".join(pieces)


def read(content: bytes) -> PensionFile:
    """ファイルを読む. Raises RecordError: wrong layout, or a trailer that does not agree with the records."""
    size = layout().size
    if len(content) < 2 * size or len(content) % size:
        raise RecordError(f"ファイルの長さが{size}バイトの倍数ではありません（{len(content)}バイト）", "content", "E01")
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    header, end = _values("header", pieces[0], 1), _values("trailer", pieces[-1], len(pieces))
    records = tuple(_pension(_values("data", piece, number)) for number, piece in enumerate(pieces[1:-1], start=2))
    sums = [sum(record.amounts[index] for record in records) for index in range(3)]
    if end["count"] != len(records) or [end[f"sum_{index + 1}"] for index in range(3)] != sums:
        raise RecordError(
            f"トレイラの件数または合計が明細と合いません（件数 {end['count']}、明細 {len(records)}件）",
            "trailer",
            "E02",
        )
    created = header["created_on"]
    if not isinstance(created, date):
        raise RecordError("作成年月日がありません", "created_on", "E01")
    return PensionFile(header["city"], header["payer"], header["content_code"], created, records)


def _pension(values: Mapping[str, Any]) -> PensionRecord:
    if values["birth_date"] is None:
        raise RecordError("生年月日のない明細があります", "birth_date", "E01")
    own = {name: values[name] for name in PensionRecord.__slots__ if name != "amounts"}
    return PensionRecord(**own, amounts=tuple(values[f"amount_{index + 1}"] for index in range(AMOUNTS)))


def _record(kind: str, values: Mapping[str, Any]) -> bytes:
    return b"".join(_write_column(column, values.get(column.name)) for column in layout().records[kind])


def _write_column(column: Column, value: Any) -> bytes:
    if column.kind == "constant":
        return column.value.encode()
    if column.kind == "filler" or value is None or value == "":
        return _blank_kanji(column) if column.kind == "kanji" else b" " * column.bytes
    if column.kind == "date":
        return f"{value:%Y%m%d}".encode()
    if column.kind == "amount":
        data = f"{value:0{column.bytes}d}".encode()
    elif column.kind == "kanji":
        return _kanji(str(value), column.bytes)
    elif column.kind == "kana":
        return _half_kana(str(value))[: column.bytes].ljust(column.bytes)
    else:
        data = str(value).encode("ascii", "replace").ljust(column.bytes)
    if len(data) != column.bytes:
        raise RecordError(f"{column.label}が{column.bytes}桁に入りません", column.name, "E01")
    return data


def _blank_kanji(column: Column) -> bytes:
    return _SHIFT_IN + _IDEOGRAPHIC_SPACE * ((column.bytes - 6) // 2) + _SHIFT_OUT


def _kanji(text: str, width: int) -> bytes:
    most = (width - 6) // 2
    letters = b"".join(_jis(letter) for letter in unicodedata.normalize("NFC", text)[:most])
    return _SHIFT_IN + letters.ljust(most * 2, b"!") + _SHIFT_OUT


@lru_cache(maxsize=20_000)
def _jis(letter: str) -> bytes:
    wide = unicodedata.normalize("NFKC", letter)
    wide = chr(ord(wide) + 0xFEE0) if len(wide) == 1 and "!" <= wide <= "~" else "　" if letter == " " else letter
    try:
        data = _ALIKE.get(wide, wide).encode("iso2022_jp")
    except UnicodeEncodeError:
        data = _GETA.encode("iso2022_jp")
    return data[3:5] if len(data) == 8 else _jis(_GETA)


def _half_kana(text: str) -> bytes:
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
    return b"".join(_HALF.get(letter, b" " if letter.isspace() else b"?") for letter in plain)


def _half_table() -> dict[str, bytes]:
    table = {chr(code): bytes([code]) for code in range(0x21, 0x7F)}
    for code in range(0xA1, 0xE0):
        table[unicodedata.normalize("NFKC", bytes([code]).decode("shift_jis"))] = bytes([code])
    return table | {"\u3099": b"\xde", "\u309a": b"\xdf", "ヮ": b"\xdc", "ヰ": b"\xb2", "ヱ": b"\xb4", "ヵ": b"\xb6",
                    "ヶ": b"\xb9"}  # fmt: skip


_HALF = _half_table()


def _values(kind: str, piece: bytes, number: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    start = 0
    for column in layout().records[kind]:
        data = piece[start : start + column.bytes]
        start += column.bytes
        try:
            values[column.name] = _read_column(column, data)
        except (ValueError, UnicodeDecodeError):
            raise RecordError(f"{number}番目の記録の{column.label}が読めません", column.name, "E01") from None
    return values


def _read_column(column: Column, data: bytes) -> Any:
    if column.kind == "filler":
        return ""
    if column.kind == "kanji":
        if data[:3] != _SHIFT_IN or data[-3:] != _SHIFT_OUT:
            raise ValueError
        return data.decode("iso2022_jp").rstrip("　")
    if column.kind == "kana":
        return unicodedata.normalize("NFKC", data.decode("shift_jis")).strip()
    text = data.decode("ascii").strip()
    if column.kind == "constant":
        if text != column.value:
            raise ValueError
    elif column.kind == "amount":
        return int(text or "0")
    elif column.kind == "date":
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if text else None
    elif column.kind == "digits" and text and not text.isdigit():
        raise ValueError
    return text


def record_as_items(record: PensionRecord) -> dict[str, Any]:
    """明細を平らに: plain values (days as text), as a file is handed to the city's section."""
    own = {name: getattr(record, name) for name in PensionRecord.__slots__}
    days = {name: own[name].isoformat() if own[name] else "" for name in ("birth_date", "event_on")}
    return own | days | {"amounts": list(record.amounts)}


def record_of_items(items: Mapping[str, Any]) -> PensionRecord:
    """平らな明細から: the opposite of ``record_as_items``."""
    on = items.get("event_on") or ""
    return PensionRecord(
        **{**items, "birth_date": date.fromisoformat(items["birth_date"]),
           "event_on": date.fromisoformat(on) if on else None, "amounts": tuple(items.get("amounts", ()))}
    )  # fmt: skip


def parts(records: Sequence[PensionRecord], most: int) -> list[tuple[PensionRecord, ...]]:
    """分割: files of at most ``most`` records each."""
    return [tuple(records[start : start + most]) for start in range(0, len(records), most)]
