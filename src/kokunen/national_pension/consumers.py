"""住民異動の受け取り: follows the feed of the resident registry, each change exactly once.

The work is done by `services/arrivals.py` inside the transaction that moves the cursor; if anything fails, cursor and
work roll back together and the change comes again.
"""

from __future__ import annotations

from collections.abc import Sequence

from kokunen.common_platform.integration.consuming import Change


class RegistryChanges:
    """住民異動の連携 (flow.in4)."""

    name = "national_pension.registry_changes"
    subsystem = "national_pension"
    datasets: tuple[str, ...] = ("resident",)

    def apply(self, using: str, changes: Sequence[Change]) -> None:
        """Take the changes in feed order; whoever was deleted after retention stays deleted."""
        # here, not above: linkage declarations are read before the app registry is ready
        from kokunen.national_pension.retention import forgotten_among
        from kokunen.national_pension.services.arrivals import take_registry_changes

        gone = forgotten_among(change.atena_number for change in changes)
        take_registry_changes([change for change in changes if change.atena_number not in gone])
