"""番号の共通部分: parsing, judging and masking that all numbers share."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import total_ordering
from typing import TYPE_CHECKING, ClassVar, Never, Self

from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers.checkdigit import CheckDigit, Scheme
from kokunen.kernel.text import DASHES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


_SEPARATORS = re.compile(rf"[\s{re.escape(DASHES)}]+")


class Reason(StrEnum):
    """不正の理由: why a number does not hold; the first that applies in this order."""

    CHARSET = "charset"
    LENGTH = "length"
    ALL_ZERO = "all_zero"
    CHECK_DIGIT = "check_digit"


@dataclass(frozen=True, slots=True)
class Judgement:
    """判定: what was judged, whether it holds, and the figures behind it (never shown for a 個人番号 in a message)."""

    normalized: str
    reason: Reason | None
    calculation: CheckDigit | None = None

    @property
    def valid(self) -> bool:
        return self.reason is None


def strip_separators(text: str) -> str:
    """検索欄の正規化: NFKC, then all white space and every dash look-alike removed."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))


@total_ordering
class NumberValue:
    """番号: a checked number as text; ``parse``, ``complete`` or the class itself refuse what does not hold.

    Subclasses say their Japanese name, length and check digit scheme. Two numbers are equal when kind and digits are.
    A plain class on purpose: what serialises dataclasses by itself would write a 個人番号 out.
    """

    __slots__ = ("_value",)
    __match_args__ = ("value",)

    _value: str

    label: ClassVar[str] = "番号"
    length: ClassVar[int] = 0
    scheme: ClassVar[Scheme | None] = None

    def __init__(self, value: str) -> None:
        reason = type(self).judge(value).reason
        if reason is not None:
            raise self._error(reason, value)
        object.__setattr__(self, "_value", value)

    @property
    def value(self) -> str:
        """番号の数字: the whole number as text."""
        return self._value

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"{type(self).__name__} does not change")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"{type(self).__name__} does not change")

    def __eq__(self, other: object) -> bool:
        return self._value == other._value if isinstance(other, NumberValue) and type(self) is type(other) else False

    def __lt__(self, other: NumberValue) -> bool:
        return self._value < other._value if type(self) is type(other) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), self._value))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.masked!r})"

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self._value,)

    @classmethod
    def parse(cls, text: str, lenient: bool = False, field: str = "") -> Self:
        """番号を読む: raise :class:`InputError` with the reason unless ``text`` is a whole, right number.

        ``lenient`` (search boxes): full width, spaces and dash look-alikes are taken away first; interfaces stay
        strict.
        """
        judgement = cls.judge(text, lenient=lenient)
        if judgement.reason is not None:
            raise cls._error(judgement.reason, judgement.normalized, field)
        return cls(judgement.normalized)

    @classmethod
    def judge(cls, text: str, lenient: bool = False) -> Judgement:
        """番号を判定する: like ``parse`` but answers instead of raising."""
        number = strip_separators(text) if lenient else text
        if not (number.isascii() and number.isdigit()) and number != "":
            return Judgement(number, Reason.CHARSET)
        if len(number) != cls.length:
            return Judgement(number, Reason.LENGTH)
        if number.strip("0") == "":
            return Judgement(number, Reason.ALL_ZERO)
        if cls.scheme is None:
            return Judgement(number, None)
        body, digit = cls.scheme.split(number)
        calculation = cls.scheme.compute(body)
        return Judgement(number, None if calculation.digit == digit else Reason.CHECK_DIGIT, calculation)

    @classmethod
    def complete(cls, body: str, field: str = "") -> Self:
        """検査用数字を付ける: ``body`` (without the check digit, ASCII digits) → the whole number."""
        return cls(cls.complete_text(body, field)[0])

    @classmethod
    def complete_text(cls, body: str, field: str = "") -> tuple[str, CheckDigit]:
        """検査用数字の付番: the whole number as text with the calculation behind it."""
        if cls.scheme is None:
            raise InputError(
                f"{cls.label}には検査用数字がないため付番できません",
                field,
                "inconsistent",
                "番号全体を入力してください。",
            )
        if not (body.isascii() and body.isdigit()) or len(body) != cls.length - 1:
            raise InputError(
                f"{cls.label}の検査用数字を除く部分は半角数字{cls.length - 1}桁で指定してください",
                field,
                "invalid_format",
                "桁数と文字の種類を確認してください。",
            )
        if body.strip("0") == "":
            raise InputError(
                f"{cls.label}の検査用数字を除く部分がすべて0です。1以上の番号を指定してください",
                field,
                "out_of_range",
                "元になる番号を確認してください。",
            )
        calculation = cls.scheme.compute(body)
        return cls.scheme.join(body, calculation.digit), calculation

    @classmethod
    def complete_many(cls, bodies: Sequence[int] | NDArray[np.int64]) -> NDArray[np.str_]:
        """一括付番: bodies as integers → whole numbers as fixed-width text (numpy ``<U``), for millions at once."""
        from kokunen.kernel.numbers import bulk

        return bulk.complete_many(cls, bodies)

    @property
    def masked(self) -> str:
        """伏せ字: what a screen shows to someone who need not know the number."""
        return "*" * len(self.value)

    @property
    def formatted(self) -> str:
        """表示形: how the number is written on paper."""
        return self.value

    def __str__(self) -> str:
        return self.value

    @classmethod
    def _error(cls, reason: Reason, number: str, field: str = "") -> InputError:
        """番号の誤り: the message never holds the digits that were typed, only their count."""
        size = f"{cls.length}桁"
        messages = {
            Reason.CHARSET: (
                f"{cls.label}に数字以外の文字があります。半角数字{size}で入力してください",
                "invalid_format",
            ),
            Reason.LENGTH: (
                f"{cls.label}の桁数が違います（入力は{len(number)}桁）。半角数字{size}で入力してください",
                "invalid_format",
            ),
            Reason.ALL_ZERO: (f"{cls.label}がすべて0です。実在する番号を入力してください", "out_of_range"),
            Reason.CHECK_DIGIT: (
                f"{cls.label}の検査用数字が合いません。1桁の誤りか桁の入れ替わりが考えられます",
                "check_digit",
            ),
        }
        message, code = messages[reason]
        return InputError(message, field, code, "書類の番号と1桁ずつ見比べて入力し直してください。")
