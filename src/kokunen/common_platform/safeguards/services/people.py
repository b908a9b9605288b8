"""人の要件: contract and training, asked when somebody is given a posting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.conf import settings

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.choices import StaffCategory
from kokunen.common_platform.portal.models import Staff
from kokunen.common_platform.safeguards.models import RegisterEntry
from kokunen.common_platform.safeguards.procedures import get_procedure, parameter
from kokunen.common_platform.safeguards.services.register import get_intact, state_of
from kokunen.kernel.errors import NotAllowed

REFUSE, FLAG = "refuse", "flag"


def stop_unfit(staff: Staff, office_code: str, roles: Sequence[str]) -> None:
    """所属の前の確かめ: raises NotAllowed without a contract that holds, or (setting) without a yearly training."""
    if staff.category == StaffCategory.CONTRACTOR and not contract_of(staff.number):
        raise NotAllowed(
            "有効な委託契約の登録がありません",
            field="number",
            hint="委託先台帳に契約と取扱者の職員番号を登録し、別の職員が有効にしてから登録してください。",
        )
    handles = any(role.startswith("pension_") for role in roles)
    if handles and settings.TRAINING_GATE == REFUSE and not is_trained(staff.number):
        raise NotAllowed(
            f"職員「{staff.number}」は、この1年に研修を受けていません",
            field="roles",
            hint="研修または補講を受け、研修台帳に記録してから役割を付けてください（番号法29条の2）。",
        )


def contract_of(staff_number: str) -> str:
    """その人の取り扱いを定める、有効な契約の登録番号; "" when there is none."""
    procedure = get_procedure("contractor")
    for number in RegisterEntry.objects.filter(kind="contractor", content__staff__contains=[staff_number]).values_list(
        "number", flat=True
    ):
        _entry, steps = get_intact(number)
        if state_of(procedure, steps) == "有効":
            return number
    return ""


def last_trainings() -> dict[str, date]:
    """研修を受けた最後の日, by staff number; courses that left out cyber security or the penalties do not count."""
    found: dict[str, date] = {}
    for entry in RegisterEntry.objects.filter(kind="training").prefetch_related("steps"):
        if not all(entry.content[topic] for topic in ("security", "cyber", "penalties")):
            continue
        sittings = [entry.content, *(step.content for step in entry.steps.all() if step.action == "makeup")]
        for sitting in sittings:
            day = date.fromisoformat(sitting["held_on"])
            for number in sitting["attended"]:
                found[number] = max(day, found.get(number, day))
    return found


def is_trained(staff_number: str, on: date | None = None) -> bool:
    """Did that person take part in a course within the last year?"""
    last = last_trainings().get(staff_number)
    return last is not None and (on or clock.today()) - last <= timedelta(days=int(parameter("training_days")))


def find_untrained() -> list[str]:
    """研修を受けていない取扱者: staff numbers with a pension posting today and no course within the last year."""
    from kokunen.common_platform.portal.models import Posting

    today, trained = clock.today(), last_trainings()
    limit = timedelta(days=int(parameter("training_days")))
    holders = (
        Posting.objects.current().valid_on(today).filter(staff__is_active=True).values_list("staff__number", "roles")
    )
    handlers = {number for number, roles in holders if any(role.startswith("pension_") for role in roles)}
    return sorted(number for number in handlers if number not in trained or today - trained[number] > limit)
