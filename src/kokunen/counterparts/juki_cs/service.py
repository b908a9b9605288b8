"""住基ネットのプロセス — its own copy of who lives where, and the post between cities.

本人確認情報 is taken in the order of each person's own sequence. Somebody it was not told of is taken as new: the copy
begins with the first message of the city. When the planned day of a 転出証明書情報 has come, the city there answers
with a 転入通知 (``work``), as it does in life some days after the move. 整合性確認: the city sends a digest of each
resident in parts; once all are here the copy is compared with them and the differences go back.
"""

from __future__ import annotations

import hashlib
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
_MOST_DIFFERENCES = 500
_COMPARED = ("name", "name_kana", "former_surname", "alias", "birth_date", "sex", "address")


def _digest(items: Mapping[str, Any]) -> str:
    """照合値: of the items that 整合性確認 compares, as the layout says."""
    words = "\x1f".join(str(items.get(name) or "") for name in _COMPARED)
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _difference(code: str, kind: str, items: Mapping[str, Any]) -> dict[str, Any]:
    return {"resident_code": code, "kind": kind, **{name: items.get(name) or "" for name in _COMPARED}}


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
        """CREATE TABLE extracted (
            check_number TEXT NOT NULL, part INTEGER NOT NULL, parts INTEGER NOT NULL, people TEXT NOT NULL,
            compared INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (check_number, part)
        )""",
    )

    def judge(self, connection: sqlite3.Connection, message: Message) -> list[Fault]:
        judges = {
            "0101": self._identity,
            "0102": self._extracted,
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

    def _extracted(self, connection: sqlite3.Connection, items: Mapping[str, Any]) -> list[Fault]:
        connection.execute(
            "INSERT OR REPLACE INTO extracted VALUES (?, ?, ?, ?, 0)",
            (items["check"], items["part"], items["parts"], json.dumps(items.get("people", []))),
        )
        return []

    def work(self) -> dict[str, Any]:
        """整合性確認 is answered once every part is here; cities that people moved to send their 転入通知."""
        return {"compared": self._compare_extracts(), "arrival_notices": self._notify_arrivals()}

    def _compare_extracts(self) -> int:
        whole = self.store.rows(
            "SELECT check_number FROM extracted WHERE compared = 0 GROUP BY check_number HAVING COUNT(*) = MAX(parts)"
        )
        for row in whole:
            with self.store.transaction() as connection:
                self._answer_check(connection, row["check_number"])
        return len(whole)

    def _answer_check(self, connection: sqlite3.Connection, number: str) -> None:
        told: dict[str, str] = {}
        for row in self.store.rows("SELECT people FROM extracted WHERE check_number = ?", (number,)):
            told |= {one["resident_code"]: one["digest"] for one in json.loads(row["people"])}
        found: list[dict[str, Any]] = []
        held = 0
        for row in self.store.rows("SELECT resident_code, items FROM person WHERE living = 1 ORDER BY resident_code"):
            held += 1
            items = json.loads(row["items"])
            digest = told.pop(row["resident_code"], None)
            if digest != _digest(items):
                found.append(_difference(row["resident_code"], "2" if digest is None else "3", items))
        found += [_difference(code, "1", {}) for code in sorted(told)]
        parts = max(1, -(-len(found) // _MOST_DIFFERENCES))
        for part in range(parts):
            some = found[part * _MOST_DIFFERENCES : (part + 1) * _MOST_DIFFERENCES]
            content = {"check": number, "part": part + 1, "parts": parts, "held": held, "differing": len(found)}
            self.queue("0103", {**content, "differences": some})
        connection.execute("UPDATE extracted SET compared = 1, people = '[]' WHERE check_number = ?", (number,))

    def _notify_arrivals(self) -> int:
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
        return len(due)

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
