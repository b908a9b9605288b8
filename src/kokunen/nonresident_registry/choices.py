"""区分: code values of 住登外管理 with their official wording where the standard gives one."""

from __future__ import annotations

from django.db.models import TextChoices


class AtenaKind(TextChoices):
    """宛名の種類"""

    INDIVIDUAL = "1", "個人"
    CORPORATION = "2", "法人"


class RecordStatus(TextChoices):
    """記録の状態: what leaves the live list keeps its history (標準 0310002, flow D)."""

    LIVE = "1", "現存"
    DECEASED = "2", "死亡"
    BECAME_RESIDENT = "3", "住民登録により除外"
    DISSOLVED = "4", "解散・閉鎖"
    MISTAKEN = "5", "誤登録により除外"


#: 住登外者の一覧に載る状態.
LISTED = (RecordStatus.LIVE, RecordStatus.DECEASED, RecordStatus.DISSOLVED)


class Reason(TextChoices):
    """登録の理由: why the city holds somebody who is no resident."""

    PROPERTY_OWNER = "01", "固定資産の所有者"
    RELATIVE = "02", "加入者の家族"
    TAX_AFTER_MOVE_OUT = "03", "転出後の課税"
    MOVED_OUT = "04", "転出者"
    DECEASED = "05", "死亡者"
    HEIR = "06", "相続人"
    AGENT = "07", "代理人・納税管理人"
    EMPLOYER = "08", "特別徴収義務者"
    OFFICE = "09", "市内に事業所がある法人"
    OTHER = "99", "その他"


class Sex(TextChoices):
    """性別 (項目定義書)"""

    UNKNOWN = "0", "不明"
    MALE = "1", "男"
    FEMALE = "2", "女"


class NameKind(TextChoices):
    """検索用の氏名の種類"""

    NAME = "1", "氏名・名称"
    ALIAS = "2", "通称"
    KANJI = "3", "漢字氏名"
    ROMAN = "4", "ローマ字氏名"


class NumberKind(TextChoices):
    """番号の種類"""

    INDIVIDUAL = "1", "個人番号"
    CORPORATE = "2", "法人番号"


class NumberSource(TextChoices):
    """番号の入手元"""

    PERSON = "1", "本人の提示"
    JUKI_NET = "2", "住基ネット"
    REGISTER = "3", "住民記録"
    TAX_AGENCY = "4", "国税庁の公表"
    AGENT = "5", "代理人の提示"
    MIGRATION = "9", "データ移行"


class CheckMeans(TextChoices):
    """真正性確認の手段 (番号法16条、14条2項)"""

    CARD = "1", "個人番号カードの提示"
    TWO_PAPERS = "2", "番号確認書類と身元確認書類"
    SMARTPHONE = "3", "カード代替電磁的記録"
    REGISTER = "4", "住民記録との照合"
    JUKI_NET = "5", "住基ネットの照会"
    TAX_AGENCY = "6", "国税庁の公表情報との照合"
    MIGRATION = "9", "データ移行前の確認"


class CheckResult(TextChoices):
    """真正性確認の結果: only 1 and 2 make a number count; 3 goes to an officer, 4 and 5 never link."""

    SAME = "1", "一致"
    SAME_BUT_SPELLING = "2", "一致(異体字・カナの差)"
    ADDRESS_DIFFERS = "3", "住所だけ不一致"
    DIFFERENT = "4", "不一致"
    NOT_FOUND = "5", "該当なし"
    UNCHECKED = "9", "未確認"


CONFIRMED = (CheckResult.SAME, CheckResult.SAME_BUT_SPELLING)


class ProposalState(TextChoices):
    """名寄せ候補の状態"""

    WAITING = "1", "判断待ち"
    LINKED = "2", "名寄せ済み"
    DIFFERENT = "3", "別人と判断"
    WITHDRAWN = "4", "取下げ"


class LinkState(TextChoices):
    """名寄せの状態: two officers bind, two officers unbind."""

    ASKED = "1", "名寄せの承認待ち"
    LIVE = "2", "有効"
    ENDING = "3", "解除の承認待ち"
    ENDED = "4", "解除"
    REJECTED = "5", "差戻し"


#: 効いている名寄せ.
BINDING = (LinkState.LIVE, LinkState.ENDING)
