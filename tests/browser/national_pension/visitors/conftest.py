"""十二人の来庁者の土台: one city hall, one Pension Service and two signed-in officers for all the stories.

Every story brings its own people, begins at the search box and ends with its cases closed; what one leaves on the board
is not another's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import date
from pathlib import Path
from time import perf_counter

import pytest
from playwright.sync_api import Browser
from tests.browser.national_pension.visitors.hall import Hall, Visit
from tests.counterparts.support import PartyProcess
from tests.national_pension.support import TODAY, Register


@pytest.fixture(scope="package")
def hall(
    browser: Browser,
    fresh_city: Callable[[], AbstractContextManager[str]],
    serve: Callable[[], AbstractContextManager[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Hall]:
    """The city hall of Tuesday, 24 November 2026."""
    from django.conf import settings

    from kokunen.counterparts.jps.gateway import exchange_keys, party_folder

    city: Path = tmp_path_factory.mktemp("visitors") / "city"
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("KOKUNEN_TODAY", TODAY.isoformat())
        patch.setenv("KOKUNEN_TEST_CARRIER", str(city))
        patch.setattr(settings, "PENSION_MEDIA_WRITER", "tests.national_pension.carrier.writer", raising=False)
        stack.enter_context(fresh_city())
        arguments = ["-m", "kokunen.counterparts.jps", "--interval", "600", "--grace", "600"]
        service = PartyProcess(arguments, party_folder(city), {"KOKUNEN_TODAY": "2026-11-25"})
        service.start()
        stack.callback(service.kill)
        exchange_keys(city)
        url = stack.enter_context(serve())
        hall = Hall(url, browser, service)
        yield hall
        table = os.environ.get("KOKUNEN_VISITORS_TABLE")
        if table:
            _write_table(hall, Path(table))
        for page in hall.desks.values():
            page.context.close()
    assert hall.faults == []


@pytest.fixture
def city(hall: Hall) -> Register:
    """住民記録 of the hall."""
    return Register()


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """The business day moves on."""
    return lambda day: monkeypatch.setenv("KOKUNEN_TODAY", day.isoformat())


@pytest.fixture
def visit(hall: Hall, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visitor sits down before nenkin1; how long the machine took and how much was typed is kept."""
    one = Visit(hall, hall.desk())
    begun, strokes = perf_counter(), one.strokes()
    yield one
    hall.measured[request.node.name] = (perf_counter() - begun, one.strokes() - strokes)


def _write_table(hall: Hall, place: Path) -> None:
    """来庁者の計測: the rows of the table in the guide, from this run."""
    rows = []
    for name, (seconds, strokes) in sorted(hall.measured.items()):
        _, number, words = name.split("_", 2)
        rows.append(f"| {number} | {words.replace('_', '、')} | {seconds:.1f} | {strokes} |")
    place.write_text("\n".join(rows) + "\n", encoding="utf-8")
