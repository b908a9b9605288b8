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
    BLUE_EMPLOYEE = "21", "青色事業専従者"
    WHITE_EMPLOYEE = "22", "白色事業専従者"


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
    STATISTICS = "3", "課税状況調の集計"


class RunState(models.TextChoices):
    """一括処理の状態"""

    RUNNING = "1", "処理中"
    STOPPED = "2", "中断"
    DONE = "3", "完了"


class PrintKind(models.TextChoices):
    """一括印刷の帳票"""

    ORDINARY = "1", "税額決定通知書・納付書（普通徴収）"
    EMPLOYER = "2", "特別徴収税額通知書（特別徴収義務者用）"
    EMPLOYEE = "3", "特別徴収税額通知書（納税義務者用）"
    DECLARATION = "4", "住民税申告書の送付"
    INQUIRY = "5", "扶養の照会書"


class Reply(models.TextChoices):
    """照会の回答"""

    CONFIRMED = "1", "申告のとおり"
    DENIED = "2", "扶養を取り消す"
    NONE = "3", "回答なし"


class WithholdingState(models.TextChoices):
    """年金特別徴収の状態: from 対象者情報 to the end of the withholding."""

    UNMATCHED = "1", "照合できない"
    NOT_ELIGIBLE = "2", "対象外"
    READY = "3", "依頼前"
    REQUESTED = "4", "依頼済み"
    ACCEPTED = "5", "特別徴収中"
    REFUSED = "6", "特別徴収できない"
    STOPPING = "7", "停止を通知中"
    STOPPED = "8", "停止"
    CANDIDATE = "9", "判定前"


class ExchangeWay(models.TextChoices):
    """送受信の向き"""

    OUT = "1", "送信"
    IN = "2", "受信"


class ExchangeState(models.TextChoices):
    """連携ファイルの状態"""

    WAITING = "1", "送信待ち"
    SENT = "2", "送信済み"
    REFUSED = "3", "拒否"
    BROKEN = "4", "読めない"
    APPLIED = "5", "反映済み"


class StopReason(models.TextChoices):
    """停止の理由 (各種区分 of 通知内容コード41)"""

    DEATH = "01", "死亡"
    MOVED = "02", "転出"
    SPECIAL = "03", "税額変更など"
    EXCLUDED = "04", "対象外"
