"""生活保護の通知 (生活福祉1課・2課): what the welfare sections told, by a way that the assessment declares."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.national_pension.exemption_choices import Aid, AidEvent


class WelfareNotice(models.Model):
    """生活保護の通知: a beginning or an end of aid of one person; settled by the receipt it led to, or by a reason."""

    atena_number = models.CharField("宛名番号", max_length=15)
    event = models.CharField("開始・廃止の別", max_length=5, choices=AidEvent.choices)
    aid = models.CharField("扶助の別", max_length=10, choices=Aid.choices)
    event_on = models.DateField("開始・廃止の日")
    section = models.CharField("通知した課", max_length=20)
    channel = models.CharField("入手の方法", max_length=20)
    arrived_on = models.DateField("通知を受けた日")
    noted_at = models.DateTimeField("記録日時")
    noted_by = models.CharField("記録した職員", max_length=40)
    receipt = models.ForeignKey(
        "Receipt",
        verbose_name="受付（法定免除の届）",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="welfare_notices",
    )
    settled_at = models.DateTimeField("処理日時", null=True, blank=True)
    settled_by = models.CharField("処理した職員", max_length=40, blank=True, default="")
    settled_note = models.CharField("処理の内容", max_length=200, blank=True, default="")

    class Meta:
        db_table = "welfare_notice"
        verbose_name = "生活保護の通知"
        constraints = [
            models.UniqueConstraint(fields=["atena_number", "event", "aid", "event_on"], name="welfare_notice_once"),
            models.CheckConstraint(
                name="welfare_settled_has_ground",
                condition=Q(settled_at__isnull=True) | Q(receipt__isnull=False) | ~Q(settled_note=""),
            ),
        ]
        indexes = [
            models.Index(fields=["event_on", "id"], name="welfare_open", condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"生活保護の通知 {self.get_event_display()} {self.event_on}"
