"""個人住民税: Django application."""

from __future__ import annotations

from django.apps import AppConfig


class ResidentTaxConfig(AppConfig):
    """個人住民税"""

    name = "kokunen.resident_tax"
    label = "resident_tax"
    verbose_name = "個人住民税"
    default_auto_field = "django.db.models.BigAutoField"
