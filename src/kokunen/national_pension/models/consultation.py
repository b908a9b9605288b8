"""年金相談・照会: what was said at the counter, what 社会保険オンライン showed, what was asked of the Service."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.common_platform.records.models import AppendOnlyModel
from kokunen.national_pension.choices import ConsultationChannel, InquiryState


class ConsultationNote(AppendOnlyModel):
    """年金相談票: one talk with time and officer; proof of what was said (特定事由の申出). Never changed."""

    atena_number = models.CharField("宛名番号", max_length=15)
    at = models.DateTimeField("相談日時")
    staff_number = models.CharField("職員", max_length=40)
    office_code = models.CharField("窓口", max_length=20)
    channel = models.CharField("相談の方法", max_length=8, choices=ConsultationChannel.choices)
    subject = models.CharField("相談の区分", max_length=40)
    asked = models.CharField("相談の内容", max_length=400)
    answered = models.CharField("回答", max_length=400)
    receipt_number = models.CharField("受付番号", max_length=13, blank=True, default="")

    class Meta:
        db_table = "consultation_note"
        verbose_name = "年金相談票"
        indexes = [models.Index(fields=["atena_number", "at"], name="consultation_person")]

    def __str__(self) -> str:
        return f"年金相談票 {self.pk}"


class RecordNote(AppendOnlyModel):
    """社会保険オンラインの確認: the months as read from the terminal, noted by hand; the latest note is the one in use.

    `spans`: {"from": "YYYY-MM", "to": "YYYY-MM", "state": MonthState, "known_on": day or null, "additional": bool}.
    """

    atena_number = models.CharField("宛名番号", max_length=15)
    seen_on = models.DateField("確認日")
    noted_at = models.DateTimeField("記入日時")
    noted_by = models.CharField("記入した職員", max_length=40)
    spans = models.JSONField("月ごとの記録")
    remarks = models.CharField("備考", max_length=200, blank=True, default="")

    class Meta:
        db_table = "record_note"
        verbose_name = "社会保険オンラインの確認"
        indexes = [models.Index(fields=["atena_number", "noted_at"], name="record_note_person")]

    def __str__(self) -> str:
        return f"年金記録の確認 {self.pk}"


class InquirySlip(models.Model):
    """照会票: a question of an office; the main office answers it or asks the Service in one batch a day."""

    atena_number = models.CharField("宛名番号", max_length=15)
    question = models.CharField("照会の内容", max_length=400)
    receipt_number = models.CharField("受付番号", max_length=13, blank=True, default="")
    state = models.CharField("状態", max_length=8, choices=InquiryState.choices, default=InquiryState.ASKED)
    office_code = models.CharField("照会した窓口", max_length=20)
    asked_by = models.CharField("照会した職員", max_length=40)
    asked_at = models.DateTimeField("照会日時")
    sent_by = models.CharField("年金事務所へ照会した職員", max_length=40, blank=True, default="")
    sent_at = models.DateTimeField("年金事務所への照会日時", null=True, blank=True)
    answer = models.CharField("回答", max_length=400, blank=True, default="")
    answered_by = models.CharField("回答を記入した職員", max_length=40, blank=True, default="")
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)

    class Meta:
        db_table = "inquiry_slip"
        verbose_name = "照会票"
        constraints = [
            models.CheckConstraint(
                name="inquiry_answered",
                condition=~Q(state="answered") | (~Q(answer="") & ~Q(answered_by="") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(name="inquiry_sent", condition=~Q(state="sent") | Q(sent_at__isnull=False)),
        ]
        indexes = [
            models.Index(fields=["state", "asked_at"], name="inquiry_open", condition=~Q(state="answered")),
            models.Index(fields=["atena_number", "asked_at"], name="inquiry_person"),
        ]

    def __str__(self) -> str:
        return f"照会票 {self.pk}"
