"""役割と区分: roles by subsystem, categories of staff, reasons why a session ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class StaffCategory(TextChoices):
    """職員区分: who works with the system (評価書 III.3 リスク2: 職員, 派遣者, 委託先)."""

    OFFICIAL = "official", "職員"
    FIXED_TERM = "fixed_term", "会計年度任用職員"
    AGENCY = "agency", "派遣者"
    CONTRACTOR = "contractor", "委託先"


class OfficeKind(TextChoices):
    """部署区分"""

    MAIN = "main", "主管課"
    BRANCH = "branch", "支所・行政センター"
    DEPARTMENT = "department", "課"


class EndReason(TextChoices):
    """接続終了の理由"""

    SIGNED_OUT = "signed_out", "サインアウト"
    IDLE = "idle", "無操作時間の超過"
    LIFETIME = "lifetime", "連続使用時間の超過"
    SECOND_SIGN_IN = "second_sign_in", "ほかの端末からのサインイン"
    REVOKED = "revoked", "利用の停止"
    NO_POSTING = "no_posting", "所属・役割の終了"
    PASSWORD_CHANGED = "password_changed", "パスワードの変更"
    PASSKEY_REMOVED = "passkey_removed", "パスキーの抹消"
    CLOCK = "clock", "時計の異常"
    ENDED_BY_ADMINISTRATOR = "ended_by_administrator", "管理者による終了"


class Role(StrEnum):
    """役割: what a posting lets one do; the words stand in ROLES."""

    RESIDENT_OFFICER = "resident_officer"
    RESIDENT_CHIEF = "resident_chief"
    PENSION_OFFICER = "pension_officer"
    PENSION_CHIEF = "pension_chief"
    PENSION_BRANCH = "pension_branch"
    PENSION_ONLINE_OPERATOR = "pension_online_operator"
    TAX_OFFICER = "tax_officer"
    TAX_CHIEF = "tax_chief"
    WELFARE_OFFICER = "welfare_officer"
    ATENA_OFFICER = "atena_officer"
    DISCLOSURE_OFFICER = "disclosure_officer"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


_RESIDENT = ("resident_notice", "resident_inquiry", "resident_certificate", "support_measure", "resident_correction")
_PENSION = ("pension_qualification", "pension_exemption", "pension_benefit", "pension_inquiry")


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """役割の内容: Japanese name, what it is for, and the purposes it may state (評価書 III.3)."""

    ja: str
    description: str
    purposes: tuple[str, ...]


ROLES: dict[Role, RoleFacts] = {
    Role.RESIDENT_OFFICER: RoleFacts("住民記録担当", "住民異動の届出を受け付け、登録する", _RESIDENT),
    Role.RESIDENT_CHIEF: RoleFacts("住民記録係長", "住民記録の決裁、職権記載、支援措置を扱う", _RESIDENT),
    Role.PENSION_OFFICER: RoleFacts(
        "国民年金担当", "国民年金の届出・申請・請求を受け付け、報告を作る", (*_PENSION, "pension_report")
    ),
    Role.PENSION_CHIEF: RoleFacts(
        "国民年金係長",
        "国民年金の決裁、報告の引渡し、大量出力の承認を行う",
        (*_PENSION, "pension_report", "pension_income_answer"),
    ),
    Role.PENSION_BRANCH: RoleFacts("国民年金窓口(支所)", "支所で国民年金の届出・申請・請求を受け付ける", _PENSION),
    Role.PENSION_ONLINE_OPERATOR: RoleFacts(
        "社会保険オンライン取扱者",
        "社会保険オンラインシステムを照会する",
        ("pension_inquiry", "pension_benefit", "pension_exemption"),
    ),
    Role.TAX_OFFICER: RoleFacts(
        "個人住民税担当", "個人住民税を賦課し、照会する", ("tax_assessment", "tax_inquiry", "tax_certificate")
    ),
    Role.TAX_CHIEF: RoleFacts(
        "個人住民税係長", "個人住民税の決裁を行う", ("tax_assessment", "tax_inquiry", "tax_certificate")
    ),
    Role.WELFARE_OFFICER: RoleFacts("生活福祉担当", "生活保護の開始・廃止を連絡する", ("pension_inquiry",)),
    Role.ATENA_OFFICER: RoleFacts("宛名管理担当", "宛名と番号を管理する", ("number_management",)),
    Role.DISCLOSURE_OFFICER: RoleFacts("開示請求担当", "本人からの開示・訂正の請求を扱う", ("disclosure",)),
    Role.AUDITOR: RoleFacts("監査担当", "閲覧記録を点検する", ("audit",)),
    Role.OPERATOR: RoleFacts("運用担当", "処理の実行と監視を行う", ("administration",)),
    Role.ADMINISTRATOR: RoleFacts("システム管理者", "職員、所属、役割を登録する", ("administration",)),
}


def role_ja(code: str) -> str:
    """Japanese name of a role code."""
    return ROLES[Role(code)].ja


def purposes_of(roles: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Purposes that these roles may state, without doubles, in the order of the roles."""
    return tuple(dict.fromkeys(purpose for role in roles for purpose in ROLES[Role(role)].purposes))
