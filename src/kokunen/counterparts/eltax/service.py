"""eLTAXのプロセス — the pension payers behind the line: who receives a pension, what was ordered, what was withheld.

The payers' own list of people lies in ``people.csv`` of the data folder (read once) or comes by the command
``people``. 対象者情報 of a tax year goes to the city from 25 May; a 依頼 is judged record by record and answered (02);
after each payment month the result (22) of everybody who is withheld; a 停止 ends it with the next payment that is
still open and is answered (42).
"""

from __future__ import annotations

import base64
import csv
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from kokunen.kernel.errors import InputError

from ..framework.mailbox import MAILBOX_SCHEMA, MailboxParty, office_today
from ..framework.messages import Fault, Message
from .records import PensionFile, PensionRecord, RecordError, parts, read, record_as_items, record_of_items, write

MOST_RECORDS = 2_000
PAYMENTS = ((10, 0), (12, 1), (2, 2), (4, 3), (6, 4), (8, 5))
"""支払月 and which of the ordered amounts falls on it."""

NORMAL, LOST, SUSPENDED, SHORT, UNKNOWN, ALREADY = "00", "01", "02", "03", "09", "10"
_COLUMNS = ("payer", "pension_number", "pension_code", "birth_date", "sex", "kana", "name", "postal", "address",
            "pension", "care_premium")  # fmt: skip


class Eltax(MailboxParty):
    """eLTAX（地方税共同機構）"""

    name: ClassVar[str] = "eltax"
    label: ClassVar[str] = "eLTAX（地方税共同機構）"
    package: ClassVar[str] = "kokunen.counterparts.eltax"
    prefix: ClassVar[str] = "EL"
    page: ClassVar[int] = 5
    schema: ClassVar[tuple[str, ...]] = (
        *MAILBOX_SCHEMA,
        """CREATE TABLE pensioner (
            payer TEXT NOT NULL, pension_number TEXT NOT NULL, pension_code TEXT NOT NULL, birth_date TEXT NOT NULL,
            sex TEXT NOT NULL, kana TEXT NOT NULL, name TEXT NOT NULL, postal TEXT NOT NULL, address TEXT NOT NULL,
            pension INTEGER NOT NULL, care_premium INTEGER NOT NULL, condition TEXT NOT NULL DEFAULT '00',
            PRIMARY KEY (payer, pension_number, pension_code)
        )""",
        "CREATE TABLE course (tax_year INTEGER PRIMARY KEY)",
        """CREATE TABLE ordered (
            tax_year INTEGER NOT NULL, payer TEXT NOT NULL, pension_number TEXT NOT NULL, pension_code TEXT NOT NULL,
            record TEXT NOT NULL, stopped_from TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (tax_year, payer, pension_number, pension_code)
        )""",
        "CREATE TABLE payment (tax_year INTEGER NOT NULL, month TEXT NOT NULL, PRIMARY KEY (tax_year, month))",
    )

    def _first_list(self) -> None:
        """The payers' own list, read once when it lies there."""
        people = self.data / "people.csv"
        if people.exists() and not self.store.row("SELECT 1 FROM counter WHERE name = 'people_loaded'"):
            with people.open(encoding="utf-8", newline="") as stream, self.store.transaction():
                self._load(csv.DictReader(stream))
                self.store.next_number("people_loaded")

    # what the city sends ------------------------------------------------------------------------------------------
    def judge(self, connection: sqlite3.Connection, message: Message) -> list[Fault]:
        try:
            file = read(base64.b64decode(message.items["content"], validate=True))
        except (RecordError, ValueError) as error:
            return [self.fault("content", error.code if isinstance(error, RecordError) else "E01")]
        if file.content_code != message.kind or len(file.records) != message.items["records"]:
            return [self.fault("content", "E03")]
        answered = self._order(connection, file) if message.kind == "01" else self._stop(connection, file)
        answer = replace(
            file, content_code="02" if message.kind == "01" else "42", records=answered, created_on=office_today()
        )
        self._send(answer)
        return []

    def _order(self, connection: sqlite3.Connection, file: PensionFile) -> tuple[PensionRecord, ...]:
        year, answers = _tax_year(file.created_on), []
        for record in file.records:
            person = self._person(file.payer, record)
            result = UNKNOWN if person is None else str(person["condition"])
            if person is not None and result == NORMAL and sum(record.amounts[:3]) > person["pension"] // 2:
                result = SHORT
            if result == NORMAL and record.division == "01":
                connection.execute(
                    "INSERT OR REPLACE INTO ordered (tax_year, payer, pension_number, pension_code, record)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (year, file.payer, record.pension_number, record.pension_code, _text(record)),
                )
            answers.append(replace(record, result=result))
        return tuple(answers)

    def _stop(self, connection: sqlite3.Connection, file: PensionFile) -> tuple[PensionRecord, ...]:
        """停止: sent in a month of payment it ends the next payment; sent in an odd month the next is still taken."""
        answers = []
        for record in file.records:
            row = self.store.row(
                "SELECT * FROM ordered WHERE payer = ? AND pension_number = ? AND pension_code = ?"
                " ORDER BY tax_year DESC LIMIT 1",
                (file.payer, record.pension_number, record.pension_code),
            )
            result = UNKNOWN if row is None else ALREADY if row["stopped_from"] else NORMAL
            if row is not None and result == NORMAL:
                connection.execute(
                    "UPDATE ordered SET stopped_from = ? WHERE tax_year = ? AND payer = ? AND pension_number = ?"
                    " AND pension_code = ?",
                    (_stops_from(file.created_on), row["tax_year"], file.payer, record.pension_number,
                     record.pension_code),
                )  # fmt: skip
            answers.append(replace(record, result=result))
        return tuple(answers)

    # what the city is told ----------------------------------------------------------------------------------------
    def work(self) -> dict[str, Any]:
        """対象者情報 once a tax year from 25 May on, results of the payments that are over."""
        self._first_list()
        today = office_today()
        year = today.year if today >= date(today.year, 5, 25) else today.year - 1
        done = {"candidates": self._candidates(year), "results": 0}
        for month, index in PAYMENTS:
            paid = date(year if index < 2 else year + 1, month, 15)
            if paid <= today:
                done["results"] += self._results(year, paid, index)
        return done

    def _candidates(self, year: int) -> int:
        if self.store.row("SELECT 1 FROM course WHERE tax_year = ?", (year,)):
            return 0
        rows = self.store.rows("SELECT * FROM pensioner WHERE condition != ? ORDER BY payer, pension_number", (LOST,))
        if not rows:
            return 0
        with self.store.transaction() as connection:
            connection.execute("INSERT INTO course VALUES (?)", (year,))
            for payer in sorted({row["payer"] for row in rows}):
                records = [_of_person(row) for row in rows if row["payer"] == payer]
                for part in parts(records, MOST_RECORDS):
                    self._send(PensionFile(self.city.municipality[:5], payer, "00", office_today(), part))
        return len(rows)

    def _results(self, year: int, paid: date, index: int) -> int:
        month = f"{paid:%Y-%m}"
        if self.store.row("SELECT 1 FROM payment WHERE tax_year = ? AND month = ?", (year, month)):
            return 0
        rows = self.store.rows(
            "SELECT o.*, p.condition FROM ordered o JOIN pensioner p USING (payer, pension_number, pension_code)"
            " WHERE o.tax_year = ? AND (o.stopped_from = '' OR o.stopped_from > ?) ORDER BY o.payer, o.pension_number",
            (year, month),
        )
        if not rows:
            return 0
        with self.store.transaction() as connection:
            connection.execute("INSERT INTO payment VALUES (?, ?)", (year, month))
            for payer in sorted({row["payer"] for row in rows}):
                records = [_result(row, paid, index) for row in rows if row["payer"] == payer]
                for part in parts(records, MOST_RECORDS):
                    self._send(PensionFile(self.city.municipality[:5], payer, "22", office_today(), part))
        return len(rows)

    def _send(self, file: PensionFile) -> None:
        serial = self.store.next_number("file")
        self.queue(
            file.content_code,
            {
                "file_name": f"EL{file.created_on:%Y%m%d}-{file.content_code}-{file.payer}-{serial:05}.dat",
                "created_on": file.created_on.isoformat(),
                "records": len(file.records),
                "content": base64.b64encode(write(file)).decode(),
            },
        )

    # people and commands ------------------------------------------------------------------------------------------
    def _person(self, payer: str, record: PensionRecord) -> sqlite3.Row | None:
        return self.store.row(
            "SELECT * FROM pensioner WHERE payer = ? AND pension_number = ? AND pension_code = ?",
            (payer, record.pension_number, record.pension_code),
        )

    def _load(self, people: Iterable[Mapping[str, Any]]) -> int:
        rows = [tuple(str(one.get(name, "") or "") for name in _COLUMNS) for one in people]
        with self.store.transaction() as connection:
            connection.executemany(
                f"INSERT OR REPLACE INTO pensioner ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})",
                rows,
            )
        return len(rows)

    def command(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """``people`` {"people": [...]}; ``condition`` {"pension_number", "condition"}; ``spoil`` {"kind"}.

        ``condition``: 01 失権, 02 差止, 03 支払額不足, 00 as before. ``spoil`` sends a file with a wrong trailer.
        """
        if name == "people":
            return {"loaded": self._load(body.get("people", []))}
        if name == "condition":
            with self.store.transaction() as connection:
                changed = connection.execute(
                    "UPDATE pensioner SET condition = ? WHERE pension_number = ?",
                    (str(body.get("condition", NORMAL)), str(body.get("pension_number", ""))),
                )
            if not changed.rowcount:
                raise InputError("この基礎年金番号の人はいません", field="pension_number")
            return self.state()
        if name == "spoil":
            return self._spoil(str(body.get("kind", "00")))
        return super().command(name, body)

    def _spoil(self, kind: str) -> dict[str, Any]:
        rows: Sequence[sqlite3.Row] = self.store.rows("SELECT * FROM pensioner LIMIT 1")
        file = PensionFile(self.city.municipality[:5], "001", kind, office_today(), tuple(map(_of_person, rows)))
        content = write(file)
        content = content[:-500] + content[-500:].replace(b"000000001", b"000000007", 1)
        with self.store.transaction():
            items = {"file_name": "EL-spoilt.dat", "created_on": office_today().isoformat(), "records": 1,
                     "content": base64.b64encode(content).decode()}  # fmt: skip
            return {"number": self.queue(kind, items)}

    def counts(self) -> dict[str, Any]:
        row = self.store.row(
            "SELECT (SELECT count(*) FROM pensioner) AS people, (SELECT count(*) FROM ordered) AS ordered,"
            " (SELECT count(*) FROM ordered WHERE stopped_from != '') AS stopped,"
            " (SELECT count(*) FROM payment) AS payments"
        )
        return {**super().counts(), **dict(row or {})}


def _of_person(row: sqlite3.Row) -> PensionRecord:
    own = {name: row[name] for name in ("pension_number", "pension_code", "sex", "kana", "name", "postal", "address")}
    amounts = (int(row["pension"]), int(row["care_premium"]))
    return PensionRecord(**own, birth_date=date.fromisoformat(row["birth_date"]), division="01", amounts=amounts)


def _result(row: sqlite3.Row, paid: date, index: int) -> PensionRecord:
    record = record_of_items(json.loads(row["record"]))
    normal = row["condition"] == NORMAL
    return replace(
        record, division=row["condition"], result="", event_on=paid, amounts=(record.amounts[index] if normal else 0,)
    )


def _text(record: PensionRecord) -> str:
    return json.dumps(record_as_items(record), ensure_ascii=False)


def _tax_year(day: date) -> int:
    """The tax year an order is for: it begins in June (orders go out from June to the next March)."""
    return day.year if day.month >= 6 else day.year - 1


def _stops_from(day: date) -> str:
    months = 2 if day.month % 2 == 0 else 3
    month = day.month + months
    return f"{day.year + (month - 1) // 12}-{(month - 1) % 12 + 1:02}"
