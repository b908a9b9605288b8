"""処理の記録: each act on the qualification record, which versions it closed and which it added.

With the lines of an act its effect can be undone exactly (異動取消, 取消), and a reader sees for every version who
made it and which rule and article it rests on.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kokunen.common_platform.records.models import AppendOnlyModel
from kokunen.national_pension.choices import ActKind, LineRole


class QualificationAct(AppendOnlyModel):
    """資格の処理: one decision that changed the record (登録, 訂正, 取消, 復元). Never changed, never removed."""

    atena_number = models.CharField("宛名番号", max_length=15)
    kind = models.CharField("処理区分", max_length=10, choices=ActKind.choices)
    fact = models.CharField("事実", max_length=40, blank=True, default="")
    fact_on = models.DateField("事実の日", null=True, blank=True)
    article = models.CharField("根拠条文", max_length=100, blank=True, default="")
    explanation = models.JSONField("判断の過程", default=list)
    reason = models.CharField("理由", max_length=200, blank=True, default="")
    undoes = models.ForeignKey(
        "self",
        verbose_name="取り消した処理",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="undone_by",
    )
    acted_at = models.DateTimeField("処理日時")
    acted_by = models.CharField("処理した職員", max_length=40)
    approved_by = models.CharField("承認した職員", max_length=40, blank=True, default="")

    class Meta:
        db_table = "qualification_act"
        verbose_name = "資格の処理"
        constraints = [
            # an act is undone once; who undoes the undoing begins anew
            models.UniqueConstraint(fields=["undoes"], name="qualification_act_undone_once"),
            models.CheckConstraint(
                name="qualification_act_reason_given",
                condition=Q(kind__in=["register", "load"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(name="qualification_act_two_people", condition=~Q(approved_by=F("acted_by"))),
        ]
        indexes = [models.Index(fields=["atena_number", "acted_at"], name="qualification_act_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.atena_number}"


class QualificationActLine(AppendOnlyModel):
    """処理の明細: a version that the act closed or added."""

    act = models.ForeignKey(QualificationAct, verbose_name="処理", on_delete=models.RESTRICT, related_name="lines")
    period = models.ForeignKey(
        "QualificationPeriod", verbose_name="資格期間", on_delete=models.RESTRICT, related_name="act_lines"
    )
    role = models.CharField("閉鎖・追加の別", max_length=6, choices=LineRole.choices)

    class Meta:
        db_table = "qualification_act_line"
        verbose_name = "処理の明細"
        constraints = [
            models.UniqueConstraint(fields=["period", "role"], name="qualification_act_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.period_id}"


class CorrectionProposal(models.Model):
    """訂正の起案: a correction waits here for a second officer; only the approval touches the record."""

    class State(models.TextChoices):
        """状態"""

        PROPOSED = "proposed", "承認待ち"
        APPROVED = "approved", "承認済"
        REFUSED = "refused", "差戻し"

    atena_number = models.CharField("宛名番号", max_length=15)
    period = models.ForeignKey(
        "QualificationPeriod", verbose_name="訂正する期間", on_delete=models.RESTRICT, related_name="corrections"
    )
    insured_type = models.CharField("訂正後の種別", max_length=1)
    acquired_on = models.DateField("訂正後の取得日")
    acquisition_reason = models.CharField("訂正後の取得理由", max_length=2)
    lost_on = models.DateField("訂正後の喪失日", null=True, blank=True)
    loss_reason = models.CharField("訂正後の喪失理由", max_length=2, blank=True, default="")
    reason = models.CharField("訂正の理由", max_length=200)
    evidence = models.CharField("確認した資料", max_length=200)
    state = models.CharField("状態", max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.CharField("起案した職員", max_length=40)
    proposed_at = models.DateTimeField("起案日時")
    decided_by = models.CharField("承認した職員", max_length=40, blank=True, default="")
    decided_at = models.DateTimeField("承認日時", null=True, blank=True)
    act = models.OneToOneField(
        QualificationAct,
        verbose_name="処理",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="correction",
    )

    class Meta:
        db_table = "correction_proposal"
        verbose_name = "訂正の起案"
        constraints = [
            models.CheckConstraint(name="correction_reason_given", condition=~Q(reason="") & ~Q(evidence="")),
            models.CheckConstraint(name="correction_two_officers", condition=~Q(decided_by=F("proposed_by"))),
        ]
        indexes = [models.Index(fields=["state", "proposed_at"], name="correction_waiting")]

    def __str__(self) -> str:
        return f"訂正の起案 {self.pk}"
