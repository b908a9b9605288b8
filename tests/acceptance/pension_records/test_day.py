"""社会保険オンラインの受入試験: from a city without operators to an inquiry, with the 年金事務所 as a process.

The lines of S7-1 to S7-3 in one day: the first two supervisors, an operator by accepted form, both factors for each
terminal session, one inquiry by one full number for one case, and the end of a registration that holds at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.common_platform.passkeys.device import Device
from tests.counterparts.support import PartyProcess
from tests.pension_records.conftest import BASIC, Desk, ledger, office, program

__all__ = ["ledger", "office", "program"]
PASSWORD = "わたしだけの長い合言葉です"


def _enrolled(operator_id: str, first_password: str, code: str, address: str) -> Desk:
    """A person at a terminal who has registered her device."""
    from kokunen.pension_records.models import Operator

    desk = Desk(
        Operator.objects.get(operator_id=operator_id), Device(), Client(SERVER_NAME="localhost", REMOTE_ADDR=address)
    )
    given = {"operator_id": operator_id, "password": first_password, "code": code, "new_password": PASSWORD}
    asked = desk.client.post("/enrol", given).context["asked"]
    answer = {"token": asked.token, "answer": desk.device.register(asked.options)}
    assert desk.client.post("/enrol/device", answer).status_code == 200
    return desk


def _sign_in(desk: Desk) -> Desk:
    asked = desk.password(PASSWORD).context["asked"]
    assert desk.person(asked).status_code == 302
    return desk


@pytest.mark.function("S7-1")
@pytest.mark.function("S7-2")
@pytest.mark.function("S7-3")
@pytest.mark.control("CTL-020")
@pytest.mark.control("CTL-021")
def test_操作者のいない市から_登録_照会_終了まで(office: PartyProcess, ledger: Callable[[], list[Any]]) -> None:
    from kokunen.pension_records.services import beginning
    from kokunen.pension_records.services.registration import Applicant

    command = beginning.context_of_command("sys1")
    day = date(2026, 11, 24)
    beginning.first_forms_submit(
        [
            Applicant("k1", "課長 一", "カチョウ ハジメ", "国民年金課", "supervisor", day),
            Applicant("k2", "係長 二", "カカリチョウ フタ", "国民年金課", "supervisor", day),
        ],
        context=command,
    )
    office.control.work()
    first, _ = beginning.first_codes_issue(context=command)
    supervisor = _sign_in(_enrolled(first.operator_id, first.first_password, first.code, "10.1.0.9"))
    assert supervisor.inquire().status_code == 403, "a supervisor does not ask"

    form = {"staff_number": "s5", "name": "佐野 凪", "kana": "サノ ナギ", "office": "国民年金課", "kind": "operator",
            "starts_on": "R8.11.24"}  # fmt: skip
    assert supervisor.client.post("/operators/forms", form).status_code == 302
    assert supervisor.client.post("/operators/results").context["taken"] == [], (
        "no operator before the form is accepted"
    )
    office.control.work()
    (taken,) = supervisor.client.post("/operators/results").context["taken"]
    _, code = supervisor.client.post(f"/operators/{taken.operator_id}/code").context["code"]
    operator = _enrolled(taken.operator_id, taken.first_password, code, "10.1.0.7")

    assert operator.password(PASSWORD).status_code == 200 and operator.client.get("/inquiry").status_code == 401
    operator.device.verifies = False
    assert operator.person(operator.password(PASSWORD).context["asked"]).status_code == 401
    operator.device.verifies = True
    _sign_in(operator)

    assert operator.inquire(key="髙橋　花子").status_code == 400, "no search by name"
    page = operator.inquire()
    assert page.status_code == 200 and "髙橋　花子" in page.content.decode()
    assert office.control.state()["inquiries"] == 1
    staff, act, case, detail = ledger()[-1]
    assert (staff, act, case) == ("s5", "view", "R8-000123") and BASIC not in str(detail)

    ended = supervisor.client.post(f"/operators/{taken.operator_id}/end", {"reason": "異動"})
    assert ended.status_code == 302
    assert operator.client.get("/inquiry").status_code == 401, "the open terminal ends at once"
    assert operator.password(PASSWORD).status_code == 401
