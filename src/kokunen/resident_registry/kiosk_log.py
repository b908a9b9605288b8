"""コンビニ交付の記録: what 証明書交付センター asked on a day, and what became of it; each look is in the ledger.

Why a request was refused is for the responsible officer; the shop hears one neutral sentence (services.kiosk).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Max, Q

from kokunen.common_platform.operations import clock
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_registry.choices import CertificateKind
from kokunen.resident_registry.models import ALIAS, KioskRequest

DATASET_JA = "コンビニ交付の記録"
PAGE_SIZE = 50
_KINDS = {str(kind): str(label) for kind, label in CertificateKind.choices}
_REASONS = {
    "closed": "利用時間の外",
    "not_found": "住民票がない",
    "removed": "除票になっている",
    "departing": "転出予定がある",
    "too_young": "年齢の下限に満たない・生年月日が不詳",
    "withheld": "支援措置の対象（世帯を含む）",
    "provisional": "仮登録が決裁を待っている",
    "letters": "登録されていない文字がある",
}
_PRINTED = {"1": "印刷した", "9": "印刷できなかった", "": "通知待ち"}


@dataclass(frozen=True, slots=True)
class KioskLine:
    """記録の1行: the request with its kind, its reason and its print in words."""

    request: KioskRequest
    kind: str
    reason: str
    printed: str

    @property
    def issued(self) -> bool:
        """交付したか."""
        return bool(self.request.serial)


@dataclass(frozen=True, slots=True)
class KioskDay:
    """一日の記録: a page of lines, the latest first, and the counts of the whole day; `slowest` in milliseconds."""

    lines: tuple[KioskLine, ...]
    next_cursor: str
    asked: int
    issued: int
    unprinted: int
    slowest: int

    @property
    def refused(self) -> int:
        """断った件数."""
        return self.asked - self.issued


def get_day(*, context: AccessContext, day: date, after: str = "") -> KioskDay:
    """一日の記録. `after` is the 要求番号 that ended the page before."""
    start = datetime.combine(day, time.min, tzinfo=clock.OFFICE_ZONE)
    of_day = KioskRequest.objects.filter(requested_at__gte=start, requested_at__lt=start + timedelta(days=1))
    with transaction.atomic(using=ALIAS):
        totals = of_day.aggregate(
            asked=Count("number"),
            issued=Count("number", filter=~Q(serial="")),
            unprinted=Count("number", filter=Q(printed="9")),
            slowest=Max("milliseconds"),
        )
        rows = of_day
        if after and (last := of_day.filter(number=after).first()) is not None:
            earlier = Q(requested_at=last.requested_at, number__lt=last.number)
            rows = rows.filter(Q(requested_at__lt=last.requested_at) | earlier)
        found = list(rows.order_by("-requested_at", "-number")[: PAGE_SIZE + 1])
        shown = found[:PAGE_SIZE]
        numbers = [row.subject for row in shown if row.subject]
        record(ALIAS, context, act=Act.VIEW, dataset=DATASET_JA, atena_numbers=numbers, items=["要求", "結果"])
    lines = tuple(
        KioskLine(
            row,
            _KINDS.get(row.kind, "課税証明書"),
            "" if row.serial else _REASONS.get(row.reason_code, "担当の課の理由・その他"),
            _PRINTED.get(row.printed, row.printed) if row.serial else "",
        )
        for row in shown
    )
    return KioskDay(
        lines,
        shown[-1].number if len(found) > PAGE_SIZE else "",
        totals["asked"],
        totals["issued"],
        totals["unprinted"],
        totals["slowest"] or 0,
    )
