"""中間サーバーのプロセス — numbers, 特定個人情報 and inquiries as the server keeps them.

A file is taken as a whole when its serial and count are right; each row is judged by itself, and the result file of
all rows waits for the city. Inquiries are answered by ``work``, when the other bodies have been asked.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from kokunen.kernel.errors import InputError

from ..framework.mailbox import MAILBOX_SCHEMA, MailboxParty
from ..framework.messages import Fault, Message

NUMBER, NUMBER_END, RECORDS = "IF_FGU_20215", "IF_FGU_90015", "IF_DBM_20113"
FLAGS, INQUIRIES, COMPARE = "IF_DBM_50123", "IF_SKI_10123", "IF_DBM_30112"
ANSWERS, COMPARED = "IF_SKI_11134", "IF_DBM_30113"
RESULTS: Mapping[str, str] = {
    NUMBER: "IF_FGU_20234",
    NUMBER_END: "IF_FGU_90034",
    RECORDS: "IF_DBM_20314",
    FLAGS: "IF_DBM_50134",
    INQUIRIES: "IF_SKI_10134",
}
PROVIDED, NOTHING = "1", "2"
_PUT = "1"


class IntermediateServer(MailboxParty):
    """中間サーバー"""

    name: ClassVar[str] = "intermediate_server"
    label: ClassVar[str] = "中間サーバー"
    package: ClassVar[str] = "kokunen.counterparts.intermediate_server"
    prefix: ClassVar[str] = "IS"
    schema: ClassVar[tuple[str, ...]] = (
        *MAILBOX_SCHEMA,
        "CREATE TABLE last_serial (kind TEXT PRIMARY KEY, serial INTEGER NOT NULL)",
        """CREATE TABLE person (
            unified_number TEXT PRIMARY KEY, living INTEGER NOT NULL, stopped INTEGER NOT NULL DEFAULT 0,
            items TEXT NOT NULL
        )""",
        """CREATE TABLE record (
            unified_number TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL,
            deleted INTEGER NOT NULL, items TEXT NOT NULL, PRIMARY KEY (unified_number, kind, key)
        )""",
        """CREATE TABLE inquiry (
            inquiry TEXT PRIMARY KEY, unified_number TEXT NOT NULL, body TEXT NOT NULL, kind TEXT NOT NULL,
            answered INTEGER NOT NULL DEFAULT 0
        )""",
        "CREATE TABLE planned_rejection (kind TEXT, row INTEGER, code TEXT NOT NULL, PRIMARY KEY (kind, row))",
    )

    def judge(self, connection: sqlite3.Connection, message: Message) -> list[Fault]:
        """The file as a whole; what is wrong with one row comes back in the result file."""
        items = message.items
        last = self.store.row("SELECT serial FROM last_serial WHERE kind = ?", (message.kind,))
        if last is not None and items["serial"] <= last["serial"]:
            return [self.fault("serial", "E10")]
        rows = items.get("rows") or []
        if items.get("row_count", 0) != len(rows) or [row["row"] for row in rows] != list(range(1, len(rows) + 1)):
            return [self.fault("row_count", "E11")]
        connection.execute("INSERT OR REPLACE INTO last_serial VALUES (?, ?)", (message.kind, items["serial"]))
        if message.kind == COMPARE:
            self.queue(COMPARED, {"serial": items["serial"], "kinds": self._held()})
            return []
        results = [self._result(connection, message.kind, row) for row in rows]
        rejected = sum(one["result"] != "1" for one in results)
        self.queue(RESULTS[message.kind], {
            "serial": items["serial"], "accepted": len(results) - rejected, "rejected": rejected, "results": results,
        })  # fmt: skip
        return []

    def _result(self, connection: sqlite3.Connection, kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
        planned = self.store.row("SELECT code FROM planned_rejection WHERE kind = ? AND row = ?", (kind, row["row"]))
        if planned is not None:
            connection.execute("DELETE FROM planned_rejection WHERE kind = ? AND row = ?", (kind, row["row"]))
            code: str | None = str(planned["code"])
        else:
            code = self._rules[kind](self, connection, row)
        if code is None:
            return {"row": row["row"], "result": "1"}
        return {"row": row["row"], "result": "2", "code": code, "message": self.layout.reasons[code]}

    # rows: None = taken, else the reason -------------------------------------------------------------------------
    def _number(self, connection: sqlite3.Connection, row: Mapping[str, Any]) -> str | None:
        known = self._person(row)
        if known is not None and not known["living"]:
            return "E21"
        connection.execute(
            "INSERT INTO person (unified_number, living, items) VALUES (?, 1, ?)"
            " ON CONFLICT (unified_number) DO UPDATE SET items = excluded.items",
            (row["unified_number"], json.dumps(dict(row), ensure_ascii=False)),
        )
        return None

    def _number_end(self, connection: sqlite3.Connection, row: Mapping[str, Any]) -> str | None:
        if (wrong := self._unknown(row)) is not None:
            return wrong
        connection.execute("UPDATE person SET living = 0 WHERE unified_number = ?", (row["unified_number"],))
        connection.execute("UPDATE record SET deleted = 1 WHERE unified_number = ?", (row["unified_number"],))
        return None

    def _record(self, connection: sqlite3.Connection, row: Mapping[str, Any]) -> str | None:
        if (wrong := self._unknown(row)) is not None:
            return wrong
        thing = (row["unified_number"], row["kind"], row.get("key") or "")
        known = self.store.row(
            "SELECT revision, deleted FROM record WHERE unified_number = ? AND kind = ? AND key = ?", thing
        )
        if row["operation"] != _PUT and (known is None or known["deleted"]):
            return "E22"
        if known is not None and row["revision"] <= known["revision"]:
            return "E30"
        content = json.dumps(row.get("items") or [], ensure_ascii=False)
        connection.execute(
            "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?)",
            (*thing, row["revision"], int(row["operation"] != _PUT), content),
        )
        return None

    def _flag(self, connection: sqlite3.Connection, row: Mapping[str, Any]) -> str | None:
        if (wrong := self._unknown(row)) is not None:
            return wrong
        stop = int(row["stop"] == "1")
        connection.execute("UPDATE person SET stopped = ? WHERE unified_number = ?", (stop, row["unified_number"]))
        return None

    def _inquiry(self, connection: sqlite3.Connection, row: Mapping[str, Any]) -> str | None:
        if (wrong := self._unknown(row)) is not None:
            return wrong
        connection.execute(
            "INSERT OR IGNORE INTO inquiry (inquiry, unified_number, body, kind) VALUES (?, ?, ?, ?)",
            (row["inquiry"], row["unified_number"], row["body"], row["kind"]),
        )
        return None

    _rules: ClassVar[
        Mapping[str, Callable[[IntermediateServer, sqlite3.Connection, Mapping[str, Any]], str | None]]
    ] = {NUMBER: _number, NUMBER_END: _number_end, RECORDS: _record, FLAGS: _flag, INQUIRIES: _inquiry}

    def _person(self, row: Mapping[str, Any]) -> Any:
        return self.store.row("SELECT living FROM person WHERE unified_number = ?", (row["unified_number"],))

    def _unknown(self, row: Mapping[str, Any]) -> str | None:
        known = self._person(row)
        return "E20" if known is None else None if known["living"] else "E21"

    # what it holds ------------------------------------------------------------------------------------------------
    def _held(self) -> list[dict[str, Any]]:
        rows = self.store.rows(
            "SELECT kind, unified_number, key, revision FROM record WHERE deleted = 0"
            " ORDER BY kind, unified_number, key"
        )
        by_kind: dict[str, list[str]] = {}
        for row in rows:
            by_kind.setdefault(row["kind"], []).append(f"{row['unified_number']}:{row['key']}:{row['revision']}")
        living = self.store.rows("SELECT unified_number FROM person WHERE living = 1 ORDER BY unified_number")
        by_kind["numbers"] = [row["unified_number"] for row in living]
        return [
            {"kind": kind, "count": len(one), "digest": hashlib.sha256(",".join(one).encode()).hexdigest()}
            for kind, one in by_kind.items()
        ]

    def work(self) -> dict[str, Any]:
        """Other bodies answer: a made-up body knows the person or not, by the last digit of the number."""
        open_ones = self.store.rows("SELECT * FROM inquiry WHERE answered = 0 ORDER BY inquiry LIMIT 1000")
        if not open_ones:
            return {"answers": 0}
        with self.store.transaction() as connection:
            answers = []
            for row in open_ones:
                known = int(row["unified_number"][-1]) % 2 == 0
                answer = {"inquiry": row["inquiry"], "unified_number": row["unified_number"],
                          "result": PROVIDED if known else NOTHING}  # fmt: skip
                answers.append({**answer, "items": [{"item": "201", "value": "3"}]} if known else answer)
                connection.execute("UPDATE inquiry SET answered = 1 WHERE inquiry = ?", (row["inquiry"],))
            self.queue(ANSWERS, {"answers": answers})
        return {"answers": len(answers)}

    def counts(self) -> dict[str, Any]:
        people = self.store.row(
            "SELECT COALESCE(SUM(living), 0) AS living, COALESCE(SUM(stopped), 0) AS stopped FROM person"
        )
        records = self.store.row("SELECT COUNT(*) AS n FROM record WHERE deleted = 0")
        assert people is not None and records is not None
        return {
            **super().counts(),
            "living": int(people["living"]),
            "stopped": int(people["stopped"]),
            "records": int(records["n"]),
        }

    def command(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """``reject`` {"kind", "row", "code"}: that row of the next file of this kind is rejected."""
        if name != "reject":
            return super().command(name, body)
        if str(body.get("kind")) not in RESULTS or str(body.get("code")) not in self.layout.reasons:
            raise InputError("拒否させる行を指定してください", field=name)
        with self.store.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO planned_rejection VALUES (?, ?, ?)",
                (str(body["kind"]), int(body.get("row", 1)), str(body["code"])),
            )
        return self.state()
