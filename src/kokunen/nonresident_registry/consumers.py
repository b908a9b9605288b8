"""住民異動の受け取り: 宛名 follow people out of the register (flow C) and back into it (flow D)."""

from __future__ import annotations

from collections.abc import Sequence

from kokunen.common_platform.integration.consuming import Change


class ResidentMoves:
    """住民異動の連携 (house.resident_to_nonresident)."""

    name = "nonresident_registry.resident_moves"
    subsystem = "nonresident_registry"
    datasets: tuple[str, ...] = ("resident",)

    def apply(self, using: str, changes: Sequence[Change]) -> None:
        """Take the changes in feed order."""
        # here, not above: linkage declarations are read before the app registry is ready
        from kokunen.nonresident_registry.services.moves import take_resident_changes

        take_resident_changes(changes)
