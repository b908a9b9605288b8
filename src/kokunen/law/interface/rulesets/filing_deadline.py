"""届出期限・住民記録の日付 (filing-deadline): last days to file and the days of the resident registry."""

from __future__ import annotations

from datetime import date
from typing import Any

from kokunen.law.interface.fields import Day, Enum, Record
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one
from kokunen.law.rules.filing_deadline import (
    Filing,
    deadline_of,
    explain_deadline,
    explain_removal,
    explain_special,
    explain_support,
    removal_date,
    special_moving_in,
    support_period,
)

SUPPORT, REMOVAL = "support_measure", "moving_out_removal"

FIELDS = (
    Enum(name="kind", label="届出の種類", values=(*Filing, SUPPORT, REMOVAL), required=True),
    Day(name="event_date", label="異動日", required=True, low=date(2000, 1, 1), high=date(2049, 12, 31)),
    Day(name="filed_on", label="届出日"),
    Day(name="planned_moving_out_date", label="転出予定年月日"),
    Day(name="notified_move_in_date", label="転入通知の転入日"),
    Day(name="cancelled_on", label="転出取消の日"),
)


def conditions(record: Record) -> None:
    """届出の種類ごとに使う項目."""
    kind = record["kind"]
    if kind in (SUPPORT, REMOVAL):
        record.forbid(("filed_on",), "届出期限のない種類のとき")
    if kind == Filing.SPECIAL_MOVING_IN:
        record.require("planned_moving_out_date", "特例転入のとき")
    else:
        record.forbid(("planned_moving_out_date",), "特例転入でないとき")
    if kind != REMOVAL:
        record.forbid(("notified_move_in_date", "cancelled_on"), "転出による消除日でないとき")


def answer(record: Record, explain: bool) -> Answer:
    """日付の答え."""
    kind, day = record["kind"], record["event_date"]
    if kind == SUPPORT:
        return _support(day, explain)
    if kind == REMOVAL:
        return _removal(record, explain)
    filed_on = record.get("filed_on")
    if kind == Filing.SPECIAL_MOVING_IN:
        special = special_moving_in(day, record["planned_moving_out_date"])
        result: dict[str, Any] = {
            "nominal_date": special.nominal,
            "nominal_date_30": special.nominal_from_planned,
            "deadline": special.deadline,
            "moved": None,
        }
        in_time = None if filed_on is None else filed_on <= special.deadline
        steps = explain_special(special, in_time) if explain else []
    else:
        deadline = deadline_of(day)
        result = {"nominal_date": deadline.nominal, "deadline": deadline.deadline, "moved": deadline.moved}
        in_time = None if filed_on is None else deadline.is_met_by(filed_on)
        steps = explain_deadline(Filing(kind), deadline, in_time) if explain else []
    if in_time is not None:
        result["in_time"] = in_time
    return Answer(result, steps)


def _support(start: date, explain: bool) -> Answer:
    period = support_period(start)
    following = period.extended()
    result = {
        "start_date": period.start,
        "end_date": period.end,
        "extension_from": period.extension_from,
        "next_period": {"start_date": following.start, "end_date": following.end},
    }
    return Answer(result, explain_support(period) if explain else ())


def _removal(record: Record, explain: bool) -> Answer:
    planned, notified = record["event_date"], record.get("notified_move_in_date")
    removed = removal_date(planned, notified, cancelled="cancelled_on" in record)
    result = {"planned_date": planned, "confirmed_date": notified, "removal_date": removed}
    return Answer(result, explain_removal(planned, notified, removed) if explain else ())


RULESET = Ruleset(
    name="filing-deadline",
    label="届出期限・住民記録の日付",
    fields=FIELDS,
    conditions=conditions,
    evaluate=one_by_one(answer),
)
