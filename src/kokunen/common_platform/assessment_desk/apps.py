"""評価書の机: Django application (screens only, no tables)."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AssessmentDeskConfig(AppConfig):
    """評価書の机"""

    name = "kokunen.common_platform.assessment_desk"
    label = "assessment_desk"
    verbose_name = "評価書の机"

    def ready(self) -> None:
        """Gather the live counts of the subsystems (`assessment_figures.py`)."""
        autodiscover_modules("assessment_figures")
