"""扶養: who is claimed by whom in a tax year."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kokunen.common_platform.records.models import BitemporalModel, bitemporal_constraint
from kokunen.resident_tax.choices import DependantKind, DisabilityKind


class DependantClaim(BitemporalModel):
    """扶養の申告: a dependant is used by one taxpayer only (地方税法314条の2第5項); the database refuses a second."""

    tax_year = models.PositiveSmallIntegerField("年度（西暦）")
    claimant_atena_number = models.CharField("扶養する人の宛名番号", max_length=15)
    dependant_atena_number = models.CharField("扶養される人の宛名番号", max_length=15)
    kind = models.CharField("扶養の区分", max_length=2, choices=DependantKind.choices)
    disability = models.CharField("障害者区分", max_length=1, choices=DisabilityKind.choices, default="0")
    lives_together = models.BooleanField("同居", default=True)

    class Meta:
        db_table = "dependant_claim"
        verbose_name = "扶養の申告"
        verbose_name_plural = "扶養の申告"
        constraints = [
            bitemporal_constraint(
                "dependant_claimed_once", "dependant_atena_number", "tax_year", numbers=["dependant_atena_number"]
            ),
            models.CheckConstraint(
                name="dependant_is_someone_else",
                condition=~Q(claimant_atena_number=F("dependant_atena_number")),
            ),
        ]
        indexes = [
            models.Index(fields=["dependant_atena_number"], name="dependant_claim_history"),
            models.Index(
                fields=["claimant_atena_number", "tax_year"],
                name="dependant_claimant",
                condition=Q(recorded_period__endswith__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"扶養 {self.tax_year} {self.claimant_atena_number}"
