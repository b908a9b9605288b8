"""ポータル: Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PortalConfig(AppConfig):
    """ポータル"""

    name = "kokunen.common_platform.portal"
    label = "portal"
    verbose_name = "ポータル"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Gather what the subsystems declare: permissions (`perms.py`), home page cards and menu (`home.py`), what
        waits for approval (`approvals.py`) and whom labels may be made for (`addressees.py`).
        """
        autodiscover_modules("perms", "home", "approvals", "addressees")
        from kokunen.common_platform.portal import home

        home.register_own()
