"""台帳の試験の土台: officers with two hands, and short ways to an entry."""

from __future__ import annotations

import django
import pytest

from kokunen.ledger.access import AccessContext

django.setup()


def officer(number: str = "nenkin1", purpose: str = "pension_inquiry", office: str = "2010") -> AccessContext:
    return AccessContext(number, office, purpose, screen="試験", terminal="T-001")


@pytest.fixture
def first() -> AccessContext:
    return officer("nenkin1")


@pytest.fixture
def second() -> AccessContext:
    return officer("nenkin9")


@pytest.fixture(autouse=True)
def _day(monkeypatch) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
