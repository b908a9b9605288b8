"""文字変換辞書: the replacements that the city has chosen for characters that other sides do not have."""

from __future__ import annotations

from datetime import date

from kokunen.common_platform.codes import queries

DICTIONARY = "characters"


def chosen_replacements(on: date | None = None) -> dict[str, str]:
    """置き換え: character → what goes out in its place, as it holds on that day (default: today)."""
    return {code: entry.label for code, entry in queries.entries(DICTIONARY, on).items()}
