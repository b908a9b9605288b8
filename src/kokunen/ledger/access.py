"""閲覧の文脈: who looks, from where, what for. Every service and query asks for one; without it there is no answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from kokunen.kernel.errors import InputError
from kokunen.ledger.purposes import PURPOSES


class Act(StrEnum):
    """行為: what was done with the data."""

    VIEW = "view"  # 照会
    SEARCH = "search"  # 検索
    REGISTER = "register"  # 登録
    CORRECT = "correct"  # 訂正
    CANCEL = "cancel"  # 取消
    PRINT = "print"  # 印刷
    EXPORT = "export"  # 出力
    REFUSE = "refuse"  # 拒否
    SIGN_IN = "sign_in"  # サインイン
    SIGN_OUT = "sign_out"  # サインアウト
    LOAD = "load"  # 一括登録
    SYSTEM = "system"  # 自動処理


ACT_LABELS_JA: dict[Act, str] = {
    Act.VIEW: "照会",
    Act.SEARCH: "検索",
    Act.REGISTER: "登録",
    Act.CORRECT: "訂正",
    Act.CANCEL: "取消",
    Act.PRINT: "印刷",
    Act.EXPORT: "出力",
    Act.REFUSE: "拒否",
    Act.SIGN_IN: "サインイン",
    Act.SIGN_OUT: "サインアウト",
    Act.LOAD: "一括登録",
    Act.SYSTEM: "自動処理",
}


@dataclass(frozen=True, slots=True)
class AccessContext:
    """閲覧の文脈: acting officer, office and purpose of one piece of work.

    `purpose` is a code of `kokunen.ledger.purposes.PURPOSES`. `case_id` is the receipt or work item it serves.
    """

    staff_number: str
    office_code: str
    purpose: str
    screen: str = ""
    terminal: str = ""
    case_id: str | None = None

    def __post_init__(self) -> None:
        if not self.staff_number:
            raise InputError("操作した職員が分かりません。サインインし直してください", field="staff_number")
        if self.purpose not in PURPOSES:
            raise InputError(
                f"利用目的「{self.purpose}」は定められていません。業務メニューから利用目的を選んでください",
                field="purpose",
            )

    def for_case(self, case_id: str) -> AccessContext:
        """The same officer, now working on that case."""
        return replace(self, case_id=case_id)


def system_context(process: str, purpose: str = "system_linkage") -> AccessContext:
    """自動処理: the context of a process that acts without an officer (feed consumers, night work)."""
    return AccessContext(staff_number=f"system:{process}", office_code="system", purpose=purpose, screen=process)
