"""届出の受理: one use case a function, keyword arguments, `context` required, one transaction each.

Every function either registers everything (rows, event, search names, ledger entry, publication) and gives a
`Receipt`, or raises a KokunenError and stores nothing but the refusal in the ledger. NeedsConfirmation is raised when
alerts were not acknowledged.
"""

from __future__ import annotations

from kokunen.resident_registry.services.cancellation import cancel_event
from kokunen.resident_registry.services.correction import CORRECTABLE, correct_items, restore
from kokunen.resident_registry.services.desk import HouseholdChanged, ItemChange
from kokunen.resident_registry.services.households import change_head, join_household, split_household
from kokunen.resident_registry.services.moving_in import Destination, Newborn, ex_officio, move_in, register_birth
from kokunen.resident_registry.services.moving_out import (
    Departure,
    cancel_departure,
    move_out,
    receive_arrival_notice,
    remove_departed,
)
from kokunen.resident_registry.services.nationality import JapaneseItems, become_foreign, become_japanese
from kokunen.resident_registry.services.newcomers import ForeignItems, Newcomer
from kokunen.resident_registry.services.notice import Alert, FollowUp, NeedsConfirmation, Notice, Receipt
from kokunen.resident_registry.services.relocation import relocate
from kokunen.resident_registry.services.removal import register_death, remove_ex_officio
from kokunen.resident_registry.services.resident_codes import give_resident_code
from kokunen.resident_registry.services.support import SupportRequest, begin_support, extend_support, release_support

__all__ = [
    "CORRECTABLE",
    "Alert",
    "Departure",
    "Destination",
    "FollowUp",
    "ForeignItems",
    "HouseholdChanged",
    "ItemChange",
    "JapaneseItems",
    "NeedsConfirmation",
    "Newborn",
    "Newcomer",
    "Notice",
    "Receipt",
    "SupportRequest",
    "become_foreign",
    "become_japanese",
    "begin_support",
    "cancel_departure",
    "cancel_event",
    "change_head",
    "correct_items",
    "ex_officio",
    "extend_support",
    "give_resident_code",
    "join_household",
    "move_in",
    "move_out",
    "receive_arrival_notice",
    "register_birth",
    "register_death",
    "release_support",
    "relocate",
    "remove_departed",
    "remove_ex_officio",
    "restore",
    "split_household",
]
