"""コード表: code values of 個人住民税 with their wording; the standard gives none, these are the city's own."""

from __future__ import annotations

from django.db import models


class TaxState(models.TextChoices):
    """課税の別: what the tax year says about a person. 未申告 is unknown, not zero."""

    TAXED = "1", "課税"
    FLAT_ONLY = "2", "均等割のみ"
    EXEMPT = "3", "非課税"
    UNDECLARED = "4", "未申告"
    OTHER_CITY = "5", "他市課税"


class SpouseKind(models.TextChoices):
    """控除対象配偶者 (地方税法314条の2第1項10号); 3: same livelihood, taxpayer above ten million yen."""

    NONE = "0", "なし"
    GENERAL = "1", "一般"
    ELDERLY = "2", "老人（70歳以上）"
    SAME_LIVELIHOOD = "3", "同一生計配偶者（控除なし）"


class DisabilityKind(models.TextChoices):
    """障害者区分 (地方税法292条1項10号, 314条の2第1項6号)."""

    NONE = "0", "なし"
    DISABLED = "1", "障害者"
    SPECIAL = "2", "特別障害者"
    SPECIAL_LIVING_TOGETHER = "3", "同居特別障害者"


class WidowKind(models.TextChoices):
    """本人寡婦(夫)区分: 3 and 4 are values of tax years before 令和3年度 and kept for reading old records."""

    NONE = "0", "なし"
    WIDOW = "1", "寡婦"
    SINGLE_PARENT = "2", "ひとり親"
    WIDOWER = "3", "寡夫（令和2年度まで）"
    SPECIAL_WIDOW = "4", "特別の寡婦（令和2年度まで）"


class DependantKind(models.TextChoices):
    """扶養の区分 by age on 31 December of the income year (地方税法314条の2第1項11号, 同条4項)."""

    SPOUSE = "01", "配偶者"
    ELDERLY_SPOUSE = "02", "老人配偶者"
    UNDER_16 = "11", "年少（16歳未満）"
    AGE_16_TO_18 = "12", "一般（16歳から18歳）"
    GENERAL = "13", "一般（23歳から69歳）"
    SPECIFIC = "14", "特定（19歳から22歳）"
    ELDERLY = "15", "老人（70歳以上）"
    ELDERLY_PARENT = "16", "同居老親等"


class DocumentKind(models.TextChoices):
    """課税資料の種類 (地方税法317条の2, 317条の3, 317条の6)."""

    SALARY_REPORT = "11", "給与支払報告書"
    PENSION_REPORT = "12", "公的年金等支払報告書"
    TAX_RETURN = "21", "確定申告書"
    DECLARATION = "22", "住民税申告書"


class CollectionMethod(models.TextChoices):
    """徴収方法 (地方税法319条, 321条の3)."""

    ORDINARY = "1", "普通徴収"
    SALARY = "2", "給与特別徴収"


class DecisionReason(models.TextChoices):
    """賦課決定の理由: the first assessment, and the reasons of a later change (更正)."""

    FIRST = "00", "当初賦課"
    AMENDED_RETURN = "11", "修正申告"
    REFUND_CLAIM = "12", "更正の請求"
    LATE_RETURN = "13", "期限後申告"
    REPORT_CORRECTED = "14", "給与支払報告書等の追加・訂正"
    DEPENDANT_DENIED = "21", "扶養否認"
    DEPENDANT_ADDED = "22", "扶養追加"
    RESIDENCE_CORRECTED = "31", "転出入の訂正"
    LIVELIHOOD_ASSISTANCE = "33", "生活保護"
    DONATION = "41", "寄附金税額控除"
    HOUSING = "42", "住宅借入金等特別税額控除"
    OFFICIAL = "90", "職権"


class ChangeState(models.TextChoices):
    """更正の状態"""

    PROPOSED = "1", "承認待ち"
    APPROVED = "2", "決定"
    REFUSED = "3", "差戻し"


class RunKind(models.TextChoices):
    """一括処理の種類"""

    ASSESSMENT = "1", "当初課税"
    NOTICES = "2", "税額決定通知書の印刷"


class RunState(models.TextChoices):
    """一括処理の状態"""

    RUNNING = "1", "処理中"
    STOPPED = "2", "中断"
    DONE = "3", "完了"
