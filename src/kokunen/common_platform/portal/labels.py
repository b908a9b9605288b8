"""宛名ラベル: from a list of 宛名番号 to a sheet of labels in the officer's outbox.

Who lives where is known to a subsystem: it registers how addressees are found for whoever holds its permission. The
portal prints what it is given and keeps nothing of it but the sealed sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.models import OutboxFile, Staff
from kokunen.common_platform.portal.services.outbox import outbox_put
from kokunen.common_platform.printing.serials import next_serial
from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers import AtenaNumber
from kokunen.ledger.access import AccessContext

_LAYOUT = Path(__file__).resolve().parent.parent / "printing" / "labels.typ"
PER_SHEET = 12
MOST = 600


@dataclass(frozen=True, slots=True)
class Addressee:
    """宛先"""

    postal_code: str
    address: str
    name: str
    note: str = ""


Lookup = Callable[[Sequence[str], AccessContext], Mapping[str, Addressee | str]]
"""By 宛名番号: the addressee, or in words why there is none (protected, not found). Writes the ledger."""


@dataclass(frozen=True, slots=True)
class AddressBook:
    """宛先の出所: of a subsystem, for the holders of a permission, for one purpose."""

    code: str
    title: str
    permission: str
    purpose: str
    lookup: Lookup


_BOOKS: dict[str, AddressBook] = {}


def register_addressees(code: str, title: str, *, permission: str, purpose: str, lookup: Lookup) -> None:
    """宛先の出所を加える"""
    _BOOKS[code] = AddressBook(code, title, permission, purpose, lookup)


def books_for(permissions: frozenset[str]) -> list[AddressBook]:
    """使える宛先の出所 of someone with these permissions."""
    return [book for book in _BOOKS.values() if book.permission in permissions]


def numbers_of(text: str) -> list[str]:
    """宛名番号の一覧 as typed: one a line or separated by blanks and commas. Raises InputError that names the line."""
    words = text.replace(",", " ").replace("、", " ").split()
    if not words:
        raise InputError("宛名番号を入力してください", "numbers", hint="1行に1つずつ入力します。")
    if len(words) > MOST:
        raise InputError(f"一度に作れるのは{MOST}枚までです", "numbers", hint="分けて作ってください。")
    numbers = []
    for place, word in enumerate(words, start=1):
        try:
            numbers.append(str(AtenaNumber.parse(word)))
        except InputError as error:
            raise InputError(f"{place}番目: {error.message}", "numbers", hint=error.hint) from None
    return list(dict.fromkeys(numbers))


def make_labels(
    book: AddressBook, numbers: Sequence[str], *, staff: Staff, context: AccessContext
) -> tuple[OutboxFile | None, dict[str, str]]:
    """宛名ラベルを作る: gives the sheet in the outbox (None: nobody could be addressed) and who was left out, why."""
    found = book.lookup(numbers, context)
    rows = [one for number in numbers if isinstance(one := found.get(number), Addressee)]
    left_out = {
        number: one if isinstance(one := found.get(number, "見つかりません"), str) else ""
        for number in numbers
        if not isinstance(found.get(number), Addressee)
    }
    if not rows:
        return None, left_out
    content = labels_pdf(rows, serial=(serial := next_serial(context.office_code)))
    file = outbox_put(
        staff,
        kind="print",
        title=f"宛名ラベル {len(rows)}枚",
        filename=f"labels-{serial}.pdf",
        content_type="application/pdf",
        content=content,
        people=len(rows),
        context=context,
    )
    return file, left_out


def labels_pdf(rows: Sequence[Addressee], *, serial: str) -> bytes:
    """宛名ラベルの PDF: 12 on a sheet of A4."""
    at = clock.now()
    shown = [
        {"postal_code": _postal(row.postal_code), "address": row.address, "name": row.name, "note": row.note}
        for row in rows
    ]
    pages = [shown[start : start + PER_SHEET] for start in range(0, len(shown), PER_SHEET)]
    return printing.render(_LAYOUT, {"dated": [at.year, at.month, at.day], "serial": serial, "pages": pages}, at=at)


def _postal(code: str) -> str:
    return f"{code[:3]}-{code[3:]}" if len(code) == 7 else code
