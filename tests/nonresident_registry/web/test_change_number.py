"""個人番号の変更の画面 (番号法7条2項): the old binding ends, the new one begins unchecked; no digit is shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.nonresident_registry.factories import registered

from kokunen.common_platform.portal import demo
from kokunen.ledger.access import AccessContext
from kokunen.nonresident_registry.models import NumberBinding
from kokunen.nonresident_registry.services.numbers import register_number

OLD, NEW = "555012345676", "666098765431"


@pytest.fixture
def bound(officer: AccessContext) -> str:
    demo.create_accounts()
    number = registered(officer)
    register_number(context=officer, atena_number=number, number=OLD, number_kind="1")
    return number


def _desk(number: str) -> Client:
    client = Client()
    assert client.post("/sign-in", {"number": number, "password": demo.PASSWORD}).status_code == 302
    return client


def _sent(number: str) -> dict[str, str]:
    return {"act": "change", "change-number_kind": "1", "change-number": number, "change-source": "1"}


@pytest.mark.function("S5-2")
def test_番号を変更すると前の番号は履歴に残り確認待ちになる(bound: str) -> None:
    client, page = _desk("atena1"), f"/nonresidents/{bound}/numbers"
    assert "番号を変更する" in client.get(page).content.decode()
    assert client.post(page, _sent(NEW)).status_code == 302
    text = client.get(page).content.decode()
    assert "番号を変更しました" in text and "未確認" in text
    assert OLD not in text and NEW not in text
    rows = NumberBinding.objects.filter(atena_number=bound, recorded_period__endswith__isnull=True)
    assert rows.filter(valid_period__endswith__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("number", "said"),
    [(OLD, "今の番号と同じ番号です"), ("666098765430", "検査用数字"), ("12", "12桁")],
    ids=["同じ番号", "検査数字", "桁数"],
)
def test_変えられない番号は断り前の番号が残る(bound: str, number: str, said: str) -> None:
    answer = _desk("atena1").post(f"/nonresidents/{bound}/numbers", _sent(number))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert NumberBinding.objects.filter(atena_number=bound, valid_period__endswith__isnull=True).exists()


@pytest.mark.control("CTL-050")
def test_番号管理の役割がなければ変えられず拒否が残る(bound: str, admin_connection: Any) -> None:
    assert _desk("zei9").post(f"/nonresidents/{bound}/numbers", _sent(NEW)).status_code == 403
    assert admin_connection.execute(
        "select count(*) from ledger.entry where act = 'refuse' and staff_number = 'zei9'"
    ).fetchone() == (1,)
