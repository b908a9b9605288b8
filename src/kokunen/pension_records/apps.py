"""社会保険オンライン: Django application."""

from __future__ import annotations

from django.apps import AppConfig


class PensionRecordsConfig(AppConfig):
    """社会保険オンライン"""

    name = "kokunen.pension_records"
    label = "pension_records"
    verbose_name = "社会保険オンライン"
    default_auto_field = "django.db.models.BigAutoField"
