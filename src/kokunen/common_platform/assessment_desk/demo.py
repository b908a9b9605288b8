"""模擬都市の評価書: the next version, published in the demo city, so that every declared function can be tried.

By the assessment as published on 令和7年12月26日 the media that come from 日本年金機構 are refused (II.3 ②). The draft
of the program declares them; a real city decides about it and publishes it at the desk.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from kokunen.assessment import queries
from kokunen.assessment.document import NEXT_DRAFT, PUBLISHED_EDITION, draft_reasons, load_document
from kokunen.assessment.models import AssessmentVersion, VersionState
from kokunen.common_platform.operations import clock
from kokunen.config import environment
from kokunen.kernel.errors import NotAllowed
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record

EDITION = "2026-01-05-demo"
_DAY = date(2026, 1, 5)
_DRAFTER, _SECOND = "nenkin9", "kaiji1"


def publish_next_version() -> bool:
    """次の版を公表したことにする: safe to repeat; False when some version was published already. Demo mode only."""
    if not environment.is_demo():
        raise NotAllowed("評価書の模擬の公表は本番ではできません", hint="評価書の画面で公表してください。")
    with transaction.atomic(using="assessment"):
        if AssessmentVersion.objects.filter(state=VersionState.PUBLISHED).exists():
            return False
        leaves = load_document(NEXT_DRAFT).as_list()
        for leaf in leaves:
            if leaf["id"] == "cover.published":
                leaf["content"] = {**leaf["content"], "value": _DAY.isoformat()}
        AssessmentVersion.objects.create(
            edition=EDITION,
            base=PUBLISHED_EDITION,
            state=VersionState.PUBLISHED,
            leaves=leaves,
            decisions={leaf: {**reason, "decided_by": _DRAFTER} for leaf, reason in draft_reasons().items()},
            drafted_by=_DRAFTER,
            approved_by=_SECOND,
            approved_at=clock.now(),
            published_on=_DAY,
            effective_on=_DAY,
        )
        record(
            "assessment",
            AccessContext(_SECOND, "1010", "administration", screen="模擬都市の準備"),
            act=Act.REGISTER,
            dataset="評価書の版",
            detail={"edition": EDITION, "what": "模擬都市での公表"},
        )
    queries.forget_policy()
    return True
