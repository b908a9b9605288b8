"""誤りの伝え方: errors that say what is wrong, what would be right and what to do.

Every error of kokunen that a person may read derives from :class:`KokunenError`. ``message`` is Japanese and says what
is wrong and what would be right; ``hint`` says what to do next and may be empty. Neither ever repeats a 個人番号, not
even a wrong one: it is one digit away from a right one (番号法第12条).
"""

from __future__ import annotations

from typing import Self


class KokunenError(Exception):
    """業務上の誤り: anything the program refuses for a reason that can be told.

    ``message``: one Japanese sentence, its last 。 may be left out. ``field``: path of the input item, "" = the input
    as a whole. ``code``: a stable English word for programs. ``hint``: a Japanese sentence, or "".
    """

    default_code = "error"

    def __init__(self, message: str, field: str = "", code: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code or self.default_code
        self.hint = hint

    def __str__(self) -> str:
        """全文: message and hint in one line, as a terminal or a log shows it."""
        if not self.hint:
            return self.message
        return f"{self.message.removesuffix('。')}。{self.hint}"

    def __reduce__(self) -> tuple[type[KokunenError], tuple[str, str, str, str]]:
        """Errors travel between processes whole (the base class would send the message alone)."""
        return type(self), (self.message, self.field, self.code, self.hint)

    def at(self, field: str) -> Self:
        """項目名を付ける: the same error, told at the input item ``field``."""
        return type(self)(self.message, field, self.code, self.hint)


class InputError(KokunenError, ValueError):
    """入力の誤り: a value that cannot be taken as it stands.

    Codes used by the kernel are those of the rules interface (``invalid_format``, ``invalid_value``, ``out_of_range``,
    ``missing_field``, ``inconsistent``), and ``check_digit`` for a number whose check digit does not fit.
    """

    default_code = "invalid_value"

    def __init__(self, message: str, field: str = "", code: str = "invalid_value", hint: str = "") -> None:
        super().__init__(message, field, code, hint)


class NotAllowed(KokunenError):
    """権限・法令による不可: the person, the office or the law does not allow it."""

    default_code = "not_allowed"


class Conflict(KokunenError):
    """競合: someone else changed the same record, or it already exists."""

    default_code = "conflict"
