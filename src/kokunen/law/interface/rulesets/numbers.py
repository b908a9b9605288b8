"""番号の検査・付番 (numbers): is a number right, and what is the check digit of a body."""

from __future__ import annotations

from typing import Any

from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers import (
    AtenaNumber,
    BasicPensionNumber,
    CorporateNumber,
    IndividualNumber,
    MunicipalityCode,
    NumberValue,
    ResidentCode,
    strip_separators,
)
from kokunen.kernel.numbers.checkdigit import CheckDigit
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.interface.errors import Code
from kokunen.law.interface.fields import Boolean, Enum, Record, Text
from kokunen.law.interface.ruleset import Answer, Ruleset, one_by_one

KINDS: dict[str, tuple[type[NumberValue], str]] = {
    "individual_number": (
        IndividualNumber,
        "番号法施行令第8条、平成26年総務省令第85号第5条",
    ),
    "resident_code": (ResidentCode, "住民基本台帳法施行規則第1条"),
    "corporate_number": (CorporateNumber, "平成26年財務省令第70号第2条"),
    "municipality_code": (MunicipalityCode, "全国地方公共団体コード仕様"),
    "atena_number": (AtenaNumber, "住民記録システム標準仕様書1.1.13"),
    "basic_pension_number": (BasicPensionNumber, "国民年金法第14条"),
}

FIELDS = (
    Enum(name="kind", label="番号の種類", values=tuple(KINDS), required=True),
    Enum(name="op", label="処理", values=("check", "complete"), default="check"),
    Text(name="value", label="番号", low=0, high=40, required=True, secret=True),
    Boolean(name="lenient", label="検索欄としての読み取り", default=False),
)


def conditions(record: Record) -> None:
    """基礎年金番号には検査用数字がないので付番できない."""
    if record["kind"] == "basic_pension_number" and record["op"] == "complete":
        message = "基礎年金番号には検査用数字がないため、処理はcheckを指定してください（入力値: complete）"
        record.refuse("op", Code.INCONSISTENT, message)


def answer(record: Record, explain: bool) -> Answer:
    """検査または付番の答え."""
    number_kind, article = KINDS[record["kind"]]
    judge = _completed if record["op"] == "complete" else _checked
    result, calculation = judge(number_kind, record)
    if calculation is not None:
        result["check_digit"] = calculation.digit
        result["weighted_sum"] = calculation.weighted_sum
        result["remainder"] = calculation.remainder
    return Answer(result, _steps(result, article) if explain else ())


def _checked(kind: type[NumberValue], record: Record) -> tuple[dict[str, Any], CheckDigit | None]:
    judgement = kind.judge(record["value"], lenient=record["lenient"])
    reason = None if judgement.reason is None else str(judgement.reason)
    result: dict[str, Any] = {
        "valid": judgement.valid,
        "reason": reason,
        "normalized": judgement.normalized,
    }
    if judgement.valid and kind is BasicPensionNumber:
        result["formatted"] = BasicPensionNumber(judgement.normalized).formatted
    return result, judgement.calculation


def _completed(kind: type[NumberValue], record: Record) -> tuple[dict[str, Any], CheckDigit | None]:
    body = strip_separators(record["value"]) if record["lenient"] else record["value"]
    try:
        number, calculation = kind.complete_text(body)
    except InputError as error:
        record.refuse("value", Code(error.code), error.message)
    return {"value": number}, calculation


_STEPS = (
    ("normalized", "判定した番号", Unit.TEXT),
    ("weighted_sum", "重みを掛けた和", Unit.TEXT),
    ("remainder", "剰余", Unit.TEXT),
    ("check_digit", "検査用数字", Unit.TEXT),
    ("value", "付番した番号", Unit.TEXT),
    ("reason", "不正の理由", Unit.TEXT),
    ("valid", "正しい番号", Unit.BOOL),
)


def _steps(result: dict[str, Any], article: str) -> list[Explained]:
    return [Explained(name, label, result[name], unit, article) for name, label, unit in _STEPS if name in result]


RULESET = Ruleset(
    name="numbers",
    label="番号の検査・付番",
    fields=FIELDS,
    conditions=conditions,
    evaluate=one_by_one(answer),
)
