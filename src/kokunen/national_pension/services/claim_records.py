"""裁定受付情報の記録 (別添1 R6〜R9): one row a claim in two times; correction, decision and withdrawal add versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from kokunen.common_platform.operations import clock
from kokunen.common_platform.records.models import recorded_from
from kokunen.national_pension import resident_view
from kokunen.national_pension.catalogue import form_of
from kokunen.national_pension.choices import NoticeState
from kokunen.national_pension.models import ClaimRecord, Receipt

_TICK = timedelta(microseconds=1)
_KEPT = (
    "claim_kind",
    "pension_code",
    "claimed_on",
    "situation",
    "first_visit_on",
    "diagnosis",
    "illness",
    "deceased_atena_number",
    "claimant_name",
    "claimant_relation",
    "certificate_number",
    "result",
    "decided_on",
)


def current(receipt: Receipt) -> ClaimRecord | None:
    """いまの裁定受付情報 of a receipt."""
    found: ClaimRecord | None = ClaimRecord.objects.current().filter(receipt=receipt).first()
    return found


def keep(receipt: Receipt, claim_kind: str, pension_code: str, staff_number: str) -> ClaimRecord:
    """受け付けた請求を記録する: in the reception's transaction; `pension_code` as examined when the form has none."""
    facts = _facts(receipt, receipt.content) | {"claim_kind": claim_kind}
    facts["pension_code"] = facts["pension_code"] or pension_code
    return _insert(receipt, facts, staff_number, f"受付番号 {receipt.receipt_number}", clock.now())


def corrected(receipt: Receipt, staff_number: str, reason: str) -> None:
    """記載の補正に合わせる: another version from what the form says now."""
    row = current(receipt)
    if row is not None:
        changed = {name: value for name, value in _facts(receipt, receipt.content).items() if value not in ("", None)}
        _change(row, changed, staff_number, reason)


def ended(receipt: Receipt, staff_number: str) -> None:
    """裁定・取下げを記録する."""
    row = current(receipt)
    if row is None:
        return
    words = "取下げ" if receipt.state == NoticeState.WITHDRAWN else "裁定"
    words = "却下" if receipt.state == NoticeState.REFUSED else words
    _change(row, {"result": words, "decided_on": receipt.result_on}, staff_number, receipt.result_note or words)


def _facts(receipt: Receipt, content: Mapping[str, Any]) -> dict[str, Any]:
    options = {one.name: one.options for one in form_of(receipt.kind).fields}
    relation = str(content.get("relation") or "")
    of_death = bool(receipt.about_atena_number)
    claimant = resident_view.find(receipt.atena_number) if of_death else None
    first_visit = content.get("first_visit_on")
    return {
        "pension_code": str(content.get("pension_code") or "")[:4],
        "claimed_on": receipt.received_on,
        "situation": receipt.situation,
        "first_visit_on": date.fromisoformat(first_visit) if first_visit else None,
        "diagnosis": str(content.get("certificate") or ""),
        "illness": str(content.get("illness") or "")[:60],
        "deceased_atena_number": receipt.about_atena_number,
        "claimant_name": claimant.name if claimant else "",
        "claimant_relation": (options.get("relation") or {}).get(relation, relation)[:40] if of_death else "",
        "certificate_number": str(content.get("certificate_number") or "")[:20],
    }


def _change(row: ClaimRecord, changed: Mapping[str, Any], staff_number: str, reason: str) -> None:
    at = max(clock.now(), row.recorded_period.lower + _TICK)
    kept = {name: getattr(row, name) for name in _KEPT} | dict(changed)
    row.close_record(at)
    _insert(row.receipt, kept, staff_number, reason, at)


def _insert(receipt: Receipt, facts: Mapping[str, Any], staff_number: str, reason: str, at: Any) -> ClaimRecord:
    created: ClaimRecord = ClaimRecord.objects.create(
        receipt=receipt,
        atena_number=receipt.atena_number,
        valid_period=DateRange(receipt.received_on, None, "[)"),
        recorded_period=recorded_from(at),
        recorded_by=staff_number,
        recorded_reason=reason[:200],
        **facts,
    )
    return created
