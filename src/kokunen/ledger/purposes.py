"""利用目的: what personal data may be looked at for. The codes are stable; the ledger stores them."""

from __future__ import annotations

PURPOSES: dict[str, str] = {
    # 住民基本台帳
    "resident_notice": "住民異動の届出の受理",
    "resident_inquiry": "住民記録の照会",
    "resident_certificate": "証明書の交付",
    "support_measure": "支援措置",
    "resident_correction": "職権による記載・修正・消除",
    # 国民年金
    "pension_qualification": "国民年金の資格に関する届出の受理",
    "pension_exemption": "保険料の免除・猶予に関する申請の受理",
    "pension_benefit": "年金給付の請求の受理",
    "pension_inquiry": "被保険者からの相談",
    "pension_report": "日本年金機構への報告",
    "pension_income_answer": "所得情報の提供",
    # 個人住民税
    "tax_assessment": "個人住民税の賦課",
    "tax_inquiry": "個人住民税の照会",
    "tax_certificate": "税証明の交付",
    # 共通
    "number_management": "宛名・個人番号の管理",
    "disclosure": "本人からの開示・訂正の請求",
    "audit": "閲覧記録の点検",
    "administration": "システムの運用管理",
    "system_linkage": "庁内連携による自動処理",
    "demo_load": "模擬都市の登録",
}


def purpose_ja(code: str) -> str:
    """Japanese words of a purpose; a code that was dropped is shown as it was stored."""
    return PURPOSES.get(code, code)
