"""届書の審査 — what the Service decides on each notice, from its own register and the notices it took before.

The register may be the Service's own list of people (``people.csv`` in its folder); without one it takes each person on
from the first notice about them, knows nothing of their past, and objects to nothing that lies before. Reason codes are
those of the layout (``result.yaml``).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from .codec import Record

NOT_INSURED = "9"
_OFFICE_OF_NEW_NUMBERS = "9901"


@dataclass(frozen=True, slots=True)
class Person:
    """被保険者記録 — ``kind`` "" means that the Service does not know yet."""

    number: str
    kana: str
    name: str
    birth: str
    sex: str
    postal_code: str = ""
    address: str = ""
    kind: str = ""
    since: str = ""
    lost_on: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """処理結果 — accepted, or returned with a reason; ``number`` is the 基礎年金番号 that now holds."""

    accepted: bool
    number: str = ""
    reason_code: str = ""
    reason: str = ""


def digest(record: Record) -> str:
    """The content of a notice as 64 hexadecimal digits; the same notice sent again has the same."""
    content = {"kind": record.kind, **{name: str(value) for name, value in record.values.items() if value is not None}}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


class Judge:
    """審査 — decides notices one by one inside one transaction of the Service's state."""

    def __init__(self, connection: sqlite3.Connection, municipality: str, reasons: Mapping[str, str]) -> None:
        self._connection = connection
        self._municipality = municipality
        self._reasons = reasons
        row = connection.execute("SELECT value FROM counter WHERE name = 'people_loaded'").fetchone()
        self._knows_everyone = row is not None and row[0] > 0

    def decide(self, record: Record) -> Decision:
        """Decide one notice and change the register accordingly."""
        receipt = str(record.values["receipt_number"])
        planned = self._planned_return(receipt)
        if planned is not None:
            return planned
        earlier = self._accepted(receipt, record.kind)
        if earlier is not None:
            if earlier["digest"] == digest(record):
                return Decision(True, str(earlier["number"]))
            return self._return("R07")
        if record.kind == "withdrawal":
            return self._withdraw(record)
        person = self._person(record)
        if isinstance(person, Decision):
            return person
        objection = self._objection(record, person)
        if objection:
            return self._return(objection)
        after = _changed(person, record.values, record.kind)
        self._save(after)
        self._remember(record, after.number, person)
        return Decision(True, after.number)

    # the person ---------------------------------------------------------------------------------------------------
    def _person(self, record: Record) -> Person | Decision:
        values = record.values
        number = str(values.get("basic_pension_number") or "")
        if not number:
            if self._same_person(values):
                return self._return("R08")
            if self._knows_everyone and record.kind not in ("acquisition", "voluntary_acquisition"):
                return self._return("R01")
            return _new_person(self._new_number(), values)
        row = self._connection.execute("SELECT * FROM person WHERE number = ?", (number,)).fetchone()
        if row is not None:
            return Person(**dict(row))
        return self._return("R01") if self._knows_everyone else _new_person(number, values)

    def _same_person(self, values: Mapping[str, Any]) -> bool:
        sql = "SELECT 1 FROM person WHERE kana = ? AND birth = ? AND sex = ?"
        key = (str(values["kana"]), str(values["birth"]), str(values["sex"]))
        return self._connection.execute(sql, key).fetchone() is not None

    def _new_number(self) -> str:
        self._connection.execute(
            "INSERT INTO counter VALUES ('number', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1"
        )
        serial = self._connection.execute("SELECT value FROM counter WHERE name = 'number'").fetchone()[0]
        return f"{_OFFICE_OF_NEW_NUMBERS}{serial:06}"

    def _save(self, person: Person) -> None:
        row = asdict(person)
        marks = ", ".join(f":{name}" for name in row)
        self._connection.execute(f"INSERT OR REPLACE INTO person ({', '.join(row)}) VALUES ({marks})", row)

    # objections ---------------------------------------------------------------------------------------------------
    def _objection(self, record: Record, person: Person) -> str:
        values = record.values
        is_correction = record.kind == "birth_sex_correction"
        if person.birth != str(values["old_birth" if is_correction else "birth"]):
            return "R02"
        if person.sex != str(values["old_sex" if is_correction else "sex"]):
            return "R03"
        if not person.kind:
            return ""
        event = str(values.get("event_on") or "")
        if record.kind in ("acquisition", "voluntary_acquisition") and person.kind != NOT_INSURED:
            return "R04"
        if record.kind == "change_of_kind" and person.kind != values["kind_before"]:
            return "R10"
        if record.kind in ("loss", "voluntary_loss", "death"):
            if person.kind == NOT_INSURED:
                return "R05"
            if event < person.since:
                return "R06"
        return ""

    def _return(self, code: str) -> Decision:
        return Decision(False, "", code, self._reasons[code])

    def _planned_return(self, receipt: str) -> Decision | None:
        """A return that whoever runs the demo has ordered for one receipt number; it is used up."""
        row = self._connection.execute("SELECT * FROM planned_return WHERE receipt_number = ?", (receipt,)).fetchone()
        if row is None:
            return None
        self._connection.execute("DELETE FROM planned_return WHERE receipt_number = ?", (receipt,))
        return Decision(False, "", row["reason_code"], row["reason"])

    # notices taken ------------------------------------------------------------------------------------------------
    def _accepted(self, receipt: str, kind: str) -> sqlite3.Row | None:
        sql = "SELECT * FROM notice WHERE municipality = ? AND receipt_number = ? AND kind = ? AND withdrawn = 0"
        row: sqlite3.Row | None = self._connection.execute(sql, (self._municipality, receipt, kind)).fetchone()
        return row

    def _remember(self, record: Record, number: str, before: Person | None) -> None:
        receipt = str(record.values["receipt_number"])
        snapshot = json.dumps(asdict(before) if before else None, ensure_ascii=False)
        self._connection.execute(
            "INSERT INTO notice (municipality, receipt_number, kind, digest, number, before) VALUES (?, ?, ?, ?, ?, ?)",
            (self._municipality, receipt, record.kind, digest(record), number, snapshot),
        )

    def _withdraw(self, record: Record) -> Decision:
        """取下げ — the notice named is taken back and the person's record becomes what it was before it."""
        original = self._accepted(str(record.values["original_receipt"]), str(record.values["original_kind"]))
        if original is None:
            return self._return("R09")
        self._connection.execute("UPDATE notice SET withdrawn = 1 WHERE id = ?", (original["id"],))
        before = json.loads(original["before"])
        if before is not None:
            self._save(Person(**before))
        self._remember(record, original["number"], None)
        return Decision(True, original["number"])


def _new_person(number: str, values: Mapping[str, Any]) -> Person:
    return Person(
        number,
        kana=str(values["kana"]),
        name=str(values["name"]),
        birth=str(values.get("old_birth") or values["birth"]),
        sex=str(values.get("old_sex") or values["sex"]),
        postal_code=str(values.get("postal_code") or ""),
        address=str(values.get("address") or ""),
    )


def _changed(person: Person, values: Mapping[str, Any], kind: str) -> Person:
    """The record after an accepted notice: always name and address as told, and what the kind of notice says."""
    told = replace(
        person,
        kana=str(values["kana"]),
        name=str(values["name"]),
        birth=str(values["birth"]),
        sex=str(values["sex"]),
        postal_code=str(values.get("postal_code") or person.postal_code),
        address=str(values.get("address") or person.address),
    )
    event = values.get("event_on")
    if kind in ("acquisition", "voluntary_acquisition", "change_of_kind"):
        return replace(told, kind=str(values["kind_after"]), since=str(event), lost_on="")
    if kind in ("loss", "voluntary_loss"):
        return replace(told, kind=NOT_INSURED, lost_on=str(event))
    if kind == "death" and isinstance(event, date):
        return replace(told, kind=NOT_INSURED, lost_on=str(event + timedelta(days=1)))
    return told
