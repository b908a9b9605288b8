"""社会保険オンラインの試験の土台: the program's own settings over a fresh city, the 年金事務所 as a process."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import django
import pytest
from tests.common_platform.passkeys.device import Device
from tests.counterparts.support import PartyProcess

django.setup()

from django.test import Client  # noqa: E402

TODAY = "2026-11-24"
BASIC, INDIVIDUAL, NOBODY = "1234567890", "123456789018", "9999000001"
PASSWORD = "正しいパスワードです12"


@dataclass(slots=True)
class Desk:
    """A terminal: an operator, her device, and the browser before her."""

    operator: Any
    device: Device
    client: Client

    def password(self, password: str = PASSWORD) -> Any:
        return self.client.post("/sign-in", {"operator_id": self.operator.operator_id, "password": password})

    def asked(self) -> Any:
        """What the second step asks."""
        answer = self.password()
        assert answer.status_code == 200, answer.content.decode()
        return answer.context["asked"]

    def person(self, asked: Any, answer: str | None = None) -> Any:
        given = self.device.sign(asked.options) if answer is None else answer
        return self.client.post("/sign-in/person", {"token": asked.token, "answer": given})

    def sign_in(self) -> Desk:
        assert self.person(self.asked()).status_code == 302
        return self

    def inquire(self, **changes: str) -> Any:
        values = {
            "case_number": "R8-000123",
            "reason": "pension_inquiry",
            "identity_check": "card",
            "key_kind": "basic_pension",
            "key": BASIC,
            "number": "",
        }
        return self.client.post("/inquiry", {**values, **changes})


@pytest.fixture
def program(city_database: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The settings of the program, its one database login, and the day."""
    from django.db import connections

    from kokunen.config.databases import database
    from kokunen.pension_records import settings as own

    monkeypatch.setenv("KOKUNEN_TODAY", TODAY)
    given = connections.configure_settings({"default": {}, "pension_records": database("pension_records")})
    connections.databases["pension_records"] = given["pension_records"]
    for name in ("MIDDLEWARE", "TEMPLATES", "ROOT_URLCONF", "CSRF_COOKIE_NAME", "CSRF_FAILURE_VIEW"):
        setattr(settings, name, getattr(own, name))
    yield
    connections["pension_records"].close()
    del connections["pension_records"]
    del connections.databases["pension_records"]


@pytest.fixture
def office(tmp_path: Path, program: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[PartyProcess]:
    """年金事務所: the terminal controller as a process that works only when asked, and the line to it."""
    from kokunen.counterparts.framework.city import load_city
    from kokunen.counterparts.framework.messages import load_layout
    from kokunen.counterparts.framework.post import PostBox
    from kokunen.pension_records import line

    package = "kokunen.counterparts.terminal_controller"
    folder = tmp_path / "counterparts" / "terminal_controller"
    folder.mkdir(parents=True)
    write_people(folder)
    party = PartyProcess(["-m", package, "--interval", "600"], folder, {"KOKUNEN_TODAY": TODAY})
    party.start()
    box = PostBox("terminal_controller", load_layout(package), tmp_path, load_city().municipality, line.admit)
    monkeypatch.setattr(line, "line", lambda: box)
    yield party
    box.close()
    party.kill()


def write_people(folder: Path) -> None:
    """The office's own list: one person, and an operator whose form lay there before."""
    people = [
        ["basic_pension_number", "individual_number", "name", "kana", "birth_date", "sex", "periods", "exemptions"],
        [BASIC, INDIVIDUAL, "髙橋　花子", "タカハシ　ハナコ", "1990-04-01", "2", "1:2010-03:2015-03;2:2015-04:",
         "40:2010-04:2012-03"],
    ]  # fmt: skip
    operators = [["operator_id", "staff_number", "name", "starts_on"], ["T0001", "s1", "渚", "2026-04-01"]]
    for name, rows in (("people.csv", people), ("operators.csv", operators)):
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)


@pytest.fixture
def make_desk(program: None) -> Callable[..., Desk]:
    """Registers an operator by an accepted form, with her own device, and gives her terminal."""

    def make(
        operator_id: str = "T0001", staff: str = "s1", kind: str = "operator", starts_on: date = date(2026, 4, 1)
    ) -> Desk:
        from django.db import transaction
        from django.utils import timezone

        from kokunen.pension_records.models import Credential, RegistrationForm
        from kokunen.pension_records.services.registration import operator_add

        now = timezone.now()
        device = Device()
        with transaction.atomic(using="pension_records"):
            form = RegistrationForm.objects.create(
                number=f"F-{operator_id}", staff_number=staff, name=f"{staff}さん", kana="シケン", office="国民年金課",
                kind=kind, starts_on=starts_on, submitted_by="x", submitted_at=now, state="accepted", decided_at=now,
            )  # fmt: skip
            operator = operator_add(form, operator_id=operator_id, password=PASSWORD)
            operator.must_enrol = False
            operator.save()
            Credential.objects.create(
                operator=operator, credential_id=device.credential_id, public_key=device.public_key, label="試験",
                registered_at=now,
            )  # fmt: skip
        return Desk(operator, device, Client(SERVER_NAME="localhost", REMOTE_ADDR="10.1.0.7"))

    return make


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """The operator's terminal."""
    return make_desk()


@pytest.fixture
def supervisor(make_desk: Callable[..., Desk]) -> Desk:
    """The supervisor's terminal."""
    return make_desk("T0009", "s9", "supervisor")


@pytest.fixture
def ledger(admin_connection: Any) -> Callable[[], list[tuple[str, str, str, dict[str, Any]]]]:
    """Entries of the access ledger: (staff number, act, case, detail)."""

    def read() -> list[tuple[str, str, str, dict[str, Any]]]:
        rows = admin_connection.execute(
            "select staff_number, act, case_id, detail from ledger.entry order by entry_id"
        ).fetchall()
        return [tuple(row) for row in rows]

    return read
