"""資格の型 (types): what is told about a person and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kokunen.kernel.errors import InputError


class InsuredType(StrEnum):
    """被保険者種別."""

    FIRST = "1"
    SECOND = "2"
    THIRD = "3"
    VOLUNTARY_UNDER_60 = "4"
    VOLUNTARY_60_TO_64 = "5"
    VOLUNTARY_ABROAD = "6"
    SPECIAL_VOLUNTARY = "7"
    SPECIAL_VOLUNTARY_ABROAD = "8"


class EventType(StrEnum):
    """異動の種類: what can happen to a person; see ``Event.date`` for the meaning of its day."""

    ENTER_JAPAN = "enter_japan"
    LEAVE_JAPAN = "leave_japan"
    EMPLOYMENT_START = "employment_start"
    EMPLOYMENT_END = "employment_end"
    DEPENDENT_START = "dependent_start"
    DEPENDENT_END = "dependent_end"
    SPOUSE_EMPLOYMENT_END = "spouse_employment_end"
    OLD_AGE_RIGHT_START = "old_age_right_start"
    OLD_AGE_RIGHT_END = "old_age_right_end"
    EXCLUDED_START = "excluded_start"
    EXCLUDED_END = "excluded_end"
    VOLUNTARY_APPLY = "voluntary_apply"
    VOLUNTARY_WITHDRAW = "voluntary_withdraw"
    VOLUNTARY_MONTHS_480 = "voluntary_months_480"
    VOLUNTARY_UNPAID_DEADLINE = "voluntary_unpaid_deadline"
    NATIONALITY_LOSS = "nationality_loss"
    CITY_MOVE_IN = "city_move_in"
    CITY_MOVE_OUT = "city_move_out"
    DEATH = "death"


class DependenceEnd(StrEnum):
    """3号非該当の理由: why a dependent spouse is one no longer."""

    SPOUSE_EMPLOYMENT_ENDED = "spouse_employment_ended"
    INCOME = "income"
    DIVORCE = "divorce"
    SPOUSE_65 = "spouse_65"
    SPOUSE_DEATH = "spouse_death"
    OTHER = "other"


class Kind(StrEnum):
    """資格の動き: 取得, 種別変更, 喪失."""

    ACQUISITION = "acquisition"
    TYPE_CHANGE = "type_change"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Event:
    """異動: one fact of a person's life that may move the qualification.

    ``date`` is the day of the fact: for ``employment_end`` and ``spouse_employment_end`` the **last working day**
    (the law loses 厚生年金 the day after), for ``leave_japan`` the day of leaving, for ``enter_japan`` the first day
    with an address in Japan, for ``death`` the day of death. ``reason`` belongs to ``dependent_end``,
    ``residence_exception`` (国内居住要件の例外) to ``dependent_start``.
    """

    date: date
    type: EventType
    reason: DependenceEnd = DependenceEnd.OTHER
    residence_exception: bool = False


@dataclass(frozen=True, slots=True)
class StartState:
    """はじめの状態: what held on ``date``, the first day of the history."""

    date: date
    in_japan: bool = True
    employed: bool = False
    dependent: bool = False
    old_age_right: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """被保険者期間: ``lost_on``, ``loss_reason`` and ``end_kind`` are None while it is open.

    ``lost_on`` is the 喪失日 or 種別変更日, the first day no longer covered. Reasons are the words of
    ``kokunen.law.rules.qualification.words``.
    """

    type: InsuredType
    acquired_on: date
    acquisition_reason: str
    start_kind: Kind
    lost_on: date | None = None
    loss_reason: str | None = None
    end_kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class MonthRange:
    """被保険者月: months of one type in a row, as month numbers, both ends included."""

    type: InsuredType
    first: int
    last: int

    @property
    def months(self) -> int:
        """月数."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Change:
    """資格の異動一件: what one day's events did to the qualification.

    ``day`` is the 取得日, 種別変更日 or 喪失日; ``effect_on`` the day on which the cause took effect (one day earlier
    for a loss of the next day). ``events`` are the indexes of the day's events in the list that was evaluated; an age
    that was reached has none. ``last_month`` is the last insured month of the type before, None when it has none;
    ``first_month`` the first month of the type after. ``code`` is the code of the reason for the report (取得理由 or
    喪失理由), None where the table has none.
    """

    kind: Kind
    day: date
    effect_on: date
    before: InsuredType | None
    after: InsuredType | None
    reason: str
    code: str | None
    article: str
    last_month: int | None
    first_month: int | None
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """台帳異動: 市内転入・転出, which never move the qualification."""

    date: date
    type: EventType


@dataclass(frozen=True, slots=True)
class Qualification:
    """被保険者資格: periods, months and every change that led to them, in order of time."""

    periods: tuple[Period, ...]
    month_ranges: tuple[MonthRange, ...]
    ledger: tuple[LedgerEntry, ...]
    changes: tuple[Change, ...]

    @property
    def month_counts(self) -> Mapping[InsuredType, int]:
        """種別ごとの月数; types without months are left out."""
        counts: dict[InsuredType, int] = {}
        for months in sorted(self.month_ranges, key=lambda item: item.type):
            counts[months.type] = counts.get(months.type, 0) + months.months
        return counts

    @property
    def current(self) -> Period | None:
        """いま続いている期間: the period open at the end of what was evaluated."""
        last = self.periods[-1] if self.periods else None
        return last if last is not None and last.lost_on is None else None

    def change_of(self, event: int) -> Change | None:
        """異動一件の結果: what the event with this index (among those of its day) did, None when nothing changed."""
        return next((change for change in self.changes if event in change.events), None)

    def changes_on(self, day: date) -> tuple[Change, ...]:
        """その日を原因の日とする資格の異動."""
        return tuple(change for change in self.changes if change.effect_on == day)


class QualificationError(InputError):
    """資格の判定ができない異動: a 申出 that leads to no voluntary type; ``field`` names the event."""
