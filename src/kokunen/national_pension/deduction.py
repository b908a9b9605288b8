"""資格の導出: what a fact means for the recorded periods of a person, as `kokunen.law.rules.qualification` has it.

Nothing here knows a day rule. The recorded state and the fact are put into the words of the ruleset, the law answers
with periods, and the difference to what is recorded is the `Plan`: which period ends on which day, which begins, why,
by which article, and which insured month is the first or the last. The same plan stands before the officer as a
proposal and is what a confirmation writes, so that a screen can never show other days than the record gets.

A loss by age that lies ahead (60歳, 65歳, 70歳) is not part of a plan until its day comes; it is shown as the
expected end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.wareki import format_wareki
from kokunen.law.engine.months import month_text
from kokunen.law.rules.qualification import (
    Change,
    DependenceEnd,
    Event,
    EventType,
    Kind,
    Period,
    Qualification,
    StartState,
    evaluate,
    explain_change,
)
from kokunen.national_pension.choices import (
    ACQUISITION_REASONS,
    LOSS_REASONS,
    SHORT_TYPE_LABELS,
    VOLUNTARY_TYPES,
)

_DAY = timedelta(days=1)
_BEFORE_FACT = timedelta(
    days=366
)  # how long an unrecorded state is assumed to have lasted before the fact that ended it
AGE_LOSSES = ("reached_60", "reached_65", "reached_70")

# State in the words of the ruleset that a recorded open period stands for.
_STATE_OF_TYPE: dict[str, dict[str, bool]] = {
    "1": {},
    "2": {"employed": True},
    "3": {"dependent": True},
    "4": {"old_age_right": True},
    "5": {},
    "6": {"in_japan": False},
    "7": {},
    "8": {"in_japan": False},
}
# What must have been true before a fact could happen, when the record does not tell.
_STATE_BEFORE_FACT: dict[str, dict[str, bool]] = {
    "employment_end": {"employed": True},
    "dependent_end": {"dependent": True},
    "spouse_employment_end": {"dependent": True},
    "old_age_right_end": {"old_age_right": True},
    "excluded_end": {"excluded": True},
    "enter_japan": {"in_japan": False},
}
_ABROAD_LOSSES = ("02", "14")


@dataclass(frozen=True, slots=True)
class Held:
    """記録されている資格期間: [acquired_on, lost_on), codes of T1, T2, T3; `id` of the stored version, if it is
    stored.
    """

    insured_type: str
    acquired_on: date
    acquisition_reason: str
    lost_on: date | None = None
    loss_reason: str = ""
    id: int | None = None

    @property
    def is_open(self) -> bool:
        """継続中か"""
        return self.lost_on is None


@dataclass(frozen=True, slots=True)
class Fact:
    """事実: what happened, in the words of the ruleset (`employment_end` is told by the last working day)."""

    kind: str
    on: date
    reason: str = ""
    residence_exception: bool = False

    def as_event(self) -> Event:
        """The fact as an event of the rules."""
        reason = DependenceEnd(self.reason) if self.reason else DependenceEnd.OTHER
        return Event(self.on, EventType(self.kind), reason, self.residence_exception)


@dataclass(frozen=True, slots=True)
class Subject:
    """対象者: what the law asks of the person besides the events."""

    birth_date: date
    japanese: bool = True
    old_age_right_at_65: bool = True


@dataclass(frozen=True, slots=True)
class Ending:
    """終わる期間: the recorded period ends on `lost_on` (first day without it), for a reason of T3."""

    held: Held
    lost_on: date
    loss_reason: str
    last_month: str | None


@dataclass(frozen=True, slots=True)
class Beginning:
    """始まる期間: a period to be added; `joins` when it follows another without a gap (種別変更)."""

    insured_type: str
    acquired_on: date
    acquisition_reason: str
    lost_on: date | None
    loss_reason: str
    first_month: str | None
    joins: bool

    def as_held(self) -> Held:
        """The period as it will be recorded."""
        return Held(self.insured_type, self.acquired_on, self.acquisition_reason, self.lost_on, self.loss_reason)


@dataclass(frozen=True, slots=True)
class Plan:
    """処理案: what follows from the facts. Empty `endings` and `beginnings`: nothing changes."""

    facts: tuple[Fact, ...]
    endings: tuple[Ending, ...]
    beginnings: tuple[Beginning, ...]
    expected_end_on: date | None = None
    expected_end_reason: str = ""
    article: str = ""
    sentences: tuple[str, ...] = ()
    steps: tuple[dict[str, Any], ...] = field(default=())

    @property
    def changes_nothing(self) -> bool:
        """変更なし"""
        return not self.endings and not self.beginnings

    @property
    def effective_on(self) -> date | None:
        """効力の日: the first day on which the record differs."""
        days = [ending.lost_on for ending in self.endings] + [begin.acquired_on for begin in self.beginnings]
        return min(days) if days else None

    @property
    def last_month(self) -> str | None:
        """最後の被保険者月 (YYYY-MM) of the period that ends."""
        return self.endings[0].last_month if self.endings else None

    @property
    def first_month(self) -> str | None:
        """最初の被保険者月 (YYYY-MM) of the period that begins."""
        return self.beginnings[0].first_month if self.beginnings else None


def deduce(
    subject: Subject,
    held: Sequence[Held],
    facts: Sequence[Fact],
    *,
    today: date,
    horizon: date | None = None,
) -> Plan:
    """導く: the plan that follows from `facts`, given what is recorded now.

    `horizon` is the last day up to which ages count (default: today, or the day after the last fact if that is
    later); a list of people who turn 20 next month asks with a horizon of that day. Raises Conflict when a later
    period is already recorded (that is a matter of 訂正), InputError when the law cannot take the facts.
    """
    until = max(filter(None, (today, horizon, *(fact.on + _DAY for fact in facts))))
    first = min((fact.on for fact in facts), default=until)
    anchor = _anchor(held, first, facts)
    start, events = _history(subject, anchor, facts)
    old_age_right = subject.old_age_right_at_65 and not (anchor and anchor.insured_type in ("7", "8"))
    judged = _judge(subject, old_age_right, start, events, until)
    periods = list(judged.periods)
    changes = list(judged.changes)
    endings: tuple[Ending, ...] = ()
    if anchor is not None and anchor.is_open:
        own = _own_period(anchor, periods)
        changes = [change for change in changes if not (change.before is None and change.day == own.acquired_on)]
        if own.lost_on is not None:
            ended = next(change for change in changes if change.day == own.lost_on)
            reason = loss_code(own.loss_reason or "", own.type)
            endings = (Ending(anchor, own.lost_on, reason, _month(ended.last_month)),)
    elif facts:
        # what the assumed state before the fact would have given is not the section's to record
        periods = [period for period in periods if period.acquired_on >= first]
        changes = [change for change in changes if change.day >= first]
    begun = [period for period in periods if period.acquisition_reason != "carried_in"]
    expected = _expected_end(subject, old_age_right, start, events, until)
    told = [explain_change(change) for change in changes]
    return Plan(
        facts=tuple(facts),
        endings=endings,
        beginnings=tuple(_beginning(period, changes) for period in begun),
        expected_end_on=expected.lost_on if expected else None,
        expected_end_reason=loss_code(expected.loss_reason or "", expected.type) if expected else "",
        article=changes[0].article if changes else "",
        sentences=tuple(sentence for one in told for sentence in one.sentences),
        steps=tuple(step.as_json() for one in told for step in one.steps),
    )


def _judge(
    subject: Subject, old_age_right: bool, start: StartState | None, events: Sequence[Event], until: date | None
) -> Qualification:
    try:
        return evaluate(
            subject.birth_date,
            events,
            japanese=subject.japanese,
            old_age_right_at_65=old_age_right,
            start=start,
            as_of=until,
        )
    except InputError as error:
        raise InputError(error.message, field="fact_on", code=error.code, hint=error.hint) from error


def _own_period(anchor: Held, periods: list[Period]) -> Period:
    """Take the recorded period out of the answer; the law must see it as it stands in the record."""
    if not periods or periods[0].type != anchor.insured_type or periods[0].acquired_on != anchor.acquired_on:
        raise Conflict(
            f"記録されている資格（{SHORT_TYPE_LABELS[anchor.insured_type]}）が年齢などと合いません",
            code="record_against_law",
            hint="先に資格記録を訂正してください。",
        )
    return periods.pop(0)


def _expected_end(
    subject: Subject, old_age_right: bool, start: StartState | None, events: Sequence[Event], until: date
) -> Period | None:
    """The end by age that lies ahead of `until`, of the period that is open then."""
    for period in _judge(subject, old_age_right, start, events, None).periods:
        if period.acquired_on <= until and period.lost_on is not None and period.lost_on > until:
            return period if period.loss_reason in AGE_LOSSES else None
    return None


def _beginning(period: Period, changes: Sequence[Change]) -> Beginning:
    began = next((change for change in changes if change.day == period.acquired_on and change.after), None)
    return Beginning(
        insured_type=str(period.type),
        acquired_on=period.acquired_on,
        acquisition_reason=ACQUISITION_REASONS.of_law_word(period.acquisition_reason).code,
        lost_on=period.lost_on,
        loss_reason=loss_code(period.loss_reason, period.type) if period.loss_reason else "",
        first_month=_month(began.first_month) if began else None,
        joins=period.start_kind is Kind.TYPE_CHANGE,
    )


def _month(number: int | None) -> str | None:
    return None if number is None else month_text(number)


def loss_code(word: str, insured_type: str) -> str:
    """喪失理由コード of a reason word; the same event has codes of its own for 任意 and 特例任意."""
    if word == "left_japan" and insured_type in VOLUNTARY_TYPES:
        return "14"
    if word == "old_age_right" and insured_type in ("7", "8"):
        return "15"
    return LOSS_REASONS.of_law_word(word).code


def _anchor(held: Sequence[Held], first: date, facts: Sequence[Fact]) -> Held | None:
    """The recorded period from which the law goes on: the last one that had begun on the day of the first fact."""
    later = [period for period in held if period.acquired_on > first]
    if later and facts:
        begin = min(later, key=lambda period: period.acquired_on)
        raise Conflict(
            f"{format_wareki(first)}より後に始まる資格期間（{SHORT_TYPE_LABELS[begin.insured_type]}、"
            f"{format_wareki(begin.acquired_on)}から）がすでに記録されています",
            code="later_period",
            hint="届出ではなく、資格記録の訂正で処理してください。",
        )
    earlier = sorted((period for period in held if period.acquired_on <= first), key=lambda period: period.acquired_on)
    return earlier[-1] if earlier else None


def _history(subject: Subject, anchor: Held | None, facts: Sequence[Fact]) -> tuple[StartState | None, list[Event]]:
    """The recorded state and the facts in the words of the rules."""
    events = [fact.as_event() for fact in facts]
    if anchor is not None and anchor.is_open:
        if anchor.insured_type in VOLUNTARY_TYPES:
            events.insert(0, Event(anchor.acquired_on, EventType.VOLUNTARY_APPLY))
        return StartState(anchor.acquired_on, **_STATE_OF_TYPE[anchor.insured_type]), events
    before: dict[str, bool] = {}
    for fact in reversed(facts):
        before |= _STATE_BEFORE_FACT.get(fact.kind, {})
    if anchor is None:
        if not facts:
            return None, events
        begin = max(subject.birth_date, min(fact.on for fact in facts) - _BEFORE_FACT)
        return StartState(begin, **before), events
    assert anchor.lost_on is not None
    early = [fact.on for fact in facts if fact.on < anchor.lost_on]
    if early:
        raise InputError(
            f"{format_wareki(early[0])}は、まだ資格がある期間の中です（喪失日 {format_wareki(anchor.lost_on)}）",
            field="fact_on",
            code="inconsistent",
            hint="日付を確認してください。記録が誤っているときは、資格記録を訂正してください。",
        )
    if not before and anchor.loss_reason in _ABROAD_LOSSES:
        before = {"in_japan": False}
    return StartState(anchor.lost_on, **before), events
