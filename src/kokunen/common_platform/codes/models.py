"""コード辞書: editions of each dictionary, and the entries with the days on which they hold."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q


class EditionState(models.TextChoices):
    """版の状態: two officers bring a new edition into force."""

    ASKED = "1", "承認待ち"
    APPLIED = "2", "適用済み"
    REJECTED = "3", "取下げ"


class CodeEdition(models.Model):
    """辞書の版: what was imported, from where, from which day on, by whom and approved by whom."""

    dictionary = models.CharField("辞書", max_length=30)
    number = models.PositiveIntegerField("版")
    source = models.CharField("出典", max_length=200)
    effective_on = models.DateField("適用日")
    is_whole = models.BooleanField("全件（ないコードは終わる）", default=True)
    rows = models.JSONField("取り込む内容", default=list)
    sha256 = models.CharField("内容のハッシュ", max_length=64)
    state = models.CharField("状態", max_length=1, choices=EditionState.choices, default=EditionState.ASKED)
    counts = models.JSONField("変わる件数", default=dict)
    asked_by = models.CharField("取り込んだ職員", max_length=40)
    asked_at = models.DateTimeField("取り込んだ日時")
    settled_by = models.CharField("承認・取下げをした職員", max_length=40, blank=True, default="")
    settled_at = models.DateTimeField("承認・取下げの日時", null=True, blank=True)
    words = models.CharField("取下げの理由", max_length=200, blank=True, default="")

    class Meta:
        db_table = "code_edition"
        verbose_name = "コード辞書の版"
        verbose_name_plural = "コード辞書の版"
        constraints = [
            models.UniqueConstraint(fields=["dictionary", "number"], name="code_edition_number_once"),
            models.UniqueConstraint(
                fields=["dictionary"], condition=Q(state=EditionState.ASKED), name="code_edition_one_waits"
            ),
            models.CheckConstraint(
                condition=~Q(state=EditionState.APPLIED) | ~Q(settled_by=F("asked_by")),
                name="code_edition_two_officers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dictionary} 第{self.number}版"


class CodeEntry(models.Model):
    """コード: one code, its words and other facts, and the days on which they hold. Changed words are a new row."""

    dictionary = models.CharField("辞書", max_length=30)
    code = models.CharField("コード", max_length=30)
    label = models.CharField("名称", max_length=200)
    kana = models.CharField("読み", max_length=200, blank=True, default="")
    facts = models.JSONField("その他の項目", default=dict)
    valid_period = DateRangeField("有効期間")
    edition = models.ForeignKey(CodeEdition, on_delete=models.PROTECT, verbose_name="加えた版", related_name="entries")
    ended_in = models.ForeignKey(
        CodeEdition, on_delete=models.PROTECT, null=True, blank=True, verbose_name="終えた版", related_name="ended"
    )

    class Meta:
        db_table = "code_entry"
        verbose_name = "コード"
        verbose_name_plural = "コード"
        constraints = [
            ExclusionConstraint(
                name="code_entry_no_overlap",
                expressions=[
                    ("dictionary", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid_period", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["dictionary", "code"], name="code_entry_code_idx")]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"
