"""仮登録: notices that were entered and wait for a second officer (SPEC 4.0.8)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.resident_registry.choices import ProvisionalState


class ProvisionalEntry(models.Model):
    """仮登録: what was typed on a notice screen, kept until another officer registers it (本登録) or it is dropped.

    It is not law yet: the register, its neighbours, certificates and the lines keep the old record. Who decided and
    when is no item here (a register of approvers is a forbidden function, SPEC 4.0.8); the access ledger has it.
    """

    screen = models.CharField("画面", max_length=40)
    title = models.CharField("届出", max_length=60)
    atena_number = models.CharField("宛名番号", max_length=15, blank=True, default="")
    household_number = models.CharField("世帯番号", max_length=15, blank=True, default="")
    content = models.JSONField("入力した内容")
    entered_by = models.CharField("入力した職員", max_length=40)
    office_code = models.CharField("入力した所属", max_length=20)
    entered_at = models.DateTimeField("入力した日時")
    state = models.CharField("状態", max_length=1, choices=ProvisionalState.choices, default=ProvisionalState.WAITING)
    reason = models.CharField("取り下げた理由", max_length=200, blank=True, default="")
    event = models.ForeignKey(
        "ResidentEvent", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登録した異動"
    )

    class Meta:
        db_table = "provisional_entry"
        verbose_name = "仮登録"
        verbose_name_plural = "仮登録"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ProvisionalState.REGISTERED, event__isnull=False)
                | (~Q(state=ProvisionalState.REGISTERED) & Q(event__isnull=True)),
                name="provisional_registered_iff_event",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProvisionalState.DROPPED) | ~Q(reason=""), name="provisional_dropped_with_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["entered_at"],
                name="provisional_waiting_idx",
                condition=Q(state=ProvisionalState.WAITING),
            ),
            models.Index(
                fields=["household_number"],
                name="provisional_household_idx",
                condition=Q(state=ProvisionalState.WAITING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.entered_at:%Y-%m-%d}"
