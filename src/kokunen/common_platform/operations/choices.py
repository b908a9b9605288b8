"""区分 (運用管理): states of runs, kinds of runs, severities of alerts."""

from __future__ import annotations

from django.db.models import TextChoices


class RunState(TextChoices):
    """実行状態: of a net's run and of its steps."""

    NOT_RUN = "not_run", "未実行"
    WAITING = "waiting", "待ち"
    RUNNING = "running", "実行中"
    WELL = "well", "正常"
    WARNING = "warning", "警告"
    FAILED = "failed", "異常"
    HELD = "held", "保留"
    CANCELLED = "cancelled", "中止"
    SKIPPED = "skipped", "スキップ"


ENDED_WELL = (RunState.WELL, RunState.WARNING, RunState.SKIPPED)
ENDED = (*ENDED_WELL, RunState.FAILED, RunState.CANCELLED)
LIVE = (RunState.WAITING, RunState.RUNNING)
RETURN_CODES = {RunState.WELL: 0, RunState.WARNING: 4, RunState.FAILED: 8}


class RunKind(TextChoices):
    """起動の区分"""

    SCHEDULED = "scheduled", "定時"
    REQUESTED = "requested", "随時"


class Severity(TextChoices):
    """重大度"""

    WARNING = "warning", "注意"
    SERIOUS = "serious", "重大"
