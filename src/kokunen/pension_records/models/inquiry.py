"""照会と照合"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from kokunen.common_platform.records.models import AppendOnlyModel
from kokunen.pension_records.choices import IdentityCheck, InquiryReason, InquiryState, KeyKind
from kokunen.pension_records.models.operator import Operator
from kokunen.pension_records.models.session import TerminalSession


class Inquiry(models.Model):
    """照会: who asked for which case. The number asked for is kept as a keyed token only, the answer not at all.

    One case asks for one person: a second 基礎年金番号 (or 個人番号) under the same case number cannot be written.
    """

    number = models.CharField("照会番号", max_length=32, unique=True)
    session = models.ForeignKey(
        TerminalSession, verbose_name="接続", on_delete=models.PROTECT, related_name="inquiries"
    )
    operator = models.ForeignKey(Operator, verbose_name="操作者", on_delete=models.PROTECT, related_name="inquiries")
    case_number = models.CharField("相談の受付番号", max_length=20)
    reason = models.CharField("照会の事由", max_length=24, choices=InquiryReason.choices)
    identity_check = models.CharField("本人確認", max_length=12, choices=IdentityCheck.choices)
    key_kind = models.CharField("照会の鍵", max_length=16, choices=KeyKind.choices)
    key_token = models.CharField("番号の代わりの符号", max_length=64)
    state = models.CharField("状態", max_length=12, choices=InquiryState.choices, default=InquiryState.ASKED)
    asked_at = models.DateTimeField("照会日時")
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)
    receipt = models.CharField("年金事務所の受付番号", max_length=20, blank=True, default="")

    class Meta:
        db_table = "inquiry"
        verbose_name = "照会"
        constraints = [
            ExclusionConstraint(
                name="inquiry_one_person_a_case",
                expressions=[
                    ("case_number", RangeOperators.EQUAL),
                    ("key_kind", RangeOperators.EQUAL),
                    ("key_token", RangeOperators.NOT_EQUAL),
                ],
            ),
            models.CheckConstraint(name="inquiry_case", condition=~Q(case_number="")),
        ]
        indexes = [models.Index(fields=["asked_at"], name="records_inquiry_day")]


class Slip(AppendOnlyModel):
    """照会票: the paper slip of one inquiry, entered by a supervisor from the paper."""

    number = models.CharField("照会番号", max_length=32, unique=True)
    case_number = models.CharField("相談の受付番号", max_length=20)
    operator_id = models.CharField("操作者ID", max_length=20)
    entered_by = models.ForeignKey(Operator, verbose_name="記入した管理者", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("記入日時")

    class Meta:
        db_table = "slip"
        verbose_name = "照会票"


class OfficeLine(AppendOnlyModel):
    """処理結果リストの一行: an inquiry as the 年金事務所 saw it."""

    day = models.DateField("処理日")
    number = models.CharField("照会番号", max_length=32, unique=True)
    case_number = models.CharField("相談の受付番号", max_length=20)
    operator_id = models.CharField("操作者ID", max_length=20)
    result = models.CharField("結果", max_length=12)
    fetched_at = models.DateTimeField("受取日時")

    class Meta:
        db_table = "office_line"
        verbose_name = "処理結果リスト"
        indexes = [models.Index(fields=["day"], name="records_office_line_day")]


class DayCheck(AppendOnlyModel):
    """照合の記録: what a supervisor found when the day's log, list and slips were laid side by side."""

    day = models.DateField("対象日")
    checked_by = models.ForeignKey(Operator, verbose_name="照合した管理者", on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField("照合日時")
    inquiries = models.PositiveIntegerField("照会の件数")
    differences = models.JSONField("相違", default=list)
    words = models.CharField("相違の説明", max_length=400, blank=True, default="")

    class Meta:
        db_table = "day_check"
        verbose_name = "照合の記録"
        constraints = [
            models.CheckConstraint(name="day_check_explained", condition=Q(differences=[]) | ~Q(words="")),
        ]
