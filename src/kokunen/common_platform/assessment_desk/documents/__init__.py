"""帳票 (評価書): 様式3 with 別添1 and 別添2."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from kokunen.assessment.models import AssessmentVersion
from kokunen.assessment.presentation import appendix1, appendix2, plain, sections
from kokunen.assessment.queries import document_in_force, version_in_force
from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.kernel.wareki import format_wareki

_LAYOUT = Path(__file__).with_name("form.typ")


def form(*, figures: list[dict[str, Any]] | None = None) -> bytes:
    """様式3 of the assessment in force; `figures` adds live counts beside declared ones (for the office's own copy)."""
    version = version_in_force()
    if figures is None:
        return _published(version.pk if version else 0)
    return _render(version, figures, clock.now())


def web_page() -> str:
    """様式3 as one HTML page, as the public sees it (without the frame of the site)."""
    version, document = version_in_force(), document_in_force()
    shown = {
        "title": document.value("cover.title"),
        "sections": sections(document),
        "appendix1": appendix1(document),
        "appendix2": appendix2(version),
    }
    return render_to_string("assessment_desk/form.html", shown)


@lru_cache(maxsize=4)
def _published(key: int) -> bytes:
    """The public print changes with the version only; its date is that of the publication."""
    version = version_in_force()
    published = version.published_on if version else None
    day = published.isoformat() if published else str(document_in_force().value("cover.published"))
    return _render(version, [], datetime.fromisoformat(day).replace(tzinfo=clock.OFFICE_ZONE))


def _render(version: AssessmentVersion | None, figures: list[dict[str, Any]], at: datetime) -> bytes:
    data = plain(document_in_force()) | {
        "dated": [at.year, at.month, at.day],
        "dated_ja": format_wareki(at.date()),
        "appendix2": [dict(row) for row in appendix2(version)],
        "figures": figures,
    }
    return printing.render(_LAYOUT, data, at=at)
