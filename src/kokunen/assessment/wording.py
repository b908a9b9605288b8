"""記載のしかた: what is filled in, as the form prints it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kokunen.assessment.document import Leaf
from kokunen.kernel.wareki import format_wareki

NOTHING = "—"


def printed(leaf: Leaf) -> str:
    """The whole entry of a leaf, one line for each box or paragraph."""
    return "\n".join(lines(leaf)) or NOTHING


def lines(leaf: Leaf) -> list[str]:
    """The entry line by line."""
    value = leaf.value
    if leaf.kind == "checkboxes":
        return _boxes(leaf.content, leaf.options or ())
    if leaf.kind == "checkbox_groups":
        return [
            f"{name}: {box(option in group['checked'])}{option}"
            for name, group in (value or {}).items()
            for option in group["options"]
        ]
    if leaf.kind == "checkbox":
        return [f"{box(bool(value))}{leaf.label}"]
    if leaf.kind == "date" and value:
        return [format_wareki(date.fromisoformat(str(value)))]
    if leaf.kind == "list":
        return [f"・{entry}" for entry in value or ()]
    found = [line for text in _texts(value) for line in text.split("\n")]
    count = leaf.content.get("count")
    return [f"{line} ({count}件)" if count else line for line in found]


def box(checked: bool) -> str:
    """A checkbox of the form."""
    return "[○]" if checked else "[ ]"


def _boxes(content: Mapping[str, Any], options: Any) -> list[str]:
    value, details = content.get("value") or [], content.get("details") or {}
    found = []
    for option in options:
        inside = "、".join(details.get(option, ())) or (content.get("other_text") or "" if option == "その他" else "")
        if option.startswith("提供を") and content.get("provision_count"):
            inside = f"{content['provision_count']}件"
        if option.startswith("移転を") and content.get("transfer_count"):
            inside = f"{content['transfer_count']}件"
        found.append(f"{box(option in value)}{option}{f'({inside})' if inside else ''}")
    return found


def _texts(value: Any) -> Iterator[str]:
    """Every text of a structured entry, in order; numbered parts keep their number and name."""
    if value is None:
        return
    if isinstance(value, Mapping):
        if "name" in value and ("text" in value or "description" in value):
            head = f"{value['no']}. {value['name']}" if "no" in value else str(value["name"])
            yield f"<{head}>" if "no" not in value else head
            yield str(value.get("text", value.get("description")))
            return
        for key, part in value.items():
            if key not in ("id", "no", "key", "with", "table", "row"):
                yield from _texts(part)
        return
    if isinstance(value, list):
        for part in value:
            yield from _texts(part)
        return
    yield str(value)
