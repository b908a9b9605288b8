"""ポータルの試験の土台: demo accounts in a fresh city, and a browser-like client per officer."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture
def accounts(city_database: str) -> str:
    """The demo accounts; gives their password."""
    from kokunen.common_platform.portal import demo

    demo.create_accounts()
    return demo.PASSWORD


@pytest.fixture
def sign_in(accounts: str) -> Callable[..., object]:
    """Sign in by the form: `sign_in("nenkin1")` gives a client that holds the session."""
    from django.test import Client

    def go(number: str, terminal: str = "10.1.0.1") -> Client:
        client = Client(REMOTE_ADDR=terminal)
        answer = client.post("/sign-in", {"number": number, "password": accounts})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return go
