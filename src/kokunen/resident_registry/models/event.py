"""異動: the log of what was notified or found, append only. The rows of the register follow from it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.common_platform.records.models import AppendOnlyModel
from kokunen.resident_registry.choices import Cause, EventCode, Filer, FilingKind, IdentityCheck


class ResidentEvent(AppendOnlyModel):
    """異動: one notice, notification or decision that was registered (本登録).

    異動日 is the day of the fact, 届出日 the day the paper came, 処理日 the day of entry (always the office's today;
    another value is a forbidden function, SPEC 4.0.3). A cancellation is an event of its own that names what it
    cancels.
    """

    code = models.CharField("異動事由", max_length=3, choices=EventCode.choices)
    event_on = models.DateField("異動日")
    event_text = models.CharField("異動日の表示（不詳の場合）", max_length=40, blank=True, default="")
    event_imprecise = models.BooleanField("異動日不詳", default=False)
    notified_on = models.DateField("届出日")
    filing_kind = models.CharField("届出・通知の別", max_length=1, choices=FilingKind.choices)
    processed_on = models.DateField("処理日")
    processed_at = models.DateTimeField("処理日時")
    staff_number = models.CharField("処理した職員", max_length=40)
    office_code = models.CharField("処理した所属", max_length=20)
    filer = models.CharField("届出人", max_length=1, choices=Filer.choices, default=Filer.OFFICE)
    filer_name = models.CharField("届出人氏名", max_length=100, blank=True, default="")
    identity_check = models.CharField(
        "本人確認", max_length=1, choices=IdentityCheck.choices, default=IdentityCheck.NOT_NEEDED
    )
    cause = models.CharField("事由の詳細", max_length=2, choices=Cause.choices, blank=True, default="", db_default="")
    household_number = models.CharField("世帯番号", max_length=15, blank=True, default="")
    remarks = models.CharField("備考", max_length=300, blank=True, default="")
    case_id = models.CharField("受付番号", max_length=40, blank=True, default="")
    cancels = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cancelled_by",
        verbose_name="取り消す異動",
    )

    class Meta:
        db_table = "resident_event"
        verbose_name = "異動"
        verbose_name_plural = "異動"
        constraints = [
            models.UniqueConstraint(
                fields=["cancels"], condition=Q(cancels__isnull=False), name="event_cancelled_once"
            ),
            models.CheckConstraint(
                condition=Q(notified_on__lte=models.F("processed_on")), name="event_not_notified_in_future"
            ),
            models.CheckConstraint(
                condition=Q(event_on__lte=models.F("processed_on")) | Q(code__in=["201", "202", "203", "901"]),
                name="event_not_in_future",
            ),
            models.CheckConstraint(
                condition=Q(event_imprecise=False, event_text="") | (Q(event_imprecise=True) & ~Q(event_text="")),
                name="event_text_iff_imprecise",
            ),
        ]
        indexes = [
            models.Index(fields=["processed_on", "code"], name="event_processed_idx"),
            models.Index(fields=["household_number"], name="event_household_idx"),
        ]

    @property
    def receipt_number(self) -> str:
        """受付番号: shown to the visitor on the 受付票."""
        return f"{self.processed_on:%Y%m%d}-{self.pk:08d}"


class EventPerson(AppendOnlyModel):
    """異動者: a person whose record the event changed, with the versions before and after and the published change."""

    event = models.ForeignKey(ResidentEvent, on_delete=models.PROTECT, related_name="persons", verbose_name="異動")
    atena_number = models.CharField("宛名番号", max_length=15)
    is_subject = models.BooleanField("異動者本人", default=True)
    version_before = models.PositiveIntegerField("異動前の履歴番号", null=True, blank=True)
    version_after = models.PositiveIntegerField("異動後の履歴番号")
    change_seq = models.BigIntegerField("公開した変更の番号", null=True, blank=True)

    class Meta:
        db_table = "event_person"
        verbose_name = "異動者"
        verbose_name_plural = "異動者"
        constraints = [models.UniqueConstraint(fields=["event", "atena_number"], name="event_person_once")]
        indexes = [models.Index(fields=["atena_number", "event"], name="event_person_atena_idx")]
