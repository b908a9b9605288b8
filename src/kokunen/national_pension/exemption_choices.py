"""免除のコード表 (T5〜T10): kinds, grounds, results and ends, with the words of the law they stand for."""

from __future__ import annotations

from django.db import models


class ExemptionKind(models.TextChoices):
    """免除種類 (T5)."""

    STATUTORY_DISABILITY = "10", "法定免除（障害年金）"
    STATUTORY_ASSISTANCE = "11", "法定免除（生活扶助）"
    STATUTORY_FACILITY = "12", "法定免除（施設入所）"
    FULL = "20", "全額免除"
    THREE_QUARTER = "21", "4分の3免除"
    HALF = "22", "半額免除"
    QUARTER = "23", "4分の1免除"
    DEFERRAL = "30", "納付猶予"
    STUDENT = "40", "学生納付特例"
    MATERNITY = "50", "産前産後免除"
    CHILDCARE_MOTHER = "51", "育児期間免除（実母）"
    CHILDCARE_OTHER = "52", "育児期間免除（その他の養育者）"


STATUTORY = (
    ExemptionKind.STATUTORY_DISABILITY,
    ExemptionKind.STATUTORY_ASSISTANCE,
    ExemptionKind.STATUTORY_FACILITY,
)
APPLIED = (
    ExemptionKind.FULL,
    ExemptionKind.THREE_QUARTER,
    ExemptionKind.HALF,
    ExemptionKind.QUARTER,
    ExemptionKind.DEFERRAL,
    ExemptionKind.STUDENT,
)
"""申請による免除・猶予: granted on application, may be cancelled from the month before."""

PRECEDENCE: dict[str, int] = {
    ExemptionKind.MATERNITY: 0,
    ExemptionKind.CHILDCARE_MOTHER: 1,
    ExemptionKind.CHILDCARE_OTHER: 1,
    **dict.fromkeys(STATUTORY, 2),
    **dict.fromkeys(APPLIED, 3),
}
"""適用の順 (法88条の2 → 88条の3 → 89条 → 90条ほか): a month belongs to the kind of the smaller number."""

LETTERS: dict[str, tuple[str, str]] = {
    ExemptionKind.FULL: ("全", "exempt"),
    ExemptionKind.THREE_QUARTER: ("¾", "part"),
    ExemptionKind.HALF: ("半", "part"),
    ExemptionKind.QUARTER: ("¼", "part"),
    ExemptionKind.DEFERRAL: ("猶", "defer"),
    ExemptionKind.STUDENT: ("学", "defer"),
    ExemptionKind.MATERNITY: ("産", "exempt"),
    ExemptionKind.CHILDCARE_MOTHER: ("育", "exempt"),
    ExemptionKind.CHILDCARE_OTHER: ("育", "exempt"),
    **dict.fromkeys(STATUTORY, ("法", "exempt")),
}
"""月別の表の文字と模様."""

OF_LAW: dict[str, ExemptionKind] = {
    "full_exemption": ExemptionKind.FULL,
    "three_quarter_exemption": ExemptionKind.THREE_QUARTER,
    "half_exemption": ExemptionKind.HALF,
    "quarter_exemption": ExemptionKind.QUARTER,
    "deferral": ExemptionKind.DEFERRAL,
    "student_deferral": ExemptionKind.STUDENT,
}
"""判定の語 → 免除種類."""

RESULT_WORDS: dict[str, str] = {
    **{word: str(kind.label) for word, kind in OF_LAW.items()},
    "rejected": "却下の見込み",
    "undetermined": "判定保留",
    "none": "どの区分にも当たらない",
    "unknown": "所得がわからない",
}


class SpecialGround(models.TextChoices):
    """申請特例区分 (T6)."""

    NONE = "0", "一般"
    JOB_LOSS = "1", "失業"
    BUSINESS_CLOSED = "2", "事業の廃止・休止"
    DISASTER = "3", "災害"
    WELFARE = "4", "生活保護（生活扶助以外の扶助）"
    CATEGORY = "5", "障害者・寡婦・ひとり親"
    VIOLENCE = "6", "配偶者からの暴力"
    OTHER = "9", "その他"


GROUND_OF_LAW: dict[str, SpecialGround] = {
    "job_loss": SpecialGround.JOB_LOSS,
    "business_closed": SpecialGround.BUSINESS_CLOSED,
    "disaster": SpecialGround.DISASTER,
    "welfare_other": SpecialGround.WELFARE,
    "special_disability_benefit": SpecialGround.OTHER,
}


class ExemptionResult(models.TextChoices):
    """裁定結果 (T7)."""

    GRANTED = "1", "承認"
    PARTLY = "2", "一部承認"
    REFUSED_INCOME = "3", "却下（所得）"
    REFUSED_CONDITION = "4", "却下（要件）"
    CANCELLED = "5", "取消"
    RETURNED = "6", "返戻"
    WAITING = "7", "審査中"
    WITHDRAWN = "8", "取下"


class ExemptionEnd(models.TextChoices):
    """免除終了理由 (T8) with 法免消滅理由 (T9) as 3x."""

    EXPIRED = "1", "期間満了"
    LOST = "2", "資格喪失・種別変更"
    ENDED = "3", "消滅届"
    CANCELLED = "4", "取消申請"
    DEATH = "5", "死亡"
    RAISING_ENDED = "6", "養育終了"
    ASSISTANCE_ENDED = "31", "生活扶助の廃止"
    DISABILITY_ENDED = "32", "障害の程度が3級に該当しなくなって3年"
    LEFT_FACILITY = "33", "施設からの退所"
    OWN_WISH = "34", "本人の申出（納付申出）"
    CORRECTED = "9", "訂正"


class AdditionalDivision(models.TextChoices):
    """付加区分 (T10)."""

    JOINED = "1", "加入"
    LEFT = "2", "辞退"
    FUND = "3", "国民年金基金の加入"
    LOST = "4", "資格喪失"
    MATERNITY = "5", "産前産後期間中の加入"


class Aid(models.TextChoices):
    """扶助の別: only 生活扶助 is a ground of 法定免除 (法89条1項2号); any other aid is one of 申請免除 (90条1項2号)."""

    LIVELIHOOD = "livelihood", "生活扶助"
    OTHER = "other", "生活扶助以外の扶助"


class AidEvent(models.TextChoices):
    """開始・廃止の別"""

    BEGIN = "begin", "保護の開始"
    END = "end", "保護の廃止・停止"


class ContinuationOutlook(models.TextChoices):
    """継続審査の見込み"""

    CONTINUE = "continue", "継続の見込み"
    CHANGE = "change", "別の区分の見込み"
    STOP = "stop", "継続しない見込み"
    UNKNOWN = "unknown", "判定できない"


class ContinuationStop(models.TextChoices):
    """継続しない（判定できない）理由"""

    NOT_FIRST = "kind", "第1号ではなくなった"
    DIED = "died", "死亡"
    MOVED = "moved", "市外へ転出（転出先の市区町村が審査）"
    STUDENT = "student", "学生納付特例の申請"
    APPLIED = "applied", "新しい年度の申請を受付済"
    STATUTORY = "statutory", "法定免除・産前産後・育児の月"
    FIFTY = "fifty", "納付猶予の年齢（50歳）に到達"
    INCOME = "income", "所得が限度額を超える"
    BETTER = "better", "全額免除に当たる所得"
    PARTIAL = "partial", "一部免除になる所得"
    UNDECLARED = "undeclared", "所得の申告がない（本人・配偶者・世帯主）"
    ELSEWHERE = "elsewhere", "他市課税で所得が分からない"
