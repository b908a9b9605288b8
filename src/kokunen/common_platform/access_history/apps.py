"""閲覧記録の照会: Django application (screens only, no tables)."""

from __future__ import annotations

from django.apps import AppConfig


class AccessHistoryConfig(AppConfig):
    """閲覧記録の照会"""

    name = "kokunen.common_platform.access_history"
    label = "access_history"
    verbose_name = "閲覧記録の照会"
