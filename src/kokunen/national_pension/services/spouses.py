"""配偶者の種別変更: when a 2号 leaves the company, the 3号 spouse changes on the same day; the section says so at
once.
"""

from __future__ import annotations

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import KokunenError
from kokunen.national_pension import resident_view
from kokunen.national_pension.choices import WorkKind
from kokunen.national_pension.deduction import Fact, deduce
from kokunen.national_pension.models import Receipt, WorkItem
from kokunen.national_pension.proposals import notice_kind_of, plan_as_json
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services import recording
from kokunen.national_pension.services.items import create_item

_FACT_OF_SPOUSE = {"employment_end": ("spouse_employment_end", ""), "death": ("dependent_end", "spouse_death")}


def prepare_spouse_change(resident: Resident, notice: Receipt) -> WorkItem | None:
    """配偶者の事項を用意する: a work item for a 3号 spouse in the household; None when there is none."""
    if notice.fact not in _FACT_OF_SPOUSE or notice.fact_on is None:
        return None
    spouse = resident_view.spouse_in(resident_view.household(resident.household_number), resident)
    if spouse is None:
        return None
    held = recording.current_held(spouse.atena_number)
    if not any(period.is_open and period.insured_type == "3" for period in held):
        return None
    kind, reason = _FACT_OF_SPOUSE[notice.fact]
    try:
        plan = deduce(spouse.subject, held, [Fact(kind, notice.fact_on, reason)], today=clock.today())
    except KokunenError:
        return None
    if plan.changes_nothing:
        return None
    return create_item(
        kind=WorkKind.SPOUSE,
        atena_number=spouse.atena_number,
        source_key=f"spouse:{notice.pk}",
        event_on=notice.fact_on,
        effective_on=plan.effective_on,
        article=plan.article,
        summary=" ".join(plan.sentences),
        proposal={**plan_as_json(plan), "notice_kind": str(notice_kind_of(plan)), "because_of": notice.receipt_number},
        steps=list(plan.steps),
        codes=("unemployment", "exemption"),
    )
