"""実際の数: live counts beside what the assessment declares. Subsystems register theirs; nobody's data, numbers only.

A subsystem's `assessment_figures.py` says `register("II.3.user_count", "使用者数", count)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kokunen.assessment import threshold
from kokunen.assessment.document import Document
from kokunen.assessment.threshold import Band

_COUNTS: dict[str, tuple[str, Callable[[], int]]] = {}


@dataclass(frozen=True, slots=True)
class Figure:
    """実際の数と記載: does the count fall in the band, and is it near its end?"""

    leaf_id: str
    label: str
    count: int
    declared: str
    fits: bool
    near_end: bool
    actual_band: str

    @property
    def tone(self) -> str:
        """For the screen: bad, warn, good."""
        return "bad" if not self.fits else "warn" if self.near_end else "good"


def register(leaf_id: str, label: str, count: Callable[[], int]) -> None:
    """A subsystem's count for that leaf of the form."""
    _COUNTS[leaf_id] = (label, count)


def live_counts() -> dict[str, int]:
    """Every registered count of this moment."""
    return {leaf_id: count() for leaf_id, (_, count) in _COUNTS.items()}


def compare(document: Document, counts: dict[str, int]) -> list[Figure]:
    """Each count beside its band; 別添1's own number of items is always among them."""
    named = {leaf_id: label for leaf_id, (label, _) in _COUNTS.items()}
    counts = {**counts, "II.2.recorded_items_count": len(document.record_items())}
    named["II.2.recorded_items_count"] = "記録される項目"
    return [_figure(document, leaf_id, named.get(leaf_id, leaf_id), count) for leaf_id, count in counts.items()]


def _figure(document: Document, leaf_id: str, label: str, count: int) -> Figure:
    leaf = document.leaves[leaf_id]
    declared: Band = threshold.band(str(leaf.value or ""))
    actual = threshold.band_of(leaf.options or (), count)
    return Figure(
        leaf_id,
        label,
        count,
        declared.text,
        declared.holds(count),
        declared.is_near_end(count),
        actual.text if actual else "",
    )
