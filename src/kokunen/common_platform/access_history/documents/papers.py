"""開示書: the access history of one person as a PDF, with what proves that it is complete."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kokunen.common_platform import printing
from kokunen.common_platform.codes.offices import all_offices
from kokunen.common_platform.operations.clock import OFFICE_ZONE
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import ACT_LABELS_JA, Act
from kokunen.ledger.purposes import purpose_ja

_LAYOUT = Path(__file__).with_name("disclosure.typ")


def disclosure_report(document: Mapping[str, Any], *, serial: str, at: datetime, keys: Mapping[str, Any]) -> bytes:
    """閲覧記録の開示書. `document` is what `kokunen.ledger.disclosure.disclose` made; `keys` its public keys."""
    offices = {office.code: office.name for office in all_offices()}
    statement = document["checkpoints"][str(document["checkpoint"])]["statement"]
    entries = document["entries"]
    data = {
        "dated": [at.year, at.month, at.day],
        "made_on": format_wareki(at.date()),
        "serial": serial,
        "atena_number": document["person"]["atena_number"],
        "count": str(len(entries)),
        "checkpoint": str(document["checkpoint"]),
        "statement_hash": hashlib.sha256(statement.encode()).hexdigest(),
        "city_key": keys["city"]["key_id"],
        "custodian_key": keys["custodian"]["key_id"],
        "rows": [_row(entry, offices) for entry in reversed(entries)],
    }
    return printing.render(_LAYOUT, data, at=at)


def _row(entry: Mapping[str, Any], offices: Mapping[str, str]) -> dict[str, str]:
    moment = datetime.fromisoformat(entry["recorded_at"]).replace(tzinfo=UTC).astimezone(OFFICE_ZONE)
    automatic = entry["staff_number"].startswith("system:")
    return {
        "number": str(entry["number"]),
        "moment": f"{format_wareki(moment.date())} {moment:%H:%M:%S}",
        "office": "自動処理" if automatic else offices.get(entry["office_code"], entry["office_code"]),
        "staff": "" if automatic else entry["staff_number"],
        "purpose": purpose_ja(entry["purpose"]),
        "act": ACT_LABELS_JA[Act(entry["act"])],
        "what": entry["dataset"],
        "items": "、".join(item.rpartition("/")[2] for item in entry["items"]),
    }
