"""世帯: the household as a number with a life of its own; its members are told by their own records."""

from __future__ import annotations

from django.db import models

from kokunen.common_platform.records.models import BitemporalModel, bitemporal_constraint


class Household(BitemporalModel):
    """世帯: exists from its first member to its last (`valid_period`); the number is never used again."""

    household_number = models.CharField("世帯番号", max_length=15)
    de_facto_head = models.CharField("事実上の世帯主", max_length=100, blank=True, default="")

    class Meta:
        db_table = "household"
        verbose_name = "世帯"
        verbose_name_plural = "世帯"
        constraints = [bitemporal_constraint("household_no_overlap", "household_number", numbers=["household_number"])]
        indexes = [models.Index(fields=["household_number"], name="household_history")]


class EditingClaim(models.Model):
    """編集中の表示: who has a household on the desk; others read only until it is given back or has run out (SPEC
    10.3).

    Only a courtesy to people: what keeps two changes apart are the lock and the version check of the services.
    """

    household_number = models.CharField("世帯番号", max_length=15, primary_key=True)
    staff_number = models.CharField("職員", max_length=40)
    staff_name = models.CharField("職員名", max_length=80, blank=True, default="")
    screen = models.CharField("画面", max_length=60)
    claimed_at = models.DateTimeField("開始")
    expires_at = models.DateTimeField("期限")

    class Meta:
        db_table = "editing_claim"
        verbose_name = "編集中の世帯"
        verbose_name_plural = "編集中の世帯"
