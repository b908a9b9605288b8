"""被保険者資格 (qualification): facts of a person's life into insured periods and months.

``evaluate`` takes a whole history; its ``changes`` say what each day did. To learn what one notice does, evaluate the
history with the event appended and ask for its change::

    q = evaluate(birth, [Event(date(2026, 11, 20), EventType.LEAVE_JAPAN)], start=StartState(date(2015, 4, 1)))
    change = q.change_of(0)          # loss on 2026-11-21, 国民年金法第9条第2号, last month 2026-10, code 02
    explain_change(change).sentences  # 令和8年11月20日の国外への転出により、その翌日の…

``q.changes_on(reached_age_on)`` gives the change of an age that was reached; an event that changed nothing (転入 inside
Japan, 第2号 who leaves Japan) has no change. The law is 国民年金法第7条から第11条の2まで and its 附則.
Everything here is pure: no clock, no order of other persons, no state.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kokunen.law.rules.qualification._explaining import Explanation, explain, explain_change, sentence
from kokunen.law.rules.qualification._machine import Machine, effect_day
from kokunen.law.rules.qualification._months import month_ranges
from kokunen.law.rules.qualification._state import day_of_age, legal_ages
from kokunen.law.rules.qualification.types import (
    Change,
    DependenceEnd,
    Event,
    EventType,
    InsuredType,
    Kind,
    LedgerEntry,
    MonthRange,
    Period,
    Qualification,
    QualificationError,
    StartState,
)

__all__ = [
    "Change",
    "DependenceEnd",
    "Event",
    "EventType",
    "Explanation",
    "InsuredType",
    "Kind",
    "LedgerEntry",
    "MonthRange",
    "Period",
    "Qualification",
    "QualificationError",
    "StartState",
    "effect_day",
    "evaluate",
    "explain",
    "explain_change",
    "month_ranges",
    "sentence",
]

_CITY_MOVES = (EventType.CITY_MOVE_IN, EventType.CITY_MOVE_OUT)


def evaluate(
    birth_date: date,
    events: Sequence[Event],
    *,
    japanese: bool = True,
    old_age_right_at_65: bool = True,
    start: StartState | None = None,
    as_of: date | None = None,
) -> Qualification:
    """資格を判定する: periods, insured months, 台帳異動 and changes of one person.

    ``events`` come in any order and are taken by their day of effect; on one day reached ages come first, then the
    order of the list, death last. ``start`` is the state on the first day of the history (left out: birth, in Japan).
    ``as_of``: events and ages with a later day of effect are not applied and months after it not counted (left out:
    the day of reaching 70). ``japanese`` and ``old_age_right_at_65`` (a right to an old-age pension at 65) hold for the
    whole history. Raises ``QualificationError`` (code and field as in the rules interface) for a second death, an
    event before the history and a 申出 that leads to no voluntary type.
    """
    start = start or StartState(birth_date)
    _check(events, start)
    machine = Machine(birth_date, start, japanese=japanese, old_age_right_at_65=old_age_right_at_65)
    machine.run(events, as_of)
    last = as_of or day_of_age(birth_date, legal_ages()[-1]) or date.max
    ledger = sorted(
        (LedgerEntry(e.date, e.type) for e in events if e.type in _CITY_MOVES), key=lambda entry: entry.date
    )
    return Qualification(
        periods=tuple(machine.periods),
        month_ranges=month_ranges(machine.periods, last),
        ledger=tuple(ledger),
        changes=tuple(machine.changes),
    )


def _check(events: Sequence[Event], start: StartState) -> None:
    died = False
    for index, event in enumerate(events):
        if event.date < start.date:
            message = f"異動の日は{start.date}以後の日で指定してください（入力値: {event.date}）"
            raise QualificationError(message, f"events[{index}].date", "out_of_range")
        if event.type is EventType.DEATH:
            if died:
                message = "死亡は1回だけ指定できます。2回目の死亡を除いてください"
                raise QualificationError(message, f"events[{index}].type", "inconsistent")
            died = True
