"""保護措置の台帳: Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SafeguardsConfig(AppConfig):
    """保護措置の台帳"""

    name = "kokunen.common_platform.safeguards"
    label = "safeguards"
    verbose_name = "保護措置の台帳"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Gather the retention rules of the subsystems, and stand at the door of new postings."""
        from kokunen.common_platform.portal.gates import register_gate
        from kokunen.common_platform.safeguards.services.people import stop_unfit

        autodiscover_modules("retention")
        register_gate(stop_unfit)
