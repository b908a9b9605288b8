"""免除等の裁定 — what the Service decides on applications that it has accepted, some time after the acceptance.

The counterpart has no incomes: it grants the first kind that the form asks for, over the months asked for, unless
whoever runs the demo has ordered something else for a receipt number (``decide``): other kinds for parts of the months,
or a refusal with its reason. Notices of a fact (法定免除, 産前産後, 育児) are granted with their acceptance.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kokunen.kernel.errors import InputError

from .codec import Record, Values

SCHEMA = (
    """CREATE TABLE application (
        id INTEGER PRIMARY KEY, medium INTEGER NOT NULL REFERENCES medium, line_number INTEGER NOT NULL,
        municipality TEXT NOT NULL, receipt_number TEXT NOT NULL, kind TEXT NOT NULL, number TEXT NOT NULL,
        wish TEXT NOT NULL, first_month TEXT NOT NULL, last_month TEXT NOT NULL, accepted_at REAL NOT NULL,
        decided INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE UNIQUE INDEX application_once ON application (municipality, receipt_number, kind)",
    "CREATE TABLE planned_decision (receipt_number TEXT PRIMARY KEY, parts TEXT NOT NULL)",
)
APPLICATIONS = ("exemption", "student_deferment")
GRANTED, REFUSED_INCOME, REFUSED_CONDITION = "1", "3", "4"
_STUDENT, _MATERNITY = "40", "50"
_WISHES = (("wants_full", "20"), ("wants_deferment", "30"), ("wants_partial", "21"))


def decided_at_once(kind: str, values: Values) -> dict[str, Any]:
    """裁定結果 of a notice of a fact: granted with its acceptance; {} for every other notice."""
    granted = {
        "statutory_exemption": values.get("ground"),
        "maternity": _MATERNITY,
        "childcare": values.get("care_kind"),
    }.get(kind)
    return {"decision": GRANTED, "exemption_kind": str(granted)} if granted else {}


def keep(
    connection: sqlite3.Connection,
    medium: int,
    line_number: int,
    municipality: str,
    record: Record,
    number: str,
    at: float,
) -> None:
    """受理した申請を審査中にする: inside the transaction of the medium; the same application again moves its place."""
    values = record.values
    wish = _STUDENT
    if record.kind == "exemption":
        wish = next((kind for name, kind in _WISHES if str(values.get(name)) == "1"), "")
    connection.execute(
        "INSERT INTO application (medium, line_number, municipality, receipt_number, kind, number, wish, first_month,"
        " last_month, accepted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
        " SET medium = excluded.medium, line_number = excluded.line_number WHERE decided = 0",
        (
            medium,
            line_number,
            municipality,
            str(values["receipt_number"]),
            record.kind,
            number,
            wish,
            str(values["from_month"]),
            str(values["to_month"]),
            at,
        ),
    )


def due(connection: sqlite3.Connection, accepted_before: float) -> dict[int, list[sqlite3.Row]]:
    """裁定する申請 by medium: ordered by somebody, or accepted long enough ago; never before the acceptance went out,
    never once the notice was taken back.
    """
    found: dict[int, list[sqlite3.Row]] = {}
    rows = connection.execute(
        "SELECT a.*, p.parts FROM application a LEFT JOIN planned_decision p USING (receipt_number)"
        " WHERE a.decided = 0 AND (p.parts IS NOT NULL OR a.accepted_at <= ?)"
        " AND NOT EXISTS (SELECT 1 FROM answer w WHERE w.medium = a.medium AND w.delivered = 0)"
        " AND EXISTS (SELECT 1 FROM notice n WHERE n.municipality = a.municipality AND n.kind = a.kind"
        " AND n.receipt_number = a.receipt_number AND n.withdrawn = 0) ORDER BY a.medium, a.line_number",
        (accepted_before,),
    )
    for row in rows:
        found.setdefault(int(row["medium"]), []).append(row)
    return found


def lines_of(row: sqlite3.Row) -> list[Values]:
    """処理結果の行 of one application: one a part of its months."""
    first, last = date.fromisoformat(row["first_month"]), date.fromisoformat(row["last_month"])
    parts = json.loads(row["parts"]) if row["parts"] else [_as_asked(str(row["wish"]))]
    return [
        {
            "line_number": row["line_number"],
            "part": number,
            "kind": row["kind"],
            "receipt_number": row["receipt_number"],
            "outcome": "1",
            "basic_pension_number": row["number"],
            "reason_code": "",
            "reason": part.get("reason", ""),
            "decision": part["decision"],
            "exemption_kind": part.get("kind", ""),
            "first_month": _month(part.get("from")) or first,
            "last_month": _month(part.get("to")) or last,
        }
        for number, part in enumerate(parts, 1)
    ]


def close(connection: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> None:
    """裁定済みにする: inside the transaction that stores the answer."""
    connection.executemany("UPDATE application SET decided = 1 WHERE id = ?", [(row["id"],) for row in rows])
    connection.executemany(
        "DELETE FROM planned_decision WHERE receipt_number = ?", [(row["receipt_number"],) for row in rows]
    )


def plan(connection: sqlite3.Connection, body: Mapping[str, Any]) -> None:
    """``decide``: what the Service is to decide on a receipt number; ``parts`` of decision, kind, from, to, reason."""
    receipt, parts = str(body.get("receipt_number", "")), body.get("parts")
    known = (GRANTED, REFUSED_INCOME, REFUSED_CONDITION)
    if not receipt or not isinstance(parts, list) or any(part.get("decision") not in known for part in parts):
        raise InputError(
            "受付番号がないか、裁定の行が違います",
            field="parts",
            hint='{"decision": "1", "kind": "20", "from": "2026-07", "to": "2027-06"} のように指定してください。',
        )
    connection.execute("INSERT OR REPLACE INTO planned_decision VALUES (?, ?)", (receipt, json.dumps(parts)))


def _as_asked(wish: str) -> dict[str, str]:
    if not wish:
        return {"decision": REFUSED_CONDITION, "reason": "審査を希望する区分がない"}
    return {"decision": GRANTED, "kind": wish}


def _month(text: object) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None
