"""帳票の作成: a paper of one person as PDF; the same decision and moment give the same bytes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from kokunen.common_platform import printing
from kokunen.kernel.errors import Conflict
from kokunen.kernel.wareki import format_wareki
from kokunen.law.engine.steps import Explained
from kokunen.law.rules import instalments
from kokunen.law.rules.instalments import spread
from kokunen.resident_tax.choices import CollectionMethod, DecisionReason, TaxState
from kokunen.resident_tax.models import PensionWithholding, TaxChange, TaxDecision
from kokunen.resident_tax.queries import PersonTax, steps_of
from kokunen.resident_tax.resident_view import Resident
from kokunen.resident_tax.services.computing import METHODS
from kokunen.resident_tax.withholding_queries import schedule

_HERE = Path(__file__).resolve().parent
_REIWA = 2018
OBJECTION = (
    "この決定に不服があるときは、この通知書を受け取った日の翌日から起算して3か月以内に、川口市長に対して審査請求をする"
    "ことができます。決定の取消しの訴えは、審査請求に対する裁決を経た後、裁決があったことを知った日の翌日から起算して6か月"
    "以内に、川口市を被告とし、川口市長を代表者として提起することができます。"
)
"""教示: how to object and how to sue, on every notice of a decision.

行政不服審査法82条、行政事件訴訟法46条、地方税法19条の12.
"""
_INCOMES = ("salary_receipts", "salary_income", "pension_receipts", "pension_income", "business_income",
            "real_estate_income", "other_misc_income", "occasional_income", "land_short_income", "land_long_income",
            "listed_dividend_income", "general_stock_income", "listed_stock_income", "futures_income",
            "forest_income", "retirement_income")  # fmt: skip
FIGURES = (
    ("合計所得金額", "total_income"), ("課税標準額", "taxable_income"), ("市民税", "city_tax"),
    ("県民税", "prefecture_tax"), ("森林環境税", "forest_tax"), ("年税額", "total_tax"),
)  # fmt: skip
"""通知書の金額: what a notice names and the field of the decision."""
_TAX = ("taxable_income", "adjustment_credit.city", "adjustment_credit.prefecture", "city_income_levy",
        "prefecture_income_levy", "city_per_capita", "prefecture_per_capita", "forest_environment_tax",
        "total_tax")  # fmt: skip


def year_words(tax_year: int) -> str:
    """年度: 2026 → 令和8年度."""
    return f"令和{tax_year - _REIWA}年度"


def certificate(person: PersonTax, *, income_only: bool, serial: str, at: datetime) -> bytes:
    """課税(非課税)証明書・所得証明書. Raises Conflict for a person who is 未申告 or not decided."""
    decision = person.decision
    if decision is None or decision.state == TaxState.UNDECLARED:
        raise Conflict(
            "申告がないため証明書を交付できません",
            code="undeclared",
            hint="住民税の申告を受け付けてから交付してください（申告がなければ0円とはなりません）。",
        )
    steps = {step.name: step for step in person.steps}
    exempt = decision.state == TaxState.EXEMPT
    title = "所得証明書" if income_only else "非課税証明書" if exempt else "課税証明書"
    sections = [["所得", [*_lines(steps, _INCOMES, skip_zero=True),
                        *_lines(steps, ("total_income", "total_income_after_carryforward"))]]]  # fmt: skip
    if not income_only:
        named = [name for name in steps if name.startswith("deductions.") and not name.startswith("deductions_left")]
        sections.append(["所得控除", _lines(steps, named, skip_zero=True)])
        sections.append(["税額", _lines(steps, _TAX)])
    data = {
        "title": title, "serial": serial, "year": year_words(person.tax_year),
        "income_year": f"令和{person.tax_year - _REIWA - 1}年中",
        **_person(person.resident), "sections": sections, "exempt": exempt and not income_only,
        "printed": format_wareki(at.date()), "dated": [at.year, at.month, at.day],
    }  # fmt: skip
    return printing.render(_HERE / "certificate.typ", data, at=at)


def resolution(change: TaxChange, resident: Resident, *, serial: str, at: datetime) -> bytes:
    """更正決議書: before and after side by side."""
    before = {step.name: step for step in steps_of(change.before)}
    after = {step.name: step for step in _steps_of_change(change)}
    names = [n for n in after if after[n].unit == "yen" and before.get(n) and before[n].value != after[n].value]
    rows = [[after[name].label_ja, _yen(before[name].value), _yen(after[name].value)] for name in names]
    labels = _labels(change.before)
    data = {
        "title": "個人住民税 税額変更決議書", "serial": serial, "year": year_words(change.tax_year),
        **_person(resident), "reason": DecisionReason(change.reason).label, "note": change.note, "rows": rows,
        "instalments": [
            [label, _yen(old), _yen(new)]
            for label, old, new in zip(labels, change.before.instalments or [0] * len(labels), change.instalments,
                                       strict=True)
        ],
        "excess": _yen(change.excess), "proposed": f"{change.proposed_by}　{format_wareki(change.proposed_at.date())}",
        "decided": f"{change.decided_by}　{format_wareki(change.decided_at.date())}" if change.decided_at else "未決定",
        "dated": [at.year, at.month, at.day],
    }  # fmt: skip
    return printing.render(_HERE / "resolution.typ", data, at=at)


def notice(
    decision: TaxDecision,
    resident: Resident,
    *,
    before: TaxDecision | None,
    serial: str,
    at: datetime,
    withholding: PensionWithholding | None = None,
) -> bytes:
    """税額決定通知書・税額変更通知書: the tax, the instalments with their due dates, where to object.

    ``before``: the decision that this one changed, whose figures stand beside the new ones; None for the first one.
    With ``withholding`` the parts that the pension payer takes stand among them.
    """
    data = notice_data(decision, resident, before, serial, at)
    if withholding is not None:
        data["heads"] = ["納期", "税額", "納期限"]
        data["rows"] = _rows_with_pension(decision, withholding)
        data["method"] += "・年金特別徴収"
    return printing.render(_HERE / "notice.typ", data, at=at)


def _rows_with_pension(decision: TaxDecision, withholding: PensionWithholding) -> list[list[str]]:
    method = METHODS[CollectionMethod(decision.method)]
    dates = dict(zip(_labels(decision), instalments.due_dates(method, decision.tax_year), strict=True))
    return [
        [f"{words} {label}", _yen(amount), format_wareki(dates[label]) if label in dates else f"{label}の支払日・納期"]
        for words, parts in schedule(decision, withholding)
        for label, amount in parts
    ]


def notice_data(
    decision: TaxDecision, resident: Resident, before: TaxDecision | None, serial: str, at: datetime
) -> dict[str, Any]:
    """通知書の内容."""
    method = METHODS[CollectionMethod(decision.method)]
    dates = instalments.due_dates(method, decision.tax_year)
    amounts = decision.instalments or [0] * len(dates)
    rows = [
        [label, _yen(amount), format_wareki(day)]
        for label, amount, day in zip(_labels(decision), amounts, dates, strict=True)
    ]
    heads, figures = ["納期", "税額", "納期限"], [[label, _yen(getattr(decision, name))] for label, name in FIGURES]
    if before is not None:
        figures = [[label, _yen(getattr(before, name)), new] for (label, name), (_, new) in
                   zip(FIGURES, figures, strict=True)]  # fmt: skip
    if before is not None and before.method == decision.method:
        heads = ["納期", "変更前", "変更後", "納期限"]
        old = before.instalments or [0] * len(dates)
        rows = [[label, _yen(was), *rest] for (label, *rest), was in zip(rows, old, strict=True)]
    return {
        "title": "市民税・県民税・森林環境税 " + ("税額変更通知書" if before else "税額決定通知書"), "serial": serial,
        "year": year_words(decision.tax_year), **_person(resident),
        "method": CollectionMethod(decision.method).label, "heads": heads, "rows": rows, "figures": figures,
        "changed": before is not None, "reason": DecisionReason(decision.reason).label,
        "decided": format_wareki(decision.decided_on), "objection": OBJECTION,
        "dated": [at.year, at.month, at.day],
    }  # fmt: skip


def _steps_of_change(change: TaxChange) -> list[Explained]:
    from kokunen.resident_tax.services import computing

    return computing.explain(change.atena_number, change.inputs, change.tax_year)


def _labels(decision: TaxDecision) -> list[str]:
    method = METHODS[CollectionMethod(decision.method)]
    return [spread.label(method, index) for index in range(len(spread.columns(method)))]


def _person(resident: Resident) -> dict[str, str]:
    return {
        "name": resident.name,
        "address": resident.full_address,
        "postal": f"{resident.postal_code[:3]}-{resident.postal_code[3:]}",
        "birth": resident.birth_text or format_wareki(resident.birth_date),
        "atena": resident.atena_number,
    }


def _lines(steps: dict[str, Explained], names: Any, *, skip_zero: bool = False) -> list[list[str]]:
    return [
        [steps[name].label_ja, _yen(steps[name].value)]
        for name in names
        if name in steps and (steps[name].value or not skip_zero)
    ]


def _yen(value: Any) -> str:
    return "" if value is None else f"{int(value):,}円"
