"""漏えい等の事実の確認: from an account, a terminal, a print or a medium to the exact list of people (CTL-145)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kokunen.common_platform.safeguards.services.register import get_intact
from kokunen.kernel.errors import InputError
from kokunen.ledger import analysis
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record


@dataclass(frozen=True, slots=True)
class Scope:
    """範囲: the people, the items, how the condition reads, and whether the medium was encrypted (None = no medium)."""

    words: str
    people: tuple[analysis.Exposed, ...]
    items: tuple[str, ...]
    is_encrypted: bool | None = None


def find_scope(
    *,
    context: AccessContext,
    staff_number: str = "",
    terminal: str = "",
    serial: str = "",
    medium: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Scope:
    """範囲を特定する. `medium` is a number of the 媒体台帳; raises InputError when no condition is given."""
    case_id, encrypted = "", None
    if medium:
        case_id, encrypted = _written(medium)
    given = {"職員": staff_number, "端末": terminal, "発行番号": serial, "媒体": medium}
    if not any(given.values()):
        raise InputError("職員番号、端末、発行番号、媒体のどれかを入力してください", field="staff_number")
    people = analysis.exposed(
        staff_number=staff_number, terminal=terminal, serial=serial, case_id=case_id, since=since, until=until
    )
    words = "、".join(f"{name} {value}" for name, value in given.items() if value)
    words += "".join(
        f"、{moment:%Y-%m-%d %H:%M}{mark}" for moment, mark in ((since, "から"), (until, "まで")) if moment
    )
    with transaction.atomic():
        record(
            "default",
            context,
            act=Act.VIEW,
            dataset="漏えい等の範囲の特定",
            atena_numbers=[one.atena_number for one in people],
            detail={"condition": words},
        )
    items = tuple(sorted({item for one in people for item in one.items}))
    return Scope(words, tuple(people), items, encrypted)


def _written(number: str) -> tuple[str, bool]:
    """The report that was written on that medium, and that it was written under a key."""
    entry, steps = get_intact(number)
    writings = [step for step in steps if step.action == "write"]
    if entry.kind != "medium" or not writings or not writings[-1].content["report"]:
        raise InputError(
            "この媒体には、報告の番号が書かれていません", field="medium", hint="職員か端末で特定してください。"
        )
    return str(writings[-1].content["report"]), bool(writings[-1].content["key_id"])
