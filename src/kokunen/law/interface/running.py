"""規則を流す (running): lines in, answers out, in chunks of bounded memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import orjson

from kokunen.law.interface.errors import Code, LineError
from kokunen.law.interface.fields import Record, Text, fill, refuse_unknown
from kokunen.law.interface.lines import Line, parse, read_lines
from kokunen.law.interface.ruleset import Answer, Outcome, Ruleset
from kokunen.law.interface.rulesets import RULESETS

EVALUATED, LINES_REFUSED, WRONG_USAGE = 0, 3, 2
"""終了状態: every line evaluated, at least one line gave an error, wrong usage."""

CHUNK_LINES = 1_000
CHUNK_BYTES = 4 * 1024 * 1024

_ID = Text(name="id", label="行の識別子（id）", required=True, low=1, high=64)


def run(ruleset: str, source: BinaryIO, sink: BinaryIO, explain: bool = False) -> int:
    """規則を流す: evaluates every line of ``source`` and writes one answer a line to ``sink``.

    Returns 0 when every line was evaluated, 3 when at least one line gave an error object. Raises ``KeyError`` for a
    ruleset that does not exist; the caller reports it (``command`` does).
    """
    rules = RULESETS[ruleset]
    status = EVALUATED
    for chunk in _chunks(read_lines(source)):
        answers, refused = _answer(rules, chunk, explain)
        sink.write(b"".join(answers))
        sink.flush()
        if refused:
            status = LINES_REFUSED
    return status


def command(
    ruleset: str,
    path: Path | None,
    explain: bool = False,
    *,
    sink: BinaryIO,
    messages: TextIO,
) -> int:
    """``kokunen rules`` の本体: the whole command but for reading its options; returns the exit status.

    ``path`` None reads standard input. Wrong usage gives 2, a message on ``messages`` and nothing on ``sink``.
    """
    if ruleset not in RULESETS:
        known = "、".join(RULESETS)
        print(f"規則「{ruleset}」はありません。指定できる規則: {known}", file=messages)
        return WRONG_USAGE
    if path is None:
        return run(ruleset, sys.stdin.buffer, sink, explain)
    try:
        source = path.open("rb")
    except OSError:
        print(
            f"入力ファイル「{path}」を読めません。ファイルの場所と読み取り権限を確かめてください",
            file=messages,
        )
        return WRONG_USAGE
    with source:
        return run(ruleset, source, sink, explain)


def _chunks(lines: Iterator[Line]) -> Iterator[list[Line]]:
    chunk: list[Line] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line.content or b"")
        if len(chunk) >= CHUNK_LINES or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _answer(rules: Ruleset, chunk: Sequence[Line], explain: bool) -> tuple[list[bytes], bool]:
    """The written answers of a chunk and whether any of them is an error."""
    read = [_read(rules, line) for line in chunk]
    records = [record for _, record in read if isinstance(record, Record)]
    evaluated = iter(rules.evaluate(records, explain) if records else ())
    answers: list[bytes] = []
    refused = False
    for line, (identifier, record) in zip(chunk, read, strict=True):
        outcome: Outcome = next(evaluated) if isinstance(record, Record) else record
        refused = refused or isinstance(outcome, LineError)
        answers.append(_written(identifier, outcome, line.number, explain))
    return answers, refused


def _read(rules: Ruleset, line: Line) -> tuple[str | None, Record | LineError]:
    """One line in the order of the contract: line, duplicate keys, unknown fields, id, fields, conditions."""
    identifier: str | None = None
    try:
        raw, duplicate = parse(line)
        identifier = _identifier(raw)
        if duplicate is not None:
            message = "同じ項目が2回指定されています。1つのオブジェクトに同じ項目は1回だけ書いてください"
            raise LineError(Code.DUPLICATE_FIELD, duplicate, message)
        record = Record(rules.fields)
        refuse_unknown(raw, rules.fields, "", also=("id",))
        if "id" in raw:
            _ID.read(raw["id"], "id", record)
        else:
            _ID.absent("id", record)
        fill(raw, rules.fields, record, record)
        rules.conditions(record)
    except LineError as error:
        return identifier, error
    return identifier, record


def _identifier(raw: dict[str, Any]) -> str | None:
    value = raw.get("id")
    return value if isinstance(value, str) and _ID.low <= len(value) <= _ID.high else None


def _written(identifier: str | None, outcome: Outcome, number: int, explain: bool) -> bytes:
    if isinstance(outcome, Answer):
        answer: dict[str, Any] = {"id": identifier, **outcome.result}
        if explain:
            answer["steps"] = [step.as_json() for step in outcome.steps]
    else:
        answer = {"id": identifier, "error": outcome.as_json()}
        if outcome.code is Code.INVALID_JSON:
            answer["line"] = number
    return orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE)
