"""消した人の印"""

from __future__ import annotations

from django.db import models

from kokunen.common_platform.records.models import AppendOnlyModel


class ForgottenPerson(AppendOnlyModel):
    """消した人: a token made with a key outside the database. A late message about that person changes nothing."""

    token = models.CharField("消した人の印", max_length=64, unique=True)
    forgotten_on = models.DateField("削除した日")

    class Meta:
        db_table = "forgotten_person"
        verbose_name = "消した人の印"
        verbose_name_plural = "消した人の印"
