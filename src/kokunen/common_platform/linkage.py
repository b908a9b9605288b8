"""連携の宣言 (共通基盤): what the review of the access ledger takes from the register, and nothing else.

To see that an officer looked at himself, at his household or at people of his name, the reviewer's program compares
names and household numbers. It stores none of them.
"""

from __future__ import annotations

from kokunen.common_platform.integration.datasets import Consumption, Dataset

PUBLISHES: tuple[Dataset, ...] = ()

CONSUMES: tuple[Consumption, ...] = (
    Consumption("resident", ("name", "household_number", "protected"), "house.resident_to_review"),
)
