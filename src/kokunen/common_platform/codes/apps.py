"""共通データベース: Django application."""

from __future__ import annotations

from django.apps import AppConfig


class CodesConfig(AppConfig):
    """共通データベース"""

    name = "kokunen.common_platform.codes"
    label = "codes"
    verbose_name = "共通データベース"
    default_auto_field = "django.db.models.BigAutoField"
