"""団体内統合宛名: Django application."""

from __future__ import annotations

from django.apps import AppConfig


class UnifiedAtenaConfig(AppConfig):
    """団体内統合宛名"""

    name = "kokunen.unified_atena"
    label = "unified_atena"
    verbose_name = "団体内統合宛名"
    default_auto_field = "django.db.models.BigAutoField"
