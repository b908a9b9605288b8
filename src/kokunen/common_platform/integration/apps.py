"""庁内連携: Django application (the log of linkage files and what outside systems have handed over)."""

from __future__ import annotations

from django.apps import AppConfig


class IntegrationConfig(AppConfig):
    """庁内連携"""

    name = "kokunen.common_platform.integration"
    label = "integration"
    verbose_name = "庁内連携"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the machine room to look whether a file has come."""
        from kokunen.common_platform.integration.files.inbox import call_for_arrivals
        from kokunen.common_platform.operations.duties import register_duty

        register_duty("linkage_files", call_for_arrivals)
