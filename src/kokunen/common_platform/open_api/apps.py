"""公開用API: Django application."""

from __future__ import annotations

from django.apps import AppConfig


class OpenApiConfig(AppConfig):
    """公開用API"""

    name = "kokunen.common_platform.open_api"
    label = "open_api"
    verbose_name = "公開用API"
    default_auto_field = "django.db.models.BigAutoField"
