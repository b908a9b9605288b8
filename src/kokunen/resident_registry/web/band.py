"""人の帯: what the head band of every screen of a person shows."""

from __future__ import annotations

from typing import Any

from kokunen.resident_registry.queries import PersonView


def band_of(view: PersonView) -> dict[str, Any]:
    """The mapping `{% person_band %}` takes."""
    row = view.row
    extra = [("世帯主", "" if view.masked else row.head_name or "未設定"), ("住所", view.address)]
    return {
        "name": row.name or "（名未定）",
        "kana": row.name_kana,
        "birth_ja": view.birth,
        "age": view.age,
        "sex_ja": row.get_sex_display() if row.sex != "0" else "",
        "atena_number": row.atena_number,
        "marks": view.marks,
        "extra": extra,
    }
