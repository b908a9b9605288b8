"""F11 基礎年金番号通知書の再交付: the reason is the situation, in the codes of T21."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kokunen.common_platform.operations import clock
from kokunen.national_pension.catalogue import Form
from kokunen.national_pension.handlers.base import WARN, Case, Finding, Handler
from kokunen.national_pension.services import roll

REASONS = {"lost": "1", "damaged": "2", "renamed": "3", "other": "4"}


class NumberNoticeHandler(Handler):
    """基礎年金番号通知書の再交付"""

    def check(self, case: Case) -> list[Finding]:
        """A person without a number has nothing to be issued again; the Service finds the number by 個人番号."""
        if roll.primary_number(case.atena_number):
            return []
        return [
            Finding(
                WARN,
                "基礎年金番号が市の記録にありません。個人番号で申請し、番号は日本年金機構が確認します",
                article="国民年金法施行規則",
            )
        ]

    def content(self, form: Form, situation: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """再交付理由 T21 and the day of the application."""
        return {**data, "reason": REASONS[situation], "event_on": clock.today().isoformat()}
