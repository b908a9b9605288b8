"""接続の終わりの試験: only the server decides, and at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kokunen.common_platform.portal.choices import EndReason
from kokunen.common_platform.portal.models import Staff, StaffSession
from kokunen.common_platform.portal.services import sessions, staff

pytestmark = pytest.mark.function("S3-4")
SignIn = Callable[..., Client]


def _row() -> StaffSession:
    return StaffSession.objects.order_by("-id")[0]


@pytest.mark.control("CTL-053")
def test_操作がないまま十五分で終わり_古い鍵では入れない(
    sign_in: SignIn, time_passes: Callable[..., None], ledger: Callable[..., list[Any]]
) -> None:
    client = sign_in("nenkin1")
    time_passes(minutes=14, seconds=50)
    assert client.get("/").status_code == 200
    time_passes(minutes=15, seconds=1)
    key = client.cookies["kokunen_session"].value
    answer = client.get("/")
    assert answer.status_code == 401
    assert "しばらく操作がなかったため" in answer.content.decode()
    replay = Client()
    replay.cookies["kokunen_session"] = key
    assert replay.get("/").status_code == 401
    row = _row()
    assert (row.ended_reason, row.data, row.ended_at) == (EndReason.IDLE, "", row.idle_ends_at())
    assert ledger("sign_out")[-1][2]["reason"] == "idle"


@pytest.mark.control("CTL-053")
def test_画面が自分で尋ねる要求は無操作の時間を延ばさない(sign_in: SignIn, time_passes: Callable[..., None]) -> None:
    client = sign_in("nenkin1")
    for _ in range(4):
        time_passes(minutes=4)
        answer = client.get("/", headers={"X-Kokunen-Poll": "1"})
    assert answer.status_code == 401


@pytest.mark.control("CTL-053")
def test_働き続けても十時間で終わる(sign_in: SignIn, time_passes: Callable[..., None]) -> None:
    client = sign_in("nenkin1")
    for _ in range(59):
        time_passes(minutes=10)
        assert client.get("/my/sessions").status_code == 200
    time_passes(minutes=10)
    answer = client.get("/my/sessions")
    assert answer.status_code == 401
    assert "連続して使える時間を過ぎた" in answer.content.decode()
    assert _row().ended_reason == EndReason.LIFETIME


@pytest.mark.control("CTL-052")
def test_利用の停止はその場で接続を終わらせる(sign_in: SignIn, administrator: Any) -> None:
    client = sign_in("nenkin1")
    person = Staff.objects.get(number="nenkin1")
    assert staff.staff_stop(person, reason="退職", context=administrator) == 1
    answer = client.get("/")
    assert answer.status_code == 401
    assert "利用が停止されました" in answer.content.decode()
    again = Client().post("/sign-in", {"number": "nenkin1", "password": "kokunen-demo-2026"})
    assert again.status_code == 401
    staff.staff_restart(Staff.objects.get(number="nenkin1"), reason="取消", context=administrator)
    assert sign_in("nenkin1").get("/").status_code == 200


@pytest.mark.control("CTL-052")
def test_停止だけが記録されても次の要求は通らない(sign_in: SignIn) -> None:
    """Whoever writes the stop (a personnel file, a direct entry): the next request is refused."""
    client = sign_in("nenkin1")
    Staff.objects.filter(number="nenkin1").update(is_active=False)
    assert client.get("/").status_code == 401
    assert _row().ended_reason == EndReason.REVOKED


def test_サインアウトで鍵は使えなくなる(sign_in: SignIn, ledger: Callable[..., list[Any]]) -> None:
    client = sign_in("nenkin1")
    key = client.cookies["kokunen_session"].value
    assert client.post("/sign-out").status_code == 302
    replay = Client()
    replay.cookies["kokunen_session"] = key
    assert replay.get("/").status_code == 401
    assert ledger("sign_out")[-1][2] == {"reason": "signed_out", "staff": "nenkin1"}


def test_サインアウトはリンクでは起こらない(sign_in: SignIn) -> None:
    client = sign_in("nenkin1")
    assert client.get("/sign-out").status_code == 405
    assert client.get("/").status_code == 200


def test_時間切れの接続は誰も戻らなくても終わる(sign_in: SignIn, time_passes: Callable[..., None]) -> None:
    sign_in("nenkin1")
    time_passes(minutes=20)
    sign_in("nenkin2")
    assert sessions.sessions_end_stale() == 1
    assert sessions.sessions_end_stale() == 0
    assert StaffSession.objects.get(ended_at__isnull=True).staff.number == "nenkin2"


def test_時刻の書き込みは控えめにする(sign_in: SignIn, time_passes: Callable[..., None]) -> None:
    client = sign_in("nenkin1")
    before = _row().last_activity_at
    client.get("/")
    assert _row().last_activity_at == before
    time_passes(seconds=6)
    client.get("/")
    assert _row().last_activity_at > before


@pytest.mark.control("CTL-051")
def test_管理者には誰がどこで使っているかが見え_終わらせられる(sign_in: SignIn) -> None:
    officer, administrator = sign_in("nenkin1", "10.1.0.7"), sign_in("kanri1")
    listing = administrator.get("/sessions").content.decode()
    assert "江口 冬(nenkin1)" in listing and "10.1.0.7" in listing
    row = StaffSession.objects.get(staff__number="nenkin1")
    assert administrator.post("/sessions", {"session": row.pk}).status_code == 302
    answer = officer.get("/")
    assert answer.status_code == 401
    assert "管理者がこの端末の接続を終了しました" in answer.content.decode()


def test_監査担当は接続を見られるが終わらせられない(sign_in: SignIn) -> None:
    officer, auditor = sign_in("nenkin1"), sign_in("kansa1")
    assert auditor.get("/sessions").status_code == 200
    row = StaffSession.objects.get(staff__number="nenkin1")
    auditor.post("/sessions", {"session": row.pk})
    assert officer.get("/").status_code == 200
