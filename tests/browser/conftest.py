"""画面の試験の土台: a real server on loopback over a fresh city, and Debian's Chromium."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# Playwright's synchronous interface runs an event loop in this thread; the queries of a test there are no danger.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIEWPORT = {"width": 1366, "height": 768}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def city_url(city_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The city hall on loopback: its own process threads, this test's database, the demo accounts."""
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    with _served() as url:
        yield url


@pytest.fixture(scope="session")
def serve() -> Callable[[], AbstractContextManager[str]]:
    """The screens for as long as a block lasts, for tests that share a city hall."""
    return _served


@contextmanager
def _served() -> Iterator[str]:
    """The screens over the database of the moment, in threads of this process, with the demo accounts."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application
    from django.db import connections

    from kokunen.common_platform.assessment_desk.demo import publish_next_version
    from kokunen.common_platform.portal import demo

    class QuietHandler(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Requests are not part of a test's output."""

    class Server(ThreadedWSGIServer):
        daemon_threads = True
        block_on_close = True

        def process_request_thread(self, request: Any, client_address: Any) -> None:
            try:
                super().process_request_thread(request, client_address)
            finally:
                connections.close_all()

    demo.create_accounts()
    publish_next_version()
    server = Server(("127.0.0.1", 0), QuietHandler)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        urlopen(f"{url}/sign-in", timeout=60).read()  # the first request loads every screen
        yield url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def desk(browser: Browser, city_url: str) -> Iterator[Callable[..., Page]]:
    """A desk: `desk("nenkin1")` gives a page of that officer, signed in; `desk()` one of nobody.

    Page errors and refused content (CSP) fail the test at its end.
    """
    from kokunen.common_platform.portal.demo import PASSWORD

    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_desk(number: str | None = None, **options: Any) -> Page:
        context = browser.new_context(
            base_url=city_url, viewport=VIEWPORT, locale="ja-JP", timezone_id="Asia/Tokyo", **options
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console", lambda m: faults.append(m.text) if m.type == "error" and "Content Security" in m.text else None
        )
        if number is not None:
            page.goto("/sign-in")
            page.get_by_label("職員番号").fill(number)
            page.get_by_label("パスワード").fill(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_selector("h1:has-text('業務メニュー')")
            page.wait_for_load_state("load")  # only then the keys are heard
        return page

    yield open_desk
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Save a picture of the page when KOKUNEN_PICTURES names a folder (to look at, and for the staff guide)."""

    def take(page: Page, name: str) -> None:
        folder = os.environ.get("KOKUNEN_PICTURES")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"))

    return take


@pytest.fixture
def no_barriers() -> Callable[[Page], None]:
    """axe finds nothing against WCAG 2.2 A and AA on this page."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page: Page) -> None:
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        result = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
        found = [
            f"{v['id']}: {v['help']} {[node['html'][:160] for node in v['nodes']]}"
            for v in result.response["violations"]
        ]
        assert found == []

    return check
