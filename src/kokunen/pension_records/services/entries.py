"""閲覧記録への記入: what this program writes into the access ledger, in its own transactions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record, record_refusal
from kokunen.pension_records.choices import ALIAS
from kokunen.pension_records.models import Operator

OFFICE_CODE = "2010"  # 国民年金課: the terminal stands there and nowhere else
RECORDS = "年金記録（社会保険オンライン）"
ACCESS = "社会保険オンラインのサインイン"
OPERATORS = "社会保険オンラインの操作者"


def context_of(
    operator: Operator | None, terminal: str, *, screen: str, purpose: str = "administration", case: str | None = None
) -> AccessContext:
    """閲覧の文脈: by staff number, as everywhere in the house; an unknown ID stands as it was typed."""
    number = operator.staff_number if operator else "(未登録)"
    return AccessContext(
        staff_number=number,
        office_code=OFFICE_CODE,
        purpose=purpose,
        screen=f"pension_records.{screen}",
        terminal=terminal,
        case_id=case,
    )


def enter(
    context: AccessContext, act: Act, dataset: str, *, count: int = 0, detail: Mapping[str, Any] | None = None
) -> None:
    """記入する: in the caller's transaction. 宛名番号 is unknown here; the case leads to the person."""
    record(ALIAS, context, act=act, dataset=dataset, count=count, detail=detail)


def refuse(context: AccessContext, dataset: str, reason: str, detail: Mapping[str, Any] | None = None) -> None:
    """拒否を記入する: in a transaction of its own."""
    record_refusal(context, dataset=dataset, reason=reason, detail=detail, using=ALIAS)
