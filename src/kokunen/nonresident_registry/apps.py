"""住登外管理: Django application."""

from __future__ import annotations

from django.apps import AppConfig


class NonresidentRegistryConfig(AppConfig):
    """住登外管理"""

    name = "kokunen.nonresident_registry"
    label = "nonresident_registry"
    verbose_name = "住登外管理"
    default_auto_field = "django.db.models.BigAutoField"
