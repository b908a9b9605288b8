"""行政欄の資格情報: taken in from the pension section's daily hand-over, read when a certificate asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connections

from kokunen.common_platform.integration.consuming import Change
from kokunen.common_platform.operations import clock
from kokunen.ledger.access import Act, system_context
from kokunen.ledger.recording import record
from kokunen.resident_registry.models import ALIAS, PensionEntry

VIEW = "integrated.resident_registry__pension_qualification"
DATASET_JA = "国民年金の資格（行政欄）"


def take(changes: Sequence[Change]) -> None:
    """受け取る: one row for each person of the changes, as published now. Runs in the cursor's transaction."""
    newest = {change.atena_number: change.seq for change in changes}
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            f"select atena_number, basic_pension_number, insured_type, acquired_on, lost_on from {VIEW} "
            "where atena_number = any(%s)",
            [list(newest)],
        )
        rows = cursor.fetchall()
    at = clock.now()
    PensionEntry.objects.bulk_create(
        [
            PensionEntry(
                atena_number=atena,
                basic_pension_number=number or "",
                insured_type=kind,
                acquired_on=acquired,
                lost_on=lost,
                received_at=at,
                feed_seq=newest[atena],
            )
            for atena, number, kind, acquired, lost in rows
        ],
        ignore_conflicts=True,
    )
    record(
        ALIAS,
        system_context("resident_registry.pension_entries"),
        act=Act.SYSTEM,
        dataset=DATASET_JA,
        atena_numbers=sorted(newest),
        items=("R2 資格情報",),
        detail={"flow": "flow.out2"},
    )


def entries_at(atena_numbers: Iterable[str], at: datetime) -> dict[str, PensionEntry]:
    """その時の行政欄 by 宛名番号: the newest entry that had come by `at`; people without one are left out."""
    rows = PensionEntry.objects.filter(atena_number__in=list(atena_numbers), received_at__lte=at)
    newest = rows.order_by("atena_number", "-feed_seq").distinct("atena_number")
    return {row.atena_number: row for row in newest if row.insured_type != NOT_INSURED}


#: 被保険者種別の9: the pension section cancelled an acquisition that it had told.
NOT_INSURED = "9"
#: 種別の名称 as printed (第1号 and 任意 only are told).
INSURED_TYPES = {
    "1": "第1号被保険者",
    "4": "任意加入被保険者",
    "5": "任意加入被保険者",
    "6": "任意加入被保険者",
    "7": "特例任意加入被保険者",
    "8": "特例任意加入被保険者",
}
