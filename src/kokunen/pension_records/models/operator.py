"""登録書と操作者"""

from __future__ import annotations

from datetime import date

from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.db.models import F, Q

from kokunen.pension_records.choices import FormState, OperatorKind


class RegistrationForm(models.Model):
    """操作者登録書: handed in for one officer; the 年金事務所 decides."""

    number = models.CharField("登録書番号", max_length=32, unique=True)
    staff_number = models.CharField("職員番号", max_length=20)
    name = models.CharField("氏名", max_length=60)
    kana = models.CharField("氏名カナ", max_length=120)
    office = models.CharField("所属", max_length=60)
    kind = models.CharField("操作者の区分", max_length=12, choices=OperatorKind.choices)
    starts_on = models.DateField("利用開始日")
    submitted_by = models.CharField("提出した職員", max_length=20)
    submitted_at = models.DateTimeField("提出日時")
    state = models.CharField("状態", max_length=12, choices=FormState.choices, default=FormState.SUBMITTED)
    decided_at = models.DateTimeField("結果の受取日時", null=True, blank=True)
    words = models.CharField("結果の説明", max_length=200, blank=True, default="")

    class Meta:
        db_table = "registration_form"
        verbose_name = "操作者登録書"
        constraints = [
            # what an operator's row refers to (see migration 0001: an operator needs a form that is accepted)
            models.UniqueConstraint(fields=["id", "state"], name="registration_form_id_state"),
            models.CheckConstraint(
                name="registration_form_decided", condition=Q(state="submitted") | Q(decided_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"登録書 {self.number}"


class Operator(models.Model):
    """操作者: one person, one ID of the 年金事務所, from the day of the form until the end is entered.

    The database holds `form_state` beside these columns, always 'accepted', with a key into the form: an operator
    without an accepted form cannot be written, and an accepted form cannot be taken back under an operator.
    """

    operator_id = models.CharField("操作者ID", max_length=20, unique=True)
    form = models.OneToOneField(RegistrationForm, verbose_name="登録書", on_delete=models.PROTECT)
    staff_number = models.CharField("職員番号", max_length=20)
    name = models.CharField("氏名", max_length=60)
    office = models.CharField("所属", max_length=60)
    kind = models.CharField("操作者の区分", max_length=12, choices=OperatorKind.choices)
    password = models.CharField("パスワードのハッシュ", max_length=128)
    must_enrol = models.BooleanField("生体認証の登録待ち", default=True)
    starts_on = models.DateField("利用開始日")
    ended_at = models.DateTimeField("終了日時", null=True, blank=True)
    ended_reason = models.CharField("終了の理由", max_length=200, blank=True, default="")
    failures = models.PositiveSmallIntegerField("続けて失敗した回数", default=0)
    locked_at = models.DateTimeField("停止日時", null=True, blank=True)
    misses = models.PositiveSmallIntegerField("該当なしの続いた回数", default=0)

    class Meta:
        db_table = "operator"
        verbose_name = "操作者"
        constraints = [
            models.UniqueConstraint(
                fields=["staff_number"], name="operator_one_at_a_time", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="operator_ended_reason", condition=Q(ended_at__isnull=True) | ~Q(ended_reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.operator_id})"

    def set_password(self, password: str) -> None:
        """Keep the hash of a password."""
        self.password = make_password(password)

    def check_password(self, password: str) -> bool:
        """Is this the password?"""
        return check_password(password, self.password)

    def may_work_on(self, day: date) -> bool:
        """Registered for that day and not ended."""
        return self.ended_at is None and self.starts_on <= day


class EnrolmentCode(models.Model):
    """登録の符号: told to the operator by a supervisor who sees her in person; good once, for half an hour."""

    operator = models.ForeignKey(Operator, verbose_name="操作者", on_delete=models.PROTECT, related_name="codes")
    code_hash = models.CharField("符号のハッシュ", max_length=64)
    issued_by = models.ForeignKey(Operator, verbose_name="発行した管理者", on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField("発行日時")
    expires_at = models.DateTimeField("期限")
    used_at = models.DateTimeField("使用日時", null=True, blank=True)

    class Meta:
        db_table = "enrolment_code"
        verbose_name = "生体認証の登録の符号"
        constraints = [
            models.CheckConstraint(name="enrolment_code_by_another", condition=~Q(operator=F("issued_by"))),
        ]
