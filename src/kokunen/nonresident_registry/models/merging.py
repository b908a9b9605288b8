"""住登外名寄情報: candidates, links of parent and child, and every step that was made (標準 0310008, 0310009)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kokunen.common_platform.records.models import AppendOnlyModel
from kokunen.nonresident_registry.choices import BINDING, AtenaKind, LinkState, ProposalState


class MergeProposal(models.Model):
    """名寄せ候補: two records that may be one person, with the score and what it is made of."""

    first = models.CharField("宛名番号1", max_length=15)
    second = models.CharField("宛名番号2", max_length=15)
    kind = models.CharField("宛名の種類", max_length=1, choices=AtenaKind.choices, default=AtenaKind.INDIVIDUAL)
    probability = models.FloatField("同一人である確からしさ")
    weight = models.FloatField("証拠の重み（ビット）")
    features = models.JSONField("項目ごとの根拠")
    found_at = models.DateTimeField("見つけた日時")
    state = models.CharField("状態", max_length=1, choices=ProposalState.choices, default=ProposalState.WAITING)
    decided_by = models.CharField("判断した職員", max_length=40, blank=True, default="")
    decided_at = models.DateTimeField("判断した日時", null=True, blank=True)
    words = models.CharField("判断の理由", max_length=300, blank=True, default="")

    class Meta:
        db_table = "merge_proposal"
        verbose_name = "名寄せ候補"
        verbose_name_plural = "名寄せ候補"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="proposal_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="proposal_in_order"),
        ]
        indexes = [
            models.Index(
                fields=["-weight", "id"], name="proposal_waiting_idx", condition=Q(state=ProposalState.WAITING)
            ),
            models.Index(fields=["second"], name="proposal_second_idx"),
        ]


class MergeLink(models.Model):
    """名寄せ: child (名寄せ元) under parent (名寄せ先). Numbers are never re-assigned: it is only a link.

    Depth is one: a child has no children (a trigger holds it). `caused_by` is the link that moved this child to another
    parent, `replaces` the link that stood before; ending the cause brings `replaces` back.
    """

    parent = models.CharField("名寄せ先宛名番号", max_length=15)
    child = models.CharField("名寄せ元宛名番号", max_length=15)
    kind = models.CharField("宛名の種類", max_length=1, choices=AtenaKind.choices)
    state = models.CharField("状態", max_length=1, choices=LinkState.choices, default=LinkState.ASKED)
    reason = models.CharField("名寄せの理由", max_length=300)
    evidence = models.JSONField("根拠", default=dict)
    proposal = models.ForeignKey(
        MergeProposal, on_delete=models.PROTECT, null=True, blank=True, verbose_name="名寄せ候補", related_name="links"
    )
    caused_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, verbose_name="付替えの元", related_name="moves"
    )
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, verbose_name="付替え前", related_name="replaced_by"
    )
    child_status_before = models.CharField("名寄せ元の前の状態", max_length=1, blank=True, default="")
    asked_by = models.CharField("申請した職員", max_length=40)
    asked_at = models.DateTimeField("申請日時")
    made_by = models.CharField("承認した職員", max_length=40, blank=True, default="")
    made_at = models.DateTimeField("名寄せ日時", null=True, blank=True)
    end_asked_by = models.CharField("解除を申請した職員", max_length=40, blank=True, default="")
    end_reason = models.CharField("解除の理由", max_length=300, blank=True, default="")
    ended_by = models.CharField("解除を承認した職員", max_length=40, blank=True, default="")
    ended_at = models.DateTimeField("解除日時", null=True, blank=True)

    class Meta:
        db_table = "merge_link"
        verbose_name = "名寄せ"
        verbose_name_plural = "名寄せ"
        constraints = [
            models.UniqueConstraint(fields=["child"], condition=Q(state__in=BINDING), name="link_one_parent"),
            models.UniqueConstraint(fields=["child"], condition=Q(state=LinkState.ASKED), name="link_one_request"),
            models.CheckConstraint(condition=~Q(parent=F("child")), name="link_not_itself"),
            models.CheckConstraint(
                condition=Q(made_by="")
                | ~Q(made_by=F("asked_by"))
                | Q(caused_by__isnull=False)
                | Q(replaces__isnull=False),
                name="link_two_officers",
            ),
            models.CheckConstraint(
                condition=Q(ended_by="") | ~Q(ended_by=F("end_asked_by")) | Q(end_asked_by=""),
                name="link_end_two_officers",
            ),
        ]
        indexes = [models.Index(fields=["parent"], name="link_parent_idx", condition=Q(state__in=BINDING))]


class MergeStep(AppendOnlyModel):
    """名寄せの経過: every request, approval, rejection and ending, in order."""

    link = models.ForeignKey(MergeLink, on_delete=models.PROTECT, verbose_name="名寄せ", related_name="steps")
    state = models.CharField("状態", max_length=1, choices=LinkState.choices)
    parent = models.CharField("名寄せ先宛名番号", max_length=15)
    child = models.CharField("名寄せ元宛名番号", max_length=15)
    words = models.CharField("理由", max_length=300, blank=True, default="")
    at = models.DateTimeField("日時")
    by = models.CharField("職員", max_length=40)

    class Meta:
        db_table = "merge_step"
        verbose_name = "名寄せの経過"
        verbose_name_plural = "名寄せの経過"
        indexes = [models.Index(fields=["child", "at"], name="merge_step_child_idx")]
