"""被保険者資格 (qualification): one change as the counter asks for it, and what holds for every history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokunen.law.engine import month_of, month_text
from kokunen.law.rules.qualification import (
    Change,
    DependenceEnd,
    Event,
    EventType,
    InsuredType,
    Kind,
    Qualification,
    QualificationError,
    StartState,
    effect_day,
    evaluate,
    explain,
    explain_change,
)

BORN = date(1986, 5, 10)
DAY = timedelta(days=1)


def change_of(*events: Event, born: date = BORN, **facts: Any) -> Change:
    change = evaluate(born, events, **facts).change_of(len(events) - 1)
    assert change is not None
    return change


# --- 一件の異動 -----------------------------------------------------------------------------------------------------


@pytest.mark.function("S1-1")
def test_国外転出は翌日に喪失する() -> None:
    change = change_of(Event(date(2026, 11, 20), EventType.LEAVE_JAPAN))
    assert (change.kind, change.day, change.effect_on) == (Kind.LOSS, date(2026, 11, 21), date(2026, 11, 20))
    assert (change.article, change.code, change.before, change.after) == ("国民年金法第9条第2号", "02", "1", None)
    assert change.last_month is not None and month_text(change.last_month) == "2026-10"
    assert change.first_month is None
    assert explain_change(change).sentences == (
        (
            "令和8年11月20日の国外への転出により、その翌日の令和8年11月21日に第1号被保険者の資格を喪失します"
            "（国民年金法第9条第2号）。第1号被保険者の最後の月は令和8年10月です（国民年金法第11条）。"
        ),
    )


@pytest.mark.function("S1-1")
def test_国外からの転入はその日に取得する() -> None:
    change = change_of(
        Event(date(2026, 11, 5), EventType.ENTER_JAPAN), start=StartState(date(2010, 4, 1), in_japan=False)
    )
    assert (change.kind, change.day, change.article) == (Kind.ACQUISITION, date(2026, 11, 5), "国民年金法第8条第2号")
    assert (change.code, change.last_month) == ("09", None)
    assert change.first_month is not None and month_text(change.first_month) == "2026-11"
    assert explain_change(change).sentences == (
        (
            "国外からの転入により、令和8年11月5日に第1号被保険者の資格を取得します（国民年金法第8条第2号）。"
            "第1号被保険者の最初の月は令和8年11月です（国民年金法第11条）。"
        ),
    )


@pytest.mark.function("S1-1")
def test_20歳到達は誕生日の前日に取得する() -> None:
    (change,) = evaluate(date(2006, 12, 1), [], as_of=date(2026, 11, 30)).changes_on(date(2026, 11, 30))
    assert (change.kind, change.day, change.article) == (Kind.ACQUISITION, date(2026, 11, 30), "国民年金法第8条第1号")
    assert (change.code, change.events) == ("01", ())
    assert evaluate(date(2006, 12, 1), [], as_of=date(2026, 11, 29)).changes == ()


@pytest.mark.function("S1-1")
def test_死亡は翌日に喪失する() -> None:
    change = change_of(Event(date(2026, 11, 30), EventType.DEATH))
    assert (change.day, change.article, change.code) == (date(2026, 12, 1), "国民年金法第9条第1号", "01")
    assert change.last_month is not None and month_text(change.last_month) == "2026-11"


@pytest.mark.function("S1-1")
def test_退職は最後の勤務日の翌日に第1号へ変わる() -> None:
    change = change_of(
        Event(date(2026, 10, 31), EventType.EMPLOYMENT_END), start=StartState(date(2015, 4, 1), employed=True)
    )
    assert (change.kind, change.day, change.before, change.after) == (Kind.TYPE_CHANGE, date(2026, 11, 1), "2", "1")
    assert (change.code, change.article) == ("02", "国民年金法第7条第1項第1号")
    assert explain_change(change).sentences == (
        (
            "厚生年金保険の資格喪失（退職など）により、令和8年11月1日に第2号被保険者から第1号被保険者へ種別が変わります"
            "（国民年金法第7条第1項第1号）。第2号被保険者の最後の月は令和8年10月、"
            "第1号被保険者の最初の月は令和8年11月です（国民年金法第11条の2）。"
        ),
    )


@pytest.mark.function("S1-1")
@pytest.mark.parametrize(
    ("events", "start"),
    [
        ([Event(date(2026, 11, 10), EventType.CITY_MOVE_IN)], StartState(date(2015, 4, 1))),
        ([Event(date(2026, 11, 10), EventType.LEAVE_JAPAN)], StartState(date(2015, 4, 1), employed=True)),
        ([Event(date(2026, 11, 10), EventType.ENTER_JAPAN)], StartState(date(2015, 4, 1))),
    ],
    ids=["市内転入", "第2号の国外転出", "国内にいる人の転入"],
)
def test_資格を動かさない異動(events: list[Event], start: StartState) -> None:
    qualification = evaluate(BORN, events, start=start, as_of=date(2026, 11, 30))
    assert qualification.change_of(0) is None
    assert qualification.current is not None and qualification.current.acquired_on == start.date


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (DependenceEnd.SPOUSE_EMPLOYMENT_ENDED, "04"),
        (DependenceEnd.INCOME, "05"),
        (DependenceEnd.DIVORCE, "06"),
        (DependenceEnd.SPOUSE_65, "07"),
        (DependenceEnd.SPOUSE_DEATH, "08"),
        (DependenceEnd.OTHER, "99"),
    ],
)
def test_被扶養配偶者でなくなった理由は取得理由コードになる(reason: DependenceEnd, code: str) -> None:
    start = StartState(date(2015, 4, 1), dependent=True)
    assert change_of(Event(date(2026, 11, 15), EventType.DEPENDENT_END, reason), start=start).code == code


def test_任意加入の喪失には任意加入の理由コードがつく() -> None:
    apply = Event(date(2047, 6, 1), EventType.VOLUNTARY_APPLY)
    leave = change_of(apply, Event(date(2048, 1, 31), EventType.LEAVE_JAPAN))
    assert (leave.code, leave.article) == ("14", "国民年金法附則第5条")
    special = change_of(
        Event(date(2026, 2, 10), EventType.VOLUNTARY_APPLY),
        Event(date(2026, 9, 30), EventType.OLD_AGE_RIGHT_START),
        born=date(1958, 5, 2),
        old_age_right_at_65=False,
        start=StartState(date(2025, 4, 1)),
    )
    assert (special.code, special.article, special.day) == ("15", "平成16年法律第104号附則第23条", date(2026, 10, 1))


def test_履歴の前の異動と二度目の死亡は扱えない() -> None:
    with pytest.raises(QualificationError, match="2020-04-01以後") as early:
        evaluate(BORN, [Event(date(2019, 1, 1), EventType.DEATH)], start=StartState(date(2020, 4, 1)))
    assert (early.value.field, early.value.code) == ("events[0].date", "out_of_range")
    with pytest.raises(QualificationError, match="死亡は1回") as twice:
        evaluate(BORN, [Event(date(2026, 1, 1), EventType.DEATH)] * 2)
    assert (twice.value.field, twice.value.code) == ("events[1].type", "inconsistent")


def test_暦の終わりでも計算できる() -> None:
    end = date(9999, 12, 31)
    qualification = evaluate(
        date(9970, 1, 1), [Event(end, EventType.EMPLOYMENT_END), Event(end, EventType.DEATH)], as_of=end
    )
    assert qualification.periods[-1].type == "1"


def test_説明は計算の順に並び答えのすべてに届く() -> None:
    qualification = evaluate(
        BORN, [Event(date(2026, 11, 20), EventType.LEAVE_JAPAN)], start=StartState(date(2015, 4, 1))
    )
    steps = {step.name: step for step in explain(qualification, BORN).steps}
    assert list(steps)[:4] == ["reached_20_on", "reached_60_on", "reached_65_on", "reached_70_on"]
    assert steps["changes[0].day"].value == date(2026, 11, 21)
    assert steps["changes[0].day"].article == "国民年金法第9条第2号"
    assert steps["month_counts.1"].value == sum(qualification.month_counts.values()) == 139


# --- すべての履歴に成り立つこと -------------------------------------------------------------------------------------

QUIET = [kind for kind in EventType if kind not in {EventType.VOLUNTARY_APPLY, EventType.DEATH}]
days = st.one_of(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.dates(date(1990, 1, 1), date(1990, 2, 3)))


@st.composite
def histories(draw: st.DrawFn, kinds: Sequence[EventType] = QUIET) -> dict[str, Any]:
    start = StartState(date(1990, 1, 1), *(draw(st.booleans()) for _ in range(5)))
    chosen = draw(st.lists(st.tuples(days, st.sampled_from(kinds), st.booleans()), max_size=8))
    events = [
        Event(day, kind, residence_exception=flag and kind is EventType.DEPENDENT_START) for day, kind, flag in chosen
    ]
    if draw(st.booleans()):
        events.append(Event(draw(days), EventType.DEATH))
    return {
        "birth_date": draw(st.dates(date(1930, 1, 1), date(2020, 12, 31))),
        "events": events,
        "japanese": draw(st.booleans()),
        "old_age_right_at_65": draw(st.booleans()),
        "start": start,
        "as_of": draw(st.dates(date(1990, 1, 1), date(2070, 12, 31))),
    }


with_applications = histories([*QUIET, *[EventType.VOLUNTARY_APPLY] * 8])


def try_evaluate(facts: dict[str, Any]) -> Qualification | None:
    try:
        return evaluate(**facts)
    except QualificationError as error:
        assert error.code == "inconsistent" and error.field.startswith("events[")
        return None


def months_by_hand(qualification: Qualification, as_of: date) -> dict[int, InsuredType]:
    """法11条・11条の2 month by month, written the long way."""
    months: dict[int, InsuredType] = {}
    spell: list[Any] = []
    for index, period in enumerate(qualification.periods):
        spell = [*spell, period] if period.start_kind is Kind.TYPE_CHANGE else [period]
        following = qualification.periods[index + 1 : index + 2]
        if following and following[0].start_kind is Kind.TYPE_CHANGE:
            continue
        first = month_of(spell[0].acquired_on)
        end = month_of(as_of) if period.lost_on is None else max(month_of(period.lost_on) - 1, first)
        for month in range(first, end + 1):
            months[month] = [part.type for part in spell if month_of(part.acquired_on) <= month][-1]
    return months


@settings(max_examples=300, deadline=None)
@given(with_applications)
def test_期間は重ならず月は合計に合う(facts: dict[str, Any]) -> None:
    qualification = try_evaluate(facts)
    if qualification is None:
        return
    for period in qualification.periods:
        assert period.lost_on is None or period.acquired_on < period.lost_on
        assert (period.lost_on is None) == (period.loss_reason is None) == (period.end_kind is None)
    for one, other in zip(qualification.periods, qualification.periods[1:], strict=False):
        assert one.lost_on is not None and one.lost_on <= other.acquired_on
        joined = one.end_kind is Kind.TYPE_CHANGE
        assert joined == (other.start_kind is Kind.TYPE_CHANGE)
        assert not joined or (one.lost_on == other.acquired_on and one.type is not other.type)
    for first, second in zip(qualification.month_ranges, qualification.month_ranges[1:], strict=False):
        assert first.last < second.first
        assert first.type is not second.type or first.last + 1 < second.first
    by_range = {month: item.type for item in qualification.month_ranges for month in range(item.first, item.last + 1)}
    assert by_range == months_by_hand(qualification, facts["as_of"])
    assert sum(qualification.month_counts.values()) == len(by_range)
    assert all(month <= month_of(facts["as_of"]) for month in by_range)


@settings(max_examples=200, deadline=None)
@given(with_applications, st.randoms(use_true_random=False))
def test_異なる日の異動は順序によらない(facts: dict[str, Any], random: Any) -> None:
    if len({effect_day(event) for event in facts["events"]}) != len(facts["events"]):
        return
    shuffled = list(facts["events"])
    random.shuffle(shuffled)
    one, other = try_evaluate(facts), try_evaluate({**facts, "events": shuffled})
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert (one.periods, one.month_ranges, one.ledger) == (other.periods, other.month_ranges, other.ledger)


@settings(max_examples=200, deadline=None)
@given(with_applications, days)
def test_基準日までの答えは後の異動によらない(facts: dict[str, Any], as_of: date) -> None:
    facts["as_of"] = as_of
    known = [event for event in facts["events"] if (effect_day(event) or date.max) <= as_of]
    one, other = try_evaluate(facts), try_evaluate({**facts, "events": known})
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert (one.periods, one.month_ranges) == (other.periods, other.month_ranges)


def facts_by_day(facts: dict[str, Any]) -> Iterator[tuple[date, dict[str, bool]]]:
    """The facts after each day on which something happened, found by looking back at every event."""
    turning = {effect_day(event) for event in facts["events"]} - {None}
    for day in sorted(day for day in turning if day is not None and day <= facts["as_of"]):
        state = {
            name: getattr(facts["start"], name)
            for name in ("in_japan", "employed", "dependent", "old_age_right", "excluded")
        }
        state |= {"exception": False, "dead": False}
        done = [event for event in facts["events"] if (effect_day(event) or date.max) <= day]
        for event in sorted(done, key=lambda event: effect_day(event) or date.max):
            kind = event.type.value
            match kind:
                case "enter_japan" | "leave_japan":
                    state["in_japan"] = kind == "enter_japan"
                case "employment_start" | "employment_end":
                    state["employed"] = kind == "employment_start"
                case "dependent_start":
                    state |= {"dependent": True, "exception": event.residence_exception}
                case "dependent_end" | "spouse_employment_end":
                    state["dependent"] = False
                case "old_age_right_start" | "old_age_right_end":
                    state["old_age_right"] = kind == "old_age_right_start"
                case "excluded_start" | "excluded_end":
                    state["excluded"] = kind == "excluded_start"
                case "death":
                    state["dead"] = True
        yield day, state


def type_by_hand(facts: dict[str, Any], day: date, state: dict[str, bool]) -> str | None:
    """第1号から第3号までのどれか, from the facts of one day (age counted by the day before the birthday)."""
    born, tomorrow = facts["birth_date"], day + DAY
    age = tomorrow.year - born.year - ((tomorrow.month, tomorrow.day) < (born.month, born.day))
    if (born.month, born.day) == (2, 29) and (tomorrow.month, tomorrow.day) == (2, 29):
        age = tomorrow.year - born.year
    if (born.month, born.day) == (2, 29) and (day.month, day.day) == (2, 28):
        age = day.year - born.year
    if state["dead"]:
        return None
    if state["employed"] and age < 70 and not (age >= 65 and (facts["old_age_right_at_65"] or state["old_age_right"])):
        return "2"
    if 20 <= age < 60 and not state["excluded"]:
        if state["dependent"] and (state["in_japan"] or state["exception"]):
            return "3"
        if state["in_japan"] and not state["old_age_right"]:
            return "1"
    return None


@settings(max_examples=300, deadline=None)
@given(histories())
def test_申出のない人の種別は毎日の状態から出る(facts: dict[str, Any]) -> None:
    """On the day after each event the type that is held is the one the facts of that day give."""
    qualification = evaluate(**facts)
    turning = [day for day, _ in facts_by_day(facts)]
    for day, state in facts_by_day(facts):
        check = day + DAY
        if check in turning or check > facts["as_of"] or day < facts["start"].date:
            continue
        held = [
            p.type for p in qualification.periods if p.acquired_on <= check and (p.lost_on is None or check < p.lost_on)
        ]
        assert [type_by_hand(facts, check, state)] == (held or [None])


@settings(max_examples=100, deadline=None)
@given(st.lists(histories(), min_size=2, max_size=4))
def test_他の人によらない(people: list[dict[str, Any]]) -> None:
    alone = [evaluate(**facts) for facts in people]
    backwards = [evaluate(**facts) for facts in reversed(people)]
    assert alone == backwards[::-1]
