"""障害基礎年金・特別障害給付金 (T12 02, 07): the kind on the first visit and the months before it."""

from __future__ import annotations

from datetime import date

from kokunen.kernel.wareki import format_wareki
from kokunen.law.rules.benefits.disability_pension import FirstVisit, Ground, Refusal, disability_pension
from kokunen.law.rules.benefits.monthly_record import LABELS
from kokunen.law.rules.benefits.special_disability import Group, special_disability
from kokunen.national_pension.choices import ClaimVerdict
from kokunen.national_pension.claims.base import NO_RECORD, Amount, Examination, Facts, elsewhere, missing, month_ja

_WORDS = {
    "not_insured": ("初診日に被保険者でありませんでした", "国民年金法第30条第1項"),
    "requirement_not_met": ("納付要件（3分の2・直近1年）を満たしません", "国民年金法第30条第1項ただし書"),
    "claimed_too_late": ("65歳に達しているため事後重症の請求はできません", "国民年金法第30条の2第1項"),
    "first_visit_too_late": ("初診日が対象の期間の後です", "特別障害給付金法第2条"),
    "was_insured": ("初診日に任意加入していました（障害基礎年金の対象です）", "特別障害給付金法第2条"),
    "reached_65": ("65歳に達する日の前日までに請求が必要です", "特別障害給付金法第6条"),
    "pension_received": ("障害年金を受けています", "特別障害給付金法第2条"),
}
_GROUNDS = {
    Ground.CERTIFICATION: "障害認定日による請求",
    Ground.LATE: "事後重症による請求",
    Ground.BEFORE_20: "20歳前の傷病による請求",
}


def disability(facts: Facts) -> Examination:
    """障害基礎年金: where it belongs, the requirement laid over the months, the days, both grades' amounts."""
    first = facts.said.get("first_visit_on")
    if not isinstance(first, date):
        return missing("初診日")
    fixed, late = facts.said.get("fixed_on"), facts.on if facts.said.get("late") else None
    visit = FirstVisit(first, facts.claimant.birth_date, fixed if isinstance(fixed, date) else None, late)
    children = sum("子" in one.relationship and (facts.on - one.birth_date).days < 18 * 366 for one in facts.household)
    found = disability_pension(facts.fiscal_year, visit, facts.spans, children=children)
    if found.ground is not Ground.BEFORE_20 and not facts.spans:
        return NO_RECORD
    if Refusal.NOT_THE_CITY in found.refusals and found.state_on_first_visit:
        held = LABELS[found.state_on_first_visit]
        return elsewhere(f"初診日（{format_wareki(first)}）が{held}の期間にあります", "国民年金法施行令第1条の2第3号")
    judged = found.requirement.months if found.requirement else ()
    bad = frozenset(one.month for one in judged if not one.good)
    good = frozenset(one.month for one in judged if one.good)
    if not found.eligible:
        reasons = tuple(_WORDS[str(one)] for one in found.refusals)
        return Examination(
            ClaimVerdict.UNLIKELY,
            "要件を満たさない見込みです（請求はできます）。",
            reasons,
            pension_code=found.pension_code,
            steps=found.steps,
            also=("special_disability",),
            bad_months=bad,
            good_months=good,
        )
    note = f"子{children}人の加算を含む" if children else ""
    why = _requirement_words(found.requirement)
    return Examination(
        ClaimVerdict.LIKELY,
        f"{_GROUNDS[found.ground]}。認定日 {format_wareki(found.certification_on)}、"
        f"受給権 {format_wareki(found.right_on)}、支給は{month_ja(found.first_month)}からの見込みです。",
        (why,),
        (Amount("1級", found.amounts[0], "年額", note), Amount("2級", found.amounts[1], "年額", note)),
        found.pension_code,
        found.steps,
        ("等級は日本年金機構が決定します。",),
        ("supplement_disability", "statutory_exemption"),
        bad_months=bad,
        good_months=good,
    )


def _requirement_words(found: object) -> tuple[str, str]:
    from kokunen.law.rules.benefits.payment_requirement import Requirement

    if not isinstance(found, Requirement):
        return "20歳前の初診のため納付要件はありません", "国民年金法第30条の4"
    ratio = f"{found.good}/{found.insured}月（必要{found.needed}月）"
    if found.two_thirds:
        return f"3分の2の要件を満たします {ratio}", "国民年金法第30条第1項ただし書"
    return f"3分の2は満たしません {ratio}が、直近1年に未納がありません", "昭和60年法律第34号附則第20条"


def special(facts: Facts) -> Examination:
    """特別障害給付金: students before 1991-04, spouses of employees before 1986-04."""
    first, group = facts.said.get("first_visit_on"), facts.said.get("group")
    if not isinstance(first, date):
        return missing("初診日")
    if group not in list(Group):
        return missing("対象者の区分（学生・被用者の配偶者）")
    found = special_disability(
        Group(group),
        facts.claimant.birth_date,
        first,
        facts.on,
        was_insured=bool(facts.said.get("was_insured")),
        pension_received=bool(facts.said.get("pension_received")),
    )
    if not found.eligible:
        reasons = tuple(_WORDS[str(one)] for one in found.refusals)
        return Examination(ClaimVerdict.UNLIKELY, "対象にならない見込みです。", reasons, steps=found.steps)
    return Examination(
        ClaimVerdict.LIKELY,
        f"請求の翌月分（{month_ja(found.first)}）から支給される見込みです。",
        (("初診日と区分の要件を満たします", "特別障害給付金法第2条"),),
        (Amount("1級", found.amounts[0], "月額"), Amount("2級", found.amounts[1], "月額")),
        steps=found.steps,
        warnings=("等級と所得は日本年金機構が審査します。",),
    )
