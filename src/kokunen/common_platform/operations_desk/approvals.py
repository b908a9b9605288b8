"""承認箱 (運用): failed jobs that are to be passed over."""

from __future__ import annotations

from collections.abc import Iterator

from kokunen.common_platform.operations_desk import perms
from kokunen.common_platform.portal.approvals import Waiting, register_approvals


def _skips() -> Iterator[Waiting]:
    from kokunen.common_platform.operations import clock
    from kokunen.common_platform.operations.choices import RunState
    from kokunen.common_platform.operations.models import StepRun

    for step in StepRun.objects.filter(state=RunState.FAILED).exclude(skip_asked_by="").select_related("run"):
        words = f"{step.run.net} {step.code} のスキップ"
        yield Waiting(words, step.skip_asked_by, step.ended_at or clock.now(), f"/operations/runs/{step.run_id}")


register_approvals("operations.skip", "ジョブのスキップ", permission=perms.OPERATION_ACT, waiting=_skips)
