"""年金特別徴収の照会: who is asked for, withheld, refused, stopped; the files that went and came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum

from kokunen.kernel.errors import InputError
from kokunen.law.rules.instalments import spread
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax.choices import CollectionMethod, ExchangeState, ExchangeWay, WithholdingState
from kokunen.resident_tax.models import PensionExchange, PensionWithholding, TaxDecision
from kokunen.resident_tax.services.computing import METHODS
from kokunen.resident_tax.services.exchange import CONTENTS

USING = "resident_tax"
PAGE = 50
IN_FORCE = (WithholdingState.REQUESTED, WithholdingState.ACCEPTED, WithholdingState.STOPPING)
PAYMENTS = {"provisional": ("4月", "6月", "8月"), "main": ("10月", "12月", "2月"), "ordinary": ("6月", "8月")}


@dataclass(frozen=True, slots=True)
class StateCount:
    """状態ごとの人数と年金分の税額: counts name nobody."""

    state: str
    words: str
    people: int
    amount: int


def state_counts(tax_year: int) -> list[StateCount]:
    """状態ごとの件数 of a tax year, in the order of the work."""
    grouped = PensionWithholding.objects.filter(tax_year=tax_year).values_list("state")
    counted = {
        state: (people, amount or 0)
        for state, people, amount in grouped.annotate(people=Count("id"), amount=Sum("pension_tax"))
    }
    order = ("9", "1", "2", "3", "4", "5", "6", "7", "8")
    return [StateCount(code, WithholdingState(code).label, *counted.get(code, (0, 0))) for code in order]


def people(tax_year: int, state: str, *, context: AccessContext, after: int = 0) -> list[PensionWithholding]:
    """対象者の一覧 of one state, by key."""
    with transaction.atomic(using=USING):
        rows = list(
            PensionWithholding.objects.filter(tax_year=tax_year, state=state, pk__gt=after).order_by("pk")[:PAGE]
        )
        record(
            USING, context, act=Act.VIEW, dataset="年金特別徴収の対象者",
            atena_numbers=[row.atena_number for row in rows if row.atena_number], items=("R10 所得情報",),
        )  # fmt: skip
        return rows


def get_one(withholding_id: int, *, context: AccessContext) -> PensionWithholding:
    """対象者1件. Raises InputError when there is none."""
    with transaction.atomic(using=USING):
        row: PensionWithholding | None = PensionWithholding.objects.filter(pk=withholding_id).first()
        if row is None:
            raise InputError("この対象者はありません", field="withholding", code="not_found")
        record(
            USING, context, act=Act.VIEW, dataset="年金特別徴収の対象者",
            atena_numbers=[row.atena_number] if row.atena_number else [], items=("R10 所得情報",),
        )  # fmt: skip
        return row


@dataclass(frozen=True, slots=True)
class FileRow:
    """ファイルの一行: content and way in words; nothing about a person."""

    file: PensionExchange
    content: str
    way: str
    tone: str
    words: str


_TONES = {"1": "warn", "2": "info", "3": "bad", "4": "bad", "5": "good"}


def files(state: str = "") -> list[FileRow]:
    """連携ファイルの一覧, newest first."""
    rows = PensionExchange.objects.defer("items").order_by("-id")
    if state:
        rows = rows.filter(state=state)
    return [
        FileRow(row, CONTENTS.get(row.content_code, row.content_code), ExchangeWay(row.way).label,
                _TONES[row.state], "、".join(fault["message"] for fault in row.faults) or row.problem)
        for row in rows[:PAGE]
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileCounts:
    """ファイルの件数: sent, pending, refused, broken, applied."""

    waiting: int
    sent: int
    refused: int
    broken: int
    applied: int


def file_counts() -> FileCounts:
    """状態ごとのファイルの数."""
    rows = dict(PensionExchange.objects.values_list("state").annotate(n=Count("id")))
    return FileCounts(*(rows.get(str(state), 0) for state in ExchangeState))


def schedule(decision: TaxDecision, row: PensionWithholding | None) -> list[tuple[str, list[tuple[str, int]]]]:
    """納め方: parts of the year by method, each (label, yen); with a pension withheld the rest of the tax apart."""
    method = METHODS[CollectionMethod(decision.method)]
    if row is None:
        amounts: Sequence[int] = decision.instalments
        return [(CollectionMethod(decision.method).label, _labelled(method, amounts))] if amounts else []
    parts: list[tuple[str, list[tuple[str, int]]]] = []
    for words, name in (("普通徴収（年金分）", "ordinary"), ("年金特別徴収（仮徴収）", "provisional"),
                        ("年金特別徴収（本徴収）", "main")):  # fmt: skip
        amounts = getattr(row, name)
        if any(amounts):
            parts.append((words, list(zip(PAYMENTS[name], amounts, strict=True))))
    if any(row.rest):
        parts.append((CollectionMethod(decision.method).label, _labelled(method, row.rest)))
    return parts


def _labelled(method: str, amounts: Sequence[int]) -> list[tuple[str, int]]:
    return [(spread.label(method, index), amount) for index, amount in enumerate(amounts)]


def withholding_of(atena_number: str, tax_year: int) -> PensionWithholding | None:
    """その人の年金特別徴収 in force; for a caller that has entered the look already."""
    row: PensionWithholding | None = PensionWithholding.objects.filter(
        atena_number=atena_number, tax_year=tax_year, state__in=IN_FORCE
    ).first()
    return row


def shown_withheld(row: PensionWithholding) -> list[tuple[str, Any]]:
    """徴収の結果: month and yen, in order."""
    return sorted(row.withheld.items())
