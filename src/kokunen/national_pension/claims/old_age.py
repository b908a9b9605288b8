"""老齢基礎年金・老齢福祉年金・年金生活者支援給付金 (T12 01, 08, 11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kokunen.kernel.calendar import add_months, reaches_age_on
from kokunen.kernel.wareki import format_wareki
from kokunen.law.engine.months import month_of
from kokunen.law.rules.benefits.monthly_record import MonthState, counts, life_of
from kokunen.law.rules.benefits.old_age_pension import longest_deferral, old_age_pension
from kokunen.law.rules.benefits.old_age_welfare import old_age_welfare
from kokunen.law.rules.benefits.pension_supplement import Kind, Pensioner, old_age_supplement, other_supplement
from kokunen.law.rules.benefits.voluntary import estimate, months_until_full
from kokunen.national_pension import income_view
from kokunen.national_pension.choices import ClaimVerdict
from kokunen.national_pension.claims.base import NO_RECORD, Amount, Examination, Facts, elsewhere, month_ja

_OFFICE = "国民年金法施行令第1条の2第3号"
_ACT = "年金生活者支援給付金の支給に関する法律第2条"


def old_age(facts: Facts) -> Examination:
    """老齢基礎年金: only 第1号 → the city; amounts at 65, earlier and later."""
    if not facts.spans:
        return NO_RECORD
    found = counts(facts.spans)
    if found.get(MonthState.SECOND) or found.get(MonthState.THIRD):
        there = elsewhere("厚生年金（第2号）または第3号の期間があります", _OFFICE)
        only = "老齢基礎年金だけの目安です。厚生年金の額は年金事務所で確認してください。"
        return replace(there, amounts=_by_age(facts), warnings=(*_even(facts), only))
    birth, life = facts.claimant.birth_date, life_of(facts.spans)
    pension = old_age_pension(facts.fiscal_year, birth, life)
    right_on = reaches_age_on(birth, 65)
    if not pension.eligible:
        short = f"受給資格期間は{pension.qualifying_months}月で、120月に足りません"
        return Examination(
            ClaimVerdict.UNLIKELY,
            f"{short}。任意加入・特例任意加入を案内してください。",
            ((short, "国民年金法第26条"),),
            steps=pension.steps,
            also=("voluntary_60", "special_voluntary"),
        )
    deferring = bool(facts.said.get("deferring")) or _chosen(facts)[1] > 0
    warnings = _even(facts)
    if deferring and facts.said.get("with_supplement"):
        warnings.append("繰下げの間は年金生活者支援給付金は支給されません。どちらかを取り下げてください。")
    return Examination(
        ClaimVerdict.LIKELY,
        f"65歳到達日は{format_wareki(right_on)}、支給は{month_ja(month_of(right_on) + 1)}からの見込みです。",
        ((f"受給資格期間 {pension.qualifying_months}月（120月以上）", "国民年金法第26条"),),
        _by_age(facts),
        "1150",
        pension.steps,
        tuple(warnings),
        () if deferring else ("supplement",),
    )


def _by_age(facts: Facts) -> tuple[Amount, ...]:
    """請求の年齢ごとの年額: basic and additional pension together, each to the yen."""
    birth, life = facts.claimant.birth_date, life_of(facts.spans)
    today, rows = facts.on, []
    sixty_five = reaches_age_on(birth, 65)
    if today < sixty_five:
        early = month_of(sixty_five) - max(month_of(today), month_of(reaches_age_on(birth, 60)))
        rows.append((f"いま繰り上げる（{early}月）", early, 0))
    rows.append(("65歳から", 0, 0))
    longest = longest_deferral(birth)
    rows += [(f"{65 + months // 12}歳まで繰り下げる", 0, months) for months in (12, 60, 120) if months <= longest]
    early, deferred = _chosen(facts)
    if (early, deferred) not in {(row[1], row[2]) for row in rows}:
        rows.insert(0, (f"選んだ年齢 {_age_ja(_SIXTY_FIVE - early + deferred)}", early, deferred))
    amounts = _with_more(facts)
    for label, early, deferred in rows:
        one = old_age_pension(facts.fiscal_year, birth, life, early=early, deferred=deferred)
        note = f"老齢基礎 {one.adjusted_basic:,}円 付加 {one.adjusted_additional:,}円"
        amounts.append(Amount(label, one.annual, "年額", note))
    return tuple(amounts)


_SIXTY_FIVE = 65 * 12


def ages(birth: date, today: date) -> tuple[int, int]:
    """請求できる年齢: months of age, from 60 (or now) while under 65, to the longest deferral (法28条, 附則9条の2)."""
    sixty_five = month_of(reaches_age_on(birth, 65))
    early = sixty_five - max(month_of(today), month_of(reaches_age_on(birth, 60)))
    return _SIXTY_FIVE - max(0, early), _SIXTY_FIVE + longest_deferral(birth)


def _chosen(facts: Facts) -> tuple[int, int]:
    """選んだ年齢 as months before and after 65, within what is possible."""
    least, most = ages(facts.claimant.birth_date, facts.on)
    age = min(max(int(facts.said.get("claim_age") or _SIXTY_FIVE), least), most)
    return max(0, _SIXTY_FIVE - age), max(0, age - _SIXTY_FIVE)


def _age_ja(months: int) -> str:
    return f"{months // 12}歳" + (f"{months % 12}か月" if months % 12 else "")


def _with_more(facts: Facts) -> list[Amount]:
    """任意加入で納めたとき: exempted months beyond 480 count for nothing, which the weighted months show (法27条)."""
    more = int(facts.said.get("more_months") or 0)
    if not more:
        return []
    months = life_of(facts.spans).months
    found = estimate(facts.fiscal_year, months, more)
    note = f"納めた月と免除の月を合わせた重み {found.weighted_x24 / 24:g}月、満額まで{months_until_full(months)}か月"
    return [Amount(f"任意加入で{more}か月納めたとき", found.annual, "年額", note)]


def _even(facts: Facts) -> list[str]:
    """受け始めてから追いつくまで: what waiting gives up (with the 給付金, if asked for) against what it gains."""
    early, deferred = _chosen(facts)
    birth, life = facts.claimant.birth_date, life_of(facts.spans)
    at_65 = old_age_pension(facts.fiscal_year, birth, life).annual
    then = old_age_pension(facts.fiscal_year, birth, life, early=early, deferred=deferred).annual
    if not at_65 or at_65 == then:
        return []
    if early:
        got, less = then * early // 12, at_65 - then
        told = f"65歳までに受ける額は{got:,}円、その後は一生、年{less:,}円少なくなります。"
        return [f"{told}65歳から{got / less:.1f}年で、65歳から受けたときより少なくなります（目安）。"]
    missed, gain = (at_65 + _supplement_a_year(facts)) * deferred // 12, then - at_65
    until = _age_ja(_SIXTY_FIVE + deferred)
    told = f"{until}まで待つ間に受け取らない額は{missed:,}円、増える額は年{gain:,}円。"
    return [f"{told}受け始めて{missed / gain:.1f}年で上回ります（目安）。"]


def _supplement_a_year(facts: Facts) -> int:
    """給付金の年額, when it is asked for and would be paid."""
    if not facts.said.get("with_supplement"):
        return 0
    found = _old_age_supplement(facts)
    return sum(one.yen * 12 for one in found.amounts)


def welfare(facts: Facts) -> Examination:
    """老齢福祉年金: by birth date; the incomes are the State's to examine."""
    found = old_age_welfare(facts.claimant.birth_date, facts.on, public_pension=bool(facts.said.get("public_pension")))
    words = {
        "born_too_late": "大正5年4月2日以後の生まれの方は対象になりません",
        "under_70": "70歳に達していません",
        "public_pension": "公的年金を受けている方は支給停止になる場合があります",
    }
    reasons = tuple((words[str(one)], "旧国民年金法第79条の2") for one in found.refusals)
    if reasons:
        return Examination(ClaimVerdict.UNLIKELY, "対象にならない見込みです。", reasons, steps=found.steps)
    told = "期間の要件を確認してください。" if found.needs_months else "生年月日の要件を満たしています。"
    return Examination(
        ClaimVerdict.LIKELY,
        f"{told}額は本人・配偶者・扶養義務者の所得により国が決定します。",
        steps=found.steps,
    )


def supplement(facts: Facts) -> Examination:
    """年金生活者支援給付金: 老齢 by the household's taxation, 障害 and 遺族 by the person's own income."""
    situation = facts.said.get("situation")
    if situation in ("disability", "survivor"):
        return _other_supplement(facts, Kind(situation))
    return _old_age_supplement(facts)


def _other_supplement(facts: Facts, kind: Kind) -> Examination:
    own = next(
        (row for row in facts.incomes.get(facts.claimant.atena_number, ()) if row.tax_year == facts.fiscal_year), None
    )
    if own is None or not own.is_known:
        return Examination(
            ClaimVerdict.UNKNOWN, "本人の所得が分からないため判定できません。未申告は0円とはみなしません。"
        )
    dependants = {
        "general": (own.general_dependants or 0) + (own.young_dependants or 0),
        "elderly": own.elderly_dependants or 0,
        "specified": own.specific_dependants or 0,
    }
    month, income = month_of(facts.on) + 1, own.total_income or 0
    grades = (1, 2) if kind is Kind.DISABILITY else (None,)
    found = [other_supplement(month, kind, income, dependants, grade=grade) for grade in grades]
    if found[0].refusals:
        why = f"前年の所得 {income:,}円が{found[0].income_limit:,}円を超えています"
        return Examination(ClaimVerdict.UNLIKELY, "支給されない見込みです。", ((why, _ACT),), steps=found[0].steps)
    labels = ("障害1級", "障害2級") if kind is Kind.DISABILITY else ("遺族",)
    return Examination(
        ClaimVerdict.LIKELY,
        f"請求の翌月分（{month_ja(month)}）から支給される見込みです。",
        ((f"前年の所得 {income:,}円（{found[0].income_limit:,}円以下）", _ACT),),
        tuple(Amount(label, one.amount, "月額") for label, one in zip(labels, found, strict=True)),
        steps=found[0].steps,
    )


def _old_age_supplement(facts: Facts) -> Examination:
    """老齢: 65, household untaxed, pension and other income; 未申告 is never 非課税."""
    if not facts.spans:
        return NO_RECORD
    members = {one.atena_number: one for one in facts.household} | {facts.claimant.atena_number: facts.claimant}
    year = facts.fiscal_year
    incomes = {
        number: next((row for row in facts.incomes.get(number, ()) if row.tax_year == year), None) for number in members
    }
    adults = [one for one in members.values() if add_months(one.birth_date, 12 * 16) <= facts.on]
    unknown = [one for one in adults if (row := incomes[one.atena_number]) is None or not row.is_known]
    if unknown:
        names = "、".join(one.name for one in unknown)
        return Examination(
            ClaimVerdict.UNKNOWN,
            f"世帯の所得が分からないため判定できません（{names}）。未申告は非課税とはみなしません。",
            (("住民税の申告が必要です。市民税課へ案内してください", _ACT),),
        )
    untaxed = all(row.state == income_view.UNTAXED for one in adults if (row := incomes[one.atena_number]))
    own = incomes[facts.claimant.atena_number]
    life = life_of(facts.spans)
    exempt = {
        name: life.months.until_2009_03[name] + life.months.after_2009_04[name] for name in life.months.until_2009_03
    }
    month = max(month_of(facts.on) + 1, month_of(reaches_age_on(facts.claimant.birth_date, 65)) + 1)
    said = facts.said.get("pension_and_income")
    income = int(said) if said not in (None, "") else (own.total_income or 0) if own else 0
    found = old_age_supplement(
        month, Pensioner(facts.claimant.birth_date, life.months.paid, exempt, income, household_tax_exempt=untaxed)
    )
    words = {
        "under_65": "65歳に達していません",
        "household_taxed": "世帯に市民税が課税されている方がいます",
        "income_over_limit": f"前年の年金収入と所得が{found.upper_limit or found.income_limit:,}円を超えています",
    }
    if found.refusals:
        reasons = tuple((words[str(one)], _ACT) for one in found.refusals)
        return Examination(ClaimVerdict.UNLIKELY, "支給されない見込みです。", reasons, steps=found.steps)
    label = "老齢年金生活者支援給付金" if found.kind is Kind.OLD_AGE else "補足的老齢年金生活者支援給付金"
    return Examination(
        ClaimVerdict.LIKELY,
        f"{label}の対象となる見込みです。請求の翌月分（{month_ja(month)}）から支給されます。",
        (("世帯全員が市民税非課税", _ACT), (f"前年の年金収入とその他の所得 {income:,}円", _ACT)),
        (Amount(label, found.amount, "月額"),),
        steps=found.steps,
    )
