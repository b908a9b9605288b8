"""操作者の登録の試験: form, result, code, device; and the end at once (S7-2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.common_platform.passkeys.device import Device
from tests.counterparts.support import PartyProcess
from tests.pension_records.conftest import Desk

pytestmark = [pytest.mark.function("S7-2"), pytest.mark.control("CTL-021")]

FORM = {"staff_number": "s5", "name": "佐野 凪", "kana": "サノ ナギ", "office": "国民年金課", "kind": "operator",
        "starts_on": "R8.11.24"}  # fmt: skip


def _registered(supervisor: Desk, office: PartyProcess) -> tuple[str, str]:
    """(operator ID, first password) of a form that was handed in and accepted."""
    assert supervisor.client.post("/operators/forms", FORM).status_code == 302
    office.control.work()
    (taken,) = supervisor.client.post("/operators/results").context["taken"]
    return taken.operator_id, taken.first_password


def test_登録書が受理されて初めて操作者になり_符号と機器の登録で使える(
    supervisor: Desk, office: PartyProcess, ledger: Callable[[], list[Any]]
) -> None:
    from kokunen.pension_records.models import Operator

    supervisor.sign_in()
    assert supervisor.client.post("/operators/forms", FORM).status_code == 302
    assert supervisor.client.post("/operators/results").context["taken"] == []
    assert not Operator.objects.filter(staff_number="s5").exists()
    office.control.work()
    (taken,) = supervisor.client.post("/operators/results").context["taken"]
    assert supervisor.client.post("/operators/results").context["taken"] == []  # shown once
    new = Client(SERVER_NAME="localhost", REMOTE_ADDR="10.1.0.7")
    first = {"operator_id": taken.operator_id, "password": taken.first_password}
    assert "生体認証が登録されていません" in new.post("/sign-in", first).content.decode()
    _, code = supervisor.client.post(f"/operators/{taken.operator_id}/code").context["code"]
    enrol = {**first, "code": code.lower(), "new_password": "わたしだけの長い合言葉です"}
    asked = new.post("/enrol", enrol).context["asked"]
    device = Device()
    answer = {"token": asked.token, "answer": device.register(asked.options)}
    assert new.post("/enrol/device", answer).status_code == 200
    assert new.post("/sign-in", first).status_code == 401  # the first password is worth nothing now
    begun = new.post("/sign-in", {**first, "password": "わたしだけの長い合言葉です"}).context["asked"]
    assert new.post("/sign-in/person", {"token": begun.token, "answer": device.sign(begun.options)}).status_code == 302
    assert new.get("/inquiry").status_code == 200
    told = [detail for _, act, _, detail in ledger() if act == "register"]
    assert {"operator": taken.operator_id, "enrolled": True} in told


def test_受理されない登録書からは操作者ができない(supervisor: Desk, office: PartyProcess) -> None:
    from kokunen.pension_records.models import Operator, RegistrationForm

    supervisor.sign_in()
    office.control.command("refuse_form", staff_number="s5", reason="所属長の印がありません")
    supervisor.client.post("/operators/forms", FORM)
    office.control.work()
    page = supervisor.client.post("/operators/results").content.decode()
    assert "所属長の印がありません" in page
    assert RegistrationForm.objects.get(staff_number="s5").state == "refused"
    assert not Operator.objects.filter(staff_number="s5").exists()


def test_受理された登録書のない操作者はデータベースが断る(supervisor: Desk, admin_connection: Any) -> None:
    from psycopg.errors import ForeignKeyViolation

    insert = (
        "insert into pension_records.operator (operator_id, form_id, staff_number, name, office, kind, password, "
        "must_enrol, starts_on, ended_reason, failures, misses) select 'X', id, 'x', 'x', 'x', 'operator', '', false, "
        "starts_on, '', 0, 0 from pension_records.registration_form where number = 'new'"
    )
    admin_connection.execute(
        "insert into pension_records.registration_form (number, staff_number, name, kana, office, kind, starts_on, "
        "submitted_by, submitted_at, state, words) values ('new', 'x', 'x', 'x', 'x', 'operator', '2026-04-01', 'x', "
        "now(), 'submitted', '')"
    )
    with pytest.raises(ForeignKeyViolation):
        admin_connection.execute(insert)
    with pytest.raises(ForeignKeyViolation):
        admin_connection.execute(
            "update pension_records.registration_form set state = 'refused' where number = 'F-T0009'"
        )


@pytest.mark.control("CTL-052")
def test_登録の終了は開いている端末をその場で終わらせる(desk: Desk, supervisor: Desk, office: PartyProcess) -> None:
    desk.sign_in()
    supervisor.sign_in()
    assert desk.client.get("/inquiry").status_code == 200
    assert supervisor.client.post("/operators/T0001/end", {"reason": "異動"}).status_code == 302
    gone = desk.client.get("/inquiry")
    assert gone.status_code == 401 and "登録は終了しました" in gone.content.decode()
    assert "登録は終了しています" in desk.password().content.decode()
    assert office.control.state()["operators"] == 0


@pytest.mark.control("CTL-052")
def test_回線が切れていても登録の終了は効く(desk: Desk, supervisor: Desk, office: PartyProcess) -> None:
    desk.sign_in()
    supervisor.sign_in()
    office.control.order("fail")
    assert supervisor.client.post("/operators/T0001/end", {"reason": "退職"}).status_code == 302
    assert desk.client.get("/inquiry").status_code == 401


def test_なくした機器の抹消は接続も終わらせる(desk: Desk, supervisor: Desk) -> None:
    desk.sign_in()
    supervisor.sign_in().client.post("/operators/T0001/credential")
    assert desk.client.get("/inquiry").status_code == 401
    assert "生体認証が登録されていません" in desk.password().content.decode()


def test_符号は一度だけ_三十分だけ_本人のものだけ(desk: Desk, supervisor: Desk) -> None:
    from datetime import timedelta

    from django.db.models import F

    from kokunen.pension_records.models import EnrolmentCode

    supervisor.sign_in()
    given = {"operator_id": "T0001", "password": "正しいパスワードです12"}
    values = {**given, "new_password": "わたしだけの長い合言葉です"}

    def issue() -> str:
        return str(supervisor.client.post("/operators/T0001/code").context["code"][1])

    def enrol(code: str) -> int:
        return Client(SERVER_NAME="localhost").post("/enrol", {**values, "code": code}).status_code

    code = issue()
    assert enrol(code) == 200 and enrol(code) == 403  # used
    code = issue()
    assert enrol("ZZZZZZZZZZ") == 403 and enrol(code) == 403  # a wrong try uses it up
    code = issue()
    EnrolmentCode.objects.update(expires_at=F("expires_at") - timedelta(minutes=31))
    assert enrol(code) == 403
    assert supervisor.client.post("/operators/T0009/code").status_code == 403  # for oneself


def test_取扱者は登録の画面を開けない(desk: Desk, ledger: Callable[[], list[Any]]) -> None:
    desk.sign_in()
    assert desk.client.get("/operators").status_code == 403
    assert desk.client.post("/operators/T0009/end", {"reason": "x"}).status_code == 403
    assert [act for _, act, _, _ in ledger()][-2:] == ["refuse", "refuse"]


def test_切れた提出は次の受取りで送り直され一度だけ数える(supervisor: Desk, office: PartyProcess) -> None:
    supervisor.sign_in()
    office.control.order("garble")
    assert supervisor.client.post("/operators/forms", FORM).status_code == 503
    office.control.heal()
    office.control.work()
    assert len(supervisor.client.post("/operators/results").context["taken"]) == 1
    assert office.control.state()["repeats"] == 1
