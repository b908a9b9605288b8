"""資格の状態 (state): the facts that hold on one day and the insured type that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from kokunen.kernel.calendar import reaches_age_on
from kokunen.law.parameters import history
from kokunen.law.rules.qualification.types import Event, EventType, InsuredType
from kokunen.law.rules.qualification.words import DEPENDENCE_END_WORDS, ON_APPLICATION

_DAY = timedelta(days=1)


def next_day(day: date) -> date:
    """翌日; the last day of the calendar has none and stands for itself."""
    return day + _DAY if day < date.max else day


@cache
def legal_ages() -> tuple[int, int, int, int]:
    """資格に関わる年齢: acquisition, loss, end of 任意加入, end of 特例任意加入 (20, 60, 65, 70)."""
    ages = history("qualification/ages").entries[-1].value
    return ages["acquisition"], ages["loss"], ages["voluntary_end"], ages["special_voluntary_end"]


@cache
def special_voluntary_born_until() -> date:
    """特例任意加入ができる生年月日の上限, as last extended; each act kept the earlier births."""
    until: date = history("qualification/special_voluntary_born_until").entries[-1].value
    return until


def day_of_age(birth_date: date, age: int) -> date | None:
    """年齢到達日, None when it lies beyond the calendar."""
    return reaches_age_on(birth_date, age) if birth_date.year + age <= date.max.year else None


@dataclass(slots=True)
class State:
    """その日の状態. ``age`` is the last legal age reached (0 before the first), ``applied`` a living 申出."""

    in_japan: bool
    employed: bool
    dependent: bool
    old_age_right: bool
    excluded: bool
    japanese: bool
    old_age_right_at_65: bool
    born_for_special: bool
    residence_exception: bool = False
    applied: bool = False
    dead: bool = False
    age: int = 0

    def insured_type(self) -> InsuredType | None:
        """種別: the type that follows from the state (国民年金法第7条, 附則第3条, 附則第5条)."""
        acquisition, loss, voluntary_end, special_end = legal_ages()
        if self.dead:
            return None
        pensioner = self.age >= voluntary_end and (self.old_age_right_at_65 or self.old_age_right)
        if self.employed and self.age < special_end and not pensioner:
            return InsuredType.SECOND
        if acquisition <= self.age < loss and not self.excluded:
            if self.dependent and (self.in_japan or self.residence_exception):
                return InsuredType.THIRD
            if self.in_japan and not self.old_age_right:
                return InsuredType.FIRST
        return self._type_on_application() if self.applied else None

    def _type_on_application(self) -> InsuredType | None:
        acquisition, loss, voluntary_end, special_end = legal_ages()
        special = (
            voluntary_end <= self.age < special_end
            and self.born_for_special
            and not self.old_age_right_at_65
            and not self.old_age_right
        )
        if not self.in_japan:
            if not self.japanese:
                return None
            if acquisition <= self.age < voluntary_end:
                return InsuredType.VOLUNTARY_ABROAD
            return InsuredType.SPECIAL_VOLUNTARY_ABROAD if special else None
        if self.excluded:
            return None
        if loss <= self.age < voluntary_end:
            return InsuredType.VOLUNTARY_60_TO_64
        if acquisition <= self.age < loss and self.old_age_right:
            return InsuredType.VOLUNTARY_UNDER_60
        return InsuredType.SPECIAL_VOLUNTARY if special else None

    def apply(self, event: Event) -> None:
        """異動を当てる: the state after ``event``; a 申出 ends as soon as the type is none of the voluntary ones."""
        match event.type:
            case EventType.ENTER_JAPAN | EventType.LEAVE_JAPAN:
                self.in_japan = event.type is EventType.ENTER_JAPAN
            case EventType.EMPLOYMENT_START | EventType.EMPLOYMENT_END:
                self.employed = event.type is EventType.EMPLOYMENT_START
            case EventType.DEPENDENT_START:
                self.dependent, self.residence_exception = True, event.residence_exception
            case EventType.DEPENDENT_END | EventType.SPOUSE_EMPLOYMENT_END:
                self.dependent = self.residence_exception = False
            case EventType.OLD_AGE_RIGHT_START | EventType.OLD_AGE_RIGHT_END:
                self.old_age_right = event.type is EventType.OLD_AGE_RIGHT_START
            case EventType.EXCLUDED_START | EventType.EXCLUDED_END:
                self.excluded = event.type is EventType.EXCLUDED_START
            case EventType.VOLUNTARY_APPLY:
                self.applied = True
            case EventType.VOLUNTARY_WITHDRAW | EventType.VOLUNTARY_MONTHS_480 | EventType.VOLUNTARY_UNPAID_DEADLINE:
                self.applied = False
            case EventType.NATIONALITY_LOSS:
                self.japanese = False
        self.settle()

    def settle(self) -> None:
        """申出の終わり."""
        if self.applied and self.insured_type() not in ON_APPLICATION:
            self.applied = False


@dataclass(frozen=True, slots=True)
class Happening:
    """一日の出来事: an age that was reached (``event`` None) or an event, as it bears on the qualification.

    ``gained`` is its word when a type follows, ``lost`` when none follows, ``same_day`` whether a loss is on the day
    itself; each None or False where it gives none.
    """

    event: Event | None
    index: int
    age: int
    gained: str | None
    lost: str | None
    same_day: bool


_EVENT_WORDS: dict[EventType, tuple[str | None, str | None, bool]] = {
    EventType.ENTER_JAPAN: ("entered_japan", "entered_japan", False),
    EventType.LEAVE_JAPAN: (None, "left_japan", False),
    EventType.EMPLOYMENT_START: ("employment_started", "employment_started", True),
    EventType.EMPLOYMENT_END: ("employment_ended", "employment_ended", True),
    EventType.DEPENDENT_START: ("dependence_started", "dependence_started", False),
    EventType.SPOUSE_EMPLOYMENT_END: ("spouse_employment_ended", "spouse_employment_ended", False),
    EventType.OLD_AGE_RIGHT_START: (None, "old_age_right", True),
    EventType.OLD_AGE_RIGHT_END: ("old_age_right_ended", None, False),
    EventType.EXCLUDED_START: (None, "excluded", False),
    EventType.EXCLUDED_END: ("exclusion_ended", None, False),
    EventType.VOLUNTARY_APPLY: ("voluntary_application", None, False),
    EventType.VOLUNTARY_WITHDRAW: (None, "withdrawal", True),
    EventType.VOLUNTARY_MONTHS_480: (None, "months_480", True),
    EventType.VOLUNTARY_UNPAID_DEADLINE: (None, "unpaid", False),
    EventType.NATIONALITY_LOSS: (None, "nationality_lost", False),
}


def happening_of(event: Event, index: int) -> Happening:
    """異動を出来事にする (death and moves inside Japan are not among them)."""
    if event.type is EventType.DEPENDENT_END:
        word = DEPENDENCE_END_WORDS[event.reason]
        return Happening(event, index, 0, word, word, False)
    gained, lost, same_day = _EVENT_WORDS[event.type]
    return Happening(event, index, 0, gained, lost, same_day)


@cache
def happening_of_age(age: int) -> Happening:
    """年齢到達を出来事にする."""
    acquisition, _, voluntary_end, _ = legal_ages()
    if age == acquisition:
        return Happening(None, -1, age, "reached_20", None, False)
    gained = "special_voluntary_deemed" if age == voluntary_end else None
    return Happening(None, -1, age, gained, f"reached_{age}", True)
