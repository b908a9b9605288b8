"""検査用数字: the three ways a Japanese public number gets its check digit.

Bodies are ASCII digits; the answer holds how the digit came about, so that a judgement can be explained. Sources:
個人番号 番号法施行令第8条・平成26年総務省令第85号第5条; 住民票コード 住基法施行規則第1条第2号 (平成14年総務省告示
第436号); 法人番号 平成26年財務省令第70号第2条; 団体コード 全国地方公共団体コード仕様.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


class CheckDigit(NamedTuple):
    """検査用数字の算出: the digit with the weighted sum and remainder it came from."""

    digit: int
    weighted_sum: int
    remainder: int


@dataclass(frozen=True, slots=True)
class Scheme:
    """検査方式: weights over the body, a modulus, and what each remainder gives.

    ``weights_from_right`` are repeated over the body from its last digit; ``digits`` answers a remainder by position.
    ``first`` = the check digit stands in front of the body.
    """

    name: str
    weights_from_right: tuple[int, ...]
    modulus: int
    digits: tuple[int, ...]
    first: bool = False

    def compute(self, body: str) -> CheckDigit:
        """検査用数字を求める for a body of ASCII digits."""
        cycle = len(self.weights_from_right)
        total = sum(int(d) * self.weights_from_right[n % cycle] for n, d in enumerate(reversed(body)))
        remainder = total % self.modulus
        return CheckDigit(self.digits[remainder], total, remainder)

    def join(self, body: str, digit: int) -> str:
        """番号全体: body and check digit in their order."""
        return f"{digit}{body}" if self.first else f"{body}{digit}"

    def split(self, number: str) -> tuple[str, int]:
        """本体と検査用数字に分ける."""
        return (number[1:], int(number[0])) if self.first else (number[:-1], int(number[-1]))


def _digits(modulus: int, rule: Callable[[int], int]) -> tuple[int, ...]:
    return tuple(rule(remainder) for remainder in range(modulus))


M11 = Scheme("モジュラス11 W2-7", (2, 3, 4, 5, 6, 7), 11, _digits(11, lambda r: 0 if r <= 1 else 11 - r))
"""個人番号・住民票コード・宛名番号・世帯番号. Remainders 0 and 1 give 0; for 宛名番号 the standard speaks of 0 only,
and remainder 1, which would need a tenth digit, is treated alike."""

CORPORATE = Scheme("モジュラス9", (1, 2), 9, _digits(9, lambda r: 9 - r), first=True)
"""法人番号: the digit is 1..9 and stands in front."""

MUNICIPALITY = Scheme("団体コード", (2, 3, 4, 5, 6), 11, _digits(11, lambda r: (11 - r) % 10))
"""全国地方公共団体コード: unlike M11 a remainder of 0 gives 1."""
