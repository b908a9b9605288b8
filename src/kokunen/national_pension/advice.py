"""あわせて確認: what to say before the visitor leaves, by code, with the reason and the article.

Each line is a hint, never a judgement of the city: what comes of it is decided by the Service.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Advice:
    """案内: one line of the box, with its article and the form that begins it.

    `visitor`: the same for the visitor's slip where `text` speaks to the officer; "-" leaves it out there.
    """

    code: str
    text: str
    article: str = ""
    form: str = ""
    visitor: str = ""


_ADVICE = (
    Advice(
        "voluntary_abroad",
        "海外にいる間も任意加入できます（日本国籍の方、20歳以上65歳未満）。申出の日から加入し、さかのぼることはできません",
        "国民年金法附則第5条第1項第3号",
        "F04",
    ),
    Advice("exemption_ends", "免除・猶予の承認期間は資格喪失日の前月で終わります", "国民年金法第90条"),
    Advice(
        "lump_sum_withdrawal",
        "外国籍の方は、出国後2年以内に日本年金機構へ脱退一時金を請求できます",
        "国民年金法附則第9条の3の2",
    ),
    Advice(
        "exemption",
        "保険料の納付が難しいときは、免除・納付猶予を申請できます（2年1か月前までさかのぼれます）",
        "国民年金法第90条",
        "F12",
    ),
    Advice(
        "unemployment",
        "退職した方は失業による特例があります。離職票または雇用保険受給資格者証の写しを確認してください",
        "国民年金法第90条第1項",
        "F12",
        "退職した方には失業による特例があります。離職票または雇用保険受給資格者証をお持ちください",
    ),
    Advice(
        "open_months",
        "免除・納付猶予をまだ申請できます（納付済・申請中の月を除きます。2年1か月を過ぎた月は申請できなくなります）",
        "国民年金法第90条",
        "F12",
    ),
    Advice(
        "moved_in",
        "今年度の所得を判定する年の1月2日以後に転入した方です。所得は前に住んでいた市区町村が把握しています。"
        "免除の申請には、前の市区町村の所得証明書が要ることがあります",
        "国民年金法第90条",
        "F12",
    ),
    Advice(
        "reaching_50",
        "納付猶予は50歳に達する月の前月で終わります。その後は免除を申請できます（世帯主の所得も見ます）",
        "平成16年法律第104号附則第19条、平成26年法律第64号附則第14条",
        "F12",
    ),
    Advice(
        "maternity",
        "1年以内に生まれた子が世帯にいます。産前産後期間の免除を届け出られます（出産日は住民記録で確認できます）",
        "国民年金法第88条の2",
        "F15",
    ),
    Advice(
        "childcare",
        "1歳未満の子を育てている方は、育児期間の免除を届け出られます（父母それぞれ）",
        "国民年金法第88条の3",
        "F16",
    ),
    Advice("student", "学生の方は学生納付特例を申請できます", "国民年金法第90条の3", "F13"),
    Advice("additional", "付加保険料（月400円）を納めることができます", "国民年金法第87条の2", "F10"),
    Advice(
        "premium_payment",
        "納付書は日本年金機構から届きます。口座振替・前納を案内してください",
        "国民年金法第92条の2",
        "F18",
        "納付書は日本年金機構から届きます。口座振替・クレジットカード・前納も申し込めます",
    ),
    Advice(
        "excluded_check",
        "医療滞在・観光などの特定活動は適用除外です。在留カードの在留資格を確認してください",
        "国民年金法第7条第1項第1号",
        visitor="-",
    ),
    Advice("foreign_leaflet", "外国語の案内（英語・中国語・ベトナム語など）を渡してください", visitor="-"),
    Advice(
        "survivor_basic", "子のある配偶者または子がいるときは、遺族基礎年金を請求できます", "国民年金法第37条", "F22"
    ),
    Advice(
        "widow",
        "10年以上婚姻していた妻（60歳から65歳まで）は、寡婦年金を請求できる場合があります",
        "国民年金法第49条",
        "F23",
    ),
    Advice(
        "death_lump_sum",
        "保険料を36月以上納めた方が年金を受けずに亡くなったときは、死亡一時金（2年以内）",
        "国民年金法第52条の2",
        "F24",
    ),
    Advice("unpaid_pension", "年金を受けていた方のときは、未支給年金を請求できます", "国民年金法第19条", "F25"),
    Advice(
        "voluntary_60",
        "納付月数が480月に満たない方は、65歳まで任意加入できます（申出の日から）",
        "国民年金法附則第5条第1項第2号",
        "F04",
    ),
    Advice(
        "special_voluntary",
        "受給資格期間が足りない方は、70歳まで特例任意加入できる場合があります",
        "平成6年改正法附則第11条",
        "F04",
    ),
    Advice(
        "spouse_change",
        "第3号の配偶者は同じ日に第1号へ変わります。配偶者の種別変更を確認してください",
        "国民年金法第7条第1項第3号",
        "F02",
        "扶養されていた配偶者の方も、同じ日に第1号へ変わります。配偶者の方の届出もお願いします",
    ),
    Advice(
        "statutory",
        "障害年金（1級・2級）の決定があると、受給権の前月から法定免除です。該当届を受け付けてください",
        "国民年金法第89条第1項第1号",
        "F14",
        "障害年金（1級・2級）の決定通知が届いたら、法定免除の届出をお願いします",
    ),
    Advice(
        "supplement",
        "年金生活者支援給付金も請求できる場合があります。年金の請求から3か月以内に案内してください",
        "年金生活者支援給付金の支給に関する法律第2条",
        "F28",
        "年金生活者支援給付金も請求できる場合があります。年金の請求から3か月以内に請求してください",
    ),
    Advice(
        "supplement_survivor",
        "遺族年金生活者支援給付金も請求できる場合があります",
        "年金生活者支援給付金の支給に関する法律第20条",
        "F28",
    ),
    Advice(
        "special_disability",
        "任意加入していなかった学生・被用者の配偶者だった方は、特別障害給付金を請求できる場合があります",
        "特定障害者に対する特別障害給付金の支給に関する法律",
        "F26",
    ),
    Advice("old_age_claim", "65歳になると老齢基礎年金を請求できます", "国民年金法第26条", "F20"),
    Advice(
        "number_unknown", "基礎年金番号が分かりません。個人番号での届出か、日本年金機構への確認が必要です", visitor="-"
    ),
    Advice(
        "report_omitted",
        "個人番号と基礎年金番号が結び付いている方の氏名・住所の届出は省略できます",
        "国民年金法施行規則",
    ),
)

ADVICE: dict[str, Advice] = {advice.code: advice for advice in _ADVICE}


_FOREIGNERS_ONLY = frozenset({"lump_sum_withdrawal", "foreign_leaflet", "excluded_check"})
_JAPANESE_ONLY = frozenset({"voluntary_abroad"})


def fitting(codes: Iterable[str], *, foreign: bool) -> list[str]:
    """この方に当てはまる案内: 脱退一時金 and leaflets for foreign residents, 任意加入 abroad for Japanese nationals."""
    unfit = _JAPANESE_ONLY if foreign else _FOREIGNERS_ONLY
    return [code for code in codes if code not in unfit]


AFTER_FORM: dict[str, tuple[str, ...]] = {
    "F12b": ("additional",),
    "F15": ("childcare",),
    "F20": ("supplement",),
    "F21": ("statutory", "supplement"),
    "F22": ("supplement_survivor", "unpaid_pension"),
    "F23": ("unpaid_pension",),
    "F24": ("unpaid_pension",),
}
"""届書ごとの案内: what to say with a form that tells no fact about the qualification."""


def lines(codes: Iterable[str]) -> list[dict[str, str]]:
    """案内の行: the advice of these codes, ready to be stored with an item or shown."""
    found = (ADVICE[code] for code in dict.fromkeys(codes))
    return [{"code": one.code, "text": one.text, "article": one.article, "form": one.form} for one in found]


def for_visitor(codes: Iterable[str]) -> list[str]:
    """受付票の案内: the lines in words for the visitor, with the article."""
    found = (ADVICE[code] for code in dict.fromkeys(codes) if code in ADVICE)
    told = ((one.visitor or one.text, one.article) for one in found if one.visitor != "-")
    return [f"{words}（{article}）" if article else words for words, article in told]
