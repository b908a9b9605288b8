"""国民年金: Django application."""

from __future__ import annotations

from django.apps import AppConfig


class NationalPensionConfig(AppConfig):
    """国民年金"""

    name = "kokunen.national_pension"
    label = "national_pension"
    verbose_name = "国民年金"
    default_auto_field = "django.db.models.BigAutoField"
