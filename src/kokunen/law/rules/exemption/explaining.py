"""免除の判定の説明 (explaining): the steps of a decision in the order in which it was taken."""

from __future__ import annotations

from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.rules.exemption.decisions import CycleResult, Decision, Judgement
from kokunen.law.rules.exemption.income import BASE_ARTICLE, CATEGORY_ARTICLE, LIMITS
from kokunen.law.rules.exemption.months import Scheme, explain_cycle, explain_window, month_step

_CYCLE = {Scheme.GENERAL: "国民年金法第90条第1項", Scheme.STUDENT: "国民年金法第90条の3第1項"}
_DEFERRAL = "平成16年法律第104号附則第19条、平成26年法律第64号附則第14条"
_NAMES = {"applicant": "申請者", "spouse": "配偶者", "householder": "世帯主"}
_DEPENDANTS = {
    "general": "一般の扶養親族等",
    "elderly": "70歳以上の扶養親族等",
    "specified": "特定扶養親族",
    "age_16_18": "16歳から18歳までの扶養親族",
    "under_16": "16歳未満の扶養親族",
}
_DEDUCTIONS = {
    "casualty": "雑損控除",
    "medical": "医療費控除",
    "social_insurance": "社会保険料控除",
    "small_enterprise_mutual_aid": "小規模企業共済等掛金控除",
    "spouse_special": "配偶者特別控除",
    "specified_relative": "特定親族特別控除",
    "disability": "本人の障害者控除",
    "dependants_disabled": "扶養する障害者の控除",
    "dependants_special_disabled": "扶養する特別障害者の控除",
    "widow": "寡婦控除",
    "single_parent": "ひとり親控除",
    "working_student": "勤労学生控除",
}
_GROUND = "国民年金法第90条第1項第2号・第4号、国民年金法施行規則第77条の7"
_RESULTS = {
    "full_exemption": "国民年金法第90条第1項",
    "deferral": _DEFERRAL,
    "three_quarter_exemption": "国民年金法第90条の2第1項",
    "half_exemption": "国民年金法第90条の2第2項",
    "quarter_exemption": "国民年金法第90条の2第3項",
    "student_deferral": "国民年金法第90条の3第1項",
}


def explain(decision: Decision, scheme: Scheme) -> list[Explained]:
    """申請の判定の説明: reach, then every cycle with its persons and segments."""
    # the cycles of the reach are not those judged: only the ends of the reach are listed
    steps = [step for step in explain_window(decision.window, scheme) if not step.name.startswith("cycles[")]
    steps.append(
        month_step("deferral_last_month", "納付猶予のできる最後の月（年齢）", decision.deferral_last, _DEFERRAL)
    )
    for index, result in enumerate(decision.cycles):
        steps += _cycle(f"cycles[{index}]", result, scheme)
    return steps


def _cycle(path: str, result: CycleResult, scheme: Scheme) -> list[Explained]:
    article = _CYCLE[scheme]
    judged = "、".join(_NAMES[name] for name in result.persons)
    steps = [
        *explain_cycle(path, result.cycle, article),
        Explained(f"{path}.judged", "所得を審査する人", judged, Unit.TEXT, article),
    ]
    for name, judgement in result.persons.items():
        steps += _person(f"{path}.persons.{name}", _NAMES[name], judgement)
    for index, segment in enumerate(result.segments):
        where = f"{path}.segments[{index}]"
        kind_article = _RESULTS.get(segment.result, article)
        months = segment.last - segment.first + 1
        steps.append(month_step(f"{where}.from", "結果の初月", segment.first, article))
        steps.append(month_step(f"{where}.to", "結果の終月", segment.last, article))
        steps.append(Explained(f"{where}.months", "結果の月数", months, Unit.MONTH, article))
        for name, ground in segment.grounds.items():
            label = f"{_NAMES[name]}の特例事由"
            steps.append(Explained(f"{where}.grounds.{name}", label, ground, Unit.TEXT, _GROUND))
        steps.append(Explained(f"{where}.kind", "判定の結果", segment.result, Unit.TEXT, kind_article))
    return steps


def _person(path: str, who: str, judgement: Judgement) -> list[Explained]:
    """One person's limits, deductions and result; without an entry only that the income is unknown."""
    steps = [Explained(f"{path}.status", f"{who}の所得の把握", str(judgement.status), Unit.TEXT, None)]
    income = judgement.income
    if income is not None:
        for name, label in _DEPENDANTS.items():
            if count := income.dependants.get(name, 0):
                steps.append(Explained(f"{path}.dependants.{name}", f"{who}の{label}", count, Unit.PERSON, None))
        steps.append(Explained(f"{path}.dependants", f"{who}の扶養親族等の数", judgement.dependants, Unit.PERSON, None))
        for kind, (label, article) in LIMITS.items():
            limit = judgement.limits[kind]
            steps.append(Explained(f"{path}.limits.{kind}", f"{who}の{label}", limit, Unit.YEN, article))
        steps.append(Explained(f"{path}.income", f"{who}の所得", income.amount, Unit.YEN, None))
        for name, amount in {**income.deductions, **judgement.fixed}.items():
            if amount:
                label = f"{who}の{_DEDUCTIONS[name]}"
                steps.append(Explained(f"{path}.deductions.{name}", label, amount, Unit.YEN, BASE_ARTICLE))
        category = income.exempt_category
        steps += [
            Explained(f"{path}.base", f"{who}の控除後の所得", judgement.base, Unit.YEN, BASE_ARTICLE),
            Explained(
                f"{path}.exempt_category", f"{who}の障害者・寡婦・ひとり親", category, Unit.BOOL, CATEGORY_ARTICLE
            ),
        ]
        if category:
            limit = judgement.category_limit
            steps.append(Explained(f"{path}.category_limit", "その所得の限度", limit, Unit.YEN, CATEGORY_ARTICLE))
    best = Explained(f"{path}.by_income", f"{who}が所得で通る種類", str(judgement.best), Unit.TEXT, None)
    return [*steps, best]
