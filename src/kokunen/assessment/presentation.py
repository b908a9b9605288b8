"""様式3: a version as the page and the print show it, and the rows of 別添2 that led to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kokunen.assessment.changes import diff
from kokunen.assessment.document import RECORD_ITEM, Document, historical_rows, load_document
from kokunen.assessment.models import AssessmentVersion, VersionState
from kokunen.assessment.queries import get_document
from kokunen.assessment.wording import NOTHING, printed
from kokunen.kernel.wareki import format_wareki


@dataclass(slots=True)
class Group:
    """見出しの下の項目: (label, ※, text)."""

    heading: str
    rows: list[tuple[str, bool, str]] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """部: I 基本情報 and so on."""

    heading: str
    groups: list[Group] = field(default_factory=list)


def sections(document: Document) -> list[Section]:
    """The form in its order, without 別添1."""
    found: list[Section] = []
    for leaf in document.leaves.values():
        if leaf.kind == RECORD_ITEM:
            continue
        heading, group = leaf.path[0], "　".join(leaf.path[1:])
        if not found or found[-1].heading != heading:
            found.append(Section(heading))
        if not found[-1].groups or found[-1].groups[-1].heading != group:
            found[-1].groups.append(Group(group))
        label = leaf.label.replace("※", "").strip()
        found[-1].groups[-1].rows.append((label, leaf.is_starred, printed(leaf)))
    return found


def place_words(document: Document, leaf_id: str) -> str:
    """評価書の箇所 as a person reads it: the leaf's headings and label, or the headings that the ids below share."""
    if leaf := document.leaves.get(leaf_id):
        return leaf.place.replace("※", "").strip()
    below = [leaf.path for known, leaf in document.leaves.items() if known.startswith(f"{leaf_id}.")]
    shared = [names[0] for names in zip(*below, strict=False) if len(set(names)) == 1]
    return "－".join(shared) or leaf_id


def appendix1(document: Document) -> list[tuple[str, list[str]]]:
    """別添1: (group, items)."""
    return [
        (leaves[0].path[-1].strip("<>"), [str(leaf.value) for leaf in leaves])
        for leaves in document.record_groups().values()
    ]


def appendix2(version: AssessmentVersion | None) -> list[Mapping[str, str]]:
    """別添2: the filed rows, then those of every version published since, oldest first."""
    rows: list[Mapping[str, str]] = [
        {
            "date": format_wareki(date.fromisoformat(row["date"])),
            "item": row["item_printed"],
            "before": row["before"] or NOTHING,
            "after": row["after"] or NOTHING,
            "timing": row["timing"],
            "reason": row["explanation"] or NOTHING,
        }
        for row in historical_rows()
    ]
    for later in _published_until(version):
        rows += _rows_of(later)
    return rows


def _published_until(version: AssessmentVersion | None) -> Iterable[AssessmentVersion]:
    if version is None:
        return ()
    return AssessmentVersion.objects.filter(
        state=VersionState.PUBLISHED, effective_on__lte=version.effective_on
    ).order_by("effective_on", "id")


def _rows_of(version: AssessmentVersion) -> list[dict[str, str]]:
    assert version.published_on is not None
    new = Document.from_list(version.edition, version.leaves)
    return [
        {
            "date": format_wareki(version.published_on),
            "item": change.place,
            "before": change.before,
            "after": change.after,
            **_decision(version.decisions.get(change.leaf_id, {})),
        }
        for change in diff(get_document(version.base), new)
        if change.leaf_id != "cover.published"
    ]


def _decision(decision: Mapping[str, Any]) -> dict[str, str]:
    return {"timing": str(decision.get("timing", "")), "reason": str(decision.get("reason", ""))}


def plain(document: Document | None = None) -> dict[str, Any]:
    """The whole form as data for a print."""
    shown = document or load_document()
    return {
        "title": str(shown.value("cover.title")),
        "sections": [
            {
                "heading": section.heading,
                "groups": [
                    {
                        "heading": group.heading,
                        "rows": [[f"{label} ※" if starred else label, text] for label, starred, text in group.rows],
                    }
                    for group in section.groups
                ],
            }
            for section in sections(shown)
        ],
        "appendix1": [[heading, "、".join(items)] for heading, items in appendix1(shown)],
    }
