"""Prometheus の書式: figures as text that a Prometheus server scrapes (text format 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable

from .monitoring import FIGURES, Reading

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def as_text(taken: Iterable[Reading]) -> str:
    """One block a figure: HELP, TYPE, and a line a label, in the order of the figures."""
    by_name: dict[str, list[Reading]] = {}
    for reading in taken:
        by_name.setdefault(reading.name, []).append(reading)
    lines: list[str] = []
    for name, facts in FIGURES.items():
        if rows := by_name.get(name):
            lines += [f"# HELP kokunen_{name} {facts.help}", f"# TYPE kokunen_{name} gauge"]
            lines += [f"kokunen_{name}{_labels(row.label)} {row.value:.10g}" for row in rows]
    return "\n".join(lines) + "\n"


def _labels(label: str) -> str:
    pairs = [part.partition("=")[::2] for part in label.split(",") if part]
    words = [f'{key}="{_quoted(value)}"' for key, value in pairs]
    return "{" + ",".join(words) + "}" if words else ""


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
