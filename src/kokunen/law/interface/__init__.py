"""規則の窓口 (interface): ``kokunen rules RULESET``, JSON Lines in, explained JSON Lines out.

``run(ruleset, source, sink, explain)`` evaluates a stream and returns the exit status (0 or 3); ``command(...)`` is the
whole command for the command line, with wrong usage (2) reported in Japanese on standard error.

How to add a ruleset
--------------------
1. Write the rule itself in ``kokunen.law.rules.<name>``: plain values or columns in, values and ``Explained`` steps
   out. It knows nothing of JSON.
2. Add ``rulesets/<name>.py`` with a module constant ``RULESET``; the file name, with ``-`` for ``_``, is the name of
   the command. Nothing else has to be registered::

       FIELDS = (
           Enum(name="kind", label="区分", values=("a", "b"), required=True),
           Integer(name="paid_months", label="納付済月数", spans=((0, 600),), default=0),
           Object(name="exempt_months", label="免除月数", filled=True, fields=(...)),
           List(name="months", label="月", high=60, item=Month(name="month", label="月")),
       )

       def conditions(record: Record) -> None:
           if record["kind"] == "a":
               record.forbid(("b_only",), "区分がaのとき")       # inconsistent, when the line gave it
           else:
               record.require("b_only", "区分がbのとき")          # missing_field

       def answer(record: Record, explain: bool) -> Answer:
           figures = evaluate(record["paid_months"])
           return Answer({"months": figures.months}, figures.steps if explain else ())

       RULESET = Ruleset(name="my-rule", label="…", fields=FIELDS, conditions=conditions, evaluate=one_by_one(answer))

   For column rules write ``evaluate(records, explain) -> list[Answer | LineError]`` yourself and evaluate the whole
   chunk at once.
3. The table decides everything static: order of the checks, types, defaults, ranges, messages. Declare the fields in
   the order of the contract's table. A field without default that is left out is not in the record
   (``record.get``); an ``Object(filled=True)`` left out stands there with its defaults. Dates are ``date``, months are
   month numbers (``kokunen.law.engine.month_text`` writes them). ``Day`` and ``Month`` bounds may be functions of the
   record read so far.
4. Put the shared examples of the ruleset under ``tests/contract/examples`` and add worked cases to ``law/cases``.
"""

from __future__ import annotations

from kokunen.law.interface.errors import Code, LineError, shown
from kokunen.law.interface.fields import (
    Boolean,
    Day,
    Enum,
    Field,
    Integer,
    List,
    Month,
    Object,
    Record,
    Text,
)
from kokunen.law.interface.ruleset import Answer, Outcome, Ruleset, one_by_one
from kokunen.law.interface.rulesets import RULESETS
from kokunen.law.interface.running import (
    EVALUATED,
    LINES_REFUSED,
    WRONG_USAGE,
    command,
    run,
)

__all__ = [
    "EVALUATED",
    "LINES_REFUSED",
    "RULESETS",
    "WRONG_USAGE",
    "Answer",
    "Boolean",
    "Code",
    "Day",
    "Enum",
    "Field",
    "Integer",
    "LineError",
    "List",
    "Month",
    "Object",
    "Outcome",
    "Record",
    "Ruleset",
    "Text",
    "command",
    "one_by_one",
    "run",
    "shown",
]
