"""閲覧記録台帳: Django application."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """閲覧記録台帳"""

    name = "kokunen.ledger"
    label = "ledger"
    verbose_name = "閲覧記録台帳"
    default_auto_field = "django.db.models.BigAutoField"
