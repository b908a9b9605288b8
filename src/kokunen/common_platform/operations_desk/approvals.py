"""承認箱 (運用): failed jobs that are to be passed over, held files that are to be taken."""

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


def _files() -> Iterator[Waiting]:
    from kokunen.common_platform.integration.models import FileState, LinkageFile

    for file in LinkageFile.objects.filter(state=FileState.HELD, asked_at__isnull=False):
        if file.asked_at is not None:
            yield Waiting(file.name, file.asked_by, file.asked_at, f"/operations/files/{file.pk}")


register_approvals("operations.files", "連携ファイルの保留の解除", permission=perms.OPERATION_ACT, waiting=_files)
