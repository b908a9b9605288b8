"""運用の机: Django application (screens only, no tables)."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsDeskConfig(AppConfig):
    """運用の机"""

    name = "kokunen.common_platform.operations_desk"
    label = "operations_desk"
    verbose_name = "運用の机"

    def ready(self) -> None:
        """Tell the machine room how feeds are measured."""
        from kokunen.common_platform.operations.monitoring import register_probe
        from kokunen.common_platform.operations_desk.probes import feeds, files

        register_probe("feeds", feeds)
        register_probe("files", files)
