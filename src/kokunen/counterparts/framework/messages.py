"""電文 — messages of a line as data: which items each kind has, and how they are written and read.

A layout (``layout.yaml`` of the party) lists the kinds of message with their items; nothing about items stands in code.
On the line a message is one JSON document in UTF-8: an envelope (format, edition, kind, number, sender, receiver, time)
and the items by name. Writing and reading check the same things, so that neither side sends what the other refuses:
unknown and missing items, types, lengths, code values, check digits, characters without a registered glyph.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers import AtenaNumber, MunicipalityCode, ResidenceCardNumber, ResidentCode

FORMAT = "kokunen-message-1"
_ENVELOPE = ("format", "edition", "kind", "number", "sender", "receiver", "created_at", "items")
_CHECKED = {
    "resident_code": ResidentCode,
    "residence_card": ResidenceCardNumber,
    "municipality": MunicipalityCode,
    "atena": AtenaNumber,
}
_KANA = re.compile(r"[ァ-ヺー゛゜・　 ]*")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """誤り — one thing wrong with a message: the item, a stable code, and the words for the clerk (no value)."""

    item: str
    code: str
    message: str


class MessageError(InputError):
    """電文の誤り — a message that cannot be written or read; ``faults`` lists everything that is wrong."""

    default_code = "message"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("、".join(fault.message for fault in faults), field=faults[0].item, code=faults[0].code)
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Item:
    """項目 — name, label, type and limits; ``of`` are the items of each entry of a list."""

    name: str
    label: str
    type: str
    required: bool = False
    length: int = 0
    check: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    most: int = 0
    note: str = ""
    of: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """電文の種類 — ``way``: out (the city sends it) or in (the city receives it)."""

    code: str
    name: str
    way: str
    basis: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """電文 — one message: kind, number and items, with the envelope's other facts."""

    kind: str
    number: str
    items: Mapping[str, Any]
    sender: str
    receiver: str
    created_at: str


@dataclass(frozen=True, slots=True)
class MessageLayout:
    """電文の様式 — all kinds of one party, and the reasons it refuses for."""

    party: str
    title: str
    edition: str
    kinds: Mapping[str, Kind]
    reasons: Mapping[str, str]
    records: Mapping[str, tuple[Item, ...]]

    def read_record(self, kind: str, line: str) -> tuple[dict[str, str], list[Fault]]:
        """One record (a CSV line) of a file of this kind: its items by name, and everything that is wrong with it."""
        items = self.records[kind]
        try:
            rows = list(csv.reader([line], strict=True))
        except csv.Error:
            rows = []
        if len(rows) != 1 or len(rows[0]) != len(items):
            return {}, [Fault("line", "columns", f"項目の数が{len(items)}ではありません")]
        values = {item.name: text for item, text in zip(items, rows[0], strict=True)}
        return values, _check_items(items, values, "")

    def write_record(self, kind: str, values: Mapping[str, str]) -> str:
        """One record as a CSV line; items that are not given stay empty."""
        stream = io.StringIO()
        csv.writer(stream, lineterminator="").writerow([values.get(item.name, "") for item in self.records[kind]])
        return stream.getvalue()

    def check(self, kind: str, items: Mapping[str, Any]) -> list[Fault]:
        """Everything that is wrong with the items of a message; empty when it can be sent."""
        found = self.kinds.get(kind)
        if found is None:
            return [Fault("kind", "unknown_kind", "この種類の電文はありません")]
        return _check_items(found.items, items, "")

    def encode(self, message: Message) -> bytes:
        """The message as it goes over the line; the same message gives the same bytes. Raises MessageError."""
        if faults := self.check(message.kind, message.items):
            raise MessageError(faults)
        envelope = {
            "format": FORMAT,
            "edition": self.edition,
            "kind": message.kind,
            "number": message.number,
            "sender": message.sender,
            "receiver": message.receiver,
            "created_at": message.created_at,
            "items": dict(message.items),
        }
        return json.dumps(envelope, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def decode(self, data: bytes) -> Message:
        """Read a message. Raises MessageError with everything that is wrong."""
        try:
            content = json.loads(data.decode())
        except ValueError:
            raise MessageError([Fault("format", "not_a_message", "電文の形式ではありません")]) from None
        if not isinstance(content, dict) or sorted(content) != sorted(_ENVELOPE) or content["format"] != FORMAT:
            raise MessageError([Fault("format", "not_a_message", "電文の形式ではありません")])
        if content["edition"] != self.edition:
            raise MessageError([Fault("edition", "edition", f"様式の版が違います。{self.edition} で作成してください")])
        if not isinstance(content["items"], dict) or not all(isinstance(content[name], str) for name in _ENVELOPE[:-1]):
            raise MessageError([Fault("items", "not_a_message", "電文の形式ではありません")])
        if faults := self.check(content["kind"], content["items"]):
            raise MessageError(faults)
        names = ("kind", "number", "items", "sender", "receiver", "created_at")
        return Message(**{name: content[name] for name in names})


@lru_cache(maxsize=16)
def load_layout(package: str) -> MessageLayout:
    """The layout of a party, from ``layout.yaml`` of its package."""
    content = yaml.safe_load((files(package) / "layout.yaml").read_text(encoding="utf-8"))
    shared = {name: tuple(_item(one) for one in items) for name, items in content.get("groups", {}).items()}
    kinds = {}
    for code, kind in content["messages"].items():
        items = [item for entry in kind["items"] for item in _entry(entry, shared)]
        kinds[str(code)] = Kind(str(code), kind["name"], kind["way"], kind["basis"], tuple(items))
    records = {str(code): tuple(_item(one) for one in items) for code, items in content.get("records", {}).items()}
    return MessageLayout(
        content["party"], content["title"], str(content["edition"]), kinds, dict(content.get("reasons", {})), records
    )


def _entry(entry: Mapping[str, Any], shared: Mapping[str, tuple[Item, ...]]) -> tuple[Item, ...]:
    if "group" in entry:
        return shared[entry["group"]]
    if "group_of" in entry:
        own = {key: value for key, value in entry.items() if key != "group_of"}
        return (_item({**own, "of": []}, of=shared[entry["group_of"]]),)
    return (_item(entry),)


def _item(entry: Mapping[str, Any], of: tuple[Item, ...] = ()) -> Item:
    codes = tuple((str(code), str(words)) for code, words in entry.get("codes", {}).items())
    inner = of or tuple(_item(one) for one in entry.get("of", ()))
    plain = {key: value for key, value in entry.items() if key not in ("codes", "of")}
    return Item(**plain, codes=codes, of=inner)


def _check_items(items: Sequence[Item], values: Mapping[str, Any], place: str) -> list[Fault]:
    known = {item.name for item in items}
    faults = [
        Fault(place + name, "unknown_item", f"{place}{name}: 様式にない項目です")
        for name in values
        if name not in known
    ]
    for item in items:
        value = values.get(item.name)
        if value in (None, "", []):
            if item.required:
                faults.append(Fault(place + item.name, "missing", f"{item.label}がありません"))
        elif item.type == "list":
            faults += _check_list(item, value, place)
        elif problem := _problem(item, value):
            faults.append(Fault(place + item.name, problem[0], f"{item.label}{problem[1]}"))
    return faults


def _check_list(item: Item, value: Any, place: str) -> list[Fault]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        return [Fault(place + item.name, "type", f"{item.label}が一覧の形ではありません")]
    if item.most and len(value) > item.most:
        return [Fault(place + item.name, "too_many", f"{item.label}が{item.most}件を超えています")]
    return [
        fault
        for number, entry in enumerate(value, 1)
        for fault in _check_items(item.of, entry, f"{place}{item.name}.{number}.")
    ]


def _problem(item: Item, value: Any) -> tuple[str, str] | None:
    """(code, words) of what is wrong with one value, or None; the words never hold the value."""
    if item.type == "integer":
        good = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return None if good else ("type", "が数ではありません")
    if item.type == "flag":
        return None if isinstance(value, bool) else ("type", "が真偽の値ではありません")
    if not isinstance(value, str):
        return ("type", "が文字ではありません")
    if item.codes:
        return None if value in dict(item.codes) else ("code", "のコード値が違います")
    if item.check:
        judged = _CHECKED[item.check].judge(value)
        return None if judged.valid else ("check_digit", "の検査数字または形が違います")
    if item.type == "date":
        return None if _is_date(value) else ("date", "が日付ではありません")
    if item.length and len(value) > item.length:
        return ("too_long", f"が{item.length}文字を超えています")
    if item.type == "digits":
        return None if _DIGITS.fullmatch(value) else ("digits", "が数字ではありません")
    if item.type == "kana" and not _KANA.fullmatch(value):
        return ("kana", "にカタカナでない文字があります")
    if any(unicodedata.category(letter) in ("Cc", "Co", "Cn", "Cs") for letter in value):
        return ("character", "に登録されていない文字（外字）があります")
    return None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
