"""閲覧記録の試験の道具: looks, and a signed-in browser of an officer."""

from __future__ import annotations

from typing import Any


def look_at(*atena: str, times: int = 1, staff: str = "nenkin1", **changes: Any) -> None:
    """Committed looks at these people by an officer of the pension section."""
    from django.db import transaction

    from kokunen.ledger.access import AccessContext, Act
    from kokunen.ledger.recording import record

    context = AccessContext(staff, "2010", "pension_qualification", screen="個人照会", terminal="T-001", **changes)
    for _ in range(times):
        with transaction.atomic(using="national_pension"):
            record("national_pension", context, act=Act.VIEW, dataset="個人照会", atena_numbers=atena)


def client_of(number: str) -> Any:
    """A browser in which that member of the demo staff is signed in."""
    from django.test import Client

    from kokunen.common_platform.portal import demo

    demo.create_accounts()
    client = Client()
    answer = client.post("/sign-in", {"number": number, "password": demo.PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:400]
    return client
