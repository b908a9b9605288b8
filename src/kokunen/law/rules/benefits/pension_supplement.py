"""年金生活者支援給付金 (pension supplement): monthly benefit beside a small pension (平成24年法律第102号)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from kokunen.kernel.money import round_half_up
from kokunen.law.engine.months import first_day, month_of
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history, value_on
from kokunen.law.rules.benefits._dates import month_reaching

_ACT = "年金生活者支援給付金の支給に関する法律"
_OLD_AGE = f"{_ACT}第2条、第3条"
_SUPPLEMENTARY = f"{_ACT}第10条、第11条"
_DISABILITY = f"{_ACT}第15条、第16条"
_SURVIVOR = f"{_ACT}第20条、第21条"
_LIMIT = f"{_ACT}施行令第1条"
_OTHER_LIMIT = f"{_ACT}施行令第8条"
_DEPENDANTS = {"general": "扶養親族等", "elderly": "老人扶養親族等", "specified": "特定扶養親族等"}


class Kind(StrEnum):
    """給付金の種類."""

    OLD_AGE = "old_age"
    SUPPLEMENTARY = "supplementary_old_age"
    DISABILITY = "disability"
    SURVIVOR = "survivor"
    NONE = "none"


class Refusal(StrEnum):
    """支給しない理由, in the order in which they are given."""

    UNDER_65 = "under_65"
    HOUSEHOLD_TAXED = "household_taxed"
    INCOME_OVER_LIMIT = "income_over_limit"


@dataclass(frozen=True, slots=True)
class Parts:
    """老齢の内訳: yen, each rounded by itself; they add up to the month's amount."""

    paid: int = 0
    exempt: int = 0
    quarter_exempt: int = 0

    @property
    def total(self) -> int:
        """合計."""
        return self.paid + self.exempt + self.quarter_exempt


@dataclass(frozen=True, slots=True)
class Supplement:
    """給付金の答え: ``kind`` NONE and amount 0 with any refusal; ``parts`` and upper limit for 老齢 only."""

    kind: Kind
    amount: int
    income_limit: int
    refusals: tuple[Refusal, ...]
    steps: tuple[Explained, ...]
    parts: Parts | None = None
    upper_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Pensioner:
    """老齢基礎年金の受給者: months paid and exempted (kind → months), last year's income, the household's tax."""

    birth: date
    paid: int
    exempt: Mapping[str, int]
    income: int
    household_tax_exempt: bool = True


def first_old_age_month() -> int:
    """老齢の所得基準額のわかる最初の月."""
    return month_of(history("supplement/income_limit").entries[0].start)


def known_months() -> tuple[int, int]:
    """基準額のわかる期間: first and last month."""
    table = history("supplement/base_amount")
    if table.until is None:
        raise ValueError("supplement/base_amount must name its last day")
    return month_of(table.entries[0].start), month_of(table.until)


def old_age_supplement(month: int, person: Pensioner) -> Supplement:
    """老齢・補足的老齢年金生活者支援給付金 for ``month``.

    From the month after the one in which 65 is reached, with a tax exempt household. Above the income limit, up to
    100,000 yen more, the part for paid months is reduced by the ratio of the distance to the upper limit.
    """
    day, rule = first_day(month), history("supplement/rule").entries[-1].value
    limits = value_on("supplement/income_limit", day)
    limit, upper = _of_group(limits, person.birth), _of_group(limits, person.birth) + limits["width"]
    refusals = _refusals(
        (Refusal.UNDER_65, month <= month_reaching(person.birth, rule["age"])),
        (Refusal.HOUSEHOLD_TAXED, not person.household_tax_exempt),
        (Refusal.INCOME_OVER_LIMIT, person.income > upper),
    )
    base: int = value_on("supplement/base_amount", day)["base"]
    units = _of_group(value_on("supplement/exempt_unit", day), person.birth)
    full: int = rule["full_months"]
    steps = _facts(month, person, limit, upper, base)
    if refusals:
        kind, parts = Kind.NONE, Parts()
    elif person.income <= limit:
        kind = Kind.OLD_AGE
        parts = _parts(person, base, units, full)
        steps += _part_steps(person, units)
    else:
        kind = Kind.SUPPLEMENTARY
        ratio = round_half_up((upper - person.income) * rule["ratio_steps"], limits["width"])
        parts = Parts(round_half_up(base * person.paid * ratio, full * rule["ratio_steps"]))
        steps.append(Explained("ratio", "補足的老齢の調整支給率", ratio, Unit.PERMILLE, _SUPPLEMENTARY))
    article = _SUPPLEMENTARY if kind is Kind.SUPPLEMENTARY else _OLD_AGE
    steps += [
        Explained("parts.paid", "納付済期間の額", parts.paid, Unit.YEN, article),
        Explained("parts.exempt", "全額・4分の3・半額免除期間の額", parts.exempt, Unit.YEN, article),
        Explained("parts.quarter_exempt", "4分の1免除期間の額", parts.quarter_exempt, Unit.YEN, article),
    ]
    steps += _result_steps(kind, refusals, parts.total, article)
    return Supplement(kind, parts.total, limit, refusals, tuple(steps), parts, upper)


def other_supplement(
    month: int, kind: Kind, income: int, dependants: Mapping[str, int], *, grade: int | None = None
) -> Supplement:
    """障害・遺族年金生活者支援給付金 for ``month``: the base amount, 障害1級 a quarter more, up to a limit."""
    day = first_day(month)
    amounts, limits = value_on("supplement/base_amount", day), value_on("supplement/other_income_limit", day)
    article = _DISABILITY if kind is Kind.DISABILITY else _SURVIVOR
    limit: int = limits["base"] + sum(limits[name] * dependants[name] for name in _DEPENDANTS)
    refusals = _refusals((Refusal.INCOME_OVER_LIMIT, income > limit))
    full_amount: int = amounts["grade_1" if grade == 1 else "base"]
    amount = 0 if refusals else full_amount
    steps = [Explained("base_income_limit", "扶養のない人の所得基準額", limits["base"], Unit.YEN, _OTHER_LIMIT)]
    for name, label in _DEPENDANTS.items():
        if dependants[name]:
            added = limits[name] * dependants[name]
            steps.append(Explained(f"dependants.{name}", f"{label}の人数", dependants[name], Unit.PERSON, _OTHER_LIMIT))
            steps.append(Explained(f"addition.{name}", f"{label}の加算", added, Unit.YEN, _OTHER_LIMIT))
    steps += [
        Explained("income_limit", "所得基準額", limit, Unit.YEN, _OTHER_LIMIT),
        Explained("income_total", "前年の所得", income, Unit.YEN, _OTHER_LIMIT),
    ]
    if grade is not None:
        steps.append(Explained("grade", "障害等級", f"{grade}級", Unit.TEXT, _DISABILITY))
    steps.append(Explained("table_amount", "給付の基準となる月額", full_amount, Unit.YEN, article))
    steps += _result_steps(Kind.NONE if refusals else kind, refusals, amount, article)
    return Supplement(Kind.NONE if refusals else kind, amount, limit, refusals, tuple(steps))


def _of_group(row: Mapping[str, Any], birth: date) -> Any:
    """The value of the older or the younger birth group."""
    return row["younger" if birth >= date.fromisoformat(row["younger_from"]) else "older"]


def _refusals(*tests: tuple[Refusal, bool]) -> tuple[Refusal, ...]:
    return tuple(reason for reason, applies in tests if applies)


def _full_weight(person: Pensioner) -> int:
    """全額・4分の3・半額免除の月数: of one weight in this benefit."""
    exempt = person.exempt
    return exempt["full_exemption"] + exempt["three_quarter_exemption"] + exempt["half_exemption"]


def _parts(person: Pensioner, base: int, units: Mapping[str, int], full: int) -> Parts:
    return Parts(
        round_half_up(base * person.paid, full),
        round_half_up(units["exempt"] * _full_weight(person), full),
        round_half_up(units["quarter_exempt"] * person.exempt["quarter_exemption"], full),
    )


def _facts(month: int, person: Pensioner, limit: int, upper: int, base: int) -> list[Explained]:
    """What is looked at before anything is paid."""
    over_65 = month > month_reaching(person.birth, history("supplement/rule").entries[-1].value["age"])
    return [
        Explained("after_65", "65歳に達した月の翌月以後", over_65, Unit.BOOL, _OLD_AGE),
        Explained("household_tax_exempt", "世帯全員の非課税", person.household_tax_exempt, Unit.BOOL, _OLD_AGE),
        Explained("income_limit", "所得基準額", limit, Unit.YEN, _LIMIT),
        Explained("income_upper_limit", "補足的所得基準額", upper, Unit.YEN, _SUPPLEMENTARY),
        Explained("income_total", "前年の年金収入とその他の所得", person.income, Unit.YEN, _OLD_AGE),
        Explained("base_amount", "基準額", base, Unit.YEN, f"{_ACT}第4条"),
        Explained("paid_months", "納付済月数", person.paid, Unit.MONTH, _OLD_AGE),
    ]


def _part_steps(person: Pensioner, units: Mapping[str, int]) -> list[Explained]:
    quarter = person.exempt["quarter_exemption"]
    return [
        Explained("exempt_unit", "免除期間の単価", units["exempt"], Unit.YEN, _OLD_AGE),
        Explained("exempt_months", "全額・4分の3・半額免除の月数", _full_weight(person), Unit.MONTH, _OLD_AGE),
        Explained("quarter_exempt_unit", "4分の1免除期間の単価", units["quarter_exempt"], Unit.YEN, _OLD_AGE),
        Explained("quarter_exempt_months", "4分の1免除の月数", quarter, Unit.MONTH, _OLD_AGE),
    ]


def _result_steps(kind: Kind, refusals: tuple[Refusal, ...], amount: int, article: str) -> list[Explained]:
    return [
        Explained("reasons", "支給しない理由", "、".join(refusals) or None, Unit.TEXT, article),
        Explained("kind", "給付金の種類", str(kind), Unit.TEXT, article),
        Explained("payable", "支給の可否", not refusals, Unit.BOOL, article),
        Explained("monthly_amount", "給付金の月額", amount, Unit.YEN, article),
    ]
