"""コードを引く: what a code means on a day, for every subsystem. No personal data, so nothing stands in the ledger.

`find` and `label_of` answer for a day; `translate` never guesses: a value that the dictionary does not know is an
error, not a default. The entries of a dictionary are kept for a minute in each process.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

from django.db.models import Q

from kokunen.common_platform.codes.dictionaries import dictionaries, get_dictionary
from kokunen.common_platform.codes.models import CodeEdition, CodeEntry, EditionState
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError

PAGE = 50
_KEPT_SECONDS = 60.0
_kept: dict[tuple[str, date, str], tuple[float, dict[str, CodeEntry]]] = {}
_lock = Lock()


def entries(dictionary: str, on: date | None = None) -> dict[str, CodeEntry]:
    """辞書の全件 as they hold on that day (default: today), by code."""
    from django.db import connections

    day = on or clock.today()
    key = (dictionary, day, str(connections["default"].settings_dict["NAME"]))
    with _lock:
        kept = _kept.get(key)
        if kept is not None and time.monotonic() - kept[0] < _KEPT_SECONDS:
            return kept[1]
    get_dictionary(dictionary)
    found = {
        row.code: row
        for row in CodeEntry.objects.filter(dictionary=dictionary, valid_period__contains=day).order_by("code")
    }
    with _lock:
        if len(_kept) > 64:
            _kept.clear()
        _kept[key] = (time.monotonic(), found)
    return found


def forget() -> None:
    """Forget what was kept (after a new edition)."""
    with _lock:
        _kept.clear()


def find(dictionary: str, code: str, on: date | None = None) -> CodeEntry | None:
    """コードを引く; None when it does not hold on that day."""
    return entries(dictionary, on).get(code)


def translate(dictionary: str, code: str, on: date | None = None) -> str:
    """コードの名称. Raises InputError for a code that the dictionary does not have on that day: nothing is guessed."""
    found = find(dictionary, code, on)
    if found is None:
        known = get_dictionary(dictionary)
        raise InputError(
            f"{known.label}にコード「{code[:30]}」はありません",
            dictionary,
            "unmapped",
            "共通データベースの辞書を確かめ、必要なら新しい版を取り込んでください。",
        )
    return found.label


# --- for the screens --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DictionaryLine:
    """辞書の一覧の1行"""

    code: str
    label: str
    description: str
    count: int
    edition: CodeEdition | None
    waiting: CodeEdition | None


def find_dictionaries(on: date | None = None) -> list[DictionaryLine]:
    """辞書の一覧: how many codes hold, the edition in force, and one that waits for approval."""
    from django.db.models import Count

    day = on or clock.today()
    counts = dict(
        CodeEntry.objects.filter(valid_period__contains=day).values_list("dictionary").annotate(n=Count("pk"))
    )
    editions = list(CodeEdition.objects.defer("rows").exclude(state=EditionState.REJECTED).order_by("number"))
    in_force = {e.dictionary: e for e in editions if e.state == EditionState.APPLIED and e.effective_on <= day}
    waiting = {e.dictionary: e for e in editions if e.state == EditionState.ASKED}
    return [
        DictionaryLine(
            one.code, one.label, one.description, counts.get(one.code, 0), in_force.get(one.code), waiting.get(one.code)
        )
        for one in dictionaries().values()
    ]


def find_entries(
    dictionary: str, *, text: str = "", on: date | None = None, after: str = "", size: int = PAGE
) -> tuple[list[CodeEntry], str]:
    """コードの一覧 by code, also by part of code, name or reading; with the key of the next page."""
    rows = CodeEntry.objects.filter(dictionary=dictionary, valid_period__contains=on or clock.today())
    if text:
        rows = rows.filter(Q(code__startswith=text) | Q(label__contains=text) | Q(kana__contains=text))
    if after:
        rows = rows.filter(code__gt=after)
    page = list(rows.order_by("code")[: size + 1])
    return page[:size], page[size - 1].code if len(page) > size else ""


def find_history(dictionary: str, code: str) -> Sequence[CodeEntry]:
    """コードの履歴: every row of that code, newest first."""
    return list(
        CodeEntry.objects.filter(dictionary=dictionary, code=code).select_related("edition", "ended_in").order_by("-pk")
    )


def find_editions(dictionary: str) -> Sequence[CodeEdition]:
    """版の一覧, newest first."""
    return list(CodeEdition.objects.defer("rows").filter(dictionary=dictionary).order_by("-number")[:100])


def get_edition(edition_id: int) -> CodeEdition:
    """版. Raises InputError when there is none."""
    found = CodeEdition.objects.filter(pk=edition_id).first()
    if found is None:
        raise InputError("この版はありません", "edition", "not_found", "一覧を開き直してください。")
    return found


def export(dictionary: str, on: date | None = None) -> str:
    """書き出し: the dictionary of that day as a file that can be taken in again."""
    known = get_dictionary(dictionary)
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(known.headings)
    writer.writerows(_line(entries(dictionary, on).values(), [one.name for one in known.facts]))
    return stream.getvalue()


def _line(rows: Iterable[CodeEntry], facts: Sequence[str]) -> Iterable[list[str]]:
    for row in rows:
        yield [row.code, row.label, row.kana, *(str(row.facts.get(name, "")) for name in facts)]
