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
        """Gather the retention rules, stand at the door of new postings and of every file that leaves."""
        from kokunen.common_platform.portal.gates import register_gate
        from kokunen.common_platform.portal.web.leaving import set_gateway
        from kokunen.common_platform.safeguards.services.people import stop_unfit
        from kokunen.common_platform.safeguards.web.output import OutputGateway

        autodiscover_modules("retention", "media")
        register_gate(stop_unfit)
        set_gateway(OutputGateway())
