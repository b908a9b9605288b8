"""キーを打つ: a key of the screens is heard only once the page's modules are loaded, a moment after it is seen."""

from __future__ import annotations

from playwright.sync_api import Page


def press(page: Page, key: str) -> None:
    """One keystroke (`F9`) on a page that listens."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)
