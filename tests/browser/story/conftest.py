"""物語の市役所: one real city of 600 residents, opened by the command as an officer of the machine room opens it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.cli.running import environment

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "kokunen-demo-2026"
_WEB, _BASE = os.environ.get("KOKUNEN_STORY_PORT", "18998"), os.environ.get("KOKUNEN_STORY_PORT_BASE", "18940")

expect.set_options(timeout=15_000)  # a whole city hall and a browser may share two busy cores


@dataclass(frozen=True)
class Resident:
    """住民: whom the story is about."""

    atena_number: str
    name: str
    kana: str


@dataclass(frozen=True)
class Hall:
    """市役所: its address, and the pension section's own connection to choose people by what is recorded."""

    address: str
    data: Path
    dsn: str
    environment: dict[str, str]

    def night(self) -> None:
        """夜間処理 of the pension section, as the machine room runs it once more (safe to repeat)."""
        work = "import django; django.setup(); from kokunen.national_pension.jobs import run_nightly; run_nightly()"
        settings = {"DJANGO_SETTINGS_MODULE": "kokunen.config.settings"}
        done = subprocess.run(
            [sys.executable, "-c", work],
            env={**self.environment, **settings},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of the pension section's schema."""
        with psycopg.connect(self.dsn, options="-c search_path=national_pension") as connection:
            return connection.execute(statement, values).fetchall()

    def by_name(self, name: str) -> Resident:
        """The one resident of that name."""
        found = self.rows(
            "select atena_number, name, name_kana from integrated.national_pension__resident where name = %s", [name]
        )
        return Resident(*found[0])

    def insured(self, insured_type: str) -> Resident:
        """A Japanese member of a household (not its head) of working age, insured by that kind, whom nothing waits
        for."""
        found = self.rows(
            """
            select r.atena_number, r.name, r.name_kana
            from qualification_period q join integrated.national_pension__resident r using (atena_number)
            where upper_inf(q.recorded_period) and upper_inf(q.valid_period) and q.insured_type = %s
              and lower(q.valid_period) < '2026-10-01' -- a loss in the month of the acquisition counts that month
              and r.status = '1' and r.resident_kind = '1' and not r.protected and r.departure_on is null
              and r.head_atena_number <> r.atena_number and r.birth_date between '1975-01-01' and '2000-01-01'
              and not exists (select 1 from work_item w where w.atena_number = r.atena_number)
              and not exists (select 1 from receipt n where n.atena_number = r.atena_number)
            order by r.atena_number limit 1
            """,
            [insured_type],
        )
        return Resident(*found[0])


def _kokunen(given: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "kokunen.cli", *arguments],
        env=given,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """The city hall with all its processes: web, linkage, sealing of the ledger, the Pension Service."""
    data = tmp_path_factory.mktemp("story") / "var"
    given = environment(
        KOKUNEN_DATA=str(data),
        KOKUNEN_PORT=_WEB,
        KOKUNEN_PORT_BASE=_BASE,
        KOKUNEN_CITY_SIZE="600",
        KOKUNEN_TODAY="2026-11-24",
    )
    try:
        opened = json.loads(_kokunen(given, "up", "--detach", "--json"))
        dsn = _kokunen(given, "dsn", "national_pension").strip()
        yield Hall(str(opened["address"]).rstrip("/"), data, dsn, given)
    finally:
        subprocess.run(
            [sys.executable, "-m", "kokunen.cli", "down"], env=given, cwd=ROOT, capture_output=True, check=False
        )


def _signed_in(browser: Browser, hall: Hall, number: str) -> BrowserContext:
    context = browser.new_context(
        base_url=hall.address,
        viewport={"width": 1366, "height": 768},
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("職員番号").fill(number)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('業務メニュー')")
    page.close()
    return context


@pytest.fixture(scope="session")
def officers() -> Iterator[dict[str, BrowserContext]]:
    """The browsers of the officers, each signed in once for all stories."""
    contexts: dict[str, BrowserContext] = {}
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def desk(browser: Browser, hall: Hall, officers: dict[str, BrowserContext]) -> Iterator[Callable[..., Page]]:
    """`desk("nenkin1")`: a page of that officer, signed in; `anew=True` for one who has told no purpose yet.

    Errors of a page and refused content fail the test.
    """
    pages: list[Page] = []
    faults: list[str] = []

    def open_desk(number: str, *, anew: bool = False) -> Page:
        if anew and number in officers:
            officers.pop(number).close()
        if number not in officers:
            officers[number] = _signed_in(browser, hall, number)
        page = officers[number].new_page()
        pages.append(page)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("response", lambda answer: faults.append(answer.url) if answer.status >= 500 else None)
        page.on(
            "console", lambda m: faults.append(m.text) if m.type == "error" and "Content Security" in m.text else None
        )
        page.goto("/")
        page.wait_for_selector("h1:has-text('業務メニュー')")
        return page

    yield open_desk
    for page in pages:
        page.close()
    assert faults == []


def paper_text(content: bytes) -> str:
    """Text of a PDF without the spaces that a layout puts in between."""
    import io

    from pypdf import PdfReader

    assert content.startswith(b"%PDF")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return re.sub(r"\s", "", text)
