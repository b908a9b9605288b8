"""媒体の引渡しを台帳に書く: what a subsystem's two signatures mean for the 媒体台帳 (CTL-113 to CTL-117).

The section signs at its own screen; the medium's way from 払出 to 立会 stands in the register by the same two hands.
The store of the report looks at these steps itself before it takes the report for handed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from kokunen.common_platform.safeguards.models import RegisterEntry, RegisterStep
from kokunen.common_platform.safeguards.procedures import get_procedure
from kokunen.common_platform.safeguards.services.register import ALIAS, act, get_intact, open_entry, state_of
from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext

KIND = "medium"
_SIGNED, _WITNESSED = "引渡", "立会済"
_HELD = ("書込", "搬送", _SIGNED, _WITNESSED)
_WAY = {"保管": "issue", "払出": "write", "書込": "carry", "搬送": "hand_over"}
"""The step that leads on from each state up to the first signature."""


@dataclass(frozen=True, slots=True)
class Load:
    """媒体の内容: number of the report as people write it, hash and key of the sealed content, people, kind of disc."""

    report: str
    sha256: str
    key_id: str
    people: int
    disc: str


def sign(load: Load, *, medium: str, case: str, receiver: str, context: AccessContext) -> str:
    """引渡者の署名: leads the medium to 引渡 and gives its number in the register.

    `medium` is its 管理番号 or 登録番号; "" takes the one on which the report was written, else a new disc that bears
    the report's number and is entered here. Raises InputError, Conflict or NotAllowed.
    """
    with transaction.atomic(using=ALIAS):
        number = _find(medium, load) or _new(load, context)
        state = _state(number)
        if state == _SIGNED:
            _same_hand(number, context)
        elif state not in _WAY:
            raise Conflict(
                f"媒体「{number}」は「{state}」のため引き渡せません",
                field="medium",
                hint="媒体台帳で状態を確かめ、保管中の媒体を選んでください。",
            )
        contents: dict[str, dict[str, Any]] = {
            "issue": {"purpose": f"報告 {load.report}", "to": context.staff_number},
            "write": {"key_id": load.key_id, "sha256": load.sha256, "people": load.people, "report": load.report},
            "carry": {"case": case, "key_holder": context.staff_number},
            "hand_over": {"receiver": receiver},
        }
        while (state := _state(number)) in _WAY:
            act(number, _WAY[state], content=contents[_WAY[state]], context=context)
        _written_for(number, load.report)
    return number


def witness(load: Load, *, context: AccessContext) -> str:
    """立会者の署名, by another officer than the first: the medium's number. Raises Conflict or NotAllowed.

    Safe to repeat by the same officer: what the register has already is not signed again.
    """
    number = _of_report(load.report)
    if number is None:
        raise Conflict(
            f"報告「{load.report}」の媒体が媒体台帳にありません", hint="引渡者の署名からやり直してください。"
        )
    if _state(number) == _WITNESSED:
        _same_hand(number, context)
        return number
    act(number, "witness", context=context)
    return number


def withdraw(load: Load, *, reason: str, context: AccessContext) -> None:
    """引渡しを取りやめる: a medium that was on its way comes back, to be erased. Nothing when none was."""
    number = _of_report(load.report)
    if number is not None and _state(number) in ("搬送", _SIGNED):
        act(number, "withdraw", content={"reason": reason}, context=context)


def _find(medium: str, load: Load) -> str | None:
    if not medium.strip():
        return _of_report(load.report)
    found = RegisterEntry.objects.filter(kind=KIND)
    entry = found.filter(title=medium.strip()).first() or found.filter(number=medium.strip()).first()
    if entry is None:
        raise InputError(
            f"媒体「{medium.strip()}」は媒体台帳にありません",
            field="medium",
            hint="管理番号を確かめるか、空欄にして報告の番号の媒体を登録してください。",
        )
    return entry.number


def _of_report(report: str) -> str | None:
    """The medium whose last writing is that report and that has not come back since."""
    steps = RegisterStep.objects.filter(entry__kind=KIND, action="write", content__report=report)
    for number in steps.order_by("-id").values_list("entry__number", flat=True):
        if _state(number) in _HELD and _last(number, "write").content["report"] == report:
            return str(number)
    return None


def _new(load: Load, context: AccessContext) -> str:
    content = {"serial": load.report, "type": load.disc, "place": "作成した職員の手元（引渡しまで）"}
    title, turn = load.report, 1
    while RegisterEntry.objects.filter(kind=KIND, title=title).exists():  # a disc of the same report came back before
        turn += 1
        title = f"{load.report}-{turn}"
    return open_entry(KIND, title=title, content={**content, "serial": title}, context=context).number


def _state(number: str) -> str:
    _entry, steps = get_intact(number)
    return state_of(get_procedure(KIND), steps)


def _last(number: str, action: str) -> RegisterStep:
    _entry, steps = get_intact(number)
    return next(step for step in reversed(steps) if step.action == action)


def _written_for(number: str, report: str) -> None:
    if _last(number, "write").content["report"] != report:
        raise Conflict(f"媒体「{number}」には別の報告が書かれています", field="medium", hint="媒体を確かめてください。")


def _same_hand(number: str, context: AccessContext) -> None:
    """The last signature of the register is this officer's; Conflict when it is another one's."""
    _entry, steps = get_intact(number)
    if steps[-1].signed_by != context.staff_number:
        raise Conflict(
            f"媒体「{number}」には、すでに別の職員（{steps[-1].signed_by}）が署名しています",
            hint="媒体台帳で経過を確かめてください。",
        )
