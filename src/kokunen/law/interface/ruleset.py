"""規則の口 (ruleset): what a rule must bring to be asked through ``kokunen rules``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kokunen.kernel.errors import InputError
from kokunen.law.engine.steps import Explained
from kokunen.law.interface.errors import Code, LineError
from kokunen.law.interface.fields import Field, Record


@dataclass(frozen=True, slots=True)
class Answer:
    """答え: the output fields of one line (dates as ``date`` or text) and, when asked for, the steps."""

    result: dict[str, Any]
    steps: Sequence[Explained] = field(default=())


Outcome = Answer | LineError
"""結果: an answer, or the error the line gives after all."""


def _no_conditions(record: Record) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Ruleset:
    """規則集: field table, conditions between fields, and the evaluation of a chunk of lines.

    ``conditions`` runs after every field of a line was read, raises ``LineError`` (see ``Record.require``,
    ``Record.forbid``, ``Record.refuse``) and should look at the fields in table order. ``evaluate`` gets the records
    of a chunk and whether steps are wanted and returns one outcome for each, in order; no outcome may depend on
    another record.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    evaluate: Callable[[Sequence[Record], bool], Sequence[Outcome]]
    conditions: Callable[[Record], None] = _no_conditions


def one_by_one(
    answer: Callable[[Record, bool], Answer],
) -> Callable[[Sequence[Record], bool], list[Outcome]]:
    """一件ずつ: makes a chunk evaluation of a function of one record.

    ``LineError`` and the kernel's ``InputError`` become that line's error; anything else is a fault of the program and
    passes through.
    """

    def evaluate(records: Sequence[Record], explain: bool) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for record in records:
            try:
                outcomes.append(answer(record, explain))
            except LineError as error:
                outcomes.append(error)
            except InputError as error:
                outcomes.append(LineError(Code(error.code), error.field, error.message))
        return outcomes

    return evaluate
