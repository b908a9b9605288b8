"""庁内連携: Django application (the log of linkage files and what outside systems have handed over)."""

from __future__ import annotations

from django.apps import AppConfig


class IntegrationConfig(AppConfig):
    """庁内連携"""

    name = "kokunen.common_platform.integration"
    label = "integration"
    verbose_name = "庁内連携"
    default_auto_field = "django.db.models.BigAutoField"
