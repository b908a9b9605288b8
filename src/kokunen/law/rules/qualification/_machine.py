"""資格の機械 (machine): a person's history, day by day, into periods and changes.

All that happens on one day is looked at together: reached ages first, then the events in the order told, death last.
What the day leaves behind is compared with what was held before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kokunen.law.engine.months import month_of
from kokunen.law.rules.qualification._state import (
    Happening,
    State,
    day_of_age,
    happening_of,
    happening_of_age,
    legal_ages,
    next_day,
    special_voluntary_born_until,
)
from kokunen.law.rules.qualification.types import (
    Change,
    Event,
    EventType,
    InsuredType,
    Kind,
    Period,
    QualificationError,
    StartState,
)
from kokunen.law.rules.qualification.words import ON_APPLICATION, article_of, can_end, reason_code

_FIRST_OR_SECOND = (InsuredType.FIRST, InsuredType.SECOND)
_INSURED_TO_THE_END_OF_THE_DAY = (InsuredType.FIRST, InsuredType.THIRD)
_NEXT_DAY_EFFECT = (EventType.EMPLOYMENT_END, EventType.SPOUSE_EMPLOYMENT_END)
_OUTSIDE = (EventType.DEATH, EventType.CITY_MOVE_IN, EventType.CITY_MOVE_OUT)


def effect_day(event: Event) -> date | None:
    """効果の生じる日: the day after a last working day, else the day itself; None beyond the calendar."""
    if event.type in _NEXT_DAY_EFFECT:
        return next_day(event.date) if event.date < date.max else None
    return event.date


class Machine:
    """一人の資格の歩み: feed it with ``run``, then read ``periods`` and ``changes``."""

    def __init__(self, birth_date: date, start: StartState, *, japanese: bool, old_age_right_at_65: bool) -> None:
        self.birth_date = birth_date
        self.start = start
        self.state = State(
            in_japan=start.in_japan,
            employed=start.employed,
            dependent=start.dependent,
            old_age_right=start.old_age_right,
            excluded=start.excluded,
            japanese=japanese,
            old_age_right_at_65=old_age_right_at_65,
            born_for_special=birth_date <= special_voluntary_born_until(),
        )
        self.periods: list[Period] = []
        self.changes: list[Change] = []
        self.spells: list[int] = []
        self.held: InsuredType | None = None

    def run(self, events: Sequence[Event], as_of: date | None) -> None:
        """Apply every reached age and event with a day of effect up to ``as_of`` (None: up to the last legal age)."""
        ages = {age: day for age in legal_ages() if (day := day_of_age(self.birth_date, age)) is not None}
        last = as_of or ages.get(legal_ages()[-1]) or date.max
        days: dict[date, list[Happening]] = {}
        for age, day in ages.items():
            if day <= self.start.date:
                self.state.age = age
            elif day <= last:
                days.setdefault(day, []).append(happening_of_age(age))
        deaths: dict[date, int] = {}
        for index, event in enumerate(events):
            day_of_effect = effect_day(event)
            if day_of_effect is None or day_of_effect > last:
                continue
            if event.type is EventType.DEATH:
                deaths[day_of_effect] = index
                days.setdefault(day_of_effect, [])
            elif event.type not in _OUTSIDE:
                days.setdefault(day_of_effect, []).append(happening_of(event, index))
        self._begin(ages.get(legal_ages()[0]))
        for day in sorted(days):
            self._live(day, days[day])
            if day in deaths:
                self._die(day, deaths[day])

    def _begin(self, reached_first_age: date | None) -> None:
        """The type held on the first day of the history."""
        held = self.state.insured_type()
        if held is not None:
            day = self.start.date
            if day == reached_first_age:
                self._open(held, day, "reached_20", Kind.ACQUISITION)
                self._note(Kind.ACQUISITION, day, day, None, held, "reached_20", ())
            else:
                self._open(held, day, "carried_in", Kind.ACQUISITION)

    def _live(self, day: date, happenings: Sequence[Happening]) -> None:
        """One day without death."""
        before, state = self.held, self.state
        applied = deemed = left = False
        for happening in happenings:
            event = happening.event
            if event is None:
                state.age = happening.age
                state.settle()
                deemed = deemed or happening.gained == "special_voluntary_deemed"
                continue
            state.apply(event)
            left = left or event.type is EventType.LEAVE_JAPAN
            if event.type is EventType.VOLUNTARY_APPLY:
                applied = True
                insured_tonight = before in _INSURED_TO_THE_END_OF_THE_DAY and not _is_same_day(happenings, before)
                self._check_application(happening.index, left and insured_tonight)
        after = state.insured_type()
        if after is before:
            return
        deemed = deemed and (before, after) in _DEEMED
        if before in ON_APPLICATION and after in ON_APPLICATION and not applied and not deemed:
            after, state.applied = None, False
        events = tuple(happening.index for happening in happenings if happening.event is not None)
        if after is not None:
            self._gain(after, day, _reason_gained(happenings, after, applied, deemed), events)
        else:
            lost_on = day if _is_same_day(happenings, before) else next_day(day)
            self._lose(lost_on, day, _reason_lost(happenings, before), events)

    def _check_application(self, index: int, leaves_insured_tonight: bool) -> None:
        """A 申出 must lead to a voluntary type, and not on a day the person is still insured to its end."""
        if self.state.insured_type() not in ON_APPLICATION:
            message = "任意加入の申出をしても任意加入被保険者になりません。種別、年齢、住所、国籍を確かめてください"
        elif leaves_insured_tonight:
            message = "国外へ転出する日は終わりまで被保険者です。任意加入の申出は転出の翌日以後の日で指定してください"
        else:
            return
        raise QualificationError(message, f"events[{index}].type", "inconsistent")

    def _die(self, day: date, index: int) -> None:
        self.state.dead = True
        self.state.applied = False
        if self.held is not None:
            self._lose(next_day(day), day, "death", (index,))

    def _gain(self, gained: InsuredType, day: date, reason: str, events: tuple[int, ...]) -> None:
        before = self.held
        if before is not None and self.periods[-1].acquired_on == day:
            self._drop()
            before = None
        kind = Kind.ACQUISITION if before is None else Kind.TYPE_CHANGE
        self._note(kind, day, day, before, gained, reason, events)
        if before is not None:
            self._close(day, reason, Kind.TYPE_CHANGE)
        self._open(gained, day, reason, kind)

    def _lose(self, day: date, effect_on: date, reason: str, events: tuple[int, ...]) -> None:
        if self.periods[-1].acquired_on == day:
            self._drop()
            return
        self._note(Kind.LOSS, day, effect_on, self.held, None, reason, events)
        self._close(day, reason, Kind.LOSS)
        self.held = None

    def _open(self, insured: InsuredType, day: date, reason: str, kind: Kind) -> None:
        if kind is Kind.ACQUISITION:
            self.spells.append(len(self.periods))
        self.periods.append(Period(insured, day, reason, kind))
        self.held = insured

    def _close(self, day: date, reason: str, kind: Kind) -> None:
        opened = self.periods[-1]
        self.periods[-1] = Period(
            opened.type, opened.acquired_on, opened.acquisition_reason, opened.start_kind, day, reason, kind
        )

    def _drop(self) -> None:
        """A type that its own first day takes away again gives no period."""
        self.periods.pop()
        self.spells.pop()
        self.changes.clear()
        self.held = None

    def _note(
        self,
        kind: Kind,
        day: date,
        effect_on: date,
        before: InsuredType | None,
        after: InsuredType | None,
        reason: str,
        events: tuple[int, ...],
    ) -> None:
        insured = after or before
        assert insured is not None
        self.changes.append(
            Change(
                kind=kind,
                day=day,
                effect_on=effect_on,
                before=before,
                after=after,
                reason=reason,
                code=reason_code(kind, reason, insured),
                article=article_of(kind, reason, insured, self.birth_date),
                last_month=None if before is None else self._last_month(day, kind),
                first_month=None if after is None else month_of(day),
                events=events,
            )
        )

    def _last_month(self, day: date, kind: Kind) -> int | None:
        """The last insured month of the period that ends on ``day``, before any later spell claims it."""
        last = month_of(day) - 1
        if last >= month_of(self.periods[-1].acquired_on):
            return last
        spell_began = month_of(self.periods[self.spells[-1]].acquired_on)
        return month_of(day) if kind is Kind.LOSS and spell_began == month_of(day) else None


_DEEMED = (
    (InsuredType.VOLUNTARY_60_TO_64, InsuredType.SPECIAL_VOLUNTARY),
    (InsuredType.VOLUNTARY_ABROAD, InsuredType.SPECIAL_VOLUNTARY_ABROAD),
)


def _is_same_day(happenings: Sequence[Happening], before: InsuredType | None) -> bool:
    """Whether a loss is on the day itself: one same-day reason of the day is enough (法9条2号ただし書)."""
    return any(
        before in _FIRST_OR_SECOND if happening.lost == "old_age_right" else happening.same_day
        for happening in happenings
    )


def _reason_gained(happenings: Sequence[Happening], after: InsuredType, applied: bool, deemed: bool) -> str:
    if applied and after in ON_APPLICATION:
        return "voluntary_application"
    if deemed:
        return "special_voluntary_deemed"
    return _last_word([item.gained for item in happenings if item.gained != "special_voluntary_deemed"])


def _reason_lost(happenings: Sequence[Happening], before: InsuredType | None) -> str:
    return _last_word([item.lost for item in happenings if before and item.lost and can_end(before, item.lost)])


def _last_word(words: Sequence[str | None]) -> str:
    return next(word for word in reversed(words) if word is not None)
