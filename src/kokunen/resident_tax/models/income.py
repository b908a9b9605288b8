"""所得情報: what is known about a person's incomes, deductions and dependants for one tax year."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.common_platform.records.models import BitemporalModel, bitemporal_constraint
from kokunen.resident_tax.choices import DisabilityKind, SpouseKind, TaxState, WidowKind


def _yen(label: str) -> models.BigIntegerField[int | None, int | None]:
    return models.BigIntegerField(label, null=True, blank=True)


def _count(label: str) -> models.SmallIntegerField[int | None, int | None]:
    return models.SmallIntegerField(label, null=True, blank=True)


class IncomeRecord(BitemporalModel):
    """所得情報: one row a person and tax year (地方税法313条, 314条の2), amounts in yen.

    ``tax_year`` is the year in which the 年度 begins: 2026 stands for 令和8年度, on incomes of 令和7年.
    ``valid_period`` is the time for which the figures serve (1 June of the tax year to 31 May),
    ``recorded_period`` when they were what the office knew. A person under 未申告 has no figures at all: every
    amount, count and kind is empty.
    """

    atena_number = models.CharField("宛名番号", max_length=15)
    tax_year = models.PositiveSmallIntegerField("年度（西暦）")
    state = models.CharField("課税の別", max_length=1, choices=TaxState.choices)

    # 収入と所得 (地方税法313条1項; 所得税法28条, 35条)
    salary_receipts = _yen("給与収入")
    salary_income = _yen("給与所得")
    public_pension_receipts = _yen("公的年金収入")
    public_pension_income = _yen("公的年金等雑所得")
    business_income = _yen("事業所得")
    total_income = _yen("合計所得金額")

    # 扶養の人数 (地方税法314条の2); 一般 counts the ages 16 to 18 too
    general_dependants = _count("一般扶養数")
    elderly_dependants = _count("老人扶養数")
    specific_dependants = _count("特定扶養数")
    young_dependants = _count("年少扶養数")
    dependants_16_to_18 = _count("控除対象扶養数（16歳から18歳）")
    disabled_dependants = _count("障害者扶養数")
    special_disabled_dependants = _count("特別障害者扶養数")

    # 控除 (地方税法314条の2); 控除の合計額 is the sum that the pension tests use (国民年金法施行令6条の11, 6条の12)
    deduction_total = _yen("控除の合計額")
    income_after_deduction = _yen("控除後の所得額")
    net_loss = _yen("純損失")
    casualty_deduction = _yen("雑損控除")
    medical_deduction = _yen("医療費控除")
    social_insurance_deduction = _yen("社会保険料控除")
    mutual_aid_deduction = _yen("小規模企業共済等掛金控除")
    spouse_special_deduction = _yen("配偶者特別控除")
    specific_relative_deduction = _yen("特定親族特別控除")

    # 区分
    spouse_kind = models.CharField("控除対象配偶者", max_length=1, blank=True, default="", choices=SpouseKind.choices)
    own_disability = models.CharField(
        "本人障害者区分", max_length=1, blank=True, default="", choices=DisabilityKind.choices
    )
    widow_kind = models.CharField("本人寡婦（夫）区分", max_length=1, blank=True, default="", choices=WidowKind.choices)
    single_parent_kind = models.CharField("ひとり親区分（1該当）", max_length=1, blank=True, default="")
    working_student = models.CharField("本人勤労学生区分（1該当）", max_length=1, blank=True, default="")
    widow_special = models.CharField("寡婦特例（1該当）", max_length=1, blank=True, default="")

    class Meta:
        db_table = "income_record"
        verbose_name = "所得情報"
        verbose_name_plural = "所得情報"
        constraints = [
            bitemporal_constraint("income_no_overlap", "atena_number", "tax_year", numbers=["atena_number"]),
            models.CheckConstraint(name="income_state_known", condition=Q(state__in=["1", "2", "3", "4", "5"])),
            models.CheckConstraint(
                name="income_undeclared_has_no_figures",
                condition=(
                    Q(state__in=["1", "2", "3"], total_income__isnull=False, deduction_total__isnull=False)
                    | Q(
                        state__in=["4", "5"],
                        total_income__isnull=True,
                        deduction_total__isnull=True,
                        income_after_deduction__isnull=True,
                    )
                ),
            ),
            models.CheckConstraint(
                name="income_after_deduction_not_negative",
                condition=Q(income_after_deduction__isnull=True) | Q(income_after_deduction__gte=0),
            ),
        ]
        indexes = [
            models.Index(fields=["atena_number"], name="income_history"),
            models.Index(
                fields=["atena_number", "tax_year"],
                name="income_current",
                condition=Q(recorded_period__endswith__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"所得情報 {self.atena_number} {self.tax_year}"

    @property
    def is_known(self) -> bool:
        """金額が分かっているか: false for 未申告 and 他市課税, of whom nothing may be assumed."""
        return self.state not in {TaxState.UNDECLARED, TaxState.OTHER_CITY}


AMOUNT_FIELDS: tuple[str, ...] = tuple(
    field.name for field in IncomeRecord._meta.concrete_fields if type(field) is models.BigIntegerField
)
"""金額の列 (yen)."""

COUNT_FIELDS: tuple[str, ...] = tuple(
    field.name for field in IncomeRecord._meta.concrete_fields if type(field) is models.SmallIntegerField
)
"""人数の列."""

KIND_FIELDS: tuple[str, ...] = (
    "spouse_kind",
    "own_disability",
    "widow_kind",
    "single_parent_kind",
    "working_student",
    "widow_special",
)
"""区分の列."""
