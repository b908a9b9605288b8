"""基本情報 (別添1 R1): who is on the city's pension roll, and under which 基礎年金番号."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.common_platform.records.models import BitemporalModel, bitemporal_constraint
from kokunen.national_pension.choices import LEDGER_MOVES, SEXES


class InsuredPerson(BitemporalModel):
    """被保険者台帳: one version of a person's basic information, as the register gave it.

    Being on this roll (台帳在籍) is a matter of the city, 資格 one of the State: a person who moves to another city
    leaves the roll (`ceased_resident_on`) and stays insured. `valid_period` is when this version of the facts held,
    `move_code` the 台帳異動 (T4) that brought it.
    """

    atena_number = models.CharField("宛名番号", max_length=15)
    name = models.CharField("氏名", max_length=100)
    name_kana = models.CharField("氏名カナ", max_length=150, blank=True, default="")
    alias = models.CharField("通称", max_length=100, blank=True, default="")
    birth_date = models.DateField("生年月日")
    birth_text = models.CharField("生年月日（不詳を含む表示）", max_length=40, blank=True, default="")
    sex = models.CharField("性別", max_length=1, choices=SEXES.choices())
    relationship = models.CharField("続柄", max_length=40, blank=True, default="")
    phone = models.CharField("電話番号", max_length=20, blank=True, default="")
    head_name = models.CharField("世帯主の氏名", max_length=100, blank=True, default="")
    became_resident_on = models.DateField("住民となった日", null=True, blank=True)
    ceased_resident_on = models.DateField("住民でなくなった日", null=True, blank=True)
    postal_code = models.CharField("郵便番号", max_length=7, blank=True, default="")
    address = models.CharField("現住所", max_length=200, blank=True, default="")
    destination_address = models.CharField("転出先住所", max_length=200, blank=True, default="")
    moved_out_on = models.DateField("転出月日", null=True, blank=True)
    move_code = models.CharField("台帳異動", max_length=2, choices=LEDGER_MOVES.choices(), default="06")

    class Meta:
        db_table = "insured_person"
        verbose_name = "被保険者台帳"
        constraints = [
            bitemporal_constraint("insured_person_no_overlap", "atena_number", numbers=["atena_number"]),
            models.CheckConstraint(name="insured_person_atena_form", condition=Q(atena_number__regex=r"^[0-9]{15}$")),
            models.CheckConstraint(name="insured_person_sex", condition=Q(sex__in=["0", "1", "2"])),
            models.CheckConstraint(name="insured_person_valid_not_empty", condition=Q(valid_period__isempty=False)),
        ]
        indexes = [
            models.Index(fields=["atena_number"], name="insured_person_history"),
            models.Index(
                fields=["atena_number"],
                name="insured_person_current",
                condition=Q(recorded_period__endswith__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"被保険者台帳 {self.atena_number}"

    @property
    def on_roll(self) -> bool:
        """台帳在籍: is the person a resident of the city as far as this version knows?"""
        return self.ceased_resident_on is None


class PensionNumber(BitemporalModel):
    """基礎年金番号 with its history.

    A person may have none (before 20, newly arrived), and may have several: an older 手帳記号番号, a duplicate that
    the Service is about to unite. A number told by hand stays a candidate until the Service confirms it; candidates
    are shown and never used. One number is the primary one at a time, and no two people hold the same primary number.
    """

    class Role(models.TextChoices):
        """番号の別"""

        PRIMARY = "primary", "基礎年金番号"
        DUPLICATE = "duplicate", "重複付番"
        OLD = "old", "旧手帳記号番号"
        CANDIDATE = "candidate", "未確認（申出）"

    atena_number = models.CharField("宛名番号", max_length=15)
    number = models.CharField("基礎年金番号", max_length=10)
    role = models.CharField("番号の別", max_length=10, choices=Role.choices, default=Role.PRIMARY)

    class Meta:
        db_table = "pension_number"
        verbose_name = "基礎年金番号"
        constraints = [
            models.CheckConstraint(
                name="pension_number_form", condition=Q(number__regex=r"^[0-9]{10}$") & ~Q(number="0000000000")
            ),
            models.CheckConstraint(
                name="pension_number_role", condition=Q(role__in=["primary", "duplicate", "old", "candidate"])
            ),
            bitemporal_constraint(
                "pension_number_once_a_person", "atena_number", "number", numbers=["atena_number", "number"]
            ),
        ]
        indexes = [
            models.Index(fields=["atena_number"], name="pension_number_history"),
            models.Index(
                fields=["atena_number"],
                name="pension_number_person",
                condition=Q(recorded_period__endswith__isnull=True),
            ),
            models.Index(
                fields=["number"], name="pension_number_number", condition=Q(recorded_period__endswith__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"基礎年金番号 of {self.atena_number}"

    @property
    def formatted(self) -> str:
        """NNNN-NNNNNN"""
        return f"{self.number[:4]}-{self.number[4:]}"
