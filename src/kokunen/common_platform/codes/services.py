"""新しい版の取り込み: a file is read and compared, an officer asks, another approves; a code in use cannot go.

A preview and the application share one comparison. A code that a record of the city uses today is refused in the
preview and, whatever the program did, by the database when the change is committed (sql/guard_codes.sql).
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
from django.db import IntegrityError, connections, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max

from kokunen.common_platform.codes import queries
from kokunen.common_platform.codes.dictionaries import Dictionary, get_dictionary
from kokunen.common_platform.codes.models import CodeEdition, CodeEntry, EditionState
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.numbers import MunicipalityCode
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record

ALIAS = "default"
_MOST_ROWS = 200_000
_CHECKS = {"municipality": MunicipalityCode}


@dataclass(frozen=True, slots=True)
class Row:
    """取り込む1件"""

    code: str
    label: str
    kana: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For keeping with the edition."""
        return {"code": self.code, "label": self.label, "kana": self.kana, "facts": dict(self.facts)}


@dataclass(frozen=True, slots=True)
class ChangedCode:
    """変わるコード: before and after."""

    before: Row
    after: Row


@dataclass(frozen=True, slots=True)
class Comparison:
    """今の辞書との違い. `in_use`: codes that would go though a record uses them (with the place)."""

    added: tuple[Row, ...]
    changed: tuple[ChangedCode, ...]
    ended: tuple[Row, ...]
    same: int
    in_use: tuple[tuple[str, str], ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """件数"""
        return {
            "added": len(self.added), "changed": len(self.changed), "ended": len(self.ended), "same": self.same,
        }  # fmt: skip


# --- reading a file ---------------------------------------------------------------------------------------------------


def read_file(dictionary: str, content: bytes) -> list[Row]:
    """ファイルを読む: CSV in UTF-8, the dictionary's columns as header. Raises InputError naming line and item."""
    known = get_dictionary(dictionary)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            "文字コードがUTF-8ではありません", "file", "invalid_format", "UTF-8で保存し直してください。"
        ) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    columns = [known.column_of(heading) for heading in reader.fieldnames or ()]
    reader.fieldnames = columns
    headings = dict(zip(known.columns, known.headings, strict=True))
    missing = [headings[name] for name in ("code", "label") if name not in columns]
    unknown = [name for name in columns if name not in known.columns]
    if missing or unknown:
        missing_ja, unknown_ja = ("、".join(names) or "なし" for names in (missing, unknown))
        raise InputError(
            f"見出しの列が違います（足りない列: {missing_ja}、余分な列: {unknown_ja}）",
            "file",
            "invalid_format",
            f"1行目を {','.join(known.headings)} にしてください。",
        )
    rows: dict[str, Row] = {}
    try:
        for number, raw in enumerate(reader, start=2):
            row = _row(known, raw, number)
            if row.code in rows:
                raise InputError(f"{number}行目: コード「{row.code}」が2回あります", "file", "inconsistent")
            rows[row.code] = row
            if len(rows) > _MOST_ROWS:
                raise InputError(f"{_MOST_ROWS:,}件を超えています", "file", "out_of_range")
    except csv.Error:
        raise InputError(
            "CSVの形が崩れています", "file", "invalid_format", "引用符の対応を確かめてください。"
        ) from None
    if not rows:
        raise InputError("コードが1件もありません", "file", "missing_field", "内容のあるファイルを選んでください。")
    return list(rows.values())


def _row(known: Dictionary, raw: Mapping[str, Any], number: int) -> Row:
    values = {name: str(raw.get(name) or "").strip() for name in known.columns}
    code = values["code"]
    if not re.fullmatch(known.pattern, code):
        raise InputError(f"{number}行目: {known.code_label}「{code[:30]}」の形が違います", "file", "invalid_format")
    if known.check and not _CHECKS[known.check].judge(code).valid:
        raise InputError(f"{number}行目: {known.code_label}「{code}」の検査数字が違います", "file", "check_digit")
    if not values["label"] or len(values["label"]) > 200 or len(values["kana"]) > 200:
        raise InputError(f"{number}行目: 名称は1文字から200文字で入力してください", "file", "out_of_range")
    for one in known.facts:
        if one.required and not values[one.name]:
            raise InputError(f"{number}行目: {one.label}がありません", "file", "missing_field")
    facts = {one.name: values[one.name] for one in known.facts if values[one.name]}
    return Row(code, values["label"], values["kana"], facts)


# --- comparing --------------------------------------------------------------------------------------------------------


def compare(dictionary: str, rows: Sequence[Row], on: date, *, is_whole: bool = True) -> Comparison:
    """違いを示す: what the file would change in the dictionary as it holds on that day."""
    current = {
        entry.code: Row(entry.code, entry.label, entry.kana, entry.facts)
        for entry in CodeEntry.objects.filter(dictionary=dictionary, valid_period__contains=on)
    }
    new = {row.code: row for row in rows}
    added = tuple(row for row in rows if row.code not in current)
    changed = tuple(
        ChangedCode(current[row.code], row) for row in rows if row.code in current and current[row.code] != row
    )
    ended = tuple(row for code, row in sorted(current.items()) if code not in new) if is_whole else ()
    same = len(rows) - len(added) - len(changed)
    return Comparison(added, changed, ended, same, tuple(_in_use(dictionary, ended)))


def _in_use(dictionary: str, rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    if not rows:
        return
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "select c.code, code_in_use(%s, c.code, c.label) from unnest(%s::text[], %s::text[]) as c(code, label)",
            [dictionary, [row.code for row in rows], [row.label for row in rows]],
        )
        yield from ((code, place) for code, place in cursor.fetchall() if place is not None)


# --- asking, approving ------------------------------------------------------------------------------------------------


def ask_edition(
    *,
    context: AccessContext,
    dictionary: str,
    rows: Sequence[Row],
    source: str,
    effective_on: date,
    is_whole: bool = True,
) -> CodeEdition:
    """新しい版を申請する. Raises InputError when a code in use would go or nothing would change."""
    get_dictionary(dictionary)
    if not source.strip():
        raise InputError("出典が入力されていません", "source", "missing_field", "発行元と版を入力してください。")
    found = compare(dictionary, rows, effective_on, is_whole=is_whole)
    _refuse(found)
    with _said(), transaction.atomic(using=ALIAS):
        last = CodeEdition.objects.filter(dictionary=dictionary).aggregate(last=Max("number"))["last"] or 0
        content = [row.as_dict() for row in rows]
        edition = CodeEdition.objects.create(
            dictionary=dictionary, number=last + 1, source=source.strip()[:200], effective_on=effective_on,
            is_whole=is_whole, rows=content, sha256=hashlib.sha256(orjson.dumps(content)).hexdigest(),
            counts=found.counts, asked_by=context.staff_number, asked_at=clock.now(),
        )  # fmt: skip
        _entry(context, edition, "取り込みの申請")
    return edition


def approve_edition(*, context: AccessContext, edition_id: int) -> CodeEdition:
    """版を適用する: by another officer than the one who asked; changed and ended codes end on the day it takes effect.

    Raises Conflict for the same officer, a settled edition, or a code that is in use by now.
    """
    with _said(), transaction.atomic(using=ALIAS):
        edition = _asked(edition_id)
        if edition.asked_by == context.staff_number:
            raise Conflict("承認は、取り込んだ職員とは別の職員が行います", "edition", "two_officers")
        rows = [Row(one["code"], one["label"], one["kana"], one["facts"]) for one in edition.rows]
        found = compare(edition.dictionary, rows, edition.effective_on, is_whole=edition.is_whole)
        _refuse(found)
        _apply(edition, found)
        edition.state, edition.counts = EditionState.APPLIED, found.counts
        edition.settled_by, edition.settled_at = context.staff_number, clock.now()
        edition.save()
        _entry(context, edition, "版の承認")
    queries.forget()
    return edition


def reject_edition(*, context: AccessContext, edition_id: int, words: str) -> None:
    """版を取り下げる."""
    if not words.strip():
        raise InputError("理由が入力されていません", "words", "missing_field", "取り下げる理由を入力してください。")
    with transaction.atomic(using=ALIAS):
        edition = _asked(edition_id)
        edition.state, edition.words = EditionState.REJECTED, words.strip()[:200]
        edition.settled_by, edition.settled_at = context.staff_number, clock.now()
        edition.save()
        _entry(context, edition, "版の取下げ")


def _asked(edition_id: int) -> CodeEdition:
    edition = CodeEdition.objects.select_for_update().filter(pk=edition_id).first()
    if edition is None:
        raise InputError("この版はありません", "edition", "not_found", "一覧を開き直してください。")
    if edition.state != EditionState.ASKED:
        raise Conflict(f"この版は「{edition.get_state_display()}」です", "edition", hint="一覧を開き直してください。")
    return edition


def _refuse(found: Comparison) -> None:
    if found.in_use:
        told = "、".join(f"{code}（{place}）" for code, place in found.in_use[:5])
        raise Conflict(
            f"使われているコードはなくせません: {told}" + ("ほか" if len(found.in_use) > 5 else ""),
            "file",
            "code_in_use",
            "使っている記録を直すか、ファイルにコードを残してください。",
        )
    if not (found.added or found.changed or found.ended):
        raise InputError("今の辞書と同じ内容です", "file", "unchanged", "新しい版のファイルを選んでください。")


def _apply(edition: CodeEdition, found: Comparison) -> None:
    """終える行の期間を閉じ、新しい行を加える."""
    going = [*(one.before.code for one in found.changed), *(row.code for row in found.ended)]
    lines = CodeEntry.objects.filter(
        dictionary=edition.dictionary, code__in=going, valid_period__contains=edition.effective_on
    )
    for line in lines:
        if line.valid_period.upper is not None or line.valid_period.lower == edition.effective_on:
            raise Conflict(
                f"コード「{line.code}」の期間が、適用日{edition.effective_on}と合いません", "effective_on",
                hint="前の版より後の適用日にしてください。",
            )  # fmt: skip
        line.valid_period = DateRange(line.valid_period.lower, edition.effective_on, "[)")
        line.ended_in = edition
    CodeEntry.objects.bulk_update(lines, ["valid_period", "ended_in"], batch_size=1000)
    CodeEntry.objects.bulk_create(
        [
            CodeEntry(
                dictionary=edition.dictionary, code=row.code, label=row.label, kana=row.kana, facts=dict(row.facts),
                valid_period=DateRange(edition.effective_on, None, "[)"), edition=edition,
            )
            for row in (*found.added, *(one.after for one in found.changed))
        ],
        batch_size=2000,
    )  # fmt: skip


_CONSTRAINTS = {
    "code_edition_one_waits": "この辞書には、承認を待つ版がすでにあります",
    "code_edition_two_officers": "承認は、取り込んだ職員とは別の職員が行います",
    "code_entry_no_overlap": "同じコードの有効期間が重なります",
    "code_in_use": "使われているコードはなくせません",
}


@contextmanager
def _said() -> Iterator[None]:
    """データベースの拒否を言葉にする."""
    try:
        yield
    except IntegrityError as broken:
        diag = getattr(broken.__cause__, "diag", None)
        words = _CONSTRAINTS.get(str(getattr(diag, "constraint_name", "")))
        if words is None:
            raise
        raise Conflict(words, "edition", hint="一覧を開き直して確認してください。") from broken


def _entry(context: AccessContext, edition: CodeEdition, act: str) -> None:
    record(
        ALIAS,
        context,
        act=Act.REGISTER,
        dataset="コード辞書",
        count=0,
        detail={"act": act, "dictionary": edition.dictionary, "edition": edition.number, "counts": edition.counts},
    )
