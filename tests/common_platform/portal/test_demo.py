"""模擬職員の試験"""

from __future__ import annotations

import pytest

from kokunen.common_platform.portal import demo
from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.models import Office, Posting, Staff
from kokunen.kernel.errors import NotAllowed

pytestmark = pytest.mark.function("S3-4")


def test_どの役割にもどの使用部署にも一人はいる() -> None:
    assert {role for account in demo.ACCOUNTS for role in account.roles} == set(Role)
    offices = {account.office for account in demo.ACCOUNTS}
    assert {"2010", "2020", "2101", "2102", "2103", "2104", "2105", "2106", "2107"} <= offices
    assert len({account.number for account in demo.ACCOUNTS}) == len(demo.ACCOUNTS)


def test_繰り返しても増えない(city_database: str) -> None:
    assert demo.create_accounts() == len(demo.ACCOUNTS)
    assert demo.create_accounts() == 0
    assert Staff.objects.count() == Posting.objects.count() == len(demo.ACCOUNTS)
    assert Office.objects.count() == 14


def test_一覧は約束の形(city_database: str) -> None:
    row = demo.list_accounts()[0]
    assert set(row) == {"username", "password", "staff_name", "office", "roles", "passkey"}
    assert (row["office"], row["roles"]) == ("市民課", ["resident_officer"])


def test_本番では作れない(city_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUNEN_MODE", "production")
    with pytest.raises(NotAllowed):
        demo.create_accounts()
    assert Staff.objects.count() == 0
