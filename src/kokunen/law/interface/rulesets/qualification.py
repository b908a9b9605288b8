"""被保険者資格 (qualification): events of a person's life in, insured periods and months out."""

from __future__ import annotations

from datetime import date
from typing import Any

from kokunen.law.engine.months import month_text
from kokunen.law.interface.errors import Code
from kokunen.law.interface.fields import Boolean, Day, Enum, List, Object, Record
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one
from kokunen.law.rules.qualification import (
    DependenceEnd,
    Event,
    EventType,
    Period,
    Qualification,
    StartState,
    evaluate,
    explain,
)


def _first_day(root: Record) -> date:
    """The first day of the history: that of the start state, else birth."""
    start = root.get("start_state")
    day: date = root["birth_date"] if start is None else start["date"]
    return day


FIELDS = (
    Day(name="birth_date", label="生年月日", required=True, low=date(1926, 4, 2)),
    Boolean(name="japanese", label="日本国籍", default=True),
    Boolean(name="old_age_right_at_65", label="65歳での老齢給付の受給権", default=True),
    Object(
        name="start_state",
        label="はじめの状態",
        fields=(
            Day(name="date", label="履歴の初日", required=True),
            Boolean(name="in_japan", label="国内住所", default=True),
            Boolean(name="employed", label="厚生年金保険の被保険者", default=False),
            Boolean(name="dependent", label="被扶養配偶者", default=False),
            Boolean(name="old_age_right", label="厚年老齢給付等の受給権", default=False),
            Boolean(name="excluded", label="適用除外", default=False),
        ),
    ),
    List(
        name="events",
        label="異動",
        required=True,
        high=500,
        item=Object(
            name="event",
            label="異動",
            fields=(
                Day(name="date", label="異動の日", required=True, low=_first_day),
                Enum(name="type", label="異動の種類", values=tuple(EventType), required=True),
                Enum(name="reason", label="3号非該当の理由", values=tuple(DependenceEnd)),
                Boolean(name="residence_exception", label="国内居住要件の例外", default=False),
            ),
        ),
    ),
    Day(name="as_of", label="基準日", low=_first_day),
)


def conditions(record: Record) -> None:
    """理由は被扶養配偶者でなくなったとき、例外は被扶養配偶者になったときだけ; a person dies once."""
    died = False
    for event in record["events"]:
        kind = event["type"]
        if kind == EventType.DEATH:
            if died:
                message = "死亡は1回だけ指定できます。2回目の死亡を除いてください（入力値: death）"
                event.refuse("type", Code.INCONSISTENT, message)
            died = True
        if kind != EventType.DEPENDENT_END:
            event.forbid(("reason",), "被扶養配偶者でなくなった異動（dependent_end）でないとき")
        if kind != EventType.DEPENDENT_START:
            event.forbid(("residence_exception",), "被扶養配偶者になった異動（dependent_start）でないとき")


def answer(record: Record, explain_it: bool) -> Answer:
    """資格の判定の答え."""
    qualification = evaluate(
        record["birth_date"],
        [_event(event) for event in record["events"]],
        japanese=record["japanese"],
        old_age_right_at_65=record["old_age_right_at_65"],
        start=StartState(**record["start_state"]) if "start_state" in record else None,
        as_of=record.get("as_of"),
    )
    steps = explain(qualification, record["birth_date"]).steps if explain_it else ()
    return Answer(_result(qualification), steps)


def _event(record: Record) -> Event:
    reason = DependenceEnd(record["reason"]) if "reason" in record else DependenceEnd.OTHER
    return Event(record["date"], EventType(record["type"]), reason, record["residence_exception"])


def _result(qualification: Qualification) -> dict[str, Any]:
    return {
        "periods": [_period(period) for period in qualification.periods],
        "month_ranges": [
            {"type": item.type, "from": month_text(item.first), "to": month_text(item.last), "months": item.months}
            for item in qualification.month_ranges
        ],
        "month_counts": {insured.value: months for insured, months in qualification.month_counts.items()},
        "ledger": [{"date": entry.date, "type": entry.type} for entry in qualification.ledger],
    }


def _period(period: Period) -> dict[str, Any]:
    return {
        "type": period.type,
        "acquired_on": period.acquired_on,
        "acquisition_reason": period.acquisition_reason,
        "start_kind": period.start_kind,
        "lost_on": period.lost_on,
        "loss_reason": period.loss_reason,
        "end_kind": period.end_kind,
    }


RULESET = Ruleset(
    name="qualification", label="被保険者資格", fields=FIELDS, conditions=conditions, evaluate=one_by_one(answer)
)
