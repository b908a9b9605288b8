"""最初の管理者の試験: two officers begin together, once; each holds the other's code (S7-2)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.common_platform.passkeys.device import Device
from tests.counterparts.support import PartyProcess

from kokunen.kernel.errors import Conflict, InputError

pytestmark = [pytest.mark.function("S7-2"), pytest.mark.control("CTL-021")]


def _applicants(**changes: str) -> list[Any]:
    from kokunen.pension_records.services.registration import Applicant

    rows = (("k1", "課長 一", "カチョウ ハジメ"), ("k2", "係長 二", "カカリチョウ フタ"))
    made = [
        Applicant(number, name, kana, "国民年金課", "supervisor", date(2026, 11, 24)) for number, name, kana in rows
    ]
    return [Applicant(**{**{f: getattr(one, f) for f in Applicant.__slots__}, **changes}) for one in made]


def test_最初の二人は互いの符号で始め_二度目はない(office: PartyProcess, admin_connection: Any) -> None:
    from kokunen.pension_records.models import EnrolmentCode, Operator
    from kokunen.pension_records.services import beginning

    admin_connection.execute("truncate pension_records.operator, pension_records.registration_form cascade")
    context = beginning.context_of_command("sys1")
    for wrong, words in (({"staff_number": "k1"}, "別の2人"), ({"kind": "operator"}, "管理者だけ")):
        with pytest.raises(InputError, match=words):
            beginning.first_forms_submit(_applicants(**wrong), context=context)
    with pytest.raises(InputError, match="自分を登録できません"):
        beginning.first_forms_submit(_applicants(), context=beginning.context_of_command("k1"))
    beginning.first_forms_submit(_applicants(), context=context)
    with pytest.raises(Conflict, match="受理されていません"):
        beginning.first_codes_issue(context=context)
    office.control.work()
    first, second = beginning.first_codes_issue(context=context)
    assert {code.issued_by_id for code in EnrolmentCode.objects.all()} == set(
        Operator.objects.values_list("pk", flat=True)
    )
    with pytest.raises(Conflict, match="すでに登録"):
        beginning.first_forms_submit(_applicants(), context=context)
    with pytest.raises(Conflict, match="すでに登録"):
        beginning.first_codes_issue(context=beginning.context_of_command("sys2"))
    desk = Client(SERVER_NAME="localhost", REMOTE_ADDR="10.1.0.7")
    enrol = {
        "operator_id": first.operator_id,
        "password": first.first_password,
        "new_password": "わたしだけの長い合言葉です",
    }
    assert "asked" not in (desk.post("/enrol", {**enrol, "code": second.code}).context or {})
    codes = {one.operator_id: one for one in beginning.first_codes_issue(context=context)}
    asked = desk.post("/enrol", {**enrol, "code": codes[first.operator_id].code}).context["asked"]
    answer = {"token": asked.token, "answer": Device().register(asked.options)}
    assert desk.post("/enrol/device", answer).status_code == 200
    rows = admin_connection.execute(
        "select staff_number, act from ledger.entry where screen = 'pension_records.begin' order by entry_id"
    ).fetchall()
    assert {staff for staff, _ in rows} == {"sys1", "sys2"} and ("sys2", "refuse") in rows
