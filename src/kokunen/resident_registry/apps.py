"""既存住民基本台帳: Django application."""

from __future__ import annotations

from django.apps import AppConfig


class ResidentRegistryConfig(AppConfig):
    """既存住民基本台帳"""

    name = "kokunen.resident_registry"
    label = "resident_registry"
    verbose_name = "既存住民基本台帳"
    default_auto_field = "django.db.models.BigAutoField"
