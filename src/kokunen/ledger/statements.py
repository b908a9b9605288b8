"""検印の文: the signed text of a checkpoint, line by line, readable by a person and by the stand-alone verifier."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from kokunen.kernel.errors import InputError

_CLOCKS_DIFFER = timedelta(minutes=5)
_HEAD = "kokunen checkpoint 1"
_FIELDS = ("number", "taken-at", "first", "last", "root", "people", "people-root", "previous", "key")


@dataclass(frozen=True, slots=True)
class Statement:
    """検印の文: entries `first` to `last` have tree root `root`; `people` people have `people_root`; `previous` is the
    digest of the statement before (zeros for the first).
    """

    number: int
    taken_at: str
    first: int
    last: int
    root: bytes
    people: int
    people_root: bytes
    previous: bytes
    key: str

    @property
    def text(self) -> str:
        """The bytes that are signed."""
        values = (
            self.number,
            self.taken_at,
            self.first,
            self.last,
            self.root.hex(),
            self.people,
            self.people_root.hex(),
            self.previous.hex(),
            self.key,
        )
        return "\n".join([_HEAD, *(f"{name} {value}" for name, value in zip(_FIELDS, values, strict=True))]) + "\n"

    @property
    def digest(self) -> bytes:
        """What the next statement names as `previous`."""
        return hashlib.sha256(self.text.encode()).digest()

    @property
    def size(self) -> int:
        """Entries in this checkpoint's tree."""
        return self.last - self.first + 1

    def is_earlier_than(self, other: Statement) -> bool:
        """Was it taken before the other one, by more than clocks differ? Then somebody has set the clock back."""
        return datetime.fromisoformat(self.taken_at) < datetime.fromisoformat(other.taken_at) - _CLOCKS_DIFFER

    @classmethod
    def parse(cls, text: str) -> Statement:
        """The statement of that text. Raises InputError unless it is written exactly as `text` writes it."""
        lines = text.split("\n")
        pairs = [line.partition(" ") for line in lines[1:-1]]
        if lines[0] != _HEAD or tuple(name for name, _, _ in pairs) != _FIELDS:
            raise InputError("検印の文の形が違います")
        found = {name: value for name, _, value in pairs}
        try:
            statement = cls(
                int(found["number"]),
                found["taken-at"],
                int(found["first"]),
                int(found["last"]),
                bytes.fromhex(found["root"]),
                int(found["people"]),
                bytes.fromhex(found["people-root"]),
                bytes.fromhex(found["previous"]),
                found["key"],
            )
        except ValueError as error:
            raise InputError("検印の文の形が違います") from error
        if statement.text != text:
            raise InputError("検印の文の形が違います")
        return statement
