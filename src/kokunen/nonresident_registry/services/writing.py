"""書き込み: versions in two times, search names and publication, shared by every use case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, connections, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from kokunen.common_platform.integration.publishing import ChangeNote, publish
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, KokunenError
from kokunen.kernel.names import alternate_search_key, search_key, variant_key
from kokunen.kernel.numbers import AtenaNumber
from kokunen.ledger.access import AccessContext
from kokunen.ledger.recording import record_refusal
from kokunen.nonresident_registry.choices import AtenaKind, NameKind
from kokunen.nonresident_registry.linkage import NONRESIDENT, record_rows
from kokunen.nonresident_registry.models import ALIAS, CONTENT_FIELDS, CURRENT, AtenaVersion, SearchName

DATASET_JA = "住登外者宛名"

_CONSTRAINTS = {
    "binding_number_once": "この番号は、ほかの宛名番号に紐付いています",
    "binding_no_overlap": "この宛名番号には、すでに番号が紐付いています",
    "atena_no_overlap": "同じ宛名が、ほかの職員によって同時に変更されました",
    "atena_version_once": "同じ宛名が、ほかの職員によって同時に変更されました",
    "link_one_parent": "この宛名番号は、すでに名寄せされています",
    "link_one_request": "この宛名番号の名寄せは、すでに申請されています",
    "link_depth_one": "名寄せは1段だけです。名寄せ元になっている宛名番号を名寄せ先にはできません",
    "link_two_officers": "名寄せの承認は、申請した職員とは別の職員が行います",
    "link_end_two_officers": "解除の承認は、申請した職員とは別の職員が行います",
}


@contextmanager
def one_change(context: AccessContext, dataset: str, subjects: Sequence[str]) -> Iterator[None]:
    """一つの登録: a transaction; a refusal rolls it back, stands in the ledger and goes on to the officer."""
    try:
        with transaction.atomic(using=ALIAS):
            yield
    except KokunenError as refused:
        _refused(context, dataset, subjects, refused)
        raise
    except IntegrityError as broken:
        words = next((words for name, words in _CONSTRAINTS.items() if name in str(broken)), None)
        if words is None:
            raise
        conflict = Conflict(words, code="constraint", hint="今の記録を開き直して確認してください。")
        _refused(context, dataset, subjects, conflict)
        raise conflict from broken


def _refused(context: AccessContext, dataset: str, subjects: Sequence[str], refused: KokunenError) -> None:
    record_refusal(
        context,
        dataset=dataset,
        reason=refused.message,
        atena_numbers=[number for number in subjects if number],
        detail={"code": refused.code, "field": refused.field},
    )


def next_number(kind: str) -> str:
    """付番: the next of the range of people or of corporations; a number once drawn is never drawn again (0310001)."""
    sequence = "corporation_number_seq" if kind == AtenaKind.CORPORATION else "nonresident_number_seq"
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("select nextval(%s::regclass)", [sequence])
        return AtenaNumber.complete(f"{int(cursor.fetchone()[0]):014d}").value


def lock(*atena_numbers: str) -> None:
    """宛名の排他: one change of a record at a time, in the order of the numbers."""
    with connections[ALIAS].cursor() as cursor:
        for number in sorted(set(atena_numbers)):
            cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"kokunen.atena.{number}"])


def current_row(atena_number: str) -> AtenaVersion | None:
    """現在の行."""
    return AtenaVersion.objects.filter(CURRENT, atena_number=atena_number).first()


def write_version(
    row: AtenaVersion, *, start: date, context: AccessContext, why: str, note: ChangeNote, before: AtenaVersion | None
) -> AtenaVersion:
    """行を加える: ends the period of the row before, adds the new one with the next 履歴番号, publishes it.

    `start` is never before the row it continues. A row that is changed on its own first day held no whole day: it stays
    in the recorded past only.
    """
    at = clock.now()
    begin = start
    if before is not None:
        begin = max(start, before.valid_period.lower)
        before.close_record(at)
        if before.valid_period.lower < begin:
            _add(_copy(before), DateRange(before.valid_period.lower, begin, "[)"), at, context, before.recorded_reason)
    row.pk = None
    row._state.adding = True
    row.history_number = 1 if before is None else before.history_number + 1
    _add(row, DateRange(begin, None, "[)"), at, context, why)
    refresh_names([row.atena_number])
    publish(ALIAS, NONRESIDENT, record_rows([row]), note)
    return row


def _copy(row: AtenaVersion) -> AtenaVersion:
    return AtenaVersion(
        atena_number=row.atena_number,
        history_number=row.history_number,
        **{name: getattr(row, name) for name in CONTENT_FIELDS},
    )


def _add(row: AtenaVersion, period: DateRange, at: object, context: AccessContext, why: str) -> None:
    row.valid_period = period
    row.recorded_period = DateTimeTZRange(at, None, "[)")
    row.recorded_by = context.staff_number
    row.recorded_reason = why[:200]
    row.save()


# --- names for search -------------------------------------------------------------------------------------------------


def refresh_names(atena_numbers: Iterable[str]) -> None:
    """検索用の氏名を作り直す: present names from the current row, past ones from every earlier row."""
    numbers = list(atena_numbers)
    found: dict[tuple[str, str, str, str], SearchName] = {}
    rows = AtenaVersion.objects.filter(atena_number__in=numbers).order_by("atena_number", "history_number", "id")
    for row in rows:
        current = row.recorded_period.upper is None and row.valid_period.upper is None
        for kind, shown, kana in names_of(row):
            key = (row.atena_number, kind, shown, kana)
            found[key] = _search_name(row, kind, shown, kana, past=not current and row.is_listed)
    SearchName.objects.filter(atena_number__in=numbers).delete()
    SearchName.objects.bulk_create(found.values())


def names_of(row: AtenaVersion) -> list[tuple[str, str, str]]:
    """氏名の組: (kind, shown, kana) of every name of the row."""
    return [
        (str(kind), shown, kana)
        for kind, shown, kana in (
            (NameKind.NAME, row.name, row.name_kana),
            (NameKind.ALIAS, row.alias, row.alias_kana),
            (NameKind.KANJI, row.kanji_name, ""),
            (NameKind.ROMAN, row.roman_name, ""),
        )
        if shown
    ]


def _search_name(row: AtenaVersion, kind: str, shown: str, kana: str, *, past: bool) -> SearchName:
    key, alternate = search_key(kana), alternate_search_key(kana)
    return SearchName(
        atena_number=row.atena_number,
        kind=kind,
        shown=shown,
        shown_kana=kana,
        name_key=variant_key(shown),
        kana_key=key,
        kana_alt_key=alternate if alternate != key else None,
        birth_date=row.birth_date,
        is_past=past,
    )
