"""免除・納付猶予・学生納付特例の判定 (exemption): an application in, the result of every month out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kokunen.kernel.errors import InputError
from kokunen.law.engine.months import month_text
from kokunen.law.interface.errors import Code, LineError
from kokunen.law.interface.fields import Boolean, Day, Enum, Integer, List, Month, Object, Record
from kokunen.law.interface.ruleset import Answer, Outcome, Ruleset
from kokunen.law.rules.exemption import (
    DATED_GROUNDS,
    GROUNDS,
    ORDER,
    Application,
    CycleResult,
    Decision,
    Ground,
    Income,
    Judgement,
    Kind,
    Person,
    Scheme,
    Status,
    decide_all,
    deferral_last_month,
)
from kokunen.law.rules.exemption import explain as explain_decision
from kokunen.law.rules.exemption.months import latest_value

_PERSONS = ((0, 20),)
_YEN = ((0, 999_999_999_999),)
_DISABLED = ("dependants_disabled", "dependants_special_disabled")
PEOPLE = {"applicant": "申請者", "spouse": "配偶者", "householder": "世帯主"}

_DEPENDANTS = Object(
    name="dependants",
    label="扶養親族等の数",
    filled=True,
    fields=(
        Integer(name="general", label="一般の扶養親族等の人数", default=0, spans=_PERSONS),
        Integer(name="elderly", label="70歳以上の扶養親族等の人数", default=0, spans=_PERSONS),
        Integer(name="specified", label="特定扶養親族の人数", default=0, spans=_PERSONS),
        Integer(name="age_16_18", label="16歳から18歳までの扶養親族の人数", default=0, spans=_PERSONS),
        Integer(name="under_16", label="16歳未満の扶養親族の人数", default=0, spans=_PERSONS),
    ),
)
_DEDUCTIONS = Object(
    name="deductions",
    label="控除",
    filled=True,
    fields=(
        Integer(name="casualty", label="雑損控除額", default=0, spans=_YEN),
        Integer(name="medical", label="医療費控除額", default=0, spans=_YEN),
        Integer(name="social_insurance", label="社会保険料控除額", default=0, spans=_YEN),
        Integer(name="small_enterprise_mutual_aid", label="小規模企業共済等掛金控除額", default=0, spans=_YEN),
        Integer(name="spouse_special", label="配偶者特別控除額", default=0, spans=_YEN),
        Integer(name="specified_relative", label="特定親族特別控除額", default=0, spans=_YEN),
        Integer(name="dependants_disabled", label="扶養する障害者の人数", default=0, spans=_PERSONS),
        Integer(name="dependants_special_disabled", label="扶養する特別障害者の人数", default=0, spans=_PERSONS),
    ),
)
_INCOME = Object(
    name="income",
    label="所得",
    fields=(
        Integer(name="income_year", label="所得年", required=True, spans=((2020, 2034),)),
        Enum(name="status", label="所得の把握", values=tuple(Status), default=Status.KNOWN.value),
        Integer(name="income", label="所得額", spans=_YEN),
        _DEPENDANTS,
        _DEDUCTIONS,
        Enum(name="disability", label="本人障害者区分", values=("none", "general", "special"), default="none"),
        Boolean(name="widow", label="寡婦", default=False),
        Boolean(name="single_parent", label="ひとり親", default=False),
        Boolean(name="working_student", label="勤労学生", default=False),
    ),
)
_GROUND = Object(
    name="ground",
    label="特例事由",
    fields=(
        Enum(name="kind", label="特例事由", values=GROUNDS, required=True),
        Day(name="date", label="離職・廃止・被災の日"),
        Month(name="from_month", label="特例事由の初月"),
        Month(name="to_month", label="特例事由の終月"),
    ),
)


def _person(name: str, *, required: bool = False) -> Object:
    return Object(
        name=name,
        label=PEOPLE[name],
        required=required,
        fields=(
            List(name="incomes", label="所得の一覧", required=True, high=5, item=_INCOME),
            List(name="grounds", label="特例事由の一覧", default=[], high=5, item=_GROUND),
        ),
    )


FIELDS = (
    Enum(name="scheme", label="制度", values=tuple(Scheme), default=Scheme.GENERAL.value),
    Day(name="application_date", label="申請日", required=True, low=date(2023, 8, 1), high=date(2035, 12, 31)),
    Day(name="birth_date", label="生年月日", required=True),
    Month(name="from_month", label="希望する初月"),
    Month(name="to_month", label="希望する終月"),
    Month(name="insured_from", label="第1号の初月"),
    Month(name="insured_to", label="第1号の終月"),
    List(
        name="paid_months",
        label="納付済の月",
        default=[],
        high=60,
        item=Month(name="month", label="納付済の月"),
    ),
    List(
        name="wished_kinds",
        label="希望する区分",
        default=[],
        high=60,
        item=Enum(name="kind", label="希望する区分", values=tuple(ORDER)),
    ),
    Boolean(name="dv_separated", label="配偶者からの暴力による別居", default=False),
    _person("applicant", required=True),
    _person("spouse"),
    _person("householder"),
)


def conditions(record: Record) -> None:
    """項目どうしの関係, in table order."""
    for first, last in (("from_month", "to_month"), ("insured_from", "insured_to")):
        if first in record and last in record and record[last] < record[first]:
            labels = record.field(last).label, record.field(first).label
            record.refuse(last, Code.INCONSISTENT, f"{labels[0]}は{labels[1]}以後の年月で指定してください")
    if record["scheme"] == Scheme.STUDENT:
        record.forbid(("wished_kinds",), "学生納付特例のとき")
    for name in PEOPLE:
        if name in record:
            _check_person(record[name])


def _check_person(person: Record) -> None:
    seen: set[int] = set()
    for income in person["incomes"]:
        if income["income_year"] in seen:
            message = f"{income['income_year']}年の所得が2回指定されています。1つの所得年は1回だけ指定してください"
            income.refuse("income_year", Code.INCONSISTENT, message)
        seen.add(income["income_year"])
        if income["status"] == Status.KNOWN:
            income.require("income", "所得がわかっているとき")
        else:
            income.forbid(("income",), "所得がわからないとき")
        first_year = latest_value("specified_relative_deduction")
        deductions = income["deductions"]
        if deductions["specified_relative"] and income["income_year"] < first_year:
            message = f"特定親族特別控除額は{first_year}年以後の所得だけに指定できます。0とするか除いてください"
            deductions.refuse("specified_relative", Code.INCONSISTENT, message)
    for ground in person["grounds"]:
        _check_ground(ground)


def _check_ground(ground: Record) -> None:
    if ground["kind"] in DATED_GROUNDS:
        ground.require("date", "失業・廃業・災害のとき")
        ground.forbid(("from_month", "to_month"), "失業・廃業・災害のとき")
        return
    ground.forbid(("date",), "扶助または特別障害給付金のとき")
    ground.require("from_month", "扶助または特別障害給付金のとき")
    if "to_month" in ground and ground["to_month"] < ground["from_month"]:
        ground.refuse("to_month", Code.INCONSISTENT, "特例事由の終月は初月以後の年月で指定してください")


def evaluate(records: Sequence[Record], explain: bool) -> list[Outcome]:
    """一度に判定し、入力の順に答える."""
    read = [_application(record) for record in records]
    decisions = iter(decide_all([one for one in read if isinstance(one, Application)]))
    return [_answer(next(decisions), one.scheme, explain) if isinstance(one, Application) else one for one in read]


def _application(record: Record) -> Application | LineError:
    """The application of a line; one whose months leave the calendar is that line's error."""
    try:
        deferral_last_month(record["birth_date"])
    except InputError as error:
        return LineError(Code(error.code), error.field, error.message)
    return Application(
        Scheme(record["scheme"]),
        record["application_date"],
        record["birth_date"],
        {name: _person_of(record[name]) for name in PEOPLE if name in record},
        record.get("from_month"),
        record.get("to_month"),
        record.get("insured_from"),
        record.get("insured_to"),
        frozenset(record["paid_months"]),
        frozenset(map(Kind, record["wished_kinds"])),
        record["dv_separated"],
    )


def _answer(decision: Decision, scheme: Scheme, explain: bool) -> Answer:
    result = {
        "earliest_month": month_text(decision.window.earliest),
        "latest_month": month_text(decision.window.latest),
        "deferral_last_month": month_text(decision.deferral_last),
        "cycles": [_cycle(cycle, decision.judged) for cycle in decision.cycles],
    }
    return Answer(result, explain_decision(decision, scheme) if explain else ())


def _person_of(record: Record) -> Person:
    grounds = [
        Ground(ground["kind"], ground.get("date"), ground.get("from_month"), ground.get("to_month"))
        for ground in record["grounds"]
    ]
    return Person({income["income_year"]: _income(income) for income in record["incomes"]}, grounds)


def _income(record: Record) -> Income:
    deductions = record["deductions"]
    return Income(
        status=Status(record["status"]),
        amount=record.get("income"),
        dependants=record["dependants"],
        deductions={name: amount for name, amount in deductions.items() if name not in _DISABLED},
        dependants_disabled=deductions["dependants_disabled"],
        dependants_special_disabled=deductions["dependants_special_disabled"],
        disability=record["disability"],
        widow=record["widow"],
        single_parent=record["single_parent"],
        working_student=record["working_student"],
    )


def _cycle(result: CycleResult, judged: tuple[str, ...]) -> dict[str, Any]:
    cycle = result.cycle
    return {
        "cycle_year": cycle.year,
        "from": month_text(cycle.first),
        "to": month_text(cycle.last),
        "income_year": cycle.income_year,
        "judged": list(judged),
        "persons": {name: _judged_person(judgement) for name, judgement in result.persons.items()},
        "segments": [
            {
                "from": month_text(segment.first),
                "to": month_text(segment.last),
                "months": segment.last - segment.first + 1,
                "kind": segment.result,
                "grounds": dict(segment.grounds),
            }
            for segment in result.segments
        ],
    }


def _judged_person(judgement: Judgement) -> dict[str, Any]:
    """The person's part of a cycle; a year without entry has nothing to show but that it is unknown."""
    income = judgement.income
    written: dict[str, Any] = {"status": str(judgement.status), "by_income": str(judgement.best)}
    if income is not None:
        written |= {
            "dependants": judgement.dependants,
            "limits": {str(kind): limit for kind, limit in judgement.limits.items()},
            "income": income.amount,
            "base": judgement.base,
            "exempt_category": income.exempt_category,
        }
    return written


RULESET = Ruleset(
    name="exemption",
    label="免除・納付猶予・学生納付特例の判定",
    fields=FIELDS,
    conditions=conditions,
    evaluate=evaluate,
)
