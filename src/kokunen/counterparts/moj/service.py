"""法務省のプロセス — what it was told of each foreign resident, and the notice files it sends."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any, ClassVar

from ..framework.mailbox import MAILBOX_SCHEMA, MailboxParty, office_today
from ..framework.messages import Fault, Message


class Ministry(MailboxParty):
    """法務省（出入国在留管理庁）"""

    name: ClassVar[str] = "moj"
    label: ClassVar[str] = "法務省（出入国在留管理庁）"
    package: ClassVar[str] = "kokunen.counterparts.moj"
    prefix: ClassVar[str] = "MJ"
    schema: ClassVar[tuple[str, ...]] = (
        *MAILBOX_SCHEMA,
        """CREATE TABLE told (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, person TEXT NOT NULL, sequence INTEGER NOT NULL,
            items TEXT NOT NULL, UNIQUE (person, sequence)
        )""",
    )

    def judge(self, connection: sqlite3.Connection, message: Message) -> list[Fault]:
        """A person is known by name, birth and nationality; the order of each person's messages must hold."""
        items = message.items
        person = "　".join(items[name] for name in ("name", "birth_date", "nationality"))
        last = self.store.row("SELECT MAX(sequence) AS n FROM told WHERE person = ?", (person,))
        if last is not None and last["n"] is not None and items["sequence"] <= last["n"]:
            return [self.fault("sequence", "E10")]
        connection.execute(
            "INSERT INTO told (kind, person, sequence, items) VALUES (?, ?, ?, ?)",
            (message.kind, person, items["sequence"], json.dumps(dict(items), ensure_ascii=False)),
        )
        return []

    def command(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """``notice_file`` {"records": [items …, or a line as it stands]}: a 法務省通知 for the city."""
        if name != "notice_file":
            return super().command(name, body)
        lines = [
            one if isinstance(one, str) else self.layout.write_record("0901", one) for one in body.get("records", [])
        ]
        today = office_today()
        with self.store.transaction():
            serial = self.store.next_number("notice_file")
            items = {
                "file_name": f"MOJ{today:%Y%m%d}-{serial:04}.csv",
                "created_on": today.isoformat(),
                "lines": [{"line": line} for line in lines],
            }
            return {"number": self.queue("0901", items)}

    def counts(self) -> dict[str, Any]:
        rows = self.store.rows("SELECT kind, COUNT(*) AS n FROM told GROUP BY kind ORDER BY kind")
        return {**super().counts(), "told": {row["kind"]: row["n"] for row in rows}}
