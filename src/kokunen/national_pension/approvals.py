"""承認箱 (国民年金): corrections of the record, media whose second signature is missing."""

from __future__ import annotations

from collections.abc import Iterator

from kokunen.common_platform.portal.approvals import Waiting, register_approvals
from kokunen.national_pension import perms


def _corrections() -> Iterator[Waiting]:
    from kokunen.national_pension.models import CorrectionProposal

    rows = CorrectionProposal.objects.filter(state=CorrectionProposal.State.PROPOSED).order_by("proposed_at")[:200]
    for row in rows:
        yield Waiting(f"訂正の起案 {row.pk}", row.proposed_by, row.proposed_at, "/pension/corrections/")


def _media() -> Iterator[Waiting]:
    from kokunen.national_pension.choices import ReportState
    from kokunen.national_pension.models import ReportBatch

    rows = ReportBatch.objects.filter(state=ReportState.BUILT, first_signed_at__isnull=False, second_officer="")
    for row in rows.order_by("first_signed_at")[:200]:
        assert row.first_signed_at is not None
        words = f"媒体 {row.fiscal_year}-{row.serial}（{row.line_count}件）の立会"
        yield Waiting(words, row.first_officer, row.first_signed_at, f"/pension/report/{row.pk}/")


register_approvals(
    "national_pension.correction", "資格記録の訂正", permission=perms.CORRECTION_APPROVE, waiting=_corrections
)
register_approvals("national_pension.media", "報告媒体の引渡し", permission=perms.REPORT_HAND_OVER, waiting=_media)
