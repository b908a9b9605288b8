"""お知らせ, 出力ファイル, 個人設定"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kokunen.common_platform.portal.models.staff import Staff


class Notice(models.Model):
    """お知らせ: to whom (no office and no role = everybody), from which day to which."""

    title = models.CharField("表題", max_length=80)
    body = models.TextField("内容", max_length=2000)
    offices = ArrayField(models.CharField(max_length=10), verbose_name="部署", default=list, blank=True)
    roles = ArrayField(models.CharField(max_length=40), verbose_name="役割", default=list, blank=True)
    is_important = models.BooleanField("重要", default=False)
    shown_from = models.DateField("掲載の開始日")
    shown_until = models.DateField("掲載の終了日")
    posted_by = models.CharField("掲載した職員", max_length=40)
    posted_at = models.DateTimeField("掲載した日時", auto_now_add=True)
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True, blank=True)

    class Meta:
        db_table = "notice"
        verbose_name = "お知らせ"
        verbose_name_plural = "お知らせ"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shown_until__gte=models.F("shown_from")), name="notice_shown_in_order"
            )
        ]
        indexes = [models.Index(fields=["shown_from", "shown_until"], name="notice_shown")]


class NoticeRead(models.Model):
    """お知らせの確認: who has read it."""

    notice = models.ForeignKey(Notice, verbose_name="お知らせ", on_delete=models.CASCADE, related_name="reads")
    staff = models.ForeignKey(Staff, verbose_name="職員", on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField("確認した日時", auto_now_add=True)

    class Meta:
        db_table = "notice_read"
        verbose_name = "お知らせの確認"
        verbose_name_plural = "お知らせの確認"
        constraints = [models.UniqueConstraint(fields=["notice", "staff"], name="notice_read_once")]


class OutboxFile(models.Model):
    """出力ファイル: made for one officer, kept sealed, fetched by nobody else, gone at its expiry."""

    class Kind(models.TextChoices):
        """区分"""

        FILE = "file", "ファイル"
        PRINT = "print", "帳票"

    owner = models.ForeignKey(Staff, verbose_name="職員", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("区分", max_length=6, choices=Kind.choices)
    title = models.CharField("表題", max_length=80)
    filename = models.CharField("ファイル名", max_length=120)
    content_type = models.CharField("形式", max_length=60)
    sealed = models.BinaryField("封をした内容", null=True)
    size = models.PositiveIntegerField("大きさ")
    people = models.PositiveIntegerField("対象人数", default=0)
    purpose = models.CharField("利用目的", max_length=40)
    made_at = models.DateTimeField("作成日時", auto_now_add=True)
    expires_at = models.DateTimeField("期限")
    fetched_at = models.DateTimeField("最後に受け取った日時", null=True, blank=True)
    fetches = models.PositiveIntegerField("受け取った回数", default=0)
    erased_at = models.DateTimeField("消去した日時", null=True, blank=True)

    class Meta:
        db_table = "outbox_file"
        verbose_name = "出力ファイル"
        verbose_name_plural = "出力ファイル"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) ^ models.Q(sealed__isnull=True), name="outbox_gone_is_gone"
            )
        ]
        indexes = [models.Index(fields=["owner", "-id"], name="outbox_of_owner")]


class StaffSetting(models.Model):
    """個人設定: how the screens look and what the home page shows to one officer."""

    staff = models.OneToOneField(
        Staff, verbose_name="職員", on_delete=models.CASCADE, primary_key=True, related_name="setting"
    )
    text_size = models.CharField(
        "文字の大きさ",
        max_length=8,
        choices=[("normal", "標準"), ("large", "大きい"), ("largest", "最大")],
        default="normal",
    )
    hidden_cards = ArrayField(
        models.CharField(max_length=60), verbose_name="業務メニューに出さない欄", default=list, blank=True
    )

    class Meta:
        db_table = "staff_setting"
        verbose_name = "個人設定"
        verbose_name_plural = "個人設定"
