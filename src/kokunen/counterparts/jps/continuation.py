"""継続審査 — the Service judges again, each July, whoever it had granted 全額免除 or 納付猶予 and who had wished it.

It holds the wish from the accepted application on (失業などの特例 excepted: those are asked for each year) and waits
for the city's answer about the person's income of the year. The counterpart looks at the person's own income only, for
it has no households. Who was not found or has declared nothing stays under examination until the city answers again.
"""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from . import applications
from .codec import Record
from .judgement import NOT_INSURED

SCHEMA = (
    """CREATE TABLE continuation (
        id INTEGER PRIMARY KEY, municipality TEXT NOT NULL, number TEXT NOT NULL, birth TEXT NOT NULL,
        cycle_year INTEGER NOT NULL, kind TEXT NOT NULL, receipt_number TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('asked', 'waiting', 'decided', 'dropped'))
    )""",
    "CREATE UNIQUE INDEX continuation_once ON continuation (municipality, number, cycle_year)",
    """CREATE TABLE continuation_file (
        file_name TEXT PRIMARY KEY, content BLOB NOT NULL, decided_at REAL NOT NULL,
        delivered INTEGER NOT NULL DEFAULT 0, spoilt INTEGER NOT NULL DEFAULT 0
    )""",
)
INCOMES = "-shotoku-"  # between the municipality and the rest of the name of an answered file
SUFFIX = ".csv"
_ENCODING, _LINE_END = "cp932", "\r\n"
_KINDS = ("20", "30")


class Unreadable(ValueError):
    """所得の回答を読めない — the file is not of the layout, or has not arrived whole."""


@lru_cache(maxsize=1)
def layout() -> dict[str, Any]:
    """様式: the columns of both files, and the limits of income by cycle."""
    text = (files(__package__) / "layout" / "continuation.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def keep_wish(connection: sqlite3.Connection, municipality: str, record: Record, number: str) -> None:
    """継続の希望を控える: inside the transaction of the medium; what comes of it is known with the decision."""
    values = record.values
    if record.kind != "exemption" or str(values["continue"]) != "1" or str(values["special"]) != "0":
        return
    connection.execute(
        "INSERT INTO continuation (municipality, number, birth, cycle_year, kind, receipt_number, state)"
        " VALUES (?, ?, ?, ?, '', ?, 'asked') ON CONFLICT DO UPDATE"
        " SET receipt_number = excluded.receipt_number, birth = excluded.birth, state = 'asked'"
        " WHERE state IN ('asked', 'dropped')",
        (municipality, number, str(values["birth"]), int(str(values["cycle"])) + 1, str(values["receipt_number"])),
    )


def settle_wishes(connection: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> None:
    """裁定された申請の希望: waits for the next cycle when its last months were granted whole, and falls otherwise."""
    for row in rows:
        last = applications.lines_of(row)[-1]
        kind = str(last["exemption_kind"] or "")
        stays = last["decision"] == applications.GRANTED and kind in _KINDS
        connection.execute(
            "UPDATE continuation SET kind = ?, state = ? WHERE municipality = ? AND receipt_number = ?"
            " AND state = 'asked'",
            (kind, "waiting" if stays else "dropped", row["municipality"], row["receipt_number"]),
        )


def read_incomes(content: bytes) -> list[dict[str, str]]:
    """所得の回答を読む: one row a line, values as text. Raises Unreadable."""
    columns = layout()["incomes"]["columns"]
    try:
        text = content.decode(_ENCODING)
    except UnicodeDecodeError:
        raise Unreadable("文字コード") from None
    if not text.endswith(_LINE_END):
        raise Unreadable("途中で終わっている")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if any(len(row) != len(columns) or not row[columns.index("tax_year")].isdigit() for row in rows):
        raise Unreadable("項目の数または対象年度")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def first_day(rows: Sequence[Mapping[str, str]]) -> date:
    """審査の始まる日: the July of the latest cycle asked about."""
    return date(max(int(row["tax_year"]) for row in rows), 7, 1)


def judge(
    connection: sqlite3.Connection, municipality: str, rows: Sequence[Mapping[str, str]], today: date
) -> bytes | None:
    """審査する: everybody who waits and whose own income was answered; gives the file of results, None without any.

    To be called inside the transaction that stores the file.
    """
    incomes = layout()["incomes"]
    results: list[tuple[str, ...]] = []
    for row in rows:
        wanted = (incomes["self"], incomes["continuation"], incomes["answered"])
        if (row["relation"], row["purpose"], row["code"]) != wanted:
            continue
        case = connection.execute(
            "SELECT c.*, p.kind AS insured FROM continuation c LEFT JOIN person p USING (number)"
            " WHERE c.municipality = ? AND c.number = ? AND c.cycle_year = ? AND c.state = 'waiting'",
            (municipality, row["number"], int(row["tax_year"])),
        ).fetchone()
        if case is None or case["birth"].replace("-", "") != row["birth_date"]:
            continue
        result, kind, reason = _decide(case, row)
        head = (str(len(results) + 1), case["number"], row["birth_date"], str(case["cycle_year"]))
        results.append((*head, result, kind, "", "", f"{today:%Y%m%d}", reason))
        _close(connection, case, granted=bool(kind))
    if not results:
        return None
    return "".join(",".join(one) + _LINE_END for one in results).encode(_ENCODING)


def _decide(case: sqlite3.Row, row: Mapping[str, str]) -> tuple[str, str, str]:
    """裁定: result, kind, reason."""
    reasons = layout()["reasons"]
    if case["insured"] == NOT_INSURED:
        return applications.REFUSED_CONDITION, "", reasons["condition"]
    limit = next(one for one in layout()["limits"] if one["from_cycle"] <= case["cycle_year"])
    dependants = sum(int(row[name] or 0) for name in layout()["incomes"]["dependants"])
    if int(row["total_income"] or 0) > limit["base"] + limit["each"] * (dependants + 1):
        return applications.REFUSED_INCOME, "", reasons["income"]
    return applications.GRANTED, str(case["kind"]), ""


def _close(connection: sqlite3.Connection, case: sqlite3.Row, *, granted: bool) -> None:
    """裁定済みにする; the wish goes on to the next cycle with a grant."""
    connection.execute("UPDATE continuation SET state = 'decided' WHERE id = ?", (case["id"],))
    if granted:
        connection.execute(
            "INSERT OR IGNORE INTO continuation (municipality, number, birth, cycle_year, kind, receipt_number, state)"
            " VALUES (?, ?, ?, ?, ?, '', 'waiting')",
            (case["municipality"], case["number"], case["birth"], case["cycle_year"] + 1, case["kind"]),
        )
