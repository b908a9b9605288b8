"""回線: what goes to outside parties and what came from them, each message with a number of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.common_platform.records.lines import RestingLine
from kokunen.resident_registry.choices import ArrivedState, LineParty, SendState
from kokunen.resident_registry.models.event import ResidentEvent

#: 片づいていない: a message in one of these states keeps later ones of the same person waiting.
UNSETTLED = (SendState.WAITING, SendState.REFUSED, SendState.UNSENDABLE)


class OutgoingMessage(models.Model):
    """送信電文: written in the transaction of the change it tells of; its number is made once and never again.

    `sequence` counts the messages of one person to one party: they are sent in this order, and one that the party
    refuses keeps the later ones of that person waiting (nobody else's). `subject` is the 宛名番号, or the name of what
    it is about when it is about nobody.
    """

    party = models.CharField("相手方", max_length=20, choices=LineParty.choices)
    kind = models.CharField("電文の種類", max_length=4)
    subject = models.CharField("宛名番号", max_length=15)
    sequence = models.PositiveIntegerField("本人ごとの番号")
    event = models.ForeignKey(
        ResidentEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="異動"
    )
    version_number = models.PositiveIntegerField("履歴番号", null=True, blank=True)
    items = models.JSONField("項目")
    state = models.CharField("状態", max_length=1, choices=SendState.choices, default=SendState.WAITING)
    created_at = models.DateTimeField("作成日時")
    attempts = models.PositiveIntegerField("送信回数", default=0)
    last_error = models.CharField("最後の障害", max_length=300, blank=True, default="")
    faults = models.JSONField("拒否の理由", default=list)
    answered_at = models.DateTimeField("応答日時", null=True, blank=True)
    receipt = models.CharField("相手方の受付番号", max_length=40, blank=True, default="")
    resends = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="resent_as", verbose_name="送り直す電文"
    )
    settled_by = models.CharField("処理した職員", max_length=40, blank=True, default="")
    settled_reason = models.CharField("処理の理由", max_length=200, blank=True, default="")

    class Meta:
        db_table = "outgoing_message"
        verbose_name = "送信電文"
        verbose_name_plural = "送信電文"
        constraints = [
            models.UniqueConstraint(fields=["party", "subject", "sequence"], name="outgoing_in_order"),
            models.UniqueConstraint(
                fields=["resends"], condition=Q(resends__isnull=False), name="outgoing_resent_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=SendState.SENT) | (Q(answered_at__isnull=False) & ~Q(receipt="")),
                name="outgoing_sent_has_receipt",
            ),
        ]
        indexes = [
            models.Index(
                fields=["party", "id"], name="outgoing_waiting_idx", condition=Q(state__in=[str(s) for s in UNSETTLED])
            ),
            models.Index(fields=["party", "state", "id"], name="outgoing_state_idx"),
        ]

    @property
    def number(self) -> str:
        """電文番号: the same whenever the message is sent again."""
        return f"112038-{self.party}-{self.pk:012d}"


class ArrivedMessage(models.Model):
    """受信電文: stored once under the party's number before the party is told that it may forget it."""

    party = models.CharField("相手方", max_length=20, choices=LineParty.choices)
    number = models.CharField("電文番号", max_length=60)
    kind = models.CharField("電文の種類", max_length=4)
    items = models.JSONField("項目")
    received_at = models.DateTimeField("受信日時")
    state = models.CharField("状態", max_length=1, choices=ArrivedState.choices, default=ArrivedState.NEW)
    problem = models.CharField("確認が必要な理由", max_length=300, blank=True, default="")
    subject = models.CharField("宛名番号", max_length=15, blank=True, default="")
    event = models.ForeignKey(
        ResidentEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="異動"
    )
    settled_by = models.CharField("処理した職員", max_length=40, blank=True, default="")
    settled_reason = models.CharField("処理の理由", max_length=200, blank=True, default="")
    settled_at = models.DateTimeField("処理日時", null=True, blank=True)

    class Meta:
        db_table = "arrived_message"
        verbose_name = "受信電文"
        verbose_name_plural = "受信電文"
        constraints = [models.UniqueConstraint(fields=["party", "number"], name="arrived_once")]
        indexes = [
            models.Index(fields=["party", "state", "id"], name="arrived_state_idx"),
            models.Index(fields=["kind", "id"], name="arrived_kind_idx"),
        ]


class ArrivedRecord(models.Model):
    """受信したファイルの1件: a line of a file from a party (法務省通知), judged and applied by itself."""

    message = models.ForeignKey(
        ArrivedMessage, on_delete=models.PROTECT, related_name="records", verbose_name="受信電文"
    )
    line_number = models.PositiveIntegerField("行番号")
    items = models.JSONField("項目")
    state = models.CharField("状態", max_length=1, choices=ArrivedState.choices, default=ArrivedState.NEW)
    problem = models.CharField("確認が必要な理由", max_length=300, blank=True, default="")
    subject = models.CharField("宛名番号", max_length=15, blank=True, default="")
    event = models.ForeignKey(
        ResidentEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="異動"
    )
    settled_by = models.CharField("処理した職員", max_length=40, blank=True, default="")
    settled_reason = models.CharField("処理の理由", max_length=200, blank=True, default="")
    settled_at = models.DateTimeField("処理日時", null=True, blank=True)

    class Meta:
        db_table = "arrived_record"
        verbose_name = "受信ファイルの1件"
        verbose_name_plural = "受信ファイルの各件"
        constraints = [models.UniqueConstraint(fields=["message", "line_number"], name="record_once_a_file")]
        indexes = [models.Index(fields=["state", "id"], name="record_state_idx")]


class LineCondition(RestingLine):
    """回線の状態: one row a party."""

    party = models.CharField("相手方", max_length=20, choices=LineParty.choices, primary_key=True)

    class Meta:
        db_table = "line_condition"
        verbose_name = "回線の状態"
        verbose_name_plural = "回線の状態"


class KioskRequest(models.Model):
    """証明書交付センターからの要求: the result log. The number of the request answers once (住基法12条, 30条の15)."""

    number = models.CharField("要求番号", max_length=60, primary_key=True)
    requested_at = models.DateTimeField("要求日時")
    store = models.CharField("店舗", max_length=60, blank=True, default="")
    kind = models.CharField("証明書の種類", max_length=20)
    subject = models.CharField("宛名番号", max_length=15, blank=True, default="")
    outcome = models.CharField("結果", max_length=20)
    reason_code = models.CharField("断った理由", max_length=20, blank=True, default="")
    serial = models.CharField("発行番号", max_length=60, blank=True, default="")
    milliseconds = models.PositiveIntegerField("応答までのミリ秒", default=0)
    printed = models.CharField("印刷の結果", max_length=1, blank=True, default="")
    reported_at = models.DateTimeField("結果の通知日時", null=True, blank=True)

    class Meta:
        db_table = "kiosk_request"
        verbose_name = "コンビニ交付の要求"
        verbose_name_plural = "コンビニ交付の要求"
        indexes = [models.Index(fields=["-requested_at"], name="kiosk_when_idx")]
