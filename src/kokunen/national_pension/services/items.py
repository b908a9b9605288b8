"""要処理事項を作る: one row for one cause; the same cause twice makes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kokunen.common_platform.integration.consuming import Change
from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import filing_deadline
from kokunen.national_pension import advice, parameters
from kokunen.national_pension.choices import OPEN_WORK_STATES, WorkKind, WorkState
from kokunen.national_pension.models import WorkItem

REGISTRY_STAFF = "system:national_pension.registry_changes"


def create_item(
    *,
    kind: WorkKind,
    atena_number: str,
    source_key: str,
    event_on: date | None,
    effective_on: date | None,
    article: str,
    summary: str,
    proposal: dict[str, Any],
    steps: list[dict[str, Any]],
    codes: Sequence[str],
    change: Change | None = None,
    undoes: WorkItem | None = None,
    state: WorkState | None = None,
    note: str = "",
) -> WorkItem | None:
    """要処理事項を作る: None when this source has already made it."""
    today, now = clock.today(), clock.now()
    planned = effective_on is not None and effective_on > today
    wished = state or (WorkState.PLANNED if planned else WorkState.OPEN)
    decided = wished not in OPEN_WORK_STATES
    item, created = WorkItem.objects.get_or_create(
        source_key=source_key,
        defaults={
            "kind": kind,
            "atena_number": atena_number,
            "state": wished,
            "source_dataset": change.dataset if change else "",
            "source_seq": change.seq if change else None,
            "registry_reason": (change.reason_code or "") if change else "",
            "event_on": event_on,
            "effective_on": effective_on,
            "due_on": due_on(effective_on or event_on, today),
            "article": article,
            "summary": summary[:200],
            "proposal": proposal,
            "steps": steps,
            "advice": advice.lines(codes),
            "created_at": now,
            "undoes": undoes,
            "decided_at": now if decided else None,
            "decided_by": REGISTRY_STAFF if decided else "",
            "decision_note": note,
        },
    )
    return item if created else None


def due_on(effective_on: date | None, today: date) -> date:
    """処理期限: 14 days after the later of the effect and today, moved to an open day (送付期限の目安)."""
    start = max(effective_on or today, today)
    return filing_deadline(start, parameters.days("sending_days", today)).deadline
