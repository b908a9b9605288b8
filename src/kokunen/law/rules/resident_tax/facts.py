"""課税の事実 (facts): the columns this tax is computed from, for the taxpayer and for each relative.

One row is one person. A column that a frame does not have stands for its default (no such income, no such status); a
row without ``spouse_birth_date`` is a person without a spouse in the same livelihood. Amounts are yen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from kokunen.law.engine.steps import Unit

LIABILITIES = ("resident", "house_only", "none")
DISABILITIES = ("none", "general", "special")
SINGLE_PARENTS = ("none", "mother", "father")
RATE_CLASSES = ("five_percent", "seven_percent")
RELATIONS = ("child", "lineal_ascendant", "other")

OUTSIDE = {
    "dividend_credit": "配当控除",
    "foreign_tax_credit": "外国税額控除",
    "land_short_reduced_income": "分離短期譲渡所得の軽減分（国等への譲渡）",
    "land_long_reduced_income": "分離長期譲渡所得の軽課分（居住用財産・優良住宅地）",
    "residence_loss": "居住用財産の譲渡損失",
    "treaty_exemption": "租税条約による免除",
    "cattle_exemption": "肉用牛の売却による免税",
    "relief": "減免",
}
"""この計算の外にあるもの: what is calculated by hand, with the words in which it is refused."""

_DISABILITY = pl.Enum(DISABILITIES)


@dataclass(frozen=True, slots=True)
class Fact:
    """事実の列: name, Japanese term, unit, column type and the value of whoever has no such fact."""

    name: str
    label_ja: str
    unit: Unit
    kind: Any
    default: Any


def _yen(name: str, label: str) -> Fact:
    return Fact(name, label, Unit.YEN, pl.Int64, 0)


def _flag(name: str, label: str, default: bool | None = False) -> Fact:
    return Fact(name, label, Unit.BOOL, pl.Boolean, default)


def _choice(name: str, label: str, values: tuple[str, ...], default: str | None) -> Fact:
    return Fact(name, label, Unit.TEXT, pl.Enum(values), default)


FACTS = (
    Fact("birth_date", "生年月日", Unit.DATE, pl.Date, None),
    _choice("liability", "納税義務", LIABILITIES, "resident"),
    Fact("area_grade", "生活保護の級地", Unit.TEXT, pl.Int64, 1),
    _flag("livelihood_assistance", "生活扶助"),
    _flag("undeclared", "未申告"),
    _yen("salary_receipts", "給与収入"),
    _yen("pension_receipts", "公的年金等収入"),
    _yen("business_income", "事業所得"),
    _yen("real_estate_income", "不動産所得"),
    _yen("other_misc_income", "業務・その他の雑所得"),
    _yen("occasional_income", "一時所得・総合長期譲渡（特別控除後、2分の1前）"),
    _yen("loss_carried_forward", "純損失・雑損失の繰越控除額"),
    _choice("disability", "本人の障害", DISABILITIES, "none"),
    _flag("widow", "寡婦"),
    _choice("single_parent", "ひとり親", SINGLE_PARENTS, "none"),
    _flag("working_student", "勤労学生"),
    _flag("salary_adjustment", "他の納税義務者の扶養親族による所得金額調整控除"),
    Fact("spouse_birth_date", "配偶者の生年月日", Unit.DATE, pl.Date, None),
    _yen("spouse_total_income", "配偶者の合計所得金額"),
    _choice("spouse_disability", "配偶者の障害", DISABILITIES, "none"),
    _flag("spouse_living_together", "配偶者との同居", True),
    _flag("spouse_business_employee", "配偶者の事業専従者"),
    _flag("spouse_abroad", "配偶者の国外居住"),
    _yen("social_insurance", "社会保険料"),
    _yen("small_enterprise_mutual_aid", "小規模企業共済等掛金"),
    _yen("life_general_new", "一般生命保険料（新契約）"),
    _yen("life_general_old", "一般生命保険料（旧契約）"),
    _yen("life_medical_care_new", "介護医療保険料"),
    _yen("life_annuity_new", "個人年金保険料（新契約）"),
    _yen("life_annuity_old", "個人年金保険料（旧契約）"),
    _yen("earthquake", "地震保険料"),
    _yen("earthquake_long_term_old", "旧長期損害保険料"),
    _yen("medical_paid", "医療費の支払額"),
    _yen("medical_reimbursed", "医療費の補填額"),
    _yen("self_medication", "スイッチOTC医薬品の支払額"),
    _yen("casualty_net_loss", "雑損の差引損失額"),
    _yen("casualty_disaster_expense", "災害関連支出"),
    _yen("housing_unabsorbed", "住宅借入金等特別控除の所得税で控除しきれない額"),
    _yen("housing_income_tax_taxable", "所得税の課税総所得金額等"),
    _choice("housing_rate_class", "住宅借入金等特別税額控除の区分", RATE_CLASSES, "five_percent"),
    _yen("donation_hometown", "ふるさと納税"),
    _yen("donation_city_designated", "市が条例で指定した寄附金"),
    _yen("donation_prefecture_designated", "県が条例で指定した寄附金"),
    _flag("donation_one_stop", "ワンストップ特例"),
)
"""本人の事実: the columns of the frame of taxpayers; ``birth_date`` is the only one that must be there."""

SEPARATE_FACTS = (
    _yen("land_short_income", "分離短期譲渡所得（特別控除前）"),
    _yen("land_short_special_deduction", "分離短期譲渡所得の特別控除額"),
    _yen("land_long_income", "分離長期譲渡所得（特別控除前）"),
    _yen("land_long_special_deduction", "分離長期譲渡所得の特別控除額"),
    _yen("listed_dividend_income", "上場株式等に係る配当所得等"),
    _yen("general_stock_income", "一般株式等に係る譲渡所得等"),
    _yen("listed_stock_income", "上場株式等に係る譲渡所得等"),
    _yen("listed_loss_carried_forward", "上場株式等の譲渡損失の繰越控除額"),
    _yen("futures_income", "先物取引に係る雑所得等"),
    _yen("futures_loss_carried_forward", "先物取引の損失の繰越控除額"),
    _yen("retirement_income", "退職所得（支払のときに課税されないもの）"),
    _yen("forest_income", "山林所得"),
    _yen("withheld_dividend_levy", "配当割額"),
    _yen("withheld_stock_levy", "株式等譲渡所得割額"),
)
"""分離課税の事実: read only when a frame brings one of them; amounts are not negative."""

RELATIVE_FACTS = (
    Fact("birth_date", "生年月日", Unit.DATE, pl.Date, None),
    _choice("relation", "続柄", RELATIONS, "child"),
    _yen("total_income", "合計所得金額"),
    _choice("disability", "障害", DISABILITIES, "none"),
    _flag("living_together", "同居", True),
    _flag("business_employee", "事業専従者"),
    _flag("abroad", "国外居住"),
    _flag("abroad_condition", "留学または38万円以上の送金"),
)
"""親族の事実: the columns of the frame of relatives; ``person`` (whose relative) and ``birth_date`` must be there."""


def with_defaults(frame: pl.DataFrame, facts: tuple[Fact, ...], *also: str) -> pl.DataFrame:
    """事実の表に整える: the columns of ``facts`` and ``also``, each of its type, missing ones at their defaults.

    Any other column of ``frame`` is refused (``ValueError``): a fact this law does not know must not get lost.
    """
    known = {*(fact.name for fact in facts), *also}
    if unknown := [OUTSIDE.get(name, name) for name in frame.columns if name not in known]:
        raise ValueError(f"この計算で扱わない項目があります: {'、'.join(unknown)}")
    columns = []
    for fact in facts:
        if fact.name in frame.columns:
            column = pl.col(fact.name).cast(fact.kind)
            told = fact.default is None or frame.get_column(fact.name).null_count() == 0
            columns.append(column if told else column.fill_null(fact.default))
        elif fact.default is None and fact.name == "birth_date":
            raise ValueError(f"{fact.label_ja}（{fact.name}）の列がありません")
        else:
            columns.append(pl.lit(fact.default, dtype=fact.kind).alias(fact.name))
    return frame.select(*also, *columns)


def stated(fact: Fact, value: date | int | str | bool | None) -> bool:
    """述べられた事実: True for what differs from the default and so belongs into an explanation."""
    return value is not None and value != fact.default
