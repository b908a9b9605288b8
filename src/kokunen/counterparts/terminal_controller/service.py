"""端末制御装置のプロセス — operators by form, one inquiry at a time, and the list of a day.

The office has its own list of people (``people.csv``) and, in a demo city, of operators whose forms lay there before
(``operators.csv``); both are read once. An inquiry of an ID that is not registered, ended or not yet begun is refused
and stands in the list all the same. A first password leaves with the answer to its form and is not kept with the
operator.
"""

from __future__ import annotations

import csv
import secrets
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers import BasicPensionNumber, IndividualNumber

from ..framework.mailbox import MAILBOX_SCHEMA, TOKYO, MailboxParty, office_today
from ..framework.messages import Fault, Message
from .records import record_of

_KEYS = {"basic_pension": BasicPensionNumber, "individual": IndividualNumber}
_COLUMNS = {"basic_pension": "basic_pension_number", "individual": "individual_number"}
_PEOPLE = (
    "basic_pension_number",
    "individual_number",
    "name",
    "kana",
    "birth_date",
    "sex",
    "periods",
    "exemptions",
)


class TerminalController(MailboxParty):
    """年金事務所の端末制御装置"""

    name: ClassVar[str] = "terminal_controller"
    label: ClassVar[str] = "年金事務所の端末制御装置"
    package: ClassVar[str] = "kokunen.counterparts.terminal_controller"
    prefix: ClassVar[str] = "TC"
    schema: ClassVar[tuple[str, ...]] = (
        *MAILBOX_SCHEMA,
        """CREATE TABLE person (
            basic_pension_number TEXT PRIMARY KEY, individual_number TEXT, name TEXT NOT NULL, kana TEXT NOT NULL,
            birth_date TEXT NOT NULL, sex TEXT NOT NULL, periods TEXT NOT NULL, exemptions TEXT NOT NULL
        )""",
        "CREATE UNIQUE INDEX person_individual ON person (individual_number) WHERE individual_number <> ''",
        """CREATE TABLE operator (
            operator_id TEXT PRIMARY KEY, staff_number TEXT NOT NULL, name TEXT NOT NULL, starts_on TEXT NOT NULL,
            ended INTEGER NOT NULL DEFAULT 0
        )""",
        """CREATE TABLE form (
            form_number TEXT PRIMARY KEY, staff_number TEXT NOT NULL, name TEXT NOT NULL, starts_on TEXT NOT NULL,
            decided INTEGER NOT NULL DEFAULT 0
        )""",
        """CREATE TABLE inquiry (
            number TEXT PRIMARY KEY, day TEXT NOT NULL, operator_id TEXT NOT NULL, case_number TEXT NOT NULL,
            result TEXT NOT NULL
        )""",
        "CREATE INDEX inquiry_day ON inquiry (day)",
        "CREATE TABLE planned_form_refusal (staff_number TEXT PRIMARY KEY, reason TEXT NOT NULL)",
    )

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self._load("people.csv", f"INSERT OR REPLACE INTO person VALUES ({', '.join(f':{one}' for one in _PEOPLE)})")
        self._load(
            "operators.csv",
            "INSERT OR REPLACE INTO operator VALUES (:operator_id, :staff_number, :name, :starts_on, 0)",
        )
        with self.store.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO counter VALUES ('seed', ?)", (secrets.randbelow(2**31),))
        seed = self.store.row("SELECT value FROM counter WHERE name = 'seed'")
        assert seed is not None
        self._seed = str(seed["value"])

    def _load(self, name: str, statement: str) -> None:
        """One of the office's own lists: read once, before the first message."""
        path = self.data / name
        mark = f"loaded {name}"
        if not path.exists() or self.store.row("SELECT 1 FROM counter WHERE name = ?", (mark,)):
            return
        with path.open(encoding="utf-8", newline="") as stream, self.store.transaction() as connection:
            rows = list(csv.DictReader(stream))
            connection.executemany(statement, rows)
            connection.execute("INSERT INTO counter VALUES (?, ?)", (mark, len(rows)))

    # messages -----------------------------------------------------------------------------------------------------
    def judge(self, connection: sqlite3.Connection, message: Message) -> list[Fault]:
        items = message.items
        if message.kind == "0101":
            connection.execute(
                "INSERT OR IGNORE INTO form (form_number, staff_number, name, starts_on) VALUES (?, ?, ?, ?)",
                (items["form_number"], items["staff_number"], items["name"], items["starts_on"]),
            )
        elif message.kind == "0103":
            ended = connection.execute("UPDATE operator SET ended = 1 WHERE operator_id = ?", (items["operator_id"],))
            return [] if ended.rowcount else [self.fault("operator_id", "R01")]
        elif message.kind == "0201":
            return self._judge_inquiry(connection, message)
        return []

    def _judge_inquiry(self, connection: sqlite3.Connection, message: Message) -> list[Fault]:
        items = message.items
        faults = self._judge_operator(items["operator_id"])
        if not _KEYS[items["key_kind"]].judge(items["key"]).valid:
            faults.append(self.fault("key", "R11"))
        if faults:
            self._note(connection, message, "refused")
        return faults

    def _judge_operator(self, operator_id: str) -> list[Fault]:
        known = self.store.row("SELECT * FROM operator WHERE operator_id = ?", (operator_id,))
        if known is None:
            return [self.fault("operator_id", "R01")]
        if known["ended"]:
            return [self.fault("operator_id", "R02")]
        if known["starts_on"] > office_today().isoformat():
            return [self.fault("operator_id", "R03")]
        return []

    def reply(self, connection: sqlite3.Connection, message: Message) -> Mapping[str, Any]:
        if message.kind == "0201":
            column = _COLUMNS[message.items["key_kind"]]
            found = self.store.row(f"SELECT * FROM person WHERE {column} = ?", (message.items["key"],))
            self._note(connection, message, "answered" if found else "not_found")
            return {"record": record_of(dict(found), self._seed, office_today())} if found else {"record": {}}
        if message.kind == "0301":
            rows = self.store.rows("SELECT * FROM inquiry WHERE day = ? ORDER BY number", (message.items["day"],))
            return {"lines": [dict(row) for row in rows]}
        return {}

    def _note(self, connection: sqlite3.Connection, message: Message, result: str) -> None:
        items = message.items
        connection.execute(
            "INSERT INTO inquiry VALUES (?, ?, ?, ?, ?)",
            (
                message.number,
                datetime.now(TOKYO).date().isoformat(),
                items["operator_id"],
                items["case_number"],
                result,
            ),
        )

    # the office's own work ----------------------------------------------------------------------------------------
    def work(self) -> dict[str, Any]:
        """Forms are decided on: an ID and a first password for each, unless the office refuses one."""
        waiting = self.store.rows("SELECT * FROM form WHERE decided = 0 ORDER BY form_number")
        for form in waiting:
            with self.store.transaction() as connection:
                self._decide_form(connection, form)
        return {"forms": len(waiting)}

    def _decide_form(self, connection: sqlite3.Connection, form: sqlite3.Row) -> None:
        refusal = self.store.row(
            "SELECT reason FROM planned_form_refusal WHERE staff_number = ?", (form["staff_number"],)
        )
        connection.execute("UPDATE form SET decided = 1 WHERE form_number = ?", (form["form_number"],))
        if refusal is not None:
            items = {"form_number": form["form_number"], "result": "2", "reason": refusal["reason"]}
            self.queue("0102", items)
            return
        operator_id = f"{self.city.municipality}{self.store.next_number('operator'):04}"
        connection.execute(
            "INSERT INTO operator VALUES (?, ?, ?, ?, 0)",
            (operator_id, form["staff_number"], form["name"], form["starts_on"]),
        )
        items = {
            "form_number": form["form_number"],
            "result": "1",
            "operator_id": operator_id,
            "first_password": secrets.token_urlsafe(12),
        }
        self.queue("0102", items)

    # operators of the demo ----------------------------------------------------------------------------------------
    def counts(self) -> dict[str, Any]:
        row = self.store.row(
            "SELECT (SELECT count(*) FROM person) AS people,"
            " (SELECT count(*) FROM operator WHERE ended = 0) AS operators,"
            " (SELECT count(*) FROM inquiry) AS inquiries"
        )
        assert row is not None
        return {**super().counts(), **dict(row)}

    def command(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """``refuse_form`` {"staff_number", "reason"}: the next form of this member of staff is refused."""
        if name == "refuse_form":
            if not body.get("staff_number") or not body.get("reason"):
                raise InputError("職員番号と理由を指定してください", field=name)
            with self.store.transaction() as connection:
                connection.execute(
                    "INSERT OR REPLACE INTO planned_form_refusal VALUES (?, ?)",
                    (str(body["staff_number"]), str(body["reason"])),
                )
            return self.state()
        return super().command(name, body)
