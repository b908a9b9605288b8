"""画面ごとの問合せ数: each screen answers with a fixed number of statements, however many rows it shows.

`queries.yaml` is the ledger of these numbers. A screen that asks more often than written there fails; one that is not
written yet may ask `default` times. Screens are visited over a loaded city, so that a statement per row would show.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

LEDGER = yaml.safe_load((Path(__file__).parent / "queries.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def hall(city_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo city with its accounts."""
    from datetime import date, timedelta

    from kokunen.assessment import queries as policy
    from kokunen.city import generate
    from kokunen.city.loading import load_city
    from kokunen.common_platform.codes import queries as codes
    from kokunen.common_platform.portal import demo
    from kokunen.common_platform.portal.services import sessions
    from kokunen.common_platform.records import search

    # What a process keeps for a while is read again when its time is over, and a session notes every few seconds
    # that it is alive: neither must fall into a count by chance.
    for keeper, name in ((policy, "_HOLD_SECONDS"), (codes, "_KEPT_SECONDS"), (search, "_CACHE_SECONDS")):
        assert getattr(keeper, name) > 0
        monkeypatch.setattr(keeper, name, float("inf"))
    assert timedelta(0) < sessions._TOUCH_EVERY
    monkeypatch.setattr(sessions, "_TOUCH_EVERY", timedelta.max)
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    load_city(generate(600, 11, date(2026, 11, 24)))
    demo.create_accounts()


def _screens() -> Iterator[tuple[str, str, str]]:
    """(name, address with {arguments}, purpose) of every screen that is not asked for by another page by itself."""
    from django.urls import URLPattern, URLResolver, get_resolver

    def walk(patterns: list[Any], path: str, space: str) -> Iterator[tuple[str, str, Any]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, path + str(pattern.pattern), pattern.app_name or space)
            elif isinstance(pattern, URLPattern):
                yield f"{space}:{pattern.name}", path + str(pattern.pattern), pattern.callback

    for name, path, view in walk(get_resolver().url_patterns, "/", "portal"):
        access = getattr(view, "kokunen_access", None)
        if access is not None and not access.public:
            yield name, path, access.purpose or ""


def _filled(path: str, samples: dict[str, str]) -> str | None:
    """The address with real arguments; None when one of them has no sample in this city."""
    parts = []
    for part in path.split("/"):
        if part.startswith("<"):
            inner, _, suffix = part.partition(">")
            sample = samples.get(inner.lstrip("<").split(":")[-1])
            if sample is None:
                return None
            part = sample + suffix
        parts.append(part)
    return "/".join(parts)


class _Desk:
    """An officer at a screen who counts what the screen asks of the database."""

    def __init__(self, number: str) -> None:
        from django.test import Client

        from kokunen.common_platform.portal import demo

        self.number = number
        self.client = Client()
        assert self.client.post("/sign-in", {"number": number, "password": demo.PASSWORD}).status_code == 302

    def count(self, address: str, purpose: str) -> int | None:
        """Statements of the second visit; None when this officer does not get to see the screen."""
        from django.db import connections

        facts = {"purpose": purpose}
        if self.client.get(address, facts).status_code != 200:
            return None
        for connection in connections.all():
            connection.force_debug_cursor = True
            connection.queries_log.clear()
        answer = self.client.get(address, facts)
        if hasattr(answer, "streaming_content"):
            b"".join(answer.streaming_content)
        return sum(len(connection.queries_log) for connection in connections.all())


def _samples(admin: Any) -> dict[str, str]:
    found = {}
    for argument, statement in LEDGER["samples"].items():
        row = admin.execute(statement).fetchone()
        if row is not None:
            found[argument] = str(row[0])
    return found


@pytest.mark.usefixtures("hall")
def test_どの画面も問合せの数が決まっている(admin_connection: Any) -> None:
    samples = _samples(admin_connection)
    desks = [(_Desk(officer["number"]), officer["purposes"]) for officer in LEDGER["officers"]]
    counted: dict[str, int] = {}
    for name, path, purpose in _screens():
        address = _filled(path, samples)
        if address is None or name in LEDGER["not_screens"]:
            continue
        for desk, purposes in desks:
            counts = (desk.count(address, one) for one in ([purpose] if purpose and purpose != "*" else purposes))
            number = next((count for count in counts if count is not None), None)
            if number is not None:
                counted[name] = number
                break
    known: dict[str, int] = LEDGER["screens"]
    too_many = {name: n for name, n in counted.items() if n > known.get(name, LEDGER["default"])}
    table = "\n".join(f"  {name}: {number}" for name, number in sorted(counted.items()))
    assert not too_many, f"more statements than the ledger allows: {too_many}\nall screens now:\n{table}"
    assert not known.keys() - counted.keys(), f"no longer reached: {sorted(known.keys() - counted.keys())}"
