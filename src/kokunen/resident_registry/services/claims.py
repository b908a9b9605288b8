"""編集中の表示: the second officer is told at once who has a household on the desk (SPEC 10.3)."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from kokunen.common_platform.operations import clock
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry.models import ALIAS, EditingClaim

CLAIM_FOR = timedelta(minutes=10)


def take_claim(*, context: AccessContext, household_number: str, staff_name: str) -> EditingClaim | None:
    """世帯を手に取る: gives None when it is now this officer's, else the claim of whoever has it."""
    at = clock.now()
    with transaction.atomic(using=ALIAS):
        held = EditingClaim.objects.select_for_update().filter(household_number=household_number).first()
        if held is not None and held.staff_number != context.staff_number and held.expires_at > at:
            return held
        EditingClaim.objects.update_or_create(
            household_number=household_number,
            defaults={
                "staff_number": context.staff_number,
                "staff_name": staff_name,
                "screen": context.screen,
                "claimed_at": at,
                "expires_at": at + CLAIM_FOR,
            },
        )
    return None


def give_back(*, context: AccessContext, household_numbers: tuple[str, ...]) -> None:
    """世帯を戻す: after registering, so that the next officer need not wait."""
    EditingClaim.objects.filter(household_number__in=household_numbers, staff_number=context.staff_number).delete()
