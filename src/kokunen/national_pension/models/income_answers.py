"""所得情報の提供 (S1-5): request files of the Service, each read once, and the answer to every line."""

from __future__ import annotations

from django.db import models


class AnswerCode(models.TextChoices):
    """所得回答区分 (T16)."""

    ANSWERED = "1", "回答"
    UNDECLARED = "2", "未申告"
    OTHER_CITY = "3", "他市課税"
    NOBODY = "4", "該当者なし"
    UNSURE = "5", "同定保留"


class IncomeRequestFile(models.Model):
    """所得情報提供依頼: one file as it came, by its hash; `answer` is what went back, kept to the byte."""

    sha256 = models.CharField("依頼ファイルのハッシュ値", max_length=64)
    filename = models.CharField("ファイル名", max_length=100)
    requests = models.IntegerField("依頼件数")
    counts = models.JSONField("回答区分ごとの件数", default=dict)
    answered_at = models.DateTimeField("回答日時")
    answered_by = models.CharField("回答した職員", max_length=40)
    answer = models.BinaryField("回答ファイル")
    answer_sha256 = models.CharField("回答ファイルのハッシュ値", max_length=64)

    class Meta:
        db_table = "income_request_file"
        verbose_name = "所得情報提供依頼"
        constraints = [models.UniqueConstraint(fields=["sha256"], name="income_request_once")]

    def __str__(self) -> str:
        return self.filename


class IncomeAnswer(models.Model):
    """所得情報の回答: one line of a request, whom it was taken for and by what, and the code of the answer."""

    file = models.ForeignKey(IncomeRequestFile, verbose_name="依頼", on_delete=models.RESTRICT, related_name="answers")
    line_number = models.IntegerField("行番号")
    serial = models.CharField("依頼連番", max_length=10)
    number = models.CharField("基礎年金番号", max_length=10, blank=True, default="")
    kana = models.CharField("氏名カナ", max_length=100)
    birth_date = models.DateField("生年月日")
    relation = models.CharField("続柄区分", max_length=1)
    tax_year = models.PositiveSmallIntegerField("対象年度")
    purpose = models.CharField("依頼種別", max_length=1)
    atena_number = models.CharField("宛名番号", max_length=15, blank=True, default="")
    matched_by = models.CharField("同定の方法", max_length=10, blank=True, default="")
    code = models.CharField("回答区分", max_length=1, choices=AnswerCode.choices, blank=True, default="")

    class Meta:
        db_table = "income_answer"
        verbose_name = "所得情報の回答"
        constraints = [models.UniqueConstraint(fields=["file", "line_number"], name="income_answer_line_once")]
        indexes = [
            models.Index(fields=["atena_number"], name="income_answer_person", condition=~models.Q(atena_number=""))
        ]

    def __str__(self) -> str:
        return f"{self.file_id}-{self.line_number}"
