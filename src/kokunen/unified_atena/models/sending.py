"""送信データと送受信管理: items to send, files with a serial, answers, and the state of the line."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.common_platform.records.lines import RestingLine
from kokunen.unified_atena.choices import (
    ArrivedState,
    BatchState,
    InquiryState,
    Interface,
    ItemState,
    Operation,
)


class SendBatch(models.Model):
    """送信データ: one file of an interface; its serial is drawn once and never again, whatever becomes of it."""

    interface = models.CharField("インターフェース", max_length=12, choices=Interface.choices)
    serial = models.PositiveIntegerField("通番")
    content = models.JSONField("内容（ヘッダー・データ・トレーラー）")
    row_count = models.PositiveIntegerField("件数")
    sha256 = models.CharField("内容のハッシュ", max_length=64)
    made_at = models.DateTimeField("作成日時")
    state = models.CharField("状態", max_length=1, choices=BatchState.choices, default=BatchState.WAITING)
    attempts = models.PositiveIntegerField("送信回数", default=0)
    last_error = models.CharField("最後の障害", max_length=300, blank=True, default="")
    faults = models.JSONField("拒否の理由", default=list)
    receipt = models.CharField("相手方の受付番号", max_length=40, blank=True, default="")
    sent_at = models.DateTimeField("受付日時", null=True, blank=True)
    answered_at = models.DateTimeField("結果の受領日時", null=True, blank=True)
    accepted = models.PositiveIntegerField("受理", default=0)
    rejected = models.PositiveIntegerField("拒否", default=0)
    settled_by = models.CharField("処理した職員", max_length=40, blank=True, default="")
    settled_reason = models.CharField("処理の理由", max_length=200, blank=True, default="")

    class Meta:
        db_table = "send_batch"
        verbose_name = "送信データ"
        verbose_name_plural = "送信データ"
        constraints = [
            models.UniqueConstraint(fields=["interface", "serial"], name="send_batch_serial_once"),
            models.CheckConstraint(
                condition=~Q(state__in=(BatchState.SENT, BatchState.DONE))
                | (Q(sent_at__isnull=False) & ~Q(receipt="")),
                name="send_batch_sent_has_receipt",
            ),
            models.CheckConstraint(
                condition=~Q(state=BatchState.DONE)
                | Q(row_count=models.F("accepted") + models.F("rejected"), answered_at__isnull=False),
                name="send_batch_done_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="send_batch_waiting_idx", condition=Q(state=BatchState.WAITING)),
        ]

    @property
    def number(self) -> str:
        """電文番号: the same whenever the file is sent again."""
        return f"112038-032-{self.pk:012d}"


class SendItem(models.Model):
    """送信する1件: asked for in the transaction of the change; one that waits is not asked for twice."""

    interface = models.CharField("インターフェース", max_length=12, choices=Interface.choices)
    unified_number = models.CharField("団体内統合宛名番号", max_length=15)
    kind = models.CharField("種類", max_length=30, blank=True, default="")
    record_key = models.CharField("年度など", max_length=20, blank=True, default="")
    operation = models.CharField("更新の別", max_length=1, choices=Operation.choices, default=Operation.PUT)
    state = models.CharField("状態", max_length=1, choices=ItemState.choices, default=ItemState.WAITING)
    asked_at = models.DateTimeField("発生日時")
    batch = models.ForeignKey(
        SendBatch, on_delete=models.PROTECT, null=True, blank=True, verbose_name="送信データ", related_name="items"
    )
    row_number = models.PositiveIntegerField("行番号", null=True, blank=True)
    revision = models.PositiveIntegerField("版", default=0)
    fault_code = models.CharField("理由コード", max_length=20, blank=True, default="")
    fault = models.CharField("理由", max_length=300, blank=True, default="")
    settled_by = models.CharField("処理した職員", max_length=40, blank=True, default="")
    settled_reason = models.CharField("処理の理由", max_length=200, blank=True, default="")

    class Meta:
        db_table = "send_item"
        verbose_name = "送信する1件"
        verbose_name_plural = "送信する件"
        constraints = [
            models.UniqueConstraint(
                fields=["interface", "unified_number", "kind", "record_key"],
                condition=Q(state=ItemState.WAITING),
                name="send_item_waits_once",
            ),
            models.UniqueConstraint(fields=["batch", "row_number"], name="send_item_row_once"),
            models.CheckConstraint(
                condition=Q(batch__isnull=False, row_number__isnull=False)
                | Q(batch__isnull=True, row_number__isnull=True),
                name="send_item_in_a_file_or_not",
            ),
        ]
        indexes = [
            models.Index(
                fields=["interface", "id"], name="send_item_waiting_idx", condition=Q(state=ItemState.WAITING)
            ),
            models.Index(fields=["unified_number", "id"], name="send_item_person_idx"),
            models.Index(
                fields=["id"],
                name="send_item_trouble_idx",
                condition=Q(state__in=(ItemState.REJECTED, ItemState.EXCLUDED)),
            ),
        ]


class ArrivedFile(models.Model):
    """受信したファイル: stored once under the other side's number before that side is told that it may forget it."""

    number = models.CharField("電文番号", max_length=60, unique=True)
    kind = models.CharField("インターフェース", max_length=12)
    items = models.JSONField("内容")
    received_at = models.DateTimeField("受信日時")
    state = models.CharField("状態", max_length=1, choices=ArrivedState.choices, default=ArrivedState.NEW)
    problem = models.CharField("確認が必要な理由", max_length=300, blank=True, default="")

    class Meta:
        db_table = "arrived_file"
        verbose_name = "受信したファイル"
        verbose_name_plural = "受信したファイル"
        indexes = [models.Index(fields=["id"], name="arrived_file_new_idx", condition=Q(state=ArrivedState.NEW))]


class Inquiry(models.Model):
    """情報照会: a work asks about a person by 宛名番号; the answer is kept under the same 宛名番号."""

    work_id = models.CharField("業務ID", max_length=3)
    atena_number = models.CharField("宛名番号", max_length=15)
    unified_number = models.CharField("団体内統合宛名番号", max_length=15)
    body_code = models.CharField("照会先の団体コード", max_length=6)
    kind = models.CharField("特定個人情報の種類", max_length=30)
    record_key = models.CharField("年度など", max_length=20, blank=True, default="")
    state = models.CharField("状態", max_length=1, choices=InquiryState.choices, default=InquiryState.ASKED)
    asked_at = models.DateTimeField("照会日時")
    asked_by = models.CharField("照会した職員", max_length=40)
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)
    answer = models.JSONField("回答", default=dict)
    words = models.CharField("照会できない理由", max_length=300, blank=True, default="")

    class Meta:
        db_table = "inquiry"
        verbose_name = "情報照会"
        verbose_name_plural = "情報照会"
        indexes = [models.Index(fields=["work_id", "atena_number"], name="inquiry_work_idx")]


class UnmappedCharacter(models.Model):
    """変換できなかった文字: what the other side's character set has not, by character; met in how many rows."""

    character = models.CharField("文字", max_length=8, primary_key=True)
    replaced_by = models.CharField("送った文字", max_length=8)
    by_rule = models.CharField("置き換えの根拠", max_length=20)
    first_met_at = models.DateTimeField("初めて現れた日時")
    last_met_at = models.DateTimeField("最後に現れた日時")
    times = models.PositiveIntegerField("現れた件数", default=0)
    last_batch = models.ForeignKey(
        SendBatch, on_delete=models.PROTECT, verbose_name="最後に現れた送信データ", related_name="+"
    )

    class Meta:
        db_table = "unmapped_character"
        verbose_name = "変換できなかった文字"
        verbose_name_plural = "変換できなかった文字"


class LineCondition(RestingLine):
    """回線の状態 of the 中間サーバー."""

    party = models.CharField("相手方", max_length=30, primary_key=True)

    class Meta:
        db_table = "line_condition"
        verbose_name = "回線の状態"
        verbose_name_plural = "回線の状態"


class Reconciliation(models.Model):
    """照合: what the city has sent and what the other side holds, on one day."""

    asked_at = models.DateTimeField("照合日時")
    batch = models.OneToOneField(SendBatch, on_delete=models.PROTECT, verbose_name="送信データ", related_name="+")
    own = models.JSONField("当市の件数")
    theirs = models.JSONField("中間サーバーの件数", default=dict)
    unanswered_files = models.PositiveIntegerField("結果を待つ送信データ", default=0)
    agrees = models.BooleanField("一致", null=True)
    differences = models.JSONField("違い", default=list)

    class Meta:
        db_table = "reconciliation"
        verbose_name = "送受信の照合"
        verbose_name_plural = "送受信の照合"
