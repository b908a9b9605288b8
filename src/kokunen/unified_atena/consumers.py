"""庁内連携の受け取り: whoever is named in a batch of changes is linked anew and gets new provision records."""

from __future__ import annotations

from collections.abc import Sequence

from kokunen.common_platform.integration.consuming import Change


class CityFollower:
    """宛名紐付と情報提供データベースの自動作成"""

    name = "unified_atena.city"
    subsystem = "unified_atena"
    datasets: tuple[str, ...] = ("number_binding", "resident", "nonresident", "atena_link", "income")

    def apply(self, using: str, changes: Sequence[Change]) -> None:
        """Take the changes. The published rows say what holds now, so a repeat changes nothing."""
        # here, not above: linkage declarations are read before the app registry is ready
        from kokunen.unified_atena.services.following import follow

        follow(sorted({change.atena_number for change in changes}))
