"""取得・喪失の理由 (words): each reason with its Japanese term, its code for the report and its provision."""

from __future__ import annotations

from datetime import date

from kokunen.law.parameters import history
from kokunen.law.rules.qualification.types import DependenceEnd, InsuredType, Kind

TYPE_LABELS = {
    InsuredType.FIRST: "第1号被保険者",
    InsuredType.SECOND: "第2号被保険者",
    InsuredType.THIRD: "第3号被保険者",
    InsuredType.VOLUNTARY_UNDER_60: "任意加入被保険者（国内・60歳未満）",
    InsuredType.VOLUNTARY_60_TO_64: "任意加入被保険者（国内・60歳以上）",
    InsuredType.VOLUNTARY_ABROAD: "任意加入被保険者（海外）",
    InsuredType.SPECIAL_VOLUNTARY: "特例任意加入被保険者（国内）",
    InsuredType.SPECIAL_VOLUNTARY_ABROAD: "特例任意加入被保険者（海外）",
}
"""種別の名称."""

VOLUNTARY = frozenset({InsuredType.VOLUNTARY_UNDER_60, InsuredType.VOLUNTARY_60_TO_64, InsuredType.VOLUNTARY_ABROAD})
SPECIAL_VOLUNTARY = frozenset({InsuredType.SPECIAL_VOLUNTARY, InsuredType.SPECIAL_VOLUNTARY_ABROAD})
ON_APPLICATION = VOLUNTARY | SPECIAL_VOLUNTARY
"""申出による種別: 任意加入 and 特例任意加入."""

DEPENDENCE_END_WORDS = {
    DependenceEnd.SPOUSE_EMPLOYMENT_ENDED: "spouse_employment_ended",
    DependenceEnd.INCOME: "dependence_ended_income",
    DependenceEnd.DIVORCE: "divorce",
    DependenceEnd.SPOUSE_65: "spouse_65",
    DependenceEnd.SPOUSE_DEATH: "spouse_death",
    DependenceEnd.OTHER: "dependence_ended",
}

ACQUISITION_CODES: dict[str, str | None] = {
    "reached_20": "01",
    "employment_ended": "02",
    "spouse_employment_ended": "04",
    "dependence_ended_income": "05",
    "divorce": "06",
    "spouse_65": "07",
    "spouse_death": "08",
    "dependence_ended": "99",
    "entered_japan": "09",
    "old_age_right_ended": "10",
    "exclusion_ended": "11",
    "voluntary_application": "12",
    "special_voluntary_deemed": "13",
    "employment_started": None,
    "dependence_started": None,
    "carried_in": None,
}
"""取得・種別変更の理由: word → 取得理由コード."""

LOSS_CODES: dict[str, str | None] = {
    "death": "01",
    "left_japan": "02",
    "reached_60": "03",
    "employment_started": "04",
    "dependence_started": "06",
    "old_age_right": "07",
    "excluded": "08",
    "withdrawal": "09",
    "reached_65": "10",
    "months_480": "11",
    "unpaid": "12",
    "entered_japan": "13",
    "reached_70": "16",
    "nationality_lost": "17",
    "employment_ended": None,
    **dict.fromkeys(DEPENDENCE_END_WORDS.values()),
}
"""喪失の理由: word → 喪失理由コード."""

REASON_LABELS = {
    "reached_20": "20歳到達",
    "reached_60": "60歳到達",
    "reached_65": "65歳到達",
    "reached_70": "70歳到達",
    "employment_started": "厚生年金保険の資格取得",
    "employment_ended": "厚生年金保険の資格喪失（退職など）",
    "dependence_started": "被扶養配偶者になった",
    "spouse_employment_ended": "配偶者の退職",
    "dependence_ended_income": "収入の増加により被扶養配偶者でなくなった",
    "divorce": "離婚",
    "spouse_65": "配偶者の65歳到達",
    "spouse_death": "配偶者の死亡",
    "dependence_ended": "被扶養配偶者でなくなった",
    "entered_japan": "国外からの転入",
    "left_japan": "国外への転出",
    "old_age_right": "老齢給付等の受給権の取得",
    "old_age_right_ended": "老齢給付等の受給権の消滅",
    "excluded": "適用除外に該当",
    "exclusion_ended": "適用除外に該当しなくなった",
    "voluntary_application": "任意加入の申出",
    "special_voluntary_deemed": "特例任意加入の申出とみなす65歳到達",
    "withdrawal": "喪失の申出",
    "months_480": "480月に到達",
    "unpaid": "保険料の滞納（督促の指定期限）",
    "nationality_lost": "日本国籍の喪失",
    "death": "死亡",
    "carried_in": "以前からの資格",
}
"""理由の名称."""

_ACT = "国民年金法"
_DEFINITIONS = {
    InsuredType.FIRST: f"{_ACT}第7条第1項第1号",
    InsuredType.SECOND: f"{_ACT}第7条第1項第2号",
    InsuredType.THIRD: f"{_ACT}第7条第1項第3号",
}
_ACQUISITION_ARTICLES = {
    "reached_20": f"{_ACT}第8条第1号",
    "entered_japan": f"{_ACT}第8条第2号",
    "old_age_right_ended": f"{_ACT}第8条第3号",
    "exclusion_ended": f"{_ACT}第8条第3号",
    "employment_started": f"{_ACT}第8条第4号",
    "dependence_started": f"{_ACT}第8条第5号",
}
_LOSS_ARTICLES = {
    "death": f"{_ACT}第9条第1号",
    "left_japan": f"{_ACT}第9条第2号",
    "reached_60": f"{_ACT}第9条第3号",
    "old_age_right": f"{_ACT}第9条第4号",
    "excluded": f"{_ACT}第9条第4号",
    "employment_ended": f"{_ACT}第9条第5号",
    "reached_65": f"{_ACT}附則第3条",
    "reached_70": f"{_ACT}第9条第5号",
    "dependence_started": f"{_ACT}第9条第6号",
    **dict.fromkeys(DEPENDENCE_END_WORDS.values(), f"{_ACT}第9条第6号"),
}


def article_of(kind: Kind, reason: str, insured: InsuredType, birth_date: date) -> str:
    """根拠の条: the provision of a change; ``insured`` is the type gained, for a loss the type lost."""
    if insured in SPECIAL_VOLUNTARY:
        return special_voluntary_article(birth_date)
    if insured in VOLUNTARY:
        return f"{_ACT}附則第5条"
    if kind is Kind.LOSS:
        pensioner = insured is InsuredType.SECOND and reason == "old_age_right"
        return _LOSS_ARTICLES["reached_65" if pensioner else reason]
    if kind is Kind.TYPE_CHANGE:
        return _DEFINITIONS[insured]
    return _ACQUISITION_ARTICLES.get(reason, _DEFINITIONS[insured])


def can_end(insured: InsuredType, reason: str) -> bool:
    """Whether ``reason`` ends that type: who comes to Japan on the day a job abroad has ended loses by the latter."""
    return insured in ON_APPLICATION or reason in _LOSS_ARTICLES


def special_voluntary_article(birth_date: date) -> str:
    """特例任意加入の根拠: each amending act opened it to a further range of birth dates."""
    entries = history("qualification/special_voluntary_born_until").entries
    return next((entry.source for entry in entries if birth_date <= entry.value), entries[-1].source)


def reason_code(kind: Kind, reason: str, insured: InsuredType) -> str | None:
    """理由コード: 取得理由 for an acquisition or a change of type, 喪失理由 for a loss.

    Voluntary types have codes of their own for leaving Japan and for a right that arises.
    """
    if kind is not Kind.LOSS:
        return ACQUISITION_CODES[reason]
    if reason == "left_japan" and insured in ON_APPLICATION:
        return "14"
    if reason == "old_age_right" and insured in SPECIAL_VOLUNTARY:
        return "15"
    return LOSS_CODES[reason]
