"""個人住民税 (resident-tax): facts of one person and the family in, the tax of the year and its steps out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from kokunen.law.engine.steps import Explained
from kokunen.law.interface.fields import Boolean, Day, Enum, Field, Integer, List, Object, Record
from kokunen.law.interface.ruleset import Answer, Ruleset
from kokunen.law.rules import resident_tax as law
from kokunen.law.rules.resident_tax import facts as known

_MOST = 999_999_999_999
_FIRST_YEAR, _LAST_YEAR = 2024, 2026


def _yen(name: str, label: str, low: int = 0, *, required: bool = False) -> Integer:
    return Integer(
        name=name, label=label, spans=((low, _MOST),), **({"required": True} if required else {"default": 0})
    )


def _optional_yen(name: str, label: str) -> Integer:
    return Integer(name=name, label=label, spans=((0, _MOST),))


def _flag(name: str, label: str, default: bool = False) -> Boolean:
    return Boolean(name=name, label=label, default=default)


def _choice(name: str, label: str, values: tuple[str, ...], default: str) -> Enum:
    return Enum(name=name, label=label, values=values, default=default)


def _group(name: str, label: str, *fields: Field) -> Object:
    return Object(name=name, label=label, fields=fields)


FIELDS: tuple[Field, ...] = (
    Integer(name="tax_year", label="年度", required=True, spans=((_FIRST_YEAR, _LAST_YEAR),)),
    Day(name="birth_date", label="生年月日", required=True),
    _choice("liability", "納税義務", known.LIABILITIES, "resident"),
    Integer(name="area_grade", label="生活保護の級地", choices=(1, 2, 3), default=1),
    _flag("livelihood_assistance", "生活扶助"),
    _flag("undeclared", "未申告"),
    _group(
        "income",
        "所得",
        _yen("salary_receipts", "給与収入"),
        _yen("pension_receipts", "公的年金等収入"),
        _yen("business_income", "事業所得", -_MOST),
        _yen("real_estate_income", "不動産所得", -_MOST),
        _yen("other_misc_income", "業務・その他の雑所得"),
        _yen("occasional_income", "一時所得・総合長期譲渡所得"),
    ),
    _yen("loss_carried_forward", "純損失・雑損失の繰越控除額"),
    _group(
        "status",
        "本人該当",
        _choice("disability", "本人の障害", known.DISABILITIES, "none"),
        _flag("widow", "寡婦"),
        _choice("single_parent", "ひとり親", known.SINGLE_PARENTS, "none"),
        _flag("working_student", "勤労学生"),
        _flag("salary_adjustment", "所得金額調整控除"),
    ),
    _group(
        "spouse",
        "配偶者",
        Day(name="birth_date", label="配偶者の生年月日", required=True),
        _yen("total_income", "配偶者の合計所得金額", required=True),
        _choice("disability", "配偶者の障害", known.DISABILITIES, "none"),
        _flag("living_together", "配偶者との同居", True),
        _flag("business_employee", "配偶者の事業専従者"),
        _flag("abroad", "配偶者の国外居住"),
    ),
    List(
        name="dependants",
        label="親族",
        high=20,
        item=_group(
            "dependant",
            "親族",
            Day(name="birth_date", label="親族の生年月日", required=True),
            _choice("relation", "続柄", known.RELATIONS, "child"),
            _yen("total_income", "親族の合計所得金額"),
            _choice("disability", "親族の障害", known.DISABILITIES, "none"),
            _flag("living_together", "親族との同居", True),
            _flag("business_employee", "親族の事業専従者"),
            _flag("abroad", "親族の国外居住"),
            _flag("abroad_condition", "留学または38万円以上の送金"),
        ),
    ),
    _group(
        "deductions",
        "所得控除",
        _yen("social_insurance", "社会保険料"),
        _yen("small_enterprise_mutual_aid", "小規模企業共済等掛金"),
        _group(
            "life_insurance",
            "生命保険料",
            _yen("general_new", "一般生命保険料（新契約）"),
            _yen("general_old", "一般生命保険料（旧契約）"),
            _yen("medical_care_new", "介護医療保険料"),
            _yen("annuity_new", "個人年金保険料（新契約）"),
            _yen("annuity_old", "個人年金保険料（旧契約）"),
        ),
        _group(
            "earthquake_insurance",
            "地震保険料",
            _yen("earthquake", "地震保険料"),
            _yen("long_term_old", "旧長期損害保険料"),
        ),
        _group(
            "medical",
            "医療費",
            _yen("paid", "医療費の支払額", required=True),
            _yen("reimbursed", "医療費の補填額"),
        ),
        _optional_yen("self_medication", "スイッチOTC医薬品の支払額"),
        _group(
            "casualty",
            "雑損",
            _yen("net_loss", "雑損の差引損失額", required=True),
            _yen("disaster_expense", "災害関連支出"),
        ),
    ),
    _group(
        "credits",
        "税額控除",
        _group(
            "housing_loan",
            "住宅借入金等",
            _yen("unabsorbed", "所得税で控除しきれない額", required=True),
            _yen("income_tax_taxable", "所得税の課税総所得金額等", required=True),
            _choice("rate_class", "住宅借入金等の区分", known.RATE_CLASSES, "five_percent"),
        ),
        _group(
            "donation",
            "寄附金",
            _yen("hometown", "ふるさと納税"),
            _yen("city_designated", "市が条例で指定した寄附金"),
            _yen("prefecture_designated", "県が条例で指定した寄附金"),
            _flag("one_stop", "ワンストップ特例"),
        ),
    ),
)

_PREFIXES = {
    "income": "",
    "status": "",
    "spouse": "spouse_",
    "deductions": "",
    "life_insurance": "life_",
    "earthquake_insurance": "",
    "medical": "medical_",
    "casualty": "casualty_",
    "credits": "",
    "housing_loan": "housing_",
    "donation": "donation_",
}
"""入れ子の名 → what the columns of its fields begin with."""
_RENAMED = {"long_term_old": "earthquake_long_term_old"}


def conditions(record: Record) -> None:
    """所得は未申告でなければ必須; 医療費控除はどちらか一方."""
    if record["undeclared"]:
        record.forbid(("income",), "未申告のとき")
    else:
        record.require("income", "未申告でないとき")
    deductions = record.get("deductions")
    if deductions is not None and "medical" in deductions.given:
        deductions.forbid(("self_medication",), "医療費控除を受けるとき")


def evaluate(records: Sequence[Record], explain: bool) -> list[Answer]:
    """年度ごとにまとめて計算し、入力の順に答える."""
    answers: list[Answer | None] = [None] * len(records)
    for year in range(_FIRST_YEAR, _LAST_YEAR + 1):
        places = [place for place, record in enumerate(records) if record["tax_year"] == year]
        if places:
            for place, answer in zip(places, _of_year([records[p] for p in places], year, explain), strict=True):
                answers[place] = answer
    return [answer for answer in answers if answer is not None]


def _of_year(records: Sequence[Record], year: int, explain: bool) -> list[Answer]:
    people = _frame([{"person": i, **_facts(record)} for i, record in enumerate(records)], known.FACTS)
    rows = [{"person": i, **item} for i, record in enumerate(records) for item in record.get("dependants", ())]
    relatives = _frame(rows, known.RELATIVE_FACTS) if rows else None
    assessed = law.assess(people, relatives, year)
    family = _family_steps(relatives, year) if explain and relatives is not None else {}
    answers = []
    for person, values in enumerate(assessed.iter_rows(named=True)):
        steps = [*family.get(person, ()), *law.explain_row(values, year)] if explain else []
        answers.append(_answer(values, steps))
    return answers


def _frame(rows: list[dict[str, Any]], facts: tuple[known.Fact, ...]) -> pl.DataFrame:
    schema = {"person": pl.Int64, **{fact.name: fact.kind for fact in facts}}
    return pl.DataFrame(
        {name: pl.Series(name, [row.get(name) for row in rows], dtype=kind) for name, kind in schema.items()}
    )


def _facts(record: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """The nested fields of a line as the flat columns of the law."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Record):
            flat |= _facts(value, _PREFIXES[name])
        elif not isinstance(value, list):
            flat[_RENAMED.get(name, prefix + name)] = value
    return flat


def _family_steps(relatives: pl.DataFrame, year: int) -> dict[int, list[Explained]]:
    """親族ごとの段, named ``dependants[0].kind`` and so on."""
    found: dict[int, list[Explained]] = {}
    order: dict[int, int] = {}
    steps = law.relative_rule(year).steps
    for values in law.assess_relatives(relatives, year).iter_rows(named=True):
        person = values["person"]
        place = order[person] = order.get(person, -1) + 1
        listed = found.setdefault(person, [])
        for step in steps:
            name, label = f"dependants[{place}].{step.name}", f"親族{place + 1}の{step.label_ja}"
            listed.append(Explained(name, label, values[step.name], step.unit, step.article))
    return found


_SINGLE = ("salary_income", "pension_income", "total_income", "total_income_after_carryforward")
_JUDGED = ("counted_persons", "per_capita_limit", "income_levy_limit", "exemption", "exemption_reason")
_NESTED = {
    "computed_income_levy": ("city", "prefecture"),
    "adjustment_credit": ("city", "prefecture"),
    "adjustment_measure": ("city", "prefecture"),
    "housing_credit": ("city", "prefecture"),
    "donation_basic_credit": ("city", "prefecture", "total"),
    "donation_special_credit": ("city", "prefecture", "total"),
    "one_stop_credit": ("city", "prefecture"),
    "fixed_reduction": ("entitled", "city", "prefecture", "unused"),
}
_TAXES = (
    "city_income_levy",
    "prefecture_income_levy",
    "city_per_capita",
    "prefecture_per_capita",
    "forest_environment_tax",
    "city_tax",
    "prefecture_tax",
    "total_tax",
)
_UNDECLARED_STEPS = ("liability", "livelihood_assistance", "undeclared", "exemption_reason", "exemption")


def _answer(values: Mapping[str, Any], steps: list[Explained]) -> Answer:
    if values["undeclared"]:
        result = {name: values[name] for name in ("exemption", "exemption_reason")}
        return Answer(result, [step for step in steps if step.name in _UNDECLARED_STEPS])
    result = {
        **{name: values[name] for name in _SINGLE},
        "deductions": {name: values[f"deductions.{name}"] for name in (*law.DEDUCTIONS, "total")},
        **{name: values[name] for name in _JUDGED},
        **{name: values[name] for name in ("taxable_income", "person_difference_total")},
        **{name: {key: values[f"{name}.{key}"] for key in keys} for name, keys in _NESTED.items()},
        **{name: values[name] for name in _TAXES},
    }
    return Answer(result, steps)


RULESET = Ruleset(name="resident-tax", label="個人住民税", fields=FIELDS, conditions=conditions, evaluate=evaluate)
