"""特定個人情報保護評価: Django application."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """特定個人情報保護評価"""

    name = "kokunen.assessment"
    label = "assessment"
    verbose_name = "特定個人情報保護評価"
    default_auto_field = "django.db.models.BigAutoField"
