"""要処理事項: what a change in the register, or the calendar, puts before the section."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.national_pension.choices import OPEN_WORK_STATES, WorkKind, WorkState


class WorkItem(models.Model):
    """要処理事項: prepared by the feed consumer or a night job, decided by an officer.

    `source_key` names what it came from (feed and change number, or job, day and person): the same change can make the
    same item only once. `proposal` holds what a confirmation would do, `steps` how the rules came to it.
    """

    kind = models.CharField("種類", max_length=20, choices=WorkKind.choices)
    atena_number = models.CharField("宛名番号", max_length=15)
    state = models.CharField("処理状態", max_length=10, choices=WorkState.choices, default=WorkState.OPEN)
    source_key = models.CharField("発生元", max_length=80, unique=True)
    source_dataset = models.CharField("連携データ", max_length=60, blank=True, default="")
    source_seq = models.BigIntegerField("連携番号", null=True, blank=True)
    registry_reason = models.CharField("異動事由", max_length=4, blank=True, default="")
    event_on = models.DateField("異動日", null=True, blank=True)
    effective_on = models.DateField("効力の日", null=True, blank=True)
    due_on = models.DateField("処理期限")
    article = models.CharField("根拠条文", max_length=100, blank=True, default="")
    summary = models.CharField("要旨", max_length=200)
    proposal = models.JSONField("処理案", default=dict)
    steps = models.JSONField("判断の過程", default=list)
    advice = models.JSONField("あわせて確認", default=list)
    office_code = models.CharField("担当窓口", max_length=20, blank=True, default="")
    created_at = models.DateTimeField("発生日時")
    decided_at = models.DateTimeField("処理日時", null=True, blank=True)
    decided_by = models.CharField("処理した職員", max_length=40, blank=True, default="")
    decision_note = models.CharField("処理の理由", max_length=200, blank=True, default="")
    act = models.ForeignKey(
        "QualificationAct",
        verbose_name="資格の処理",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="work_items",
    )
    notice = models.ForeignKey(
        "Receipt",
        verbose_name="受付",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="work_items",
    )
    undoes = models.ForeignKey(
        "self", verbose_name="取り消す事項", on_delete=models.RESTRICT, null=True, blank=True, related_name="undone_by"
    )

    class Meta:
        db_table = "work_item"
        verbose_name = "要処理事項"
        constraints = [
            models.CheckConstraint(
                name="work_item_decided",
                condition=Q(state__in=[str(state) for state in OPEN_WORK_STATES]) | Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="work_item_rejection_has_reason", condition=~Q(state="rejected") | ~Q(decision_note="")
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="work_item_open", condition=Q(state__in=["open", "planned"])),
            models.Index(fields=["atena_number", "created_at"], name="work_item_person"),
            models.Index(fields=["source_dataset", "source_seq"], name="work_item_source"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.atena_number}"

    @property
    def is_open(self) -> bool:
        """未処理か"""
        return self.state in OPEN_WORK_STATES
