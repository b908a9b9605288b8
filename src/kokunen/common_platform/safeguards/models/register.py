"""台帳の項目と手続の一歩: only ever added; the database refuses a second signature by the same hand."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kokunen.common_platform.records.models import AppendOnlyModel

SECOND_HANDS = ("activate", "approve", "decide", "destroy", "judge", "lift", "refuse", "sign_off", "witness")


class RegisterEntry(AppendOnlyModel):
    """台帳の項目: what was entered, by whom, when; never changed. `seal` binds it to a key outside the database."""

    kind = models.CharField("台帳", max_length=30)
    number = models.CharField("登録番号", max_length=20, unique=True)
    title = models.CharField("件名", max_length=200)
    content = models.JSONField("記載", default=dict)
    atena_number = models.CharField("本人の宛名番号", max_length=15, blank=True, default="")
    opened_on = models.DateField("受け付けた日")
    created_at = models.DateTimeField("登録日時")
    created_by = models.CharField("登録した職員", max_length=40)
    office_code = models.CharField("所属", max_length=10)
    seal = models.CharField("封", max_length=64)

    class Meta:
        db_table = "register_entry"
        verbose_name = "台帳の項目"
        verbose_name_plural = "台帳の項目"
        indexes = [
            models.Index(fields=["kind", "-id"], name="register_entry_of_kind"),
            models.Index(fields=["atena_number"], name="register_entry_person", condition=~Q(atena_number="")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="register_medium_once",
                fields=["kind", "title"],
                condition=Q(kind="medium"),
            ),
        ]


class RegisterStep(AppendOnlyModel):
    """手続の一歩: signed by whoever took it. `countersigns` is the step (0 = the entry) of the other hand."""

    entry = models.ForeignKey(RegisterEntry, verbose_name="項目", on_delete=models.RESTRICT, related_name="steps")
    sequence = models.PositiveIntegerField("順番")
    action = models.CharField("行為", max_length=30)
    content = models.JSONField("記載", default=dict)
    acted_on = models.DateField("行った日")
    signed_at = models.DateTimeField("署名した日時")
    signed_by = models.CharField("署名した職員", max_length=40)
    office_code = models.CharField("所属", max_length=10)
    countersigns = models.PositiveIntegerField("対になる署名", null=True, blank=True)
    seal = models.CharField("封", max_length=64)

    class Meta:
        db_table = "register_step"
        verbose_name = "手続の一歩"
        verbose_name_plural = "手続の一歩"
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "sequence"], name="register_step_in_order"),
            models.CheckConstraint(
                name="register_step_countersigns_earlier",
                condition=Q(countersigns__isnull=True) | Q(countersigns__lt=F("sequence")),
            ),
            models.CheckConstraint(
                name="register_step_second_hand",
                condition=~Q(action__in=SECOND_HANDS) | Q(countersigns__isnull=False),
            ),
        ]


class DeletionCandidate(models.Model):
    """削除の候補: who is to go, from the preview until the deletion; then these rows go as well."""

    entry = models.ForeignKey(
        RegisterEntry, verbose_name="年次の削除", on_delete=models.RESTRICT, related_name="candidates"
    )
    atena_number = models.CharField("宛名番号", max_length=15)

    class Meta:
        db_table = "deletion_candidate"
        verbose_name = "削除の候補"
        verbose_name_plural = "削除の候補"
        constraints = [models.UniqueConstraint(fields=["entry", "atena_number"], name="deletion_candidate_once")]
