"""運用管理の表: runs of nets and their steps, queued calls, samples of figures, alerts."""

from __future__ import annotations

from .alert import Alert
from .net_run import NetHold, NetRun, StepLine, StepRun
from .queued_call import QueuedCall
from .sample import DailyFigure, Sample

__all__ = ["Alert", "DailyFigure", "NetHold", "NetRun", "QueuedCall", "Sample", "StepLine", "StepRun"]
