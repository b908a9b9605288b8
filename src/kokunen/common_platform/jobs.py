"""日次処理: a generation of the batch master for the business day, then what the safeguards do each day."""

from __future__ import annotations

from kokunen.common_platform.batch_master.models import Generation, GenerationState
from kokunen.common_platform.batch_master.services import take_snapshot
from kokunen.common_platform.operations import clock
from kokunen.common_platform.safeguards import jobs as safeguards


def daily_snapshot() -> int:
    """業務日の世代: taken once a day, however often this runs; returns its number."""
    ready = Generation.objects.filter(state=GenerationState.READY, business_date=clock.today())
    found = ready.order_by("-pk").values_list("pk", flat=True).first()
    return int(found) if found is not None else int(take_snapshot().generation.pk)


DAILY = (daily_snapshot, *safeguards.DAILY)
"""日次処理: what the platform runs once a business day."""
