"""手引: the chapters of the guide (docs/guide), shown in the system and opened from the help of each screen."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

GUIDE = Path(__file__).resolve().parents[4] / "docs" / "guide"

_CHAPTERS = {
    "national_pension": "national-pension",
    "resident_registry": "resident-registry",
    "nonresident_registry": "nonresidents",
    "resident_tax": "resident-tax",
    "access_history": "trust",
    "assessment_desk": "trust",
    "operations_desk": "operations",
    "portal": "portal",
}


def chapter_of(screen: str) -> str:
    """この画面の章: by the subsystem that the screen belongs to; "" when the guide has none for it."""
    chapter = _CHAPTERS.get(screen.partition(".")[0], "")
    return chapter if chapter in dict(chapters()) else ""


@lru_cache(maxsize=1)
def chapters() -> tuple[tuple[str, str], ...]:
    """章の一覧: (name, title), the title being the first heading of the file."""
    found = []
    for path in sorted(GUIDE.glob("*.md")):
        first = path.read_text(encoding="utf-8").lstrip().split("\n", 1)[0]
        found.append((path.stem, first.lstrip("# ").strip()))
    return tuple(found)


@lru_cache(maxsize=32)
def chapter_html(chapter: str) -> SafeString | None:
    """章の本文 as HTML; None for a chapter that does not exist. Markup inside the text is not let through."""
    if chapter not in dict(chapters()):
        return None
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    text = renderer.render((GUIDE / f"{chapter}.md").read_text(encoding="utf-8"))
    return SafeString(text)  # what the renderer made; markup inside the text was not let through
