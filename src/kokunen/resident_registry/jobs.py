"""夜間処理: what a day brings by itself. Safe to run again: whoever is removed is not found a second time."""

from __future__ import annotations

import logging
from itertools import groupby

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import KokunenError
from kokunen.ledger.access import system_context
from kokunen.resident_registry.models import ResidentVersion
from kokunen.resident_registry.models.resident import LIVING
from kokunen.resident_registry.services import remove_departed

log = logging.getLogger("kokunen.resident_registry")


def remove_planned_departures() -> int:
    """転出予定日の到来: removes everybody whose planned day has come, household by household; returns how many people.

    One household that cannot be removed (someone is changing it) is logged and tried again at the next run.
    """
    due = ResidentVersion.objects.filter(LIVING, planned_departure_on__lte=clock.today())
    keys = due.order_by("household_number", "planned_departure_on", "departure_code", "atena_number").values_list(
        "household_number", "planned_departure_on", "departure_code", "atena_number"
    )
    removed = 0
    for (household_number, day, _code), group in groupby(keys, key=lambda key: key[:3]):
        numbers = [key[3] for key in group]
        try:
            remove_departed(context=system_context("planned_departures", "resident_notice"), atena_numbers=numbers)
        except KokunenError as refused:
            log.warning(
                "planned departure of household %s on %s not carried out: %s", household_number, day, refused.message
            )
            continue
        removed += len(numbers)
    return removed


DAILY = (remove_planned_departures,)
"""日次処理: what the platform runs once a business day."""
