"""日次処理 (共通基盤): what the platform and its safeguards do each day, and the day's generation. Safe to repeat."""

from __future__ import annotations

from kokunen.common_platform.batch_master.models import Generation, GenerationState
from kokunen.common_platform.batch_master.services import take_snapshot
from kokunen.common_platform.integration.files import inbox
from kokunen.common_platform.operations import clock
from kokunen.common_platform.operations.business_calendar import Cycle, RunRule
from kokunen.common_platform.operations.nets import Net, Step
from kokunen.common_platform.operations.watching import thin_samples
from kokunen.common_platform.portal.services.drafts import drafts_expire
from kokunen.common_platform.portal.services.outbox import outbox_expire
from kokunen.common_platform.portal.services.sessions import sessions_end_stale
from kokunen.common_platform.safeguards import jobs as safeguards


def end_stale_sessions() -> int:
    """切れた接続の終了: sessions whose time is over."""
    return sessions_end_stale()


def expire_drafts() -> int:
    """古い下書きの消去"""
    return drafts_expire()


def daily_snapshot() -> int:
    """業務日の世代: taken once a day, however often this runs; returns its number."""
    ready = Generation.objects.filter(state=GenerationState.READY, business_date=clock.today())
    found = ready.order_by("-pk").values_list("pk", flat=True).first()
    return int(found) if found is not None else int(take_snapshot().generation.pk)


def latest_snapshot() -> str:
    """今の世代 of the batch master by its number; "" while none is READY."""
    newest = Generation.objects.filter(state=GenerationState.READY).order_by("-pk").values_list("pk", flat=True).first()
    return "" if newest is None else str(newest)


DAILY = (
    end_stale_sessions,
    expire_drafts,
    outbox_expire,
    thin_samples,
    inbox.erase_old_files,
    daily_snapshot,
    *safeguards.DAILY,
)
"""日次処理: what the platform runs once a business day."""

NETS = tuple(
    Net(
        code,
        label,
        "default",
        (Step(f"{code}A", label, f"{inbox.__name__}.{function}", lock=inbox.__name__),),
        RunRule(Cycle.ON_REQUEST),
    )
    for code, label, function in (
        (inbox.TAKING_NET, "連携ファイルの受付", "take_arrivals"),
        (inbox.SENDING_NET, "連携ファイルの提供", "send"),
    )
)
"""ファイル連携: the first begins by itself when a file has come, the second when an operator asks for it."""
