"""期割・特別徴収税額 (instalments): the tax of a year in, its instalments out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from kokunen.law.engine.columns import Rule
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.interface.errors import Code, LineError
from kokunen.law.interface.fields import Boolean, Enum, Integer, List, Record
from kokunen.law.interface.ruleset import Answer, Ruleset
from kokunen.law.rules.instalments import due_dates, evaluate, pension, spread
from kokunen.law.rules.resident_tax import TaxYear

_MOST = 999_999_999_999
_PENSION = "pension"
METHODS = (*spread.COUNTS, _PENSION)


@dataclass(frozen=True, kw_only=True)
class _OpenFrom(Integer):
    """未到来の最初の回: 1 to the number of parts of the method."""

    def allowed(self, root: Record) -> str:
        return f"1から{_parts(root)}までの整数"

    def read(self, value: Any, path: str, root: Record) -> int:
        read = super().read(value, path, root)
        if not 1 <= read <= _parts(root):
            self.refuse(Code.OUT_OF_RANGE, path, value, root)
        return read


@dataclass(frozen=True, kw_only=True)
class _Previous(List):
    """これまでの期割: 4 or 12 amounts."""

    def read(self, value: Any, path: str, root: Record) -> list[Any]:
        if isinstance(value, list) and len(value) not in spread.COUNTS.values():
            message = f"{self.label}は4件（普通徴収）または12件（給与特別徴収）で指定してください"
            raise LineError(Code.OUT_OF_RANGE, path, f"{message}（入力値: {len(value)}件）")
        return super().read(value, path, root)


def _parts(root: Record) -> int:
    return spread.COUNTS.get(root["method"], max(spread.COUNTS.values()))


def _yen(name: str, label: str, **more: Any) -> Integer:
    return Integer(name=name, label=label, spans=((0, _MOST),), **more)


FIELDS = (
    Enum(name="method", label="徴収方法", values=METHODS, required=True),
    Integer(name="tax_year", label="年度", required=True, spans=((2024, 2026),)),
    _yen("total", "年税額", required=True),
    _yen("fixed_reduction", "定額減税額", default=0),
    Integer(name="per_capita_total", label="均等割と森林環境税の合計", spans=((0, 100_000),), default=5000),
    _OpenFrom(name="open_from", label="未到来の最初の回", default=1),
    _Previous(name="previous", label="これまでの期割", low=4, high=12, item=_yen("amount", "これまでの1回の額")),
    Boolean(name="first_year", label="特別徴収の初年度"),
    _yen("previous_total", "前年度の年金分年税額"),
)


def conditions(record: Record) -> None:
    """徴収方法ごとに使う項目."""
    if record["method"] == _PENSION:
        record.forbid(("fixed_reduction", "per_capita_total", "open_from", "previous"), "年金特別徴収のとき")
        record.require("first_year", "年金特別徴収のとき")
        if not record["first_year"]:
            record.require("previous_total", "特別徴収の2年目以後のとき")
        return
    if record["fixed_reduction"] > 0:
        _fixed_reduction(record)
    if "previous" in record and len(record["previous"]) != _parts(record):
        message = f"これまでの期割は、この徴収方法では{_parts(record)}件で指定してください"
        record.refuse("previous", Code.INCONSISTENT, f"{message}（入力値: {len(record['previous'])}件）")
    record.forbid(("first_year", "previous_total"), "年金特別徴収でないとき")


def _fixed_reduction(record: Record) -> None:
    if not TaxYear(record["tax_year"]).value("instalments_of_fixed_reduction"):
        message = "定額減税額は、特別な期割のある令和6年度だけに指定できます。ほかの年度では除いてください"
        record.refuse("fixed_reduction", Code.INCONSISTENT, message)
    if "previous" in record:
        message = "定額減税額は、税額変更（これまでの期割があるとき）には指定できません。除いてください"
        record.refuse("fixed_reduction", Code.INCONSISTENT, message)
    if record["open_from"] > 1:
        message = "定額減税額があるときは、未到来の最初の回は1だけを指定できます"
        record.refuse("open_from", Code.INCONSISTENT, message)


def rule_of(record: Record) -> Rule:
    """この行の規則."""
    method, year = record["method"], record["tax_year"]
    if method == _PENSION:
        return pension.rule(year, record["first_year"])
    if "previous" in record:
        return spread.change_rule(method, year)
    if record["fixed_reduction"] > 0:
        return spread.reduced_rule(method, year)
    return spread.first_rule(method, year, late=True)


def evaluate_lines(records: Sequence[Record], explain: bool) -> list[Answer]:
    """同じ規則の行をまとめて計算し、入力の順に答える."""
    rules: dict[int, Rule] = {}
    places: dict[int, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        rule = rule_of(record)
        rules[id(rule)] = rule
        places[id(rule)].append(place)
    answers: dict[int, Answer] = {}
    for key, chosen in places.items():
        rule = rules[key]
        frame = pl.DataFrame([_facts(records[place]) for place in chosen], infer_schema_length=None)
        for place, values in zip(chosen, evaluate(rule, frame).iter_rows(named=True), strict=True):
            steps = _steps(rule, records[place], values) if explain else ()
            answers[place] = Answer(_result(records[place], values), steps)
    return [answers[place] for place in range(len(records))]


_FACTS = {
    "total": "年税額",
    "fixed_reduction": "定額減税額",
    "per_capita_total": "均等割と森林環境税の合計",
    "previous_total": "前年度の年金分年税額",
}


def _facts(record: Record) -> dict[str, int]:
    given = {name: record[name] for name in (*_FACTS, "open_from") if name in record}
    return given | {f"previous[{index}]": value for index, value in enumerate(record.get("previous", ()))}


def _steps(rule: Rule, record: Record, values: dict[str, Any]) -> list[Explained]:
    read = {name for step in rule.steps for name in step.expression.meta.root_names()}
    facts = [Explained(name, label, values[name], Unit.YEN) for name, label in _FACTS.items() if name in read]
    facts += [
        Explained(f"previous[{index}]", f"変更前の{spread.label(record['method'], index)}", value, Unit.YEN)
        for index, value in enumerate(record.get("previous", ()))
    ]
    return facts + [
        Explained(step.name, step.label_ja, values[step.name], step.unit, step.article) for step in rule.steps
    ]


def _result(record: Record, values: dict[str, Any]) -> dict[str, Any]:
    method = record["method"]
    if method == _PENSION:
        parts = {
            "ordinary": pension.ORDINARY,
            "provisional": pension.PROVISIONAL,
            "main": pension.MAIN,
            "next_provisional": pension.NEXT_PROVISIONAL,
        }
        lists = {name: [values[column] for column in columns] for name, columns in parts.items()}
        return {**lists, "excess": values["excess"]}
    return {
        "instalments": [values[column] for column in spread.columns(method)],
        "due_dates": list(due_dates(method, record["tax_year"])),
        "difference": values.get("difference", 0),
        "excess": values.get("excess", 0),
    }


RULESET = Ruleset(
    name="instalments",
    label="期割・特別徴収税額",
    fields=FIELDS,
    conditions=conditions,
    evaluate=evaluate_lines,
)
