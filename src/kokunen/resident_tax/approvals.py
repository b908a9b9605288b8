"""承認箱 (個人住民税): changes of the tax that wait for a decision."""

from __future__ import annotations

from collections.abc import Iterator

from kokunen.common_platform.portal.approvals import Waiting, register_approvals
from kokunen.resident_tax import perms


def _changes() -> Iterator[Waiting]:
    from kokunen.resident_tax.choices import ChangeState
    from kokunen.resident_tax.models import TaxChange

    for row in TaxChange.objects.filter(state=ChangeState.PROPOSED).order_by("proposed_at")[:200]:
        yield Waiting(f"更正の起案 {row.pk}（{row.tax_year}年度）", row.proposed_by, row.proposed_at, "/tax/changes/")


register_approvals("resident_tax.change", "更正の決定", permission=perms.CHANGE_APPROVE, waiting=_changes)
