"""F10 付加保険料 (法87条の2): refused, with the reason, to whoever is exempt, in a fund or not 第1号・任意加入."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import add_months, reaches_age_on
from kokunen.kernel.errors import Conflict
from kokunen.kernel.wareki import format_wareki
from kokunen.law.engine.months import month_of
from kokunen.national_pension import money
from kokunen.national_pension.catalogue import Form
from kokunen.national_pension.choices import SHORT_TYPE_LABELS, NoticeState
from kokunen.national_pension.handlers.base import REFUSE, TELL, Case, Finding, Handler
from kokunen.national_pension.handlers.exemptions import exempt_finding, exempt_on_record
from kokunen.national_pension.services import additional_premiums, recording

if TYPE_CHECKING:
    from kokunen.ledger.access import AccessContext
    from kokunen.national_pension.models import Receipt

_ARTICLE = "国民年金法第87条の2"
_MAY_PAY = ("1", "4", "5", "6")  # 特例任意加入 (7, 8) may not


class AdditionalPremiumHandler(Handler):
    """付加保険料の納付・納付辞退"""

    def check(self, case: Case) -> list[Finding]:
        """納付: a month of 第1号 or 任意 from the month of the 申出; 辞退: from the month before it."""
        text = case.data.get("from_month")
        if not text:
            return []
        month = date.fromisoformat(f"{text}-01")
        this_month = case.received_on.replace(day=1)
        if case.situation == "leave":
            return self._leaving(month, this_month)
        findings = []
        if month < this_month:
            findings.append(
                Finding(
                    REFUSE,
                    f"付加保険料は申出の月（{_month(this_month)}）からです。さかのぼって納めることはできません",
                    "from_month",
                    _ARTICLE,
                    "開始する月を申出の月以後にしてください。",
                )
            )
        if case.data.get("fund_member"):
            findings.append(
                Finding(
                    REFUSE,
                    "国民年金基金の加入員は付加保険料を納められません",
                    "fund_member",
                    "国民年金法第87条の2第1項",
                    "基金の掛金に付加年金の分が含まれていることを案内してください。",
                )
            )
        exempt = exempt_finding(case.atena_number, month)
        return findings + ([exempt] if exempt else []) + self._insured(case, month) + self._gain(case, month)

    def _gain(self, case: Case, month: date) -> list[Finding]:
        """付加年金の目安: every month up to 60, or 65 for 任意加入 of the years after it."""
        kinds = {one.insured_type for one in recording.current_held(case.atena_number) if one.lost_on is None}
        if not kinds & set(_MAY_PAY):
            return []
        until = 65 if kinds & {"5", "6"} else 60
        last = month_of(reaches_age_on(case.resident.birth_date, until)) - 1
        told = money.of_additional(month_of(month), last)
        return [Finding(TELL, told, "", "国民年金法第43条・第44条")] if told else []

    def _leaving(self, month: date, this_month: date) -> list[Finding]:
        earliest = add_months(this_month, -1)
        if month >= earliest:
            return []
        return [
            Finding(
                REFUSE,
                f"辞退は申出の月の前月（{_month(earliest)}）からです",
                "from_month",
                _ARTICLE,
                "やめる月を確認してください。",
            )
        ]

    def _insured(self, case: Case, month: date) -> list[Finding]:
        last = add_months(month, 1)
        kinds = [
            one.insured_type
            for one in recording.current_held(case.atena_number)
            if one.acquired_on < last and (one.lost_on is None or one.lost_on >= last)
        ]
        if any(kind in _MAY_PAY for kind in kinds):
            return []
        held = SHORT_TYPE_LABELS[kinds[-1]] if kinds else "資格なし"
        return [
            Finding(
                REFUSE,
                f"{_month(month)}は{held}です。付加保険料を納められるのは第1号と任意加入（65歳未満）の方です",
                "from_month",
                _ARTICLE,
                "資格の記録を確認してください。",
                "F02" if kinds else "F01",
            )
        ]

    def resulted(self, receipt: Receipt, context: AccessContext) -> None:
        """結果: months with 付加 begin with the month of the 申出, or end before the month of the 辞退.

        An acceptance for a month that is exempt here contradicts the record and waits for an officer.
        """
        if receipt.state == NoticeState.REFUSED:
            return
        month = date.fromisoformat(f"{receipt.content['from_month']}-01")
        if receipt.situation == "join" and exempt_on_record(receipt.atena_number, month):
            raise Conflict(
                f"{_month(month)}は免除の月のままです。免除の取消しの結果を先に確認してください", code="exempt"
            )
        additional_premiums.take(
            receipt.atena_number,
            month,
            leaves=receipt.situation == "leave",
            on=receipt.received_on,
            staff_number=context.staff_number,
            reason=f"受付番号 {receipt.receipt_number}",
        )

    def content(self, form: Form, situation: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """申出区分 T10: 1 納付, 2 辞退."""
        return {**data, "class": "2" if situation == "leave" else "1", "event_on": clock.today().isoformat()}


def _month(day: date) -> str:
    return format_wareki(day).removesuffix("1日")
