"""電文を受け渡す機関 — base of parties with a line: numbered messages in both directions, each taken once.

The city sends ``POST /messages``: the party judges the message and stores it with its answer in one transaction, and
a number that was seen before gets the stored answer again. What the party has for the city waits in ``outgoing``;
``POST /outgoing/next`` hands out the oldest, and stays the same until ``POST /outgoing/taken`` names the numbers that
the city has stored. So a cut line, a repeat, a damaged answer or a kill at any instant loses and doubles nothing.

Points at which an operator can order the process to die: ``deciding`` (inside the transaction), ``decided`` (after it,
before the answer goes out), ``taken`` (the city's acknowledgement is noted, its answer not yet sent).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from kokunen.kernel.errors import InputError

from .city import load_city
from .files import write_atomic
from .line import LineAnswer, LineRequest, LineServer
from .messages import Fault, Message, MessageError, MessageLayout, load_layout
from .pki import Authority
from .process import Counterpart

TOKYO = ZoneInfo("Asia/Tokyo")
LINE_FILE = "line.json"
PAGE = 50
ACCEPTED, REFUSED = "accepted", "refused"

MAILBOX_SCHEMA = (
    """CREATE TABLE received (
        number TEXT PRIMARY KEY, kind TEXT NOT NULL, digest TEXT NOT NULL, body BLOB NOT NULL, answer TEXT NOT NULL,
        accepted INTEGER NOT NULL, received_at TEXT NOT NULL, repeats INTEGER NOT NULL DEFAULT 0
    )""",
    """CREATE TABLE outgoing (
        id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body BLOB NOT NULL,
        taken INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX outgoing_open ON outgoing (id) WHERE taken = 0",
    "CREATE TABLE planned_refusal (kind TEXT PRIMARY KEY, code TEXT NOT NULL)",
)


class MailboxParty(Counterpart):
    """電文を受け渡す機関 — a subclass names its ``package`` (for the layout) and judges in :meth:`judge`."""

    package: ClassVar[str]
    prefix: ClassVar[str]  # of the numbers of its own messages
    page: ClassVar[int] = PAGE  # messages handed out at once

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.layout: MessageLayout = load_layout(self.package)
        self.city = load_city()
        self.authority = Authority(data / "authority")

    def judge(self, connection: sqlite3.Connection, message: Message) -> list[Fault]:
        """Decide on a message and store what follows, in the surrounding transaction; faults = refused."""
        return []

    def reply(self, connection: sqlite3.Connection, message: Message) -> Mapping[str, Any]:
        """Items that go back with the receipt of an accepted message; most kinds have none."""
        return {}

    # the line -----------------------------------------------------------------------------------------------------
    def start(self, port: int) -> None:
        credentials = self.authority.issue_server(self.data / "certificates", self.name)
        self._line = LineServer(
            self._answer,
            port=port,
            credentials=credentials,
            clients=frozenset({self.city.client}),
            troubles=self.troubles,
        )
        self._line.start()
        write_atomic(self.data / LINE_FILE, json.dumps({"port": self._line.port}).encode())

    def stop(self) -> None:
        (self.data / LINE_FILE).unlink(missing_ok=True)
        self._line.stop()

    def _answer(self, request: LineRequest) -> LineAnswer:
        if (request.method, request.path) == ("POST", "/messages"):
            return self._take(request)
        if (request.method, request.path) == ("POST", "/outgoing/next"):
            return self._hand_out()
        if (request.method, request.path) == ("POST", "/outgoing/taken"):
            return self._note_taken(request.body)
        return LineAnswer(404)

    def _take(self, request: LineRequest) -> LineAnswer:
        digest = hashlib.sha256(request.body).hexdigest()
        with self.store.transaction() as connection:
            seen = self.store.row("SELECT digest, answer FROM received WHERE number = ?", (request.number,))
            if seen is not None:
                connection.execute("UPDATE received SET repeats = repeats + 1 WHERE number = ?", (request.number,))
                if seen["digest"] != digest:
                    return _refusal_409()
                answer = str(seen["answer"])
            else:
                answer = self._decide(connection, request, digest)
                self.troubles.pass_point("deciding")
        self.troubles.pass_point("decided")
        return LineAnswer(200, answer.encode())

    def _decide(self, connection: sqlite3.Connection, request: LineRequest, digest: str) -> str:
        kind, faults, items = "", [], {}
        try:
            message = self.layout.decode(request.body)
            kind, faults = message.kind, self._faults_of(connection, request, message)
            items = {} if faults else dict(self.reply(connection, message))
        except MessageError as error:
            faults = list(error.faults)
        receipt = f"{self.prefix}{self.store.next_number('receipt'):010}"
        content = {
            "result": REFUSED if faults else ACCEPTED,
            "receipt": receipt,
            "faults": [{"item": fault.item, "code": fault.code, "message": fault.message} for fault in faults],
            **({"items": items} if items else {}),
        }
        answer = json.dumps(content, ensure_ascii=False)
        connection.execute(
            "INSERT INTO received (number, kind, digest, body, answer, accepted, received_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (request.number, kind, digest, request.body, answer, int(not faults), datetime.now(TOKYO).isoformat()),
        )
        return answer

    def _faults_of(self, connection: sqlite3.Connection, request: LineRequest, message: Message) -> list[Fault]:
        if message.number != request.number or message.sender != self.city.municipality:
            return [Fault("number", "envelope", "電文の番号または発信元が、回線のものと一致しません")]
        if self.layout.kinds[message.kind].way != "out":
            return [Fault("kind", "way", "この種類の電文は受け付けません")]
        planned = self.store.row("SELECT code FROM planned_refusal WHERE kind = ?", (message.kind,))
        if planned is not None:
            connection.execute("DELETE FROM planned_refusal WHERE kind = ?", (message.kind,))
            return [self.fault("kind", planned["code"])]
        return self.judge(connection, message)

    def fault(self, item: str, code: str) -> Fault:
        """A fault with the words of the layout's list of reasons."""
        return Fault(item, code, self.layout.reasons[code])

    # what waits for the city --------------------------------------------------------------------------------------
    def queue(self, kind: str, items: Mapping[str, Any]) -> str:
        """Lay a message out for the city; gives its number. Belongs to the surrounding transaction."""
        with self.store.transaction() as connection:
            number = f"{self.prefix}{self.store.next_number('outgoing'):010}"
            message = Message(
                kind,
                number,
                items,
                self.name,
                self.city.municipality,
                datetime.now(TOKYO).isoformat(timespec="seconds"),
            )
            body = self.layout.encode(message)
            connection.execute("INSERT INTO outgoing (number, kind, body) VALUES (?, ?, ?)", (number, kind, body))
        return number

    def _hand_out(self) -> LineAnswer:
        rows = self.store.rows("SELECT body FROM outgoing WHERE taken = 0 ORDER BY id LIMIT ?", (self.page,))
        content = {"messages": [row["body"].decode() for row in rows]}
        return LineAnswer(200, json.dumps(content, ensure_ascii=False).encode())

    def _note_taken(self, body: bytes) -> LineAnswer:
        try:
            numbers = json.loads(body)["numbers"]
            assert isinstance(numbers, list)
        except (ValueError, KeyError, TypeError, AssertionError):
            return LineAnswer(400)
        with self.store.transaction() as connection:
            connection.executemany("UPDATE outgoing SET taken = 1 WHERE number = ?", [(str(one),) for one in numbers])
        self.troubles.pass_point("taken")
        return LineAnswer(200, b"{}")

    # operators ----------------------------------------------------------------------------------------------------
    def counts(self) -> dict[str, Any]:
        kinds = self.store.rows(
            "SELECT kind, SUM(accepted) AS accepted, COUNT(*) - SUM(accepted) AS refused, SUM(repeats) AS repeats"
            " FROM received GROUP BY kind ORDER BY kind"
        )
        open_ones = self.store.row("SELECT COUNT(*) AS n FROM outgoing WHERE taken = 0")
        return {
            "received": {row["kind"]: {"accepted": row["accepted"], "refused": row["refused"]} for row in kinds},
            "repeats": sum(int(row["repeats"]) for row in kinds),
            "waiting_for_city": int(open_ones["n"]) if open_ones else 0,
        }

    def command(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """``refuse`` {"kind", "code"}: the next message of this kind is refused; ``queue`` {"kind", "items"}."""
        if name == "refuse" and str(body.get("code")) in self.layout.reasons:
            with self.store.transaction() as connection:
                connection.execute(
                    "INSERT OR REPLACE INTO planned_refusal VALUES (?, ?)", (str(body.get("kind")), str(body["code"]))
                )
            return self.state()
        if name == "queue" and isinstance(body.get("items"), dict):
            return {"number": self.queue(str(body.get("kind")), body["items"])}
        raise InputError("このような操作はありません", field=name, hint="操作の名前と内容を確かめてください。")


def office_today() -> date:
    """The party's own day: KOKUNEN_TODAY in a demo, else the calendar's."""
    import os

    fixed = os.environ.get("KOKUNEN_TODAY", "")
    return date.fromisoformat(fixed) if fixed else datetime.now(TOKYO).date()


def _refusal_409() -> LineAnswer:
    content = {
        "result": REFUSED,
        "receipt": "",
        "faults": [
            {"item": "number", "code": "number_used", "message": "この番号は、内容の異なる電文で既に使われています"}
        ],
    }
    return LineAnswer(409, json.dumps(content, ensure_ascii=False).encode())
