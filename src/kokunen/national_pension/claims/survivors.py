"""遺族基礎・寡婦・死亡一時金・未支給 (T12 03 to 06): what a death may bring to whom."""

from __future__ import annotations

from datetime import date

from kokunen.kernel.wareki import format_wareki
from kokunen.law.rules.benefits.death_lump_sum import death_lump_sum
from kokunen.law.rules.benefits.monthly_record import MonthState, counts, life_of, part_exempt
from kokunen.law.rules.benefits.survivor_pension import Child, child_until, survivor_pension
from kokunen.law.rules.benefits.unpaid_pension import Relation, unpaid_pension
from kokunen.law.rules.benefits.widow_pension import Couple, widow_pension
from kokunen.national_pension.choices import ClaimVerdict
from kokunen.national_pension.claims.base import NO_RECORD, Amount, Examination, Facts, elsewhere, missing, month_ja

_OFFICE = "国民年金法施行令第1条の2第3号"
_WORDS = {
    "deceased_not_covered": ("亡くなった方が被保険者などに当たりません", "国民年金法第37条"),
    "requirement_not_met": ("亡くなった方の納付要件を満たしません", "国民年金法第37条ただし書"),
    "no_child": ("18歳到達年度末までの子がいません", "国民年金法第37条の2"),
    "income_over_limit": ("請求者の所得が生計維持の基準以上です", "国民年金法第37条の2"),
    "under_120_months": ("夫の第1号の納付・免除期間が120月に足りません", "国民年金法第49条第1項"),
    "marriage_under_10_years": ("婚姻期間が10年に足りません", "国民年金法第49条第1項"),
    "wife_reached_65": ("妻が65歳に達しています", "国民年金法第49条第1項"),
    "husband_pension_received": ("夫が老齢・障害基礎年金を受けていました", "国民年金法第49条第1項"),
    "wife_early_pension": ("妻が繰上げの老齢基礎年金を受けています", "国民年金法附則第9条の2の3"),
    "pension_received": ("亡くなった方が老齢・障害基礎年金を受けていました", "国民年金法第52条の2"),
    "survivor_pension_payable": ("同じ死亡で遺族基礎年金を受けられます", "国民年金法第52条の2第2項"),
    "under_36_months": ("保険料の月数が36月に足りません", "国民年金法第52条の2第1項"),
    "time_barred": ("請求の期限を過ぎています", "国民年金法第102条"),
    "nothing_unpaid": ("支払われていない年金はありません", "国民年金法第19条"),
    "not_same_livelihood": ("亡くなった方と生計を同じくしていません", "国民年金法第19条第1項"),
}


def survivor(facts: Facts) -> Examination:
    """遺族基礎年金: of a spouse with a child, or a child."""
    death = _death(facts)
    if facts.deceased is None or death is None:
        return missing("亡くなった方（死亡日）")
    if not facts.spans:
        return NO_RECORD
    kind = next((one.state for one in facts.spans if one.first <= death.year * 12 + death.month - 1 <= one.last), None)
    if kind in (MonthState.SECOND, MonthState.THIRD):
        return elsewhere("亡くなった方が死亡日に第2号・第3号でした", _OFFICE)
    children = [Child(one.birth_date) for one in facts.household if "子" in one.relationship]
    own = next(iter(facts.incomes.get(facts.claimant.atena_number, ())), None)
    found = survivor_pension(
        facts.fiscal_year,
        facts.deceased.birth_date,
        death,
        facts.spans,
        [child for child in children if child_until(child) >= death],
        spouse="子" not in facts.claimant.relationship,
        income=own.total_income if own else None,
    )
    judged = found.requirement.months if found.requirement else ()
    bad = frozenset(one.month for one in judged if not one.good)
    good = frozenset(one.month for one in judged if one.good)
    if not found.eligible:
        return Examination(
            ClaimVerdict.UNLIKELY,
            "遺族基礎年金は支給されない見込みです。",
            tuple(_WORDS[str(one)] for one in found.refusals),
            steps=found.steps,
            also=("widow", "death_lump_sum"),
            bad_months=bad,
            good_months=good,
        )
    return Examination(
        ClaimVerdict.LIKELY,
        f"対象の子 {found.children}人。{_months(found.first, found.last)}に支給される見込みです。",
        (("納付要件を満たします", "国民年金法第37条ただし書"),),
        (Amount("遺族基礎年金", found.amount, "年額", f"子{found.children}人の加算を含む"),),
        "6450",
        found.steps,
        also=("supplement_survivor",),
        bad_months=bad,
        good_months=good,
    )


def widow(facts: Facts) -> Examination:
    """寡婦年金: wife of 60 to 65, ten years of marriage, husband's 120 months."""
    death, married = _death(facts), facts.said.get("married_on")
    if facts.deceased is None or death is None:
        return missing("亡くなった夫（死亡日）")
    if not isinstance(married, date):
        return missing("婚姻日")
    if not facts.spans:
        return NO_RECORD
    life = life_of(facts.spans, first_kind_only=True)
    couple = Couple(
        married,
        death,
        facts.claimant.birth_date,
        bool(facts.said.get("pension_received")),
        bool(facts.said.get("wife_early_pension")),
    )
    found = widow_pension(facts.fiscal_year, life.months, life.deferral, couple)
    if not found.eligible:
        reasons = tuple(_WORDS[str(one)] for one in found.refusals)
        return Examination(
            ClaimVerdict.UNLIKELY,
            "寡婦年金は支給されない見込みです。",
            reasons,
            steps=found.steps,
            also=("death_lump_sum",),
        )
    total = 0
    if found.first is not None and found.last is not None:
        total = found.amount * (found.last - found.first + 1) // 12
    return Examination(
        ClaimVerdict.LIKELY,
        f"夫の第1号の月数は{found.husband_months}月。{_months(found.first, found.last)}に支給される見込みです。",
        (("120月以上、婚姻10年以上、妻は65歳未満", "国民年金法第49条第1項"),),
        (Amount("寡婦年金", found.amount, "年額", f"支給月の合計 約{total:,}円"),),
        "5950",
        found.steps,
        ("死亡一時金とは、どちらか一方だけを選びます（国民年金法第52条の6）。",),
        ("death_lump_sum",),
    )


def lump_sum(facts: Facts) -> Examination:
    """死亡一時金: 36 months paid, nothing received, no survivor pension for the same death."""
    death = _death(facts)
    if facts.deceased is None or death is None:
        return missing("亡くなった方（死亡日）")
    if not facts.spans:
        return NO_RECORD
    life = life_of(facts.spans, first_kind_only=True)
    found = death_lump_sum(
        death,
        life.months.paid,
        part_exempt(facts.spans),
        additional=life.additional,
        pension_received=bool(facts.said.get("pension_received")),
        survivor_pension_payable=bool(facts.said.get("survivor_payable")),
        claimed_on=facts.on,
    )
    deadline = f"請求の期限は{format_wareki(found.claim_deadline)}です。"
    if found.refusal:
        return Examination(
            ClaimVerdict.UNLIKELY,
            f"死亡一時金は支給されない見込みです。{deadline}",
            (_WORDS[str(found.refusal)],),
            steps=found.steps,
        )
    return Examination(
        ClaimVerdict.LIKELY,
        f"月数 {found.counted_months_x4 // 4}月。{deadline}",
        (("保険料の月数が36月以上", "国民年金法第52条の2第1項"),),
        (Amount("死亡一時金", found.amount, "一時金", f"付加の加算 {found.additional_amount:,}円を含む"),),
        steps=found.steps,
        warnings=("寡婦年金とは、どちらか一方だけを選びます（国民年金法第52条の6）。",),
        also=("widow",),
    )


def unpaid(facts: Facts) -> Examination:
    """未支給年金: the months up to the death that were not paid, to the nearest relative of the same livelihood."""
    death, relation = _death(facts), facts.said.get("relation")
    if facts.deceased is None or death is None:
        return missing("亡くなった方（死亡日）")
    if relation not in list(Relation):
        return missing("請求者の続柄")
    if facts.said.get("annual_amount") in (None, ""):
        return missing("亡くなった方の年金額（年額）")
    if facts.said.get("employee_pension"):
        return elsewhere("亡くなった方が厚生年金も受けていました", _OFFICE)
    together = facts.deceased.household_number == facts.claimant.household_number
    found = unpaid_pension(
        death,
        int(facts.said["annual_amount"]),
        Relation(relation),
        same_livelihood=together or bool(facts.said.get("same_livelihood")),
        claimed_on=facts.on,
    )
    if not found.eligible:
        reasons = tuple(_WORDS[str(one)] for one in found.refusals)
        return Examination(ClaimVerdict.UNLIKELY, "未支給年金はない見込みです。", reasons, steps=found.steps)
    how = "住民記録で同一世帯" if together else "生計同一の申立てが必要"
    return Examination(
        ClaimVerdict.LIKELY,
        f"{_months(found.first, found.last)}の{found.months}か月分が未支給です。",
        ((f"請求者の順位 {found.rank}（{how}）", "国民年金法第19条"),),
        (Amount("未支給年金", found.amount, "一時金", "年金生活者支援給付金の未払いは別に請求します"),),
        steps=found.steps,
        warnings=(f"請求の期限は{format_wareki(found.claim_deadline)}です。",),
    )


def _death(facts: Facts) -> date | None:
    if facts.deceased is not None and facts.deceased.status == "3":
        return facts.deceased.removed_on
    said = facts.said.get("died_on")
    return said if isinstance(said, date) else None


def _months(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return "支給される月はなく、その間"
    return month_ja(first) if first == last else f"{month_ja(first)}から{month_ja(last)}まで"


def paid_months(facts: Facts) -> int:
    """納付した第1号の月数, for the guide."""
    return counts(facts.spans).get(MonthState.PAID, 0)
