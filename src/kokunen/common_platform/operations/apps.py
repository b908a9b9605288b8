"""運用管理: Django application."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """運用管理"""

    name = "kokunen.common_platform.operations"
    label = "operations"
    verbose_name = "運用管理"
    default_auto_field = "django.db.models.BigAutoField"
