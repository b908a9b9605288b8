"""免除期間 (exemption-period): a day of fact in, the months of exemption or of an application out."""

from __future__ import annotations

from typing import Any

from kokunen.law.engine.months import month_of, month_text
from kokunen.law.interface.errors import Code
from kokunen.law.interface.fields import Boolean, Day, Enum, Month, Record
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one
from kokunen.law.rules.exemption.months import (
    Scheme,
    application_window,
    deferral_last_month,
    explain_window,
    month_step,
)
from kokunen.law.rules.exemption_period import Period, childcare, maternity, statutory

MATERNITY, CHILDCARE, STATUTORY = "maternity", "childcare", "statutory"
WINDOW, DEFERRAL = "application_window", "deferral_limit"

FIELDS = (
    Enum(name="kind", label="区分", values=(MATERNITY, CHILDCARE, STATUTORY, WINDOW, DEFERRAL), required=True),
    Day(name="due_date", label="出産予定日"),
    Day(name="birth_date", label="出産日または生年月日"),
    Boolean(name="notified_before_birth", label="出産前の届出", default=False),
    Boolean(name="multiple", label="多胎", default=False),
    Enum(name="parent", label="養育者の区分", values=("birth_mother", "other")),
    Month(name="maternity_to", label="産前産後免除の終月"),
    Day(name="raising_start_date", label="養育開始日"),
    Day(name="raising_end_date", label="養育終了日"),
    Enum(name="ground", label="該当事由", values=("disability_pension", "livelihood_assistance", "facility")),
    Day(name="start_date", label="該当日"),
    Day(name="end_date", label="消滅日"),
    Day(name="application_date", label="申請日"),
    Enum(name="scheme", label="制度", values=tuple(Scheme), default=Scheme.GENERAL.value),
)

BELONGS = {
    MATERNITY: ("due_date", "birth_date", "notified_before_birth", "multiple"),
    CHILDCARE: ("birth_date", "parent", "maternity_to", "raising_start_date", "raising_end_date"),
    STATUTORY: ("ground", "start_date", "end_date"),
    WINDOW: ("application_date", "scheme"),
    DEFERRAL: ("birth_date",),
}
REQUIRED = {
    MATERNITY: (),
    CHILDCARE: ("birth_date", "parent"),
    STATUTORY: ("ground", "start_date"),
    WINDOW: ("application_date",),
    DEFERRAL: ("birth_date",),
}
NAMES = {
    MATERNITY: "産前産後免除",
    CHILDCARE: "育児期間免除",
    STATUTORY: "法定免除",
    WINDOW: "申請できる期間",
    DEFERRAL: "納付猶予の年齢の限度",
}


def conditions(record: Record) -> None:
    """区分ごとに使う項目, in table order."""
    kind = record["kind"]
    when = f"{NAMES[kind]}のとき"
    for field in FIELDS[1:]:
        if field.name not in BELONGS[kind]:
            record.forbid((field.name,), when)
        elif field.name in REQUIRED[kind]:
            record.require(field.name, when)
        elif kind == MATERNITY and field.name == "due_date":
            if record["notified_before_birth"]:
                record.require("due_date", "出産前の届出のとき")
            elif "birth_date" not in record:
                record.require("due_date", "産前産後免除で出産日がないとき")
    if "end_date" in record and record["end_date"] < record["start_date"]:
        record.refuse("end_date", Code.INCONSISTENT, "消滅日は該当日以後の日付で指定してください")


def answer(record: Record, explain: bool) -> Answer:
    """年月の答え."""
    kind = record["kind"]
    if kind == MATERNITY:
        return _maternity(record, explain)
    if kind == CHILDCARE:
        period = childcare(
            record["birth_date"],
            birth_mother=record["parent"] == "birth_mother",
            maternity_to=record.get("maternity_to"),
            raising_start=record.get("raising_start_date"),
            raising_end=record.get("raising_end_date"),
        )
        return Answer(_written(period), period.steps if explain else ())
    if kind == STATUTORY:
        period = statutory(record["start_date"], record.get("end_date"))
        return Answer(_written(period), period.steps if explain else ())
    return _window(record, explain) if kind == WINDOW else _deferral(record, explain)


def _maternity(record: Record, explain: bool) -> Answer:
    by_birth = "birth_date" in record and not record["notified_before_birth"]
    field = "birth_date" if by_birth else "due_date"
    period = maternity(record[field], multiple=record["multiple"], field=field)
    base_month = month_text(month_of(record[field]))
    return Answer({**_written(period), "base_month": base_month}, period.steps if explain else ())


def _window(record: Record, explain: bool) -> Answer:
    scheme = Scheme(record["scheme"])
    window = application_window(record["application_date"], scheme)
    result = {
        "from": month_text(window.earliest),
        "to": month_text(window.latest),
        "months": window.latest - window.earliest + 1,
        "earliest_month": month_text(window.earliest),
        "latest_month": month_text(window.latest),
        "cycles": [
            {
                "cycle_year": cycle.year,
                "from": month_text(cycle.first),
                "to": month_text(cycle.last),
                "income_year": cycle.income_year,
            }
            for cycle in window.cycles
        ],
    }
    return Answer(result, explain_window(window, scheme) if explain else ())


def _deferral(record: Record, explain: bool) -> Answer:
    last = deferral_last_month(record["birth_date"])
    article = "平成16年法律第104号附則第19条、平成26年法律第64号附則第14条"
    steps = [
        month_step("age_reached_month", "50歳に達する日の属する月", last + 1, article),
        month_step("last_month", "納付猶予のできる最後の月", last, article),
    ]
    result = {"from": None, "to": None, "months": 0, "last_month": month_text(last)}
    return Answer(result, steps if explain else ())


def _written(period: Period) -> dict[str, Any]:
    return {
        "from": None if period.first is None else month_text(period.first),
        "to": None if period.last is None else month_text(period.last),
        "months": period.months,
    }


RULESET = Ruleset(
    name="exemption-period",
    label="免除期間",
    fields=FIELDS,
    conditions=conditions,
    evaluate=one_by_one(answer),
)
