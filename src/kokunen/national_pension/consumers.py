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
        """Take the changes in feed order."""
        # here, not above: linkage declarations are read before the app registry is ready
        from kokunen.national_pension.services.arrivals import take_registry_changes

        take_registry_changes(changes)
