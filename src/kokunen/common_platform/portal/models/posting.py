"""所属"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kokunen.common_platform.portal.models.office import Office
from kokunen.common_platform.portal.models.staff import Staff
from kokunen.common_platform.records.models import BitemporalModel, bitemporal_constraint


class Posting(BitemporalModel):
    """所属: which office someone works at, with which roles, on which days.

    A transfer is entered before its day and takes effect at 00:00 of it (CTL-052): the old posting ends, the new one
    begins. Two offices at once (兼務) are two postings.
    """

    staff = models.ForeignKey(Staff, verbose_name="職員", on_delete=models.PROTECT, related_name="postings")
    office = models.ForeignKey(Office, verbose_name="部署", on_delete=models.PROTECT, related_name="postings")
    roles = ArrayField(models.CharField(max_length=40), verbose_name="役割")
    is_main = models.BooleanField("本務", default=True)

    class Meta(BitemporalModel.Meta):
        abstract = False
        verbose_name = "所属"
        verbose_name_plural = "所属"
        constraints = [
            bitemporal_constraint("posting_staff_office_no_overlap", "staff", "office"),
            models.CheckConstraint(condition=models.Q(roles__len__gt=0), name="posting_has_a_role"),
        ]
