"""戸籍附票のプロセス — keeps the 附票: every address of each person, in the order in which it was told."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, ClassVar

from ..framework.mailbox import MAILBOX_SCHEMA, MailboxParty
from ..framework.messages import Fault, Message


class DomicileRegister(MailboxParty):
    """戸籍附票"""

    name: ClassVar[str] = "koseki"
    label: ClassVar[str] = "戸籍附票"
    package: ClassVar[str] = "kokunen.counterparts.koseki"
    prefix: ClassVar[str] = "KS"
    schema: ClassVar[tuple[str, ...]] = (
        *MAILBOX_SCHEMA,
        """CREATE TABLE entry (
            person TEXT NOT NULL, sequence INTEGER NOT NULL, items TEXT NOT NULL, PRIMARY KEY (person, sequence)
        )""",
    )

    def judge(self, connection: sqlite3.Connection, message: Message) -> list[Fault]:
        """A person is known by 住民票コード, else by 本籍, 筆頭者 and birth; a 附票 tells addresses in their order."""
        items = message.items
        names = ("registered_domicile", "registered_domicile_head", "birth_date")
        person = items.get("resident_code") or "　".join(items[name] for name in names)
        last = self.store.row("SELECT MAX(sequence) AS n FROM entry WHERE person = ?", (person,))
        if last is not None and last["n"] is not None and items["sequence"] <= last["n"]:
            return [self.fault("sequence", "E10")]
        connection.execute(
            "INSERT INTO entry VALUES (?, ?, ?)",
            (person, items["sequence"], json.dumps(dict(items), ensure_ascii=False)),
        )
        return []

    def counts(self) -> dict[str, Any]:
        row = self.store.row("SELECT COUNT(*) AS entries, COUNT(DISTINCT person) AS people FROM entry")
        assert row is not None
        return {**super().counts(), "entries": int(row["entries"]), "people": int(row["people"])}
