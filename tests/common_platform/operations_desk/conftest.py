"""運用の机の試験の土台: demo accounts, the nets of the tests, the business day."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.common_platform.operations.job_functions import NETS


@pytest.fixture
def desk(city_database: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Client]:
    """`desk("unyo1")` gives a signed-in client."""
    from kokunen.common_platform.portal import demo
    from kokunen.national_pension import jobs

    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    monkeypatch.setattr(jobs, "NETS", NETS, raising=False)
    demo.create_accounts()

    def go(number: str) -> Client:
        client = Client()
        assert client.post("/sign-in", {"number": number, "password": demo.PASSWORD}).status_code == 302
        return client

    return go
