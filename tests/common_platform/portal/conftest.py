"""ポータルの試験の土台: demo accounts in a fresh city, a client per officer, time that passes at a word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django
import pytest

django.setup()

from django.test import Client  # noqa: E402


@pytest.fixture
def accounts(city_database: str) -> str:
    """The demo accounts; gives their password."""
    from kokunen.common_platform.portal import demo

    demo.create_accounts()
    return demo.PASSWORD


@pytest.fixture
def sign_in(accounts: str) -> Callable[..., Client]:
    """Sign in by the form: `sign_in("nenkin1")` gives a client that holds the session."""

    def go(number: str, terminal: str = "10.1.0.1") -> Client:
        client = Client(REMOTE_ADDR=terminal)
        answer = client.post("/sign-in", {"number": number, "password": accounts})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return go


@pytest.fixture
def time_passes(accounts: str) -> Callable[..., None]:
    """The clock goes on: every live session becomes older by so much, as it would have."""
    from django.db.models import F

    from kokunen.common_platform.portal.models import StaffSession

    def go(**span: float) -> None:
        by = timedelta(**span)
        StaffSession.objects.filter(ended_at__isnull=True).update(
            started_at=F("started_at") - by, last_activity_at=F("last_activity_at") - by
        )

    return go


@pytest.fixture
def ledger(admin_connection: Any) -> Callable[..., list[tuple[str, str, dict[str, Any]]]]:
    """Entries of the access ledger: (staff number, act, detail), oldest first, of one act."""

    def read(act: str) -> list[tuple[str, str, dict[str, Any]]]:
        rows = admin_connection.execute(
            "select staff_number, act, detail from ledger.entry where act = %s order by entry_id", [act]
        ).fetchall()
        return [tuple(row) for row in rows]

    return read


@pytest.fixture
def administrator(accounts: str) -> object:
    """Access context of the system administrator."""
    from kokunen.ledger.access import AccessContext

    return AccessContext(staff_number="kanri1", office_code="1020", purpose="administration", screen="試験")
