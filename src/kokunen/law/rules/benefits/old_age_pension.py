"""老齢基礎年金 (old-age basic pension): months to the amount of a year (法26〜28条, 43〜46条, 附則9条の2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kokunen.kernel.money import round_half_up
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history, value_on
from kokunen.law.rules.benefits.months import ARTICLE, Months, weighted_months

_RIGHT = "国民年金法第26条"
_EARLY = "国民年金法附則第9条の2、国民年金法施行令第12条"
_DEFERRED = "国民年金法第28条、国民年金法施行令第4条の5"
_ADDITIONAL = "国民年金法第44条"
_ADDITIONAL_ADJUSTED = "国民年金法第46条、附則第9条の2"


@dataclass(frozen=True, slots=True)
class Life:
    """被保険者期間: everything the pension is counted from."""

    months: Months
    deferral: int = 0
    combined: int = 0
    additional: int = 0

    @property
    def qualifying(self) -> int:
        """受給資格期間: 納付済 + 免除 + 猶予・学特 + 合算対象."""
        return self.months.paid + self.months.exempt + self.deferral + self.combined


@dataclass(frozen=True, slots=True)
class OldAgePension:
    """老齢基礎年金: yen a year."""

    full_amount: int
    weighted_x24: int
    qualifying_months: int
    eligible: bool
    basic: int
    permille: int
    adjusted_basic: int
    additional: int
    adjusted_additional: int
    steps: tuple[Explained, ...]

    @property
    def annual(self) -> int:
        """年金額: basic and additional pension, adjusted."""
        return self.adjusted_basic + self.adjusted_additional


def first_day_of(fiscal_year: int) -> date:
    """年度の初日."""
    return date(fiscal_year, 4, 1)


def full_amount(fiscal_year: int, birth: date | None = None) -> int:
    """満額 of the year; without ``birth`` that of the younger group. ``InputError`` for a year without amounts."""
    row = value_on("benefits/full_amount", first_day_of(fiscal_year))
    younger = birth is None or birth >= date.fromisoformat(row["younger_from"])
    amount: int = row["younger" if younger else "older"]
    return amount


def adjustment_permille(birth: date, early: int, deferred: int) -> int:
    """繰上げ・繰下げの率: permille, negative for months of early payment, positive for months of deferral."""
    earlier = history("benefits/early_payment").entries[-1].value
    reduced = birth >= date.fromisoformat(earlier["reduced_from"])
    rate: int = earlier["reduced" if reduced else "unreduced"]
    later: int = history("benefits/deferred_payment").entries[-1].value["rate"]
    return deferred * later - early * rate


def longest_deferral(birth: date) -> int:
    """繰下げ月数の限度: to 75, for those born up to 1952-04-01 to 70."""
    rule = history("benefits/deferred_payment").entries[-1].value
    longer = birth >= date.fromisoformat(rule["longer_from"])
    months: int = rule["longest" if longer else "longest_before"]
    return months


def old_age_pension(fiscal_year: int, birth: date, life: Life, *, early: int = 0, deferred: int = 0) -> OldAgePension:
    """老齢基礎年金 of a year, ``early`` months before 65 or ``deferred`` months after; amounts 0 when not eligible."""
    full = full_amount(fiscal_year, birth)
    weighted = weighted_months(life.months)
    least = history("benefits/qualifying_months").entries[-1].value
    eligible = life.qualifying >= least and life.months.paid + life.months.exempt >= 1
    unit = history("benefits/additional_pension").entries[-1].value
    permille = adjustment_permille(birth, early, deferred)
    basic = round_half_up(full * weighted.x24, weighted.limit_x24) if eligible else 0
    additional = unit * life.additional if eligible else 0
    adjusted, adjusted_additional = (round_half_up(each * (1000 + permille), 1000) for each in (basic, additional))
    rate_article = _EARLY if early else _DEFERRED
    steps = (
        Explained("full_amount", "満額", full, Unit.YEN, ARTICLE),
        *weighted.steps,
        Explained("deferral_months", "納付猶予・学生納付特例の月数", life.deferral, Unit.MONTH, _RIGHT),
        Explained("combined_months", "合算対象期間の月数", life.combined, Unit.MONTH, "昭和60年法律第34号附則第8条"),
        Explained("qualifying_months", "受給資格期間の月数", life.qualifying, Unit.MONTH, _RIGHT),
        Explained("required_months", "必要な月数", least, Unit.MONTH, _RIGHT),
        Explained("eligible", "受給資格", eligible, Unit.BOOL, _RIGHT),
        Explained("basic_amount", "老齢基礎年金の額（50銭以上切上げ）", basic, Unit.YEN, f"{ARTICLE}、第17条"),
        Explained("early_months", "繰上げ月数", early, Unit.MONTH, _EARLY),
        Explained("deferred_months", "繰下げ月数", deferred, Unit.MONTH, _DEFERRED),
        Explained("adjustment_permille", "繰上げ・繰下げの率", permille, Unit.PERMILLE, rate_article),
        Explained("adjusted_basic_amount", "繰上げ・繰下げ後の老齢基礎年金", adjusted, Unit.YEN, rate_article),
        Explained("additional_months", "付加保険料納付月数", life.additional, Unit.MONTH, _ADDITIONAL),
        Explained("additional_unit", "付加年金の単価", unit, Unit.YEN, _ADDITIONAL),
        Explained("additional_amount", "付加年金の額", additional, Unit.YEN, _ADDITIONAL),
        Explained(
            "adjusted_additional_amount",
            "繰上げ・繰下げ後の付加年金",
            adjusted_additional,
            Unit.YEN,
            _ADDITIONAL_ADJUSTED,
        ),
        Explained("annual_amount", "年金額の合計", adjusted + adjusted_additional, Unit.YEN, f"{ARTICLE}、第44条"),
    )
    return OldAgePension(
        full,
        weighted.x24,
        life.qualifying,
        eligible,
        basic,
        permille,
        adjusted,
        additional,
        adjusted_additional,
        steps,
    )
