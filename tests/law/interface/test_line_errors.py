"""行の誤り (line errors): what is reported first, in which words, and what is never repeated."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kokunen.law.interface import (
    Answer,
    Boolean,
    Code,
    Day,
    Enum,
    Integer,
    List,
    Month,
    Object,
    Record,
    Ruleset,
    Text,
    one_by_one,
    running,
)
from kokunen.law.interface.fields import Field
from kokunen.law.interface.rulesets import RULESETS

FIELDS: tuple[Field, ...] = (
    Enum(name="kind", label="区分", values=("a", "b"), required=True),
    Integer(name="paid_months", label="納付済月数", spans=((0, 600),), default=0),
    Integer(name="deferred_months", label="繰下げ月数", spans=((0, 0), (12, 120)), default=0),
    Integer(name="area_grade", label="級地", choices=(1, 2, 3), default=1),
    Day(name="from_day", label="開始日", low=date(2020, 4, 1)),
    Day(name="to_day", label="終了日", low=lambda root: root.get("from_day", date(2020, 4, 1))),
    Month(name="month", label="開始月"),
    Object(
        name="exempt",
        label="免除月数",
        filled=True,
        fields=(
            Integer(name="full", label="全額免除", spans=((0, 600),), default=0),
            Integer(name="half", label="半額免除", spans=((0, 600),), required=False, default=0),
        ),
    ),
    List(name="months", label="納付月", high=2, item=Month(name="month", label="納付月")),
    List(
        name="people",
        label="判定対象者",
        high=3,
        item=Object(
            name="person",
            label="判定対象者",
            fields=(
                Text(name="name", label="氏名", low=1, high=5, required=True),
                Boolean(name="student", label="学生", default=False),
            ),
        ),
    ),
    Text(name="secret", label="番号", low=0, high=3, secret=True),
)


def conditions(record: Record) -> None:
    if record["kind"] == "a":
        record.forbid(("month",), "区分がaのとき")
    else:
        record.require("month", "区分がbのとき")


def echo(record: Record, explain: bool) -> Answer:
    exempt = dict(record["exempt"])
    return Answer({"paid_months": record["paid_months"], "exempt": exempt, "given": sorted(record.given)})


TABLE = Ruleset(name="table", label="表", fields=FIELDS, conditions=conditions, evaluate=one_by_one(echo))


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The answers of a ruleset with every kind of field, declared here."""
    monkeypatch.setattr(running, "RULESETS", {"table": TABLE})

    def ask(*lines: str | bytes) -> list[dict[str, Any]]:
        content = b"\n".join(line.encode() if isinstance(line, str) else line for line in lines)
        sink = io.BytesIO()
        running.run("table", io.BytesIO(content), sink)
        return [json.loads(line) for line in sink.getvalue().splitlines()]

    return ask


def test_defaults_stand_in_for_what_is_left_out(ask: Any) -> None:
    assert ask('{"id": "1", "kind": "a"}') == [
        {"id": "1", "paid_months": 0, "exempt": {"full": 0, "half": 0}, "given": ["kind"]}
    ]
    assert ask('{"id": "1", "kind": "a", "exempt": {"half": 3}}')[0]["exempt"] == {"full": 0, "half": 3}


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        # the line
        ("{", "invalid_json", ""),
        ("[]", "invalid_json", ""),
        ('"a"', "invalid_json", ""),
        ("null", "invalid_json", ""),
        ('{"id": "1", "kind": NaN}', "invalid_json", ""),
        ('{"id": "1", "kind": Infinity}', "invalid_json", ""),
        ('{"id": "1"} {"id": "2"}', "invalid_json", ""),
        ("{'id': 1}", "invalid_json", ""),
        ('{"id": "\\ud800"}', "invalid_json", ""),
        ("[" * 100_000, "invalid_json", ""),
        # duplicate keys come before everything in the object
        ('{"id": "1", "kind": "a", "kind": "a", "x": 1}', "duplicate_field", "kind"),
        ('{"id": "1", "x": {"y": [{"z": 1, "z": 2}]}}', "duplicate_field", "x.y[0].z"),
        ('{"id": "1", "people": [{"name": "a"}, {"name": "a", "name": "b"}]}', "duplicate_field", "people[1].name"),
        ('{"id": "1", "id": "2", "kind": "a"}', "duplicate_field", "id"),
        # unknown fields: outermost first, inner ones when reached, before id and fields
        ('{"x": 1}', "unknown_field", "x"),
        ('{"id": "1", "kind": "c", "exempt": {"x": 1}}', "invalid_value", "kind"),
        ('{"id": "1", "kind": "a", "exempt": {"full": -1, "x": 1}}', "unknown_field", "exempt.x"),
        ('{"id": "1", "kind": "a", "exempt": {"x": 1}, "y": 1}', "unknown_field", "y"),
        ('{"id": "1", "kind": "a", "people": [{"name": ""}, {"x": 1}]}', "out_of_range", "people[0].name"),
        # id
        ('{"kind": "c"}', "missing_field", "id"),
        ('{"id": 1, "kind": "c"}', "invalid_type", "id"),
        ('{"id": null, "kind": "c"}', "invalid_type", "id"),
        ('{"id": "", "kind": "c"}', "out_of_range", "id"),
        (json.dumps({"id": "x" * 65, "kind": "c"}), "out_of_range", "id"),
        # fields in the order of the table
        ('{"id": "1", "paid_months": -1}', "missing_field", "kind"),
        ('{"id": "1", "paid_months": -1, "kind": 1}', "invalid_type", "kind"),
        ('{"id": "1", "kind": "A"}', "invalid_value", "kind"),
        ('{"id": "1", "kind": null}', "invalid_type", "kind"),
        ('{"id": "1", "kind": "a", "paid_months": 1.0}', "invalid_type", "paid_months"),
        ('{"id": "1", "kind": "a", "paid_months": 1e2}', "invalid_type", "paid_months"),
        ('{"id": "1", "kind": "a", "paid_months": true}', "invalid_type", "paid_months"),
        ('{"id": "1", "kind": "a", "paid_months": "1"}', "invalid_type", "paid_months"),
        ('{"id": "1", "kind": "a", "paid_months": 601}', "out_of_range", "paid_months"),
        ('{"id": "1", "kind": "a", "paid_months": ' + "9" * 5000 + "}", "out_of_range", "paid_months"),
        ('{"id": "1", "kind": "a", "deferred_months": 11}', "out_of_range", "deferred_months"),
        ('{"id": "1", "kind": "a", "area_grade": 4}', "invalid_value", "area_grade"),
        ('{"id": "1", "kind": "a", "from_day": 20200401}', "invalid_type", "from_day"),
        ('{"id": "1", "kind": "a", "from_day": "2020-02-30"}', "invalid_format", "from_day"),
        ('{"id": "1", "kind": "a", "from_day": "2020-4-1"}', "invalid_format", "from_day"),
        ('{"id": "1", "kind": "a", "from_day": "2020-04-01\\n"}', "invalid_format", "from_day"),
        ('{"id": "1", "kind": "a", "from_day": "２０２０-04-01"}', "invalid_format", "from_day"),
        ('{"id": "1", "kind": "a", "from_day": "2020-03-31"}', "out_of_range", "from_day"),
        ('{"id": "1", "kind": "a", "from_day": "2021-04-01", "to_day": "2021-03-31"}', "out_of_range", "to_day"),
        ('{"id": "1", "kind": "b", "month": "2026-13"}', "invalid_format", "month"),
        ('{"id": "1", "kind": "b", "month": "0000-01"}', "invalid_format", "month"),
        ('{"id": "1", "kind": "a", "exempt": []}', "invalid_type", "exempt"),
        ('{"id": "1", "kind": "a", "exempt": {"half": 601}}', "out_of_range", "exempt.half"),
        ('{"id": "1", "kind": "a", "months": {}}', "invalid_type", "months"),
        ('{"id": "1", "kind": "a", "months": ["x", "x", "x"]}', "out_of_range", "months"),
        ('{"id": "1", "kind": "a", "months": ["2026-01", "x"]}', "invalid_format", "months[1]"),
        ('{"id": "1", "kind": "a", "people": [{}]}', "missing_field", "people[0].name"),
        ('{"id": "1", "kind": "a", "people": [{"name": "a", "student": 1}]}', "invalid_type", "people[0].student"),
        # conditions between fields come last
        ('{"id": "1", "kind": "b", "secret": "1234"}', "out_of_range", "secret"),
        ('{"id": "1", "kind": "b"}', "missing_field", "month"),
        ('{"id": "1", "kind": "a", "month": "2026-01"}', "inconsistent", "month"),
    ],
)
def test_the_first_thing_wrong_is_reported(ask: Any, line: str, code: str, field: str) -> None:
    (answer,) = ask(line)
    assert (answer["error"]["code"], answer["error"]["field"]) == (code, field)
    wrong_line_or_id = code == "invalid_json" or field == "id" or '"id"' not in line
    assert answer["id"] == (None if wrong_line_or_id and code != "duplicate_field" else answer["id"])
    assert answer["error"]["message"]


def test_the_id_is_repeated_whenever_it_can_be(ask: Any) -> None:
    assert ask('{"id": "あ", "kind": "c"}')[0]["id"] == "あ"
    assert ask('{"id": "1", "x": 1}')[0]["id"] == "1"
    assert ask('{"id": "1", "kind": "a", "kind": "a"}')[0]["id"] == "1"
    assert ask('{"kind": "c"}')[0]["id"] is None


def test_a_message_says_what_is_allowed_and_what_was_entered(ask: Any) -> None:
    message = ask('{"id": "1", "kind": "a", "paid_months": -1}')[0]["error"]["message"]
    assert message == "納付済月数は0から600までの整数で指定してください（入力値: -1）"
    assert "（入力値: 1e3）" in ask('{"id": "1", "kind": "a", "paid_months": 1e3}')[0]["error"]["message"]
    assert "0または" not in message
    message = ask('{"id": "1", "kind": "a", "deferred_months": 1}')[0]["error"]["message"]
    assert message == "繰下げ月数は0、または12から120までの整数で指定してください（入力値: 1）"
    message = ask('{"id": "1", "kind": "a", "from_day": null}')[0]["error"]["message"]
    assert "2020-04-01以後の実在する日付（YYYY-MM-DD）" in message and "省くとき" in message


@pytest.mark.parametrize("entered", ["123456789018", "1234-5678-9018", "１２３４５６７８９０１８", "1234 5678 9018 "])
def test_an_individual_number_is_never_repeated(ask: Any, entered: str) -> None:
    for line in (
        {"id": "1", "kind": entered},
        {"id": "1", "kind": "a", "secret": entered},
        {"id": "1", "kind": "a", "from_day": entered},
        {"id": "1", "kind": "a", "people": [{"name": entered}]},
        {"id": "1", entered: 1},
    ):
        (answer,) = ask(json.dumps(line))
        assert entered.strip() not in answer["error"]["message"]
        assert "5678" not in answer["error"]["message"]


def test_a_long_entry_is_cut(ask: Any) -> None:
    message = ask(json.dumps({"id": "1", "kind": "x" * 1000}))[0]["error"]["message"]
    assert "x" * 40 + "…" in message and "x" * 41 not in message


def test_a_ruleset_may_refuse_a_line_while_it_is_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(record: Record, explain: bool) -> Answer:
        record.refuse("paid_months", Code.INCONSISTENT, "納付済月数が多すぎます")

    table = replace(TABLE, evaluate=one_by_one(refuse))
    monkeypatch.setattr(running, "RULESETS", {"table": table})
    sink = io.BytesIO()
    assert running.run("table", io.BytesIO(b'{"id": "1", "kind": "a"}'), sink) == 3
    assert json.loads(sink.getvalue())["error"]["field"] == "paid_months"


def test_every_ruleset_is_named_as_its_module() -> None:
    for name in RULESETS:
        ruleset = RULESETS[name]
        assert ruleset.name == name and ruleset.label
