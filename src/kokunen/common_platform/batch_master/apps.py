"""バッチマスタ: Django application."""

from __future__ import annotations

from django.apps import AppConfig


class BatchMasterConfig(AppConfig):
    """バッチマスタ"""

    name = "kokunen.common_platform.batch_master"
    label = "batch_master"
    verbose_name = "バッチマスタ"
    default_auto_field = "django.db.models.BigAutoField"
