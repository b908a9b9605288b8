"""年金機構のプロセス — the tray, the register, the answers.

A round takes each complete delivery from ``tray/in``, and one transaction holds everything that follows from it: the
medium's entry, the changes of the register, and the sealed answer. Only after its commit are the files taken away and
the answer laid into ``tray/out``; both are repeated from the state after a kill, so nothing is lost or done twice.

What the same medium is: the same city, fiscal year, 媒体通番 and image. It is answered once; another medium under a
number already used is refused. A refused medium uses no number up, so that the sound one can still come.

Points at which an operator can order the process to die (`framework.trouble`): ``deciding`` (inside the transaction),
``decided``, ``taking`` (one file taken away, the others not), ``taken``, ``answered`` (laid down, not yet noted).
"""

from __future__ import annotations

import csv
import logging
import os
import sqlite3
import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from kokunen.kernel.errors import InputError

from ..framework.files import move, sha256, write_atomic
from ..framework.package import pack
from ..framework.process import Counterpart
from ..framework.seal import Identity, PublicIdentity, seal
from ..framework.trouble import TroubleMode, damage
from . import applications, continuation
from .codec import Result, Values, encode_result
from .delivery import ANSWER_SUFFIX, PARTY, Contents, Delivery, Examined, Refusal, examine, is_complete
from .judgement import Decision, Judge
from .layout import Layout, load_layout
from .listing import printable

log = logging.getLogger("kokunen.counterparts.jps")

TOKYO = ZoneInfo("Asia/Tokyo")
HOLDER = "日本年金機構 年金事務所 記録課長"
_FAULT_LENGTH = 200

_SCHEMA = (
    """CREATE TABLE person (
        number TEXT PRIMARY KEY, kana TEXT NOT NULL, name TEXT NOT NULL, birth TEXT NOT NULL, sex TEXT NOT NULL,
        postal_code TEXT NOT NULL, address TEXT NOT NULL, kind TEXT NOT NULL, since TEXT NOT NULL, lost_on TEXT NOT NULL
    )""",
    "CREATE INDEX person_same ON person (kana, birth, sex)",
    """CREATE TABLE medium (
        id INTEGER PRIMARY KEY, municipality TEXT NOT NULL, fiscal_year INTEGER, serial INTEGER,
        cover_sha256 TEXT NOT NULL, delivery_sha256 TEXT NOT NULL UNIQUE, image_sha256 TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('processed', 'refused')),
        received_at TEXT NOT NULL, taken INTEGER NOT NULL DEFAULT 0, repeats INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE UNIQUE INDEX medium_number ON medium (municipality, fiscal_year, serial) WHERE status = 'processed'",
    """CREATE TABLE notice (
        id INTEGER PRIMARY KEY, municipality TEXT NOT NULL, receipt_number TEXT NOT NULL, kind TEXT NOT NULL,
        digest TEXT NOT NULL, number TEXT NOT NULL, before TEXT NOT NULL, withdrawn INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE UNIQUE INDEX notice_live ON notice (municipality, receipt_number, kind) WHERE withdrawn = 0",
    """CREATE TABLE answer (
        result_serial TEXT PRIMARY KEY, medium INTEGER NOT NULL REFERENCES medium, file_name TEXT NOT NULL,
        image BLOB NOT NULL, decided_at REAL NOT NULL,
        delivered INTEGER NOT NULL DEFAULT 0, spoilt INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE TABLE planned_return (receipt_number TEXT PRIMARY KEY, reason_code TEXT NOT NULL, reason TEXT NOT NULL)",
    "CREATE TABLE waiting (stem TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, since REAL NOT NULL)",
    *applications.SCHEMA,
    *continuation.SCHEMA,
)


class PensionService(Counterpart):
    """日本年金機構 — ``grace``: seconds a delivery may stay incomplete and unchanged before it is refused;
    ``decide_after``: seconds from the acceptance of an application to its decision.
    """

    name: ClassVar[str] = PARTY
    label: ClassVar[str] = "日本年金機構"
    schema: ClassVar[tuple[str, ...]] = _SCHEMA
    options: ClassVar[dict[str, tuple[float, str]]] = {
        "grace": (60.0, "届きかけの媒体を待つ秒数"),
        "decide_after": (600.0, "免除等の申請を受理してから裁定するまでの秒数"),
    }

    def __init__(self, data: Path, *, grace: float = 60.0, decide_after: float = 600.0) -> None:
        super().__init__(data)
        self.layout: Layout = load_layout()
        self.grace, self.decide_after = grace, decide_after
        self.identity = Identity.load_or_create(data / "keys" / "own.json", party=PARTY, holder=HOLDER)
        self.arrivals, self.answers = data / "tray" / "in", data / "tray" / "out"
        for folder in (self.arrivals, self.answers, data / "senders"):
            folder.mkdir(parents=True, exist_ok=True)
        self.identity.public().save(data / "keys" / "public.json")
        self._load_people(data / "people.csv")

    # a round ------------------------------------------------------------------------------------------------------
    def work(self) -> dict[str, Any]:
        """Take what has arrived, then lay down what is due."""
        done = {"processed": 0, "refused": 0, "repeated": 0, "waiting": 0, "unclaimed": 0}
        for cover in sorted(self.arrivals.glob(f"*{self.layout.cover_suffix}")):
            done[self._take(Delivery.of(cover, self.layout))] += 1
        done["incomes"] = sum(
            self._take_incomes(path)
            for path in sorted(self.arrivals.glob(f"*{continuation.INCOMES}*{continuation.SUFFIX}"))
        )
        return {**done, "decided": self._decide_applications(), "answered": self._deliver()}

    def catch_up(self) -> None:
        """After heal: answers that went out damaged go out again, sound."""
        with self.store.transaction() as connection:
            for table in ("answer", "continuation_file"):
                connection.execute(f"UPDATE {table} SET delivered = 0, spoilt = 0 WHERE spoilt = 1")

    def _take(self, delivery: Delivery) -> str:
        contents = delivery.read()
        sql = "SELECT id, status FROM medium WHERE cover_sha256 = ? AND taken = 0"
        begun = self.store.row(sql, (sha256(contents.cover),))
        if begun is not None:
            self._take_away(delivery, int(begun["id"]))
            return str(begun["status"])
        sender = self._sender(delivery.municipality)
        if sender is None:
            return self._set_aside(delivery)
        if not is_complete(contents, self.layout) and self._still_waits(delivery):
            return "waiting"
        return self._process(delivery, contents, sender)

    def _still_waits(self, delivery: Delivery) -> bool:
        fingerprint, now = delivery.fingerprint(), time.time()
        row = self.store.row("SELECT * FROM waiting WHERE stem = ?", (delivery.stem,))
        if row is not None and row["fingerprint"] == fingerprint:
            return bool(now - row["since"] < self.grace)
        with self.store.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO waiting VALUES (?, ?, ?)", (delivery.stem, fingerprint, now))
        return self.grace > 0

    def _process(self, delivery: Delivery, contents: Contents, sender: PublicIdentity) -> str:
        again = self.store.row("SELECT id FROM medium WHERE delivery_sha256 = ?", (contents.identity(),))
        if again is not None:
            with self.store.transaction() as connection:
                connection.execute("UPDATE medium SET repeats = repeats + 1 WHERE id = ?", (again["id"],))
            self._take_away(delivery, int(again["id"]))
            return "repeated"
        try:
            examined = examine(delivery, contents, self.layout, receiver=self.identity, sender=sender)
            self._refuse_used_number(examined)
        except Refusal as refusal:
            medium, status = self._record(delivery, contents, sender, refusal), "refused"
        else:
            medium, status = self._record(delivery, contents, sender, examined), "processed"
        self.troubles.pass_point("decided")
        self._take_away(delivery, medium)
        self.troubles.pass_point("taken")
        log.info("medium %s: %s", delivery.stem, status)
        return status

    def _refuse_used_number(self, examined: Examined) -> None:
        header = examined.header
        sql = "SELECT 1 FROM medium WHERE municipality = ? AND fiscal_year = ? AND serial = ? AND status = 'processed'"
        if self.store.row(sql, (header.prefecture + header.city, header.fiscal_year, header.serial)):
            raise Refusal(["この媒体通番は、内容の異なる媒体で既に受け付けています。新しい通番で再作成してください"])

    # deciding -----------------------------------------------------------------------------------------------------
    def _record(
        self, delivery: Delivery, contents: Contents, sender: PublicIdentity, outcome: Examined | Refusal
    ) -> int:
        """One transaction: the medium, its notices, and the sealed answer. Gives the medium's id."""
        image_hash = sha256(contents.image)
        header = outcome.header if isinstance(outcome, Examined) else None
        with self.store.transaction() as connection:
            entry = connection.execute(
                "INSERT INTO medium (municipality, fiscal_year, serial, cover_sha256, delivery_sha256, image_sha256,"
                " status, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    delivery.municipality,
                    header.fiscal_year if header else None,
                    header.serial if header else None,
                    sha256(contents.cover),
                    contents.identity(),
                    image_hash,
                    "processed" if header else "refused",
                    datetime.now(TOKYO).isoformat(),
                ),
            )
            medium = int(entry.lastrowid or 0)
            connection.execute("DELETE FROM waiting WHERE stem = ?", (delivery.stem,))
            self._answer(connection, medium, delivery, sender, image_hash, outcome)
            self.troubles.pass_point("deciding")
        return medium

    def _answer(
        self,
        connection: sqlite3.Connection,
        medium: int,
        delivery: Delivery,
        sender: PublicIdentity,
        image_hash: str,
        outcome: Examined | Refusal,
    ) -> None:
        result_serial = f"K{self.store.next_number('result'):07}"
        _, fiscal_year, serial = delivery.stem.split("-")
        lines: tuple[Values, ...] = ()
        if isinstance(outcome, Examined):
            judge = Judge(connection, delivery.municipality, self.layout.reasons)
            decided = [(record, judge.decide(record)) for record in outcome.records]
            for number, (record, decision) in enumerate(decided, 1):
                if decision.accepted and record.kind in applications.APPLICATIONS:
                    applications.keep(
                        connection, medium, number, delivery.municipality, record, decision.number, time.time()
                    )
                    continuation.keep_wish(connection, delivery.municipality, record, decision.number)
            lines = tuple(
                _result_line(number, record.kind, record.values, decision)
                for number, (record, decision) in enumerate(decided, 1)
            )
        values = _management(
            delivery.municipality,
            result_serial,
            (fiscal_year, serial, image_hash),
            lines,
            "1" if isinstance(outcome, Examined) else "9",
        )
        faults = tuple(fault[:_FAULT_LENGTH] for fault in outcome.faults) if isinstance(outcome, Refusal) else ()
        self._store_answer(connection, medium, Result(values, lines, faults), sender, delivery.municipality)

    def _decide_applications(self) -> int:
        """裁定: a second answer to a medium, with the applications of it that are decided now; gives how many."""
        count = 0
        with self.store.transaction() as connection:
            for medium, rows in applications.due(connection, time.time() - self.decide_after).items():
                known = connection.execute("SELECT * FROM medium WHERE id = ?", (medium,)).fetchone()
                sender = self._sender(known["municipality"])
                if sender is None:
                    continue
                lines = tuple(line for row in rows for line in applications.lines_of(row))
                report = (str(known["fiscal_year"]), f"{known['serial']:03}", known["image_sha256"])
                result_serial = f"K{self.store.next_number('result'):07}"
                values = _management(known["municipality"], result_serial, report, lines, "1")
                self._store_answer(connection, medium, Result(values, lines, ()), sender, known["municipality"])
                continuation.settle_wishes(connection, rows)
                applications.close(connection, rows)
                count += len(rows)
        return count

    def _take_incomes(self, path: Path) -> int:
        """所得の回答を受け取る: 継続審査 of whoever waits for it, and its file of results, in one transaction.

        Gives 1 for a file that was taken; one that has not arrived whole, or comes before the July, waits in the tray.
        """
        municipality = path.name.partition(continuation.INCOMES)[0]
        if self._sender(municipality) is None:
            move(path, self.data / "unclaimed" / path.name)
            return 0
        try:
            rows = continuation.read_incomes(path.read_bytes())
        except continuation.Unreadable as error:
            log.warning("incomes %s: %s", path.name, error)
            return 0
        if continuation.first_day(rows) > _today():
            return 0
        with self.store.transaction() as connection:
            content = continuation.judge(connection, municipality, rows, _today())
            if content is not None:
                name = f"{municipality}-keizoku-{self.store.next_number('continuation'):04}{continuation.SUFFIX}"
                connection.execute(
                    "INSERT INTO continuation_file (file_name, content, decided_at) VALUES (?, ?, ?)",
                    (name, content, time.time()),
                )
            self.troubles.pass_point("deciding")
        move(path, self.data / "received" / "incomes" / path.name)
        return 1

    def _store_answer(
        self, connection: sqlite3.Connection, medium: int, result: Result, sender: PublicIdentity, municipality: str
    ) -> None:
        result_serial = str(result.values["result_serial"])
        image = self._seal(result, sender, result_serial)
        file_name = f"{municipality}-{result_serial}{ANSWER_SUFFIX}"
        connection.execute(
            "INSERT INTO answer (result_serial, medium, file_name, image, decided_at) VALUES (?, ?, ?, ?, ?)",
            (result_serial, medium, file_name, image, time.time()),
        )

    def _seal(self, result: Result, sender: PublicIdentity, result_serial: str) -> bytes:
        files = {
            str(self.layout.result["name"]): encode_result(self.layout, result),
            str(self.layout.result["list_name"]): printable(self.layout, result),
        }
        label = {"purpose": "result", "result_serial": result_serial, "edition": self.layout.edition}
        return seal(pack(files), label, sender=self.identity, receiver=sender)

    # files --------------------------------------------------------------------------------------------------------
    def _take_away(self, delivery: Delivery, medium: int) -> None:
        for path in delivery.files():
            move(path, self.data / "received" / f"{medium:07}" / path.name)
            self.troubles.pass_point("taking")
        with self.store.transaction() as connection:
            connection.execute("UPDATE medium SET taken = 1 WHERE id = ?", (medium,))

    def _set_aside(self, delivery: Delivery) -> str:
        for path in delivery.files():
            move(path, self.data / "unclaimed" / path.name)
        log.warning("a medium of an unregistered sender was set aside")
        return "unclaimed"

    def _deliver(self) -> int:
        """Lay down the answers that are due; gives their number."""
        delay = self.troubles.get(TroubleMode.DELAY)
        if delay is not None and delay.seconds is None:
            return 0
        limit = time.time() - (delay.seconds or 0 if delay else 0)
        count = self._lay_down("answer", "image", ANSWER_SUFFIX, limit)
        return count + self._lay_down("continuation_file", "content", continuation.SUFFIX, limit)

    def _lay_down(self, table: str, column: str, suffix: str, limit: float) -> int:
        sql = f"SELECT file_name, {column} AS content FROM {table} WHERE delivered = 0 AND decided_at <= ?"
        due = self.store.rows(f"{sql} ORDER BY file_name", (limit,))
        garbled, repeated = self.troubles.has(TroubleMode.GARBLE), self.troubles.has(TroubleMode.REPEAT)
        for one in due:
            content = damage(one["content"]) if garbled else one["content"]
            write_atomic(self.answers / one["file_name"], content)
            if repeated:
                write_atomic(self.answers / one["file_name"].replace(suffix, f"-2{suffix}"), content)
            self.troubles.pass_point("answered")
            with self.store.transaction() as connection:
                connection.execute(
                    f"UPDATE {table} SET delivered = 1, spoilt = ? WHERE file_name = ?",
                    (int(garbled), one["file_name"]),
                )
        return len(due)

    # people, senders, commands ------------------------------------------------------------------------------------
    def _sender(self, municipality: str) -> PublicIdentity | None:
        path = self.data / "senders" / f"{municipality}.json"
        return PublicIdentity.load(path) if municipality and path.exists() else None

    def _load_people(self, path: Path) -> None:
        """The Service's own list of people, if one lies in its folder: read once, before the first notice."""
        if not path.exists() or self.store.row("SELECT 1 FROM counter WHERE name = 'people_loaded'"):
            return
        with path.open(encoding="utf-8", newline="") as stream, self.store.transaction() as connection:
            rows = [
                {"postal_code": "", "address": "", "kind": "", "since": "", "lost_on": "", **row}
                for row in csv.DictReader(stream)
            ]
            connection.executemany(
                "INSERT OR REPLACE INTO person VALUES (:number, :kana, :name, :birth, :sex, :postal_code, :address,"
                " :kind, :since, :lost_on)",
                rows,
            )
            connection.execute("INSERT INTO counter VALUES ('people_loaded', ?)", (len(rows),))

    def counts(self) -> dict[str, Any]:
        """Counts, without anything about a person."""
        row = self.store.row(
            "SELECT (SELECT count(*) FROM person) AS people,"
            " (SELECT count(*) FROM medium WHERE status = 'processed') AS processed,"
            " (SELECT count(*) FROM medium WHERE status = 'refused') AS refused,"
            " (SELECT coalesce(sum(repeats), 0) FROM medium) AS repeats,"
            " (SELECT count(*) FROM notice WHERE withdrawn = 0) AS notices,"
            " (SELECT count(*) FROM answer) AS answers,"
            " (SELECT count(*) FROM answer WHERE delivered = 0) AS undelivered"
        )
        unclaimed = self.data / "unclaimed"
        waiting = len(list(self.arrivals.glob(f"*{self.layout.cover_suffix}")))
        aside = len(list(unclaimed.glob(f"*{self.layout.cover_suffix}"))) if unclaimed.exists() else 0
        return {**dict(row or {}), "in_tray": waiting, "unclaimed": aside}

    def command(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """``return``: let the next notice with a receipt number be returned, with a reason. ``decide``: what is to be
        decided on an application (`applications.plan`).
        """
        if name == "decide":
            with self.store.transaction() as connection:
                applications.plan(connection, body)
            return self.health()
        if name != "return":
            return super().command(name, body)
        receipt, reason = str(body.get("receipt_number", "")), str(body.get("reason", ""))
        code = str(body.get("reason_code", "R99"))
        if not receipt or code not in self.layout.reasons:
            raise InputError(
                "受付番号がないか、返戻理由コードが違います", field="reason_code", hint="R01〜R99で指定してください。"
            )
        with self.store.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO planned_return VALUES (?, ?, ?)",
                (receipt, code, reason[:60] or self.layout.reasons[code]),
            )
        return self.health()


def _result_line(number: int, kind: str, values: Values, decision: Decision) -> Values:
    return {
        "line_number": number,
        "kind": kind,
        "receipt_number": values["receipt_number"],
        "outcome": "1" if decision.accepted else "2",
        "basic_pension_number": decision.number,
        "reason_code": decision.reason_code,
        "reason": decision.reason,
        **(applications.decided_at_once(kind, values) if decision.accepted else {}),
    }


def _management(
    municipality: str, result_serial: str, report: tuple[str, str, str], lines: Sequence[Values], status: str
) -> Values:
    """処理結果管理レコード: which medium is answered (fiscal year, serial, hash of the image) and how many lines."""
    accepted = sum(line["outcome"] == "1" for line in lines)
    return {
        "prefecture": municipality[:2],
        "city": municipality[2:],
        "result_serial": result_serial,
        "processed_on": _today(),
        "status": status,
        "fiscal_year": report[0],
        "report_serial": report[1],
        "report_sha256": report[2],
        "total": len(lines),
        "accepted": accepted,
        "returned": len(lines) - accepted,
    }


def _today() -> date:
    """The Service's business day; the demo city's day when one is set, so that both stand on the same calendar."""
    fixed = os.environ.get("KOKUNEN_TODAY", "")
    return date.fromisoformat(fixed) if fixed else datetime.now(TOKYO).date()
