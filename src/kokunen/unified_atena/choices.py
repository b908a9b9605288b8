"""区分: code values of 団体内統合宛名. Interface ids are those of 共通機能標準仕様書 (中間サーバー連携)."""

from __future__ import annotations

from django.db.models import TextChoices


class LinkMeans(TextChoices):
    """紐付の手段: why a 宛名番号 hangs on a 団体内統合宛名番号."""

    NUMBER = "1", "確認済みの個人番号が同じ"
    MERGE = "2", "名寄せ先に従う"


class HoldReason(TextChoices):
    """保留の理由: what keeps a 宛名番号 from being linked by itself."""

    BIRTH = "birth", "同じ個人番号の宛名と生年月日が違う"
    SEX = "sex", "同じ個人番号の宛名と性別が違う"
    OTHERS_KEEP = "others_keep", "番号が変わったが、同じ人の別の宛名には前の番号が残っている"
    ANOTHER = "another", "番号が変わり、新しい番号には別の団体内統合宛名番号がある"
    MERGED_TWO = "merged_two", "名寄せされた宛名に、別々の団体内統合宛名番号がある"


#: 職員が一つにまとめることができる理由.
UNITABLE = (HoldReason.ANOTHER, HoldReason.MERGED_TWO)


class HoldState(TextChoices):
    """保留の状態"""

    WAITING = "1", "確認待ち"
    UNITED = "2", "一つにまとめた"
    GONE = "3", "元の記録が直り解消"


class Interface(TextChoices):
    """中間サーバーへの送信の種類 (IF id)."""

    NUMBER = "IF_FGU_20215", "符号取得依頼（団体内統合宛名番号の登録）"
    NUMBER_END = "IF_FGU_90015", "団体内統合宛名番号の削除"
    PROVISION = "IF_DBM_20113", "特定個人情報ファイルの登録"
    NO_AUTO_REPLY = "IF_DBM_50123", "自動応答不可フラグの設定"
    INQUIRY = "IF_SKI_10123", "情報照会内容ファイルの登録"
    COMPARE = "IF_DBM_30112", "特定個人情報一覧の取得（照合）"


class Arrival(TextChoices):
    """中間サーバーから届くもの (IF id)."""

    NUMBER = "IF_FGU_20234", "符号取得依頼の結果"
    NUMBER_END = "IF_FGU_90034", "団体内統合宛名番号の削除の結果"
    PROVISION = "IF_DBM_20314", "特定個人情報更新結果ファイル"
    NO_AUTO_REPLY = "IF_DBM_50134", "自動応答不可フラグ設定結果ファイル"
    INQUIRY_TAKEN = "IF_SKI_10134", "情報照会内容登録結果ファイル"
    INQUIRY = "IF_SKI_11134", "情報照会結果ファイル"
    COMPARE = "IF_DBM_30113", "特定個人情報一覧（照合の結果）"


#: どの送信の結果として届くか.
RESULT_OF: dict[str, str] = {
    Arrival.NUMBER: Interface.NUMBER,
    Arrival.NUMBER_END: Interface.NUMBER_END,
    Arrival.PROVISION: Interface.PROVISION,
    Arrival.NO_AUTO_REPLY: Interface.NO_AUTO_REPLY,
    Arrival.INQUIRY_TAKEN: Interface.INQUIRY,
}


class Operation(TextChoices):
    """更新の別"""

    PUT = "1", "登録・更新"
    DELETE = "2", "削除"


class ItemState(TextChoices):
    """送信する1件の状態"""

    WAITING = "1", "作成待ち"
    IN_FILE = "2", "送信データに入った"
    ACCEPTED = "3", "受理"
    REJECTED = "4", "相手方が拒否"
    EXCLUDED = "5", "送信できない"
    CLOSED = "6", "処理済み"


class BatchState(TextChoices):
    """送信データの状態: 作成 → 送信 → 結果; a refusal of the whole file needs an officer."""

    WAITING = "1", "送信待ち"
    SENT = "2", "送信済み・結果待ち"
    DONE = "3", "結果受領"
    REFUSED = "4", "相手方が拒否"
    CLOSED = "5", "処理済み"


class ArrivedState(TextChoices):
    """受信の状態"""

    NEW = "1", "未処理"
    APPLIED = "2", "処理済み"
    PROBLEM = "3", "要確認"


class InquiryState(TextChoices):
    """情報照会の状態"""

    ASKED = "1", "照会待ち"
    SENT = "2", "回答待ち"
    ANSWERED = "3", "回答あり"
    REFUSED = "4", "照会できない"
