"""共通データの画面: Django application (screens only, no tables)."""

from __future__ import annotations

from django.apps import AppConfig


class DataDeskConfig(AppConfig):
    """共通データの画面"""

    name = "kokunen.common_platform.data_desk"
    label = "data_desk"
    verbose_name = "共通データの画面"
