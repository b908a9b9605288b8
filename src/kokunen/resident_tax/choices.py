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
