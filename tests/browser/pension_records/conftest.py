"""端末の試験の土台: the program as its own process, the terminal controller as another, and Chromium with a device."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.conftest import VIEWPORT
from tests.common_platform.operations.waiting import eventually
from tests.counterparts.support import SOURCES, PartyProcess
from tests.pension_records.conftest import TODAY, write_people
from tests.ports import release_port, reserve_port

from kokunen.common_platform.operations.processes import ask, city_processes
from kokunen.config import keys


@pytest.fixture
def terminal_data(tmp_path: Path) -> Path:
    """The data folder of the program and of the office."""
    return tmp_path / "city"


@pytest.fixture
def given(city_database: str, terminal_data: Path) -> dict[str, str]:
    """What the process is given: its own password and no other."""
    own = "kokunen_pension_records"
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(SOURCES),
        "KOKUNEN_DATA": str(terminal_data),
        "KOKUNEN_PORT_BASE": os.environ["KOKUNEN_PORT_BASE"],
        "KOKUNEN_DATABASE_NAME": city_database,
        "KOKUNEN_TODAY": TODAY,
        f"KOKUNEN_SECRET_{own.upper()}_PASSWORD": keys.role_password(own),
    }


@pytest.fixture
def office(terminal_data: Path) -> Iterator[PartyProcess]:
    """年金事務所: works only when asked."""
    folder = terminal_data / "counterparts" / "terminal_controller"
    folder.mkdir(parents=True)
    write_people(folder)
    arguments = ["-m", "kokunen.counterparts.terminal_controller", "--interval", "600"]
    party = PartyProcess(arguments, folder, {"KOKUNEN_TODAY": TODAY})
    yield party
    party.kill()


@pytest.fixture
def terminal_url(given: dict[str, str], office: PartyProcess, terminal_data: Path) -> Iterator[str]:
    """The program with its demo operators, started as `kokunen up` starts it."""
    made = subprocess.run([sys.executable, "-m", "kokunen.pension_records.prepare"], env=given, check=False,
                          capture_output=True, text=True)  # fmt: skip
    assert made.returncode == 0, made.stderr
    office.start()
    port = reserve_port()
    plan = next(p for p in city_processes(terminal_data, 1, 2, (), port) if p.name == "pension-records")
    with (terminal_data / "log").open("wb") as log:
        process = subprocess.Popen(plan.command, env={**given, **plan.environment}, stdout=log, stderr=log)
    assert eventually(lambda: ask(port, "/healthz")[0] == 200), (terminal_data / "log").read_text()
    yield f"http://localhost:{port}"
    process.terminate()
    process.wait()
    release_port(port)


@pytest.fixture
def terminal(browser: Browser, terminal_url: str) -> Iterator[Callable[[], Page]]:
    """A terminal: a page of its own browser context; page errors and refused content fail the test."""
    contexts: list[Any] = []
    faults: list[str] = []

    def open_terminal() -> Page:
        context = browser.new_context(
            base_url=terminal_url, viewport=VIEWPORT, locale="ja-JP", timezone_id="Asia/Tokyo"
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console", lambda m: faults.append(m.text) if m.type == "error" and "Content Security" in m.text else None
        )
        return page

    yield open_terminal
    for context in contexts:
        context.close()
    assert faults == []
