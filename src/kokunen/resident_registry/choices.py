"""コード表: code values of the register with their official wording.

The standard fixes no code values for 異動事由 (SPEC 1.2.2 names categories only); those here are the project's own and
every one says which category it maps to. Population sign: +1 記載, -1 消除, 0 修正.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import models


class Sex(models.TextChoices):
    """男女の別 (法7条3号; may be blank on the record)."""

    MALE = "1", "男"
    FEMALE = "2", "女"
    UNKNOWN = "0", "空欄"


class ResidentKind(models.TextChoices):
    """住民種別: which article lists the items of the record (法7条 or 法30条の45)."""

    JAPANESE = "1", "日本人"
    FOREIGN = "2", "外国人"


class ResidentStatus(models.TextChoices):
    """住民状態: living in the register, or removed (除票) and by which kind of event."""

    LIVING = "1", "住民"
    MOVED_OUT = "2", "転出"
    DEAD = "3", "死亡"
    REMOVED = "4", "職権消除"


class ResidenceClass(models.TextChoices):
    """外国人住民の区分 (法30条の45の表の上欄)."""

    MID_TO_LONG_TERM = "1", "中長期在留者"
    SPECIAL_PERMANENT = "2", "特別永住者"
    TEMPORARY_REFUGE = "3", "一時庇護許可者"
    PROVISIONAL_STAY = "4", "仮滞在許可者"
    BIRTH_TRANSITION = "5", "出生による経過滞在者"
    NATIONALITY_LOSS_TRANSITION = "6", "国籍喪失による経過滞在者"


class FilingKind(models.TextChoices):
    """届出・通知の別: one column serves 届出日, 通知日 and 申出日 with this flag (SPEC 4.1.0.2, 4.2.0.4-5)."""

    NOTICE = "1", "届出"
    NOTIFICATION = "2", "通知"
    REQUEST = "3", "申出"
    EX_OFFICIO = "4", "職権"
    CLAIM = "5", "請求"


class Cause(models.TextChoices):
    """事由の詳細: what lies behind a change of name or nationality (戸籍法), beside 異動事由."""

    MARRIAGE = "11", "婚姻"
    DIVORCE = "12", "離婚"
    ADOPTION = "13", "養子縁組"
    DISSOLVED_ADOPTION = "14", "離縁"
    SURNAME_KEPT = "15", "婚氏・縁氏の続称"
    SURNAME_CHANGED = "16", "氏の変更"
    GIVEN_NAME_CHANGED = "17", "名の変更"
    NAMING = "18", "追完（命名）"
    DOMICILE_MOVED = "19", "転籍・分籍"
    NATURALISED = "21", "帰化"
    NATIONALITY_ACQUIRED = "22", "国籍取得"
    NATIONALITY_LOST = "23", "国籍喪失"
    NATIONALITY_CHOSEN = "24", "国籍選択・離脱"


class Filer(models.TextChoices):
    """届出人 (法26条: the head may file for the members; 令26条: a proxy shows a 委任状)."""

    SELF = "1", "本人"
    HEAD = "2", "世帯主"
    MEMBER = "3", "同一世帯の者"
    PROXY = "4", "代理人"
    OFFICE = "9", "職権・通知"


class IdentityCheck(models.TextChoices):
    """本人確認 (法27条2項, 規則8条): what the filer showed at the counter."""

    INDIVIDUAL_NUMBER_CARD = "1", "個人番号カード"
    DRIVING_LICENCE = "2", "運転免許証"
    RESIDENCE_CARD = "3", "在留カード・特別永住者証明書"
    PASSPORT = "4", "旅券"
    TWO_PAPERS = "5", "資格確認書など2点"
    QUESTIONS = "6", "質問による確認"
    NOT_NEEDED = "9", "確認不要（職権・通知）"


class KanaStatus(models.TextChoices):
    """振り仮名の公証 (法7条1号の2, since 2025-05-26): 氏 and 名 are each certified or not."""

    NEITHER = "0", "未公証"
    SURNAME = "1", "氏のみ公証"
    GIVEN = "2", "名のみ公証"
    BOTH = "3", "公証済"


class DestinationKind(models.TextChoices):
    """転出先の別."""

    DOMESTIC = "1", "国内"
    ABROAD = "2", "国外"


class SearchNameKind(models.TextChoices):
    """検索する氏名の種類 (SPEC 2.1.3: names are searched through the past as well)."""

    NAME = "1", "氏名"
    ALIAS = "2", "通称"
    FORMER_SURNAME = "3", "旧氏"
    KANJI_NAME = "4", "漢字氏名"


class SupportKind(models.TextChoices):
    """支援措置の段階: 仮支援措置 covers the time from 申出 to the decision."""

    PROVISIONAL = "1", "仮支援措置"
    FULL = "2", "支援措置"


class SupportReason(models.TextChoices):
    """支援措置の対象 (住民基本台帳事務処理要領 第5-10)."""

    DOMESTIC_VIOLENCE = "A", "配偶者暴力防止法"
    STALKING = "B", "ストーカー規制法"
    CHILD_ABUSE = "C", "児童虐待防止法"
    SIMILAR = "D", "その他これらに準ずるもの"


class CertificateKind(models.TextChoices):
    """証明書・通知票の種類 (SPEC 第4章 様式)."""

    PERSON = "11", "住民票の写し（個人票）"
    HOUSEHOLD = "12", "住民票の写し（世帯連記式）"
    REMOVED = "13", "住民票の除票の写し"
    STATEMENT = "14", "住民票記載事項証明書"
    MOVE_OUT = "21", "転出証明書"
    MOVE_OUT_LIKE = "22", "転出証明書に準ずる証明書"
    CODE_SLIP = "41", "住民票コード通知票"
    KOSEKI_ADDENDUM = "51", "戸籍の附票の写し"


class LetterKind(models.TextChoices):
    """通知書・照会書 (SPEC 第4章 様式): letters that follow from the record, without a fee and without 公印."""

    ARRIVAL_INQUIRY = "61", "転入通知未着照会書"
    HEAD_CHANGED = "62", "世帯主変更通知書"
    HEAD_REQUEST = "63", "世帯主変更依頼通知書"
    EX_OFFICIO = "64", "住民票職権記載等通知書"
    SUPPORT_ENDING = "65", "支援措置期間終了通知"


class RequestKind(models.TextChoices):
    """請求の区分 (住基法12条-12条の3, 15条の4)."""

    SELF = "1", "本人"
    SAME_HOUSEHOLD = "2", "同一世帯の者"
    PROXY = "3", "代理人"
    THIRD_PARTY = "4", "第三者"
    OFFICIAL = "5", "公用"
    OFFICE = "9", "職権・届出による交付"


class ProvisionalState(models.TextChoices):
    """仮登録の状態."""

    WAITING = "1", "決裁待ち"
    REGISTERED = "2", "本登録"
    DROPPED = "9", "取下げ"


class LineParty(models.TextChoices):
    """回線の相手方: outside parties of the register (住基法, 入管法61条の8の2)."""

    JUKI_CS = "juki_cs", "住基ネット"
    MOJ = "moj", "法務省"
    KOSEKI = "koseki", "戸籍（附票）"


class SendState(models.TextChoices):
    """送信の状態."""

    WAITING = "1", "送信待ち"
    SENT = "2", "送信済み"
    REFUSED = "3", "相手方が拒否"
    UNSENDABLE = "4", "送信できない内容"
    RESENT = "5", "作り直して送信"
    CLOSED = "6", "送信しない"


class CheckState(models.TextChoices):
    """整合性確認の状態."""

    ASKED = "1", "抽出待ち"
    SENT = "2", "回答待ち"
    OPEN = "3", "違いあり"
    CLOSED = "4", "完了"


class DifferenceKind(models.TextChoices):
    """整合性確認の違い."""

    NOT_THERE = "1", "住基ネットに記録がない"
    NOT_HERE = "2", "市の住民票にない"
    ITEMS_DIFFER = "3", "項目が違う"


class DifferenceState(models.TextChoices):
    """違いの状態."""

    OPEN = "1", "未処理"
    SENT = "2", "送り直した"
    CLOSED = "3", "処理済み"


class ArrivedState(models.TextChoices):
    """受信したものの状態."""

    NEW = "1", "未処理"
    APPLIED = "2", "反映済み"
    TO_CHECK = "3", "要確認"
    BROKEN = "4", "誤り"
    CLOSED = "5", "処理済み"
    READY = "6", "反映待ち"
    NOT_READ = "7", "未取込み"


class Category(StrEnum):
    """異動事由の区分 (SPEC 1.2.2): the standard's own names."""

    DOMESTIC_MOVE_IN = "国内転入"
    ABROAD_MOVE_IN = "国外転入等"
    BIRTH = "出生"
    EX_OFFICIO_ENTRY = "職権記載"
    EX_OFFICIO_ENTRY_NATURALISATION = "職権記載(帰化等)"
    EX_OFFICIO_ENTRY_NATIONALITY_LOSS = "職権記載(国籍喪失)"
    REMAKE = "改製"
    REISSUE = "再製"
    CANCELLATION_PLUS = "異動の取消し(増)"
    DOMESTIC_MOVE_OUT = "国内転出"
    ABROAD_MOVE_OUT = "国外転出"
    DEATH = "死亡"
    EX_OFFICIO_REMOVAL = "職権消除"
    EX_OFFICIO_REMOVAL_NATURALISATION = "職権消除(帰化等)"
    EX_OFFICIO_REMOVAL_NATIONALITY_LOSS = "職権消除(国籍喪失)"
    CANCELLATION_MINUS = "異動の取消し(減)"
    RELOCATION = "転居"
    MINOR_CORRECTION = "軽微な修正"
    HOUSEHOLD_SPLIT = "世帯分離"
    HOUSEHOLD_MERGE = "世帯合併"
    HOUSEHOLD_CHANGE = "世帯変更"
    HEAD_CHANGE = "世帯主変更"
    EX_OFFICIO_CORRECTION = "職権修正"
    ERROR_CORRECTION = "誤記修正"
    NUMBER_CHANGE_ON_CLAIM = "個人番号変更請求"
    NUMBER_CORRECTION = "個人番号職権修正"
    NUMBER_ENTRY = "個人番号職権記載"
    CODE_CHANGE_ON_CLAIM = "住民票コード変更請求"
    CODE_ENTRY = "住民票コード職権記載"
    FORMER_SURNAME_ENTRY = "旧氏記載"
    FORMER_SURNAME_CHANGE = "旧氏変更"
    FORMER_SURNAME_REMOVAL = "旧氏削除"
    ALIAS_ENTRY = "通称記載"
    ALIAS_REMOVAL = "通称削除"
    CANCELLATION_ZERO = "異動の取消し(修正)"
    NONE = ""


@dataclass(frozen=True, slots=True)
class EventSpec:
    """異動事由の定義: one row of the code table.

    `population` is the sign in the statistics. `removes_as` is the state that the person is left in (消除), None for
    all others. `deadline_days` are the days to file of the article named in `basis` (0 = none).
    """

    code: str
    name: str
    category: Category
    population: int
    basis: str
    removes_as: ResidentStatus | None = None
    deadline_days: int = 0
    valid_from: date = date(2012, 7, 9)
    valid_until: date | None = None


class EventCode(models.TextChoices):
    """異動事由."""

    MOVE_IN = "101", "転入（国内）"
    SPECIAL_MOVE_IN = "102", "特例転入"
    MOVE_IN_FROM_ABROAD = "103", "転入（国外）"
    UNFILED_MOVE_IN = "104", "未届転入"
    FOREIGN_MOVE_IN = "105", "法30条の46転入"
    FOREIGN_STATUS_NOTICE = "106", "法30条の47届出"
    BIRTH = "111", "出生"
    ADDRESS_FOUND = "112", "住所設定"
    EX_OFFICIO_ENTRY = "113", "職権記載"
    NATURALISATION_ENTRY = "114", "帰化・国籍取得（日本人側）"
    NATIONALITY_LOSS_ENTRY = "115", "国籍喪失（外国人側）"
    RESTORATION = "116", "職権回復"
    REMAKE_ENTRY = "121", "改製（記載）"
    REISSUE_ENTRY = "122", "再製（記載）"
    CANCELLATION_PLUS = "191", "異動取消（増）"
    MOVE_OUT = "201", "転出（国内）"
    SPECIAL_MOVE_OUT = "202", "特例転出・引越しワンストップ"
    MOVE_OUT_ABROAD = "203", "転出（国外）"
    LATE_MOVE_OUT = "204", "転出（職権）"
    DEATH = "211", "死亡"
    DISAPPEARANCE = "212", "失踪宣告"
    EX_OFFICIO_REMOVAL = "213", "職権消除（実態調査）"
    NATURALISATION_REMOVAL = "214", "帰化・国籍取得（外国人側）"
    NATIONALITY_LOSS_REMOVAL = "215", "国籍喪失（日本人側）"
    STATUS_LOSS = "216", "在留資格喪失等"
    REMAKE_REMOVAL = "221", "改製（消除）"
    REISSUE_REMOVAL = "222", "再製（消除）"
    CANCELLATION_MINUS = "291", "異動取消（減）"
    RELOCATION = "301", "転居"
    ADDRESS_TEXT_CHANGE = "302", "住所変更（軽微）"
    HOUSEHOLD_SPLIT = "311", "世帯分離"
    HOUSEHOLD_MERGE = "312", "世帯合併"
    HOUSEHOLD_CHANGE = "313", "世帯変更"
    HEAD_CHANGE = "314", "世帯主変更"
    NAME_CORRECTION = "321", "氏名等の職権修正"
    MINOR_CORRECTION = "322", "軽微な修正"
    ERROR_CORRECTION = "323", "誤記修正"
    RESIDENCE_CHANGE = "324", "在留情報変更"
    NUMBER_CHANGE_ON_CLAIM = "331", "個人番号変更請求"
    NUMBER_CORRECTION = "332", "個人番号職権修正"
    NUMBER_ENTRY = "333", "個人番号職権記載"
    CODE_CHANGE_ON_CLAIM = "334", "住民票コード変更請求"
    CODE_ENTRY = "335", "住民票コード職権記載"
    FORMER_SURNAME_ENTRY = "341", "旧氏記載"
    FORMER_SURNAME_CHANGE = "342", "旧氏変更"
    FORMER_SURNAME_REMOVAL = "343", "旧氏削除"
    ALIAS_ENTRY = "344", "通称記載"
    ALIAS_REMOVAL = "345", "通称削除"
    KANA_ENTRY = "346", "振り仮名記載"
    KANA_CORRECTION = "347", "振り仮名修正"
    CANCELLATION_ZERO = "391", "異動取消（修正）"
    DEPARTURE_CANCELLED = "901", "転出取消"
    ARRIVAL_NOTICE = "902", "転入通知受理"


def _specs() -> dict[str, EventSpec]:
    code, cat, status = EventCode, Category, ResidentStatus
    rows = (
        EventSpec(code.MOVE_IN, code.MOVE_IN.label, cat.DOMESTIC_MOVE_IN, 1, "住基法22条", deadline_days=14),
        EventSpec(
            code.SPECIAL_MOVE_IN, code.SPECIAL_MOVE_IN.label, cat.DOMESTIC_MOVE_IN, 1, "住基法24条の2", deadline_days=14
        ),
        EventSpec(
            code.MOVE_IN_FROM_ABROAD,
            code.MOVE_IN_FROM_ABROAD.label,
            cat.ABROAD_MOVE_IN,
            1,
            "住基法22条",
            deadline_days=14,
        ),
        EventSpec(
            code.UNFILED_MOVE_IN, code.UNFILED_MOVE_IN.label, cat.DOMESTIC_MOVE_IN, 1, "住基法22条", deadline_days=14
        ),
        EventSpec(
            code.FOREIGN_MOVE_IN, code.FOREIGN_MOVE_IN.label, cat.ABROAD_MOVE_IN, 1, "住基法30条の46", deadline_days=14
        ),
        EventSpec(
            code.FOREIGN_STATUS_NOTICE,
            code.FOREIGN_STATUS_NOTICE.label,
            cat.ABROAD_MOVE_IN,
            1,
            "住基法30条の47",
            deadline_days=14,
        ),
        EventSpec(code.BIRTH, code.BIRTH.label, cat.BIRTH, 1, "戸籍法49条・住基令12条2項1号", deadline_days=14),
        EventSpec(code.ADDRESS_FOUND, code.ADDRESS_FOUND.label, cat.EX_OFFICIO_ENTRY, 1, "住基令12条"),
        EventSpec(code.EX_OFFICIO_ENTRY, code.EX_OFFICIO_ENTRY.label, cat.EX_OFFICIO_ENTRY, 1, "住基法8条・住基令12条"),
        EventSpec(
            code.NATURALISATION_ENTRY,
            code.NATURALISATION_ENTRY.label,
            cat.EX_OFFICIO_ENTRY_NATURALISATION,
            1,
            "戸籍法102条・102条の2",
        ),
        EventSpec(
            code.NATIONALITY_LOSS_ENTRY,
            code.NATIONALITY_LOSS_ENTRY.label,
            cat.EX_OFFICIO_ENTRY_NATIONALITY_LOSS,
            1,
            "戸籍法103条",
        ),
        EventSpec(code.RESTORATION, code.RESTORATION.label, cat.EX_OFFICIO_ENTRY, 1, "住基令12条3項"),
        EventSpec(code.REMAKE_ENTRY, code.REMAKE_ENTRY.label, cat.REMAKE, 0, "住基令16条"),
        EventSpec(code.REISSUE_ENTRY, code.REISSUE_ENTRY.label, cat.REISSUE, 0, "住基令"),
        EventSpec(code.CANCELLATION_PLUS, code.CANCELLATION_PLUS.label, cat.CANCELLATION_PLUS, 1, "住基令12条3項"),
        EventSpec(code.MOVE_OUT, code.MOVE_OUT.label, cat.DOMESTIC_MOVE_OUT, -1, "住基法24条", status.MOVED_OUT),
        EventSpec(
            code.SPECIAL_MOVE_OUT,
            code.SPECIAL_MOVE_OUT.label,
            cat.DOMESTIC_MOVE_OUT,
            -1,
            "住基法24条の2",
            status.MOVED_OUT,
        ),
        EventSpec(
            code.MOVE_OUT_ABROAD, code.MOVE_OUT_ABROAD.label, cat.ABROAD_MOVE_OUT, -1, "住基法24条", status.MOVED_OUT
        ),
        EventSpec(
            code.LATE_MOVE_OUT,
            code.LATE_MOVE_OUT.label,
            cat.DOMESTIC_MOVE_OUT,
            -1,
            "住基法24条・住基令12条",
            status.MOVED_OUT,
        ),
        EventSpec(code.DEATH, code.DEATH.label, cat.DEATH, -1, "戸籍法86条", status.DEAD, 7),
        EventSpec(
            code.DISAPPEARANCE,
            code.DISAPPEARANCE.label,
            cat.EX_OFFICIO_REMOVAL,
            -1,
            "戸籍法94条・住基法9条2項",
            status.DEAD,
        ),
        EventSpec(
            code.EX_OFFICIO_REMOVAL,
            code.EX_OFFICIO_REMOVAL.label,
            cat.EX_OFFICIO_REMOVAL,
            -1,
            "住基法8条・住基令12条",
            status.REMOVED,
        ),
        EventSpec(
            code.NATURALISATION_REMOVAL,
            code.NATURALISATION_REMOVAL.label,
            cat.EX_OFFICIO_REMOVAL_NATURALISATION,
            -1,
            "戸籍法102条・102条の2",
            status.REMOVED,
        ),
        EventSpec(
            code.NATIONALITY_LOSS_REMOVAL,
            code.NATIONALITY_LOSS_REMOVAL.label,
            cat.EX_OFFICIO_REMOVAL_NATIONALITY_LOSS,
            -1,
            "戸籍法103条",
            status.REMOVED,
        ),
        EventSpec(
            code.STATUS_LOSS, code.STATUS_LOSS.label, cat.EX_OFFICIO_REMOVAL, -1, "住基法30条の50", status.REMOVED
        ),
        EventSpec(code.REMAKE_REMOVAL, code.REMAKE_REMOVAL.label, cat.REMAKE, 0, "住基令16条"),
        EventSpec(code.REISSUE_REMOVAL, code.REISSUE_REMOVAL.label, cat.REISSUE, 0, "住基令"),
        EventSpec(
            code.CANCELLATION_MINUS,
            code.CANCELLATION_MINUS.label,
            cat.CANCELLATION_MINUS,
            -1,
            "住基令12条3項",
            status.REMOVED,
        ),
        EventSpec(code.RELOCATION, code.RELOCATION.label, cat.RELOCATION, 0, "住基法23条", deadline_days=14),
        EventSpec(
            code.ADDRESS_TEXT_CHANGE, code.ADDRESS_TEXT_CHANGE.label, cat.MINOR_CORRECTION, 0, "住基規則11条3項2号"
        ),
        EventSpec(
            code.HOUSEHOLD_SPLIT, code.HOUSEHOLD_SPLIT.label, cat.HOUSEHOLD_SPLIT, 0, "住基法25条", deadline_days=14
        ),
        EventSpec(
            code.HOUSEHOLD_MERGE, code.HOUSEHOLD_MERGE.label, cat.HOUSEHOLD_MERGE, 0, "住基法25条", deadline_days=14
        ),
        EventSpec(
            code.HOUSEHOLD_CHANGE, code.HOUSEHOLD_CHANGE.label, cat.HOUSEHOLD_CHANGE, 0, "住基法25条", deadline_days=14
        ),
        EventSpec(code.HEAD_CHANGE, code.HEAD_CHANGE.label, cat.HEAD_CHANGE, 0, "住基法25条", deadline_days=14),
        EventSpec(code.NAME_CORRECTION, code.NAME_CORRECTION.label, cat.EX_OFFICIO_CORRECTION, 0, "住基法9条2項"),
        EventSpec(code.MINOR_CORRECTION, code.MINOR_CORRECTION.label, cat.MINOR_CORRECTION, 0, "住基規則11条3項2号"),
        EventSpec(code.ERROR_CORRECTION, code.ERROR_CORRECTION.label, cat.ERROR_CORRECTION, 0, "住基令12条3項"),
        EventSpec(code.RESIDENCE_CHANGE, code.RESIDENCE_CHANGE.label, cat.EX_OFFICIO_CORRECTION, 0, "住基法30条の50"),
        EventSpec(
            code.NUMBER_CHANGE_ON_CLAIM,
            code.NUMBER_CHANGE_ON_CLAIM.label,
            cat.NUMBER_CHANGE_ON_CLAIM,
            0,
            "番号法7条2項",
        ),
        EventSpec(code.NUMBER_CORRECTION, code.NUMBER_CORRECTION.label, cat.NUMBER_CORRECTION, 0, "住基令12条3項"),
        EventSpec(code.NUMBER_ENTRY, code.NUMBER_ENTRY.label, cat.NUMBER_ENTRY, 0, "番号法7条1項"),
        EventSpec(
            code.CODE_CHANGE_ON_CLAIM, code.CODE_CHANGE_ON_CLAIM.label, cat.CODE_CHANGE_ON_CLAIM, 0, "住基法30条の4"
        ),
        EventSpec(code.CODE_ENTRY, code.CODE_ENTRY.label, cat.CODE_ENTRY, 0, "住基法30条の3"),
        EventSpec(
            code.FORMER_SURNAME_ENTRY,
            code.FORMER_SURNAME_ENTRY.label,
            cat.FORMER_SURNAME_ENTRY,
            0,
            "住基令30条の14",
            valid_from=date(2019, 11, 5),
        ),
        EventSpec(
            code.FORMER_SURNAME_CHANGE,
            code.FORMER_SURNAME_CHANGE.label,
            cat.FORMER_SURNAME_CHANGE,
            0,
            "住基令30条の14",
            valid_from=date(2019, 11, 5),
        ),
        EventSpec(
            code.FORMER_SURNAME_REMOVAL,
            code.FORMER_SURNAME_REMOVAL.label,
            cat.FORMER_SURNAME_REMOVAL,
            0,
            "住基令30条の14",
            valid_from=date(2019, 11, 5),
        ),
        EventSpec(code.ALIAS_ENTRY, code.ALIAS_ENTRY.label, cat.ALIAS_ENTRY, 0, "住基令30条の16"),
        EventSpec(code.ALIAS_REMOVAL, code.ALIAS_REMOVAL.label, cat.ALIAS_REMOVAL, 0, "住基令30条の16"),
        EventSpec(
            code.KANA_ENTRY,
            code.KANA_ENTRY.label,
            cat.EX_OFFICIO_CORRECTION,
            0,
            "住基法7条1号の2",
            valid_from=date(2025, 5, 26),
        ),
        EventSpec(
            code.KANA_CORRECTION,
            code.KANA_CORRECTION.label,
            cat.EX_OFFICIO_CORRECTION,
            0,
            "住基法7条1号の2",
            valid_from=date(2025, 5, 26),
        ),
        EventSpec(code.CANCELLATION_ZERO, code.CANCELLATION_ZERO.label, cat.CANCELLATION_ZERO, 0, "住基令12条3項"),
        EventSpec(code.DEPARTURE_CANCELLED, code.DEPARTURE_CANCELLED.label, cat.CANCELLATION_ZERO, 0, "申出"),
        EventSpec(code.ARRIVAL_NOTICE, code.ARRIVAL_NOTICE.label, cat.NONE, 0, "住基法9条1項"),
    )
    return {str(row.code): row for row in rows}


EVENTS: dict[str, EventSpec] = _specs()

#: 続柄の語 and codes: `kokunen.law.rules.relationship`. The head's own is named here because constraints rest on it.
HEAD_RELATION = "世帯主"
HEAD_RELATION_CODE = "02"


def event_spec(code: str) -> EventSpec:
    """異動事由の定義: raises KeyError for a code outside the table."""
    return EVENTS[str(code)]


def event_name(code: str) -> str:
    """異動事由の名称: the stored code itself when it was dropped from the table."""
    spec = EVENTS.get(str(code))
    return spec.name if spec else str(code)
