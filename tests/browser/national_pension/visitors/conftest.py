"""十二人の来庁者の土台: one city hall, one Pension Service and two signed-in officers for all the stories.

Every story brings its own people, begins at the search box and ends with its cases closed; what one leaves on the board
is not another's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import date
from pathlib import Path

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
def visit(hall: Hall) -> Visit:
    """A visitor sits down before nenkin1."""
    return Visit(hall, hall.desk())
