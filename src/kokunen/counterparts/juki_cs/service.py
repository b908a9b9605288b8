"""住基ネットのプロセス — its own copy of who lives where, and the post between cities.

本人確認情報 is taken in the order of each person's own sequence. Somebody it was not told of is taken as new: the copy
begins with the first message of the city. When the planned day of a 転出証明書情報 has come, the city there answers
with a 転入通知 (``work``), as it does in life some days after the move.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from typing import Any, ClassVar

from kokunen.kernel.numbers import ResidentCode

from ..framework.mailbox import MAILBOX_SCHEMA, MailboxParty, office_today
from ..framework.messages import Fault, Message

ENTRY, REMOVAL, UPDATE = "1", "2", "3"
_MOST_CODES = 1000


class ResidentNetwork(MailboxParty):
    """住基ネット（CS）"""

    name: ClassVar[str] = "juki_cs"
    label: ClassVar[str] = "住基ネット（CS）"
    package: ClassVar[str] = "kokunen.counterparts.juki_cs"
    prefix: ClassVar[str] = "CS"
    schema: ClassVar[tuple[str, ...]] = (
        *MAILBOX_SCHEMA,
        """CREATE TABLE person (
            resident_code TEXT PRIMARY KEY, living INTEGER NOT NULL, sequence INTEGER NOT NULL, items TEXT NOT NULL
        )""",
        "CREATE TABLE stopped (resident_code TEXT PRIMARY KEY)",
        """CREATE TABLE departure (
            resident_code TEXT PRIMARY KEY, planned_on TEXT NOT NULL, destination TEXT NOT NULL, name TEXT NOT NULL,
            birth_date TEXT NOT NULL, notified INTEGER NOT NULL DEFAULT 0
        )""",
        "CREATE TABLE code_given (resident_code TEXT PRIMARY KEY)",
    )

    def judge(self, connection: sqlite3.Connection, message: Message) -> list[Fault]:
        judges = {
            "0101": self._identity,
            "0301": self._certificate,
            "0401": self._arrival,
            "0501": self._codes,
            "0601": self._support,
        }
        return judges[message.kind](connection, message.items)

    def _identity(self, connection: sqlite3.Connection, items: Mapping[str, Any]) -> list[Fault]:
        code, update = items["resident_code"], items["update"]
        known = self.store.row("SELECT * FROM person WHERE resident_code = ?", (code,))
        if known is not None:
            if items["sequence"] <= known["sequence"]:
                return [self.fault("sequence", "E10")]
            if update == ENTRY and known["living"] and not items.get("resend"):
                return [self.fault("update", "E21")]
            if update != ENTRY and not known["living"] and not items.get("resend"):
                return [self.fault("update", "E22")]
        connection.execute(
            "INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?)",
            (code, int(update != REMOVAL), items["sequence"], json.dumps(dict(items), ensure_ascii=False)),
        )
        return []

    def _certificate(self, connection: sqlite3.Connection, items: Mapping[str, Any]) -> list[Fault]:
        for person in items["people"]:
            connection.execute(
                "INSERT OR REPLACE INTO departure VALUES (?, ?, ?, ?, ?, 0)",
                (
                    person["resident_code"],
                    items["planned_on"],
                    items["destination"],
                    person["name"],
                    person["birth_date"],
                ),
            )
        return []

    def _arrival(self, connection: sqlite3.Connection, items: Mapping[str, Any]) -> list[Fault]:
        return []

    def _codes(self, connection: sqlite3.Connection, items: Mapping[str, Any]) -> list[Fault]:
        codes: list[dict[str, str]] = []
        while len(codes) < min(items["amount"], _MOST_CODES):
            code = ResidentCode.complete(f"{secrets.randbelow(9 * 10**9) + 10**9:010}").value
            taken = connection.execute("INSERT OR IGNORE INTO code_given VALUES (?)", (code,))
            if taken.rowcount and not self.store.row("SELECT 1 FROM person WHERE resident_code = ?", (code,)):
                codes.append({"resident_code": code})
        self.queue("0502", {"codes": codes})
        return []

    def _support(self, connection: sqlite3.Connection, items: Mapping[str, Any]) -> list[Fault]:
        if items["stop"] == "1":
            connection.execute("INSERT OR IGNORE INTO stopped VALUES (?)", (items["resident_code"],))
        else:
            connection.execute("DELETE FROM stopped WHERE resident_code = ?", (items["resident_code"],))
        return []

    def work(self) -> dict[str, Any]:
        """Cities that people have moved to answer with a 転入通知 once the planned day has come."""
        sql = "SELECT * FROM departure WHERE notified = 0 AND planned_on <= ? ORDER BY planned_on, resident_code"
        due = self.store.rows(sql, (office_today().isoformat(),))
        for row in due:
            with self.store.transaction() as connection:
                items = {
                    "resident_code": row["resident_code"],
                    "name": row["name"],
                    "birth_date": row["birth_date"],
                    "address": row["destination"],
                    "arrived_on": row["planned_on"],
                }
                self.queue("0402", items)
                connection.execute("UPDATE departure SET notified = 1 WHERE resident_code = ?", (row["resident_code"],))
        return {"arrival_notices": len(due)}

    def counts(self) -> dict[str, Any]:
        people = self.store.row("SELECT COUNT(*) AS known, COALESCE(SUM(living), 0) AS living FROM person")
        stopped = self.store.row("SELECT COUNT(*) AS n FROM stopped")
        assert people is not None and stopped is not None
        return {
            **super().counts(),
            "known": int(people["known"]),
            "living": int(people["living"]),
            "stopped": int(stopped["n"]),
        }
