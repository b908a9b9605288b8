"""構造化された記録: one JSON object a line, without personal data.

Numbers of people and of their pensions have ten digits or more and never belong into a log; runs of digits of that
length are covered wherever they come from. The text of an error may quote a row of the register (a violated constraint
does), so that an error is told by its class and place and not by its words.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import datetime
from types import TracebackType

from .clock import OFFICE_ZONE

_NUMBERS = re.compile(r"(?<!\d)(?:\d(?:[-‐]?\d){9,}|\d{4} \d{4} \d{4})(?!\d)")
_COVER = "〈番号〉"
_FRAMES = 12


def without_numbers(text: str) -> str:
    """番号を伏せる: digits of ten or more in a row, hyphens between them included, are covered."""
    return _NUMBERS.sub(_COVER, text)


class JsonLines(logging.Formatter):
    """記録の形: {"at", "level", "logger", "message", "process"} and, for an error, {"error", "place"}."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, OFFICE_ZONE).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_numbers(self._message(record)),
            "process": record.process,
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["place"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)

    @staticmethod
    def _message(record: logging.LogRecord) -> str:
        """The message; an error among its arguments is told by its class."""
        if isinstance(record.args, tuple) and any(isinstance(argument, BaseException) for argument in record.args):
            arguments = tuple(type(a).__name__ if isinstance(a, BaseException) else a for a in record.args)
            return str(record.msg) % arguments
        return record.getMessage()


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
