"""交付簿 (SPEC 1.3.8): who was given what, by person and by day. Reads only; each look is in the ledger."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Q, Sum

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError
from kokunen.law.parameters import value_on
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_registry.choices import CertificateKind
from kokunen.resident_registry.linkage import protected_among
from kokunen.resident_registry.models import ALIAS, CertificateIssue, ResidentVersion
from kokunen.resident_registry.models.resident import CURRENT
from kokunen.resident_registry.perms import Sight

DATASET_JA = "交付簿"
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class LogLine:
    """交付簿の1行."""

    sheet: CertificateIssue
    name: str
    voided: bool


@dataclass(frozen=True, slots=True)
class DayLog:
    """一日の交付簿: a page of lines, and the count and fees of the whole day without spoiled sheets."""

    lines: tuple[LogLine, ...]
    next_cursor: str
    totals: tuple[tuple[str, int, int], ...]
    sheets: int
    fee: int


def fees() -> list[tuple[str, int]]:
    """手数料の表 of today: name of the certificate and yen a copy."""
    table: dict[str, int] = value_on("certificates/fees", clock.today())
    return [(str(CertificateKind(kind).label), fee) for kind, fee in table.items() if fee]


def get_batch(*, context: AccessContext, batch: uuid.UUID) -> list[CertificateIssue]:
    """交付した証明書: the sheets of one issue."""
    with transaction.atomic(using=ALIAS):
        sheets = list(CertificateIssue.objects.filter(batch=batch).order_by("pk"))
        if not sheets:
            raise InputError(
                "この証明書の交付の記録がありません", "batch", "not_found", "交付簿から選び直してください。"
            )
        _record(context, sheets)
    return sheets


def get_sheet(*, context: AccessContext, issue_id: int) -> CertificateIssue:
    """一通の証明書."""
    with transaction.atomic(using=ALIAS):
        sheet = CertificateIssue.objects.filter(pk=issue_id).first()
        if sheet is None:
            raise InputError(
                "この証明書の交付の記録がありません", "issue_id", "not_found", "交付簿から選び直してください。"
            )
        _record(context, [sheet])
    return sheet


def find_of_person(*, context: AccessContext, atena_number: str, limit: int = 10) -> list[LogLine]:
    """その人の証明書: the latest first, at most `limit`."""
    with transaction.atomic(using=ALIAS):
        sheets = list(
            CertificateIssue.objects.filter(atena_number=atena_number).select_related("void").order_by("-pk")[:limit]
        )
        _record(context, sheets)
    return [LogLine(sheet, "", hasattr(sheet, "void")) for sheet in sheets]


def get_day(*, context: AccessContext, day: date, after: str, sight: Sight) -> DayLog:
    """一日の交付簿: by key, the latest first; people under a 支援措置 by 宛名番号 only for whoever lacks the right."""
    whole = CertificateIssue.objects.filter(issued_on=day)
    with transaction.atomic(using=ALIAS):
        rows = whole.filter(pk__lt=int(after)) if after.isdigit() else whole
        sheets = list(rows.select_related("void").order_by("-pk")[: PAGE_SIZE + 1])
        more, sheets = len(sheets) > PAGE_SIZE, sheets[:PAGE_SIZE]
        numbers = {sheet.atena_number for sheet in sheets}
        hidden = set() if sight.protected else protected_among(numbers)
        names = dict(
            ResidentVersion.objects.filter(CURRENT, atena_number__in=numbers - hidden).values_list(
                "atena_number", "name"
            )
        )
        valid = whole.filter(Q(void__isnull=True))
        counted = valid.values("kind").annotate(number=Count("pk"), yen=Sum("fee")).order_by("kind")
        totals = tuple((str(CertificateKind(c["kind"]).label), int(c["number"]), int(c["yen"])) for c in counted)
        _record(context, sheets)
    return DayLog(
        tuple(LogLine(sheet, names.get(sheet.atena_number, "要確認"), hasattr(sheet, "void")) for sheet in sheets),
        str(sheets[-1].pk) if more else "",
        totals,
        sum(number for _, number, _ in totals),
        sum(yen for _, _, yen in totals),
    )


def _record(context: AccessContext, sheets: list[CertificateIssue]) -> None:
    record(
        ALIAS,
        context,
        act=Act.VIEW,
        dataset=DATASET_JA,
        atena_numbers=[sheet.atena_number for sheet in sheets],
        items=["交付した証明書"],
    )
