"""届書の処理の共通形: every form has a handler; this one does what all forms need and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import add_months
from kokunen.national_pension import resident_view
from kokunen.national_pension.catalogue import Form
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services import roll

if TYPE_CHECKING:
    from kokunen.ledger.access import AccessContext
    from kokunen.national_pension.models import Receipt

REFUSE, WARN, TELL = "refuse", "warn", "tell"


@dataclass(frozen=True, slots=True)
class Known:
    """市が知っていること: the value of a field (as it is stored) and where it comes from."""

    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class Finding:
    """審査の指摘: `refuse` stops the reception, `warn` is to be heeded, `tell` says what follows.

    `way_out`: the form that is right instead, or "".
    """

    severity: str
    message: str
    field: str = ""
    article: str = ""
    hint: str = ""
    way_out: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """審査する件: one person, one form, what it says, on a day."""

    form: Form
    situation: str
    resident: Resident
    data: Mapping[str, Any]
    received_on: date
    about: Resident | None = None

    @property
    def atena_number(self) -> str:
        """宛名番号"""
        return self.resident.atena_number


class Handler:
    """届書の処理: override what the form needs. Every method runs inside the caller's transaction.

    `screen`: name of an own entry screen (a route that takes the 宛名番号); "" = the screen made from the catalogue.
    """

    screen = ""

    def known(self, form: Form, resident: Resident) -> dict[str, Known]:
        """記入済みにする: fields the city knows already, by field name; the officer types the rest."""
        found: dict[str, Known] = {}
        for field in form.fields:
            known = _FILLS.get(field.fill.split(".")[0], _nothing)(field.fill.partition(".")[2], resident)
            if field.fill == "first" and field.options:
                known = Known(next(iter(field.options)), "")
            if known is not None and known.value not in (None, ""):
                found[field.name] = known
        return found

    def check(self, case: Case) -> list[Finding]:
        """審査する: reasons against (or warnings about) this form for this person. Reads only."""
        return []

    def content(self, form: Form, situation: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """報告の内容: the values of the report line, under the names of the record layout."""
        return {**data, "event_on": data.get("event_on") or data.get("changed_on")}

    def received(self, receipt: Receipt, case: Case, context: AccessContext) -> None:
        """受付の後: store the form's own records (別添1 R3 to R10), in the transaction of the reception."""

    def resulted(self, receipt: Receipt, context: AccessContext) -> None:
        """結果の後: the Service accepted or decided (`receipt.state`); bring the form's own records to it."""

    def returned(self, receipt: Receipt, context: AccessContext) -> None:
        """返戻の後: the Service sent the form back; what hangs on it is stopped."""

    def withdrawn(self, receipt: Receipt, context: AccessContext) -> None:
        """取下げの後: take back what `received` had stored."""


def _nothing(_name: str, _resident: Resident) -> Known | None:
    return None


def _today(_name: str, _resident: Resident) -> Known:
    return Known(clock.today().isoformat(), "今日")


def _month(name: str, _resident: Resident) -> Known:
    day = clock.today() if name == "now" else add_months(clock.today().replace(day=1), 1)
    return Known(f"{day:%Y-%m}", "今月" if name == "now" else "翌月")


def _constant(name: str, _resident: Resident) -> Known:
    return Known(name, "")


def _yes(_name: str, _resident: Resident) -> Known:
    return Known(True, "")


def _payment(name: str, _resident: Resident) -> Known:
    return Known("transfer" if name == "default" else name, "")


def _roll(name: str, resident: Resident) -> Known | None:
    row = roll.current(resident.atena_number)
    if row is None:
        return None
    value = getattr(row, name)
    return Known(value.isoformat() if isinstance(value, date) else value, "被保険者台帳")


def _spouse(name: str, resident: Resident) -> Known | None:
    members = resident_view.household(resident.household_number)
    found = resident_view.spouse_in(members, resident)
    return Known(getattr(found, name), "住民記録（世帯）") if found else None


def _head(name: str, resident: Resident) -> Known | None:
    return Known(resident.head_name, "住民記録") if name == "name" else None


def _child(name: str, resident: Resident) -> Known | None:
    members = resident_view.household(resident.household_number)
    children = [one for one in members if "子" in one.relationship and one.atena_number != resident.atena_number]
    if not children:
        return None
    value = getattr(max(children, key=lambda one: one.birth_date), name)
    return Known(value.isoformat() if isinstance(value, date) else value, "住民記録（世帯）")


_FILLS: dict[str, Callable[[str, Resident], Known | None]] = {
    "today": _today,
    "month": _month,
    "pension": _constant,
    "yes": _yes,
    "payment": _payment,
    "roll": _roll,
    "spouse": _spouse,
    "head": _head,
    "child": _child,
}
