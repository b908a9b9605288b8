"""承認箱 (評価書): drafts that wait for approval and publication."""

from __future__ import annotations

from collections.abc import Iterator

from kokunen.common_platform.assessment_desk import perms
from kokunen.common_platform.portal.approvals import Waiting, register_approvals


def _drafts() -> Iterator[Waiting]:
    from kokunen.assessment.models import AssessmentVersion, VersionState

    for version in AssessmentVersion.objects.filter(state=VersionState.DRAFT).order_by("drafted_at")[:50]:
        url = f"/assessment/versions/{version.edition}"
        yield Waiting(f"評価書の案 {version.edition}", version.drafted_by, version.drafted_at, url)


register_approvals("assessment.draft", "評価書の承認", permission=perms.VERSION_PUBLISH, waiting=_drafts)
