"""一括付番: check digits for millions of numbers at once (generator, data migration).

Works on whole columns with numpy, which is imported only here so that the kernel itself stays quick to load.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers.base import NumberValue
from kokunen.kernel.numbers.checkdigit import Scheme

_CHUNK = 1 << 18


def check_digits(kind: type[NumberValue], bodies: NDArray[np.int64]) -> NDArray[np.int64]:
    """検査用数字の列: one digit for each body (integers without sign, at most the body's length)."""
    scheme = _scheme(kind)
    total = np.zeros(bodies.shape, dtype=np.int64)
    rest = bodies
    for place in range(kind.length - 1):
        rest, digit = np.divmod(rest, 10)
        total += digit * scheme.weights_from_right[place % len(scheme.weights_from_right)]
    answers = np.array(scheme.digits, dtype=np.int64)
    result: NDArray[np.int64] = answers[total % scheme.modulus]
    return result


def _scheme(kind: type[NumberValue]) -> Scheme:
    if kind.scheme is None:
        raise InputError(
            f"{kind.label}には検査用数字がありません", code="inconsistent", hint="番号全体を指定してください。"
        )
    return kind.scheme


def complete_many(kind: type[NumberValue], bodies: Sequence[int] | NDArray[np.int64]) -> NDArray[np.str_]:
    """一括付番: bodies as integers → whole numbers as text of fixed width (``<U{length}``), in the same order."""
    array = np.asarray(bodies, dtype=np.int64)
    limit = 10 ** (kind.length - 1)
    if array.size and (int(array.min()) < 1 or int(array.max()) >= limit):
        raise InputError(
            f"{kind.label}の元になる番号は1以上{kind.length - 1}桁以内で指定してください",
            code="out_of_range",
            hint="番号の範囲を確認してください。",
        )
    text = np.empty((array.size, kind.length), dtype=np.uint32)
    for begin in range(0, array.size, _CHUNK):
        _write(_scheme(kind), array[begin : begin + _CHUNK], text[begin : begin + _CHUNK])
    result: NDArray[np.str_] = text.view(f"<U{kind.length}").reshape(array.shape)
    return result


def _write(scheme: Scheme, bodies: NDArray[np.int64], text: NDArray[np.uint32]) -> None:
    """Lay each number out as code points, one column a digit: numpy reads them back as fixed-width strings."""
    places = text.shape[1] - 1
    total = np.zeros(bodies.shape, dtype=np.int64)
    rest = bodies
    for place in range(places):
        higher = rest // 10
        digit = rest - higher * 10
        rest = higher
        total += digit * scheme.weights_from_right[place % len(scheme.weights_from_right)]
        text[:, places - place - (0 if scheme.first else 1)] = digit + ord("0")
    answers = np.array(scheme.digits, dtype=np.int64) + ord("0")
    text[:, 0 if scheme.first else places] = answers[total % scheme.modulus]
