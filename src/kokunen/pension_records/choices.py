"""区分 (社会保険オンライン)"""

from __future__ import annotations

from django.db.models import TextChoices

ALIAS = "pension_records"


class OperatorKind(TextChoices):
    """操作者の区分: who asks does not check, who checks does not ask."""

    OPERATOR = "operator", "取扱者"
    SUPERVISOR = "supervisor", "管理者"


class FormState(TextChoices):
    """登録書の状態"""

    SUBMITTED = "submitted", "提出済み"
    ACCEPTED = "accepted", "受理"
    REFUSED = "refused", "不受理"


class EndReason(TextChoices):
    """接続終了の理由"""

    SIGNED_OUT = "signed_out", "サインアウト"
    IDLE = "idle", "無操作時間の超過"
    LIFETIME = "lifetime", "連続使用時間の超過"
    SECOND_SIGN_IN = "second_sign_in", "ほかの端末からのサインイン"
    ENDED = "ended", "登録の終了"
    CREDENTIAL_REMOVED = "credential_removed", "生体認証の登録の抹消"
    CLOCK = "clock", "端末の時計の異常"


class KeyKind(TextChoices):
    """照会の鍵: the two numbers that the assessment names, and no other way in."""

    BASIC_PENSION = "basic_pension", "基礎年金番号"
    INDIVIDUAL = "individual", "個人番号"


class InquiryState(TextChoices):
    """照会の状態"""

    ASKED = "asked", "応答待ち"
    ANSWERED = "answered", "回答あり"
    NOT_FOUND = "not_found", "該当なし"
    REFUSED = "refused", "年金事務所が拒否"


class InquiryReason(TextChoices):
    """照会の事由 (評価書 II.3: 得喪、減免、給付の受付と相談)"""

    COUNSELLING = "pension_inquiry", "年金相談"
    QUALIFICATION = "pension_qualification", "資格の届出"
    EXEMPTION = "pension_exemption", "免除・猶予の申請"
    BENEFIT = "pension_benefit", "給付の請求"


class IdentityCheck(TextChoices):
    """本人確認: how the person of the case was identified; the document itself is not kept."""

    CARD = "card", "個人番号カード"
    DOCUMENT = "document", "番号確認書類と本人確認書類"
    QUESTIONS = "questions", "聴き取り（電話）"
    AGENT = "agent", "代理人（委任状等を確認）"
