"""検査方式: the schemes against the formulas of the ordinances, written out digit by digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.kernel.numbers.checkdigit import CORPORATE, M11, MUNICIPALITY, Scheme


@given(st.text("0123456789", min_size=10, max_size=14))
def test_M11は総務省令の式のとおり(body: str) -> None:
    total = 0
    for n in range(1, len(body) + 1):
        p = int(body[len(body) - n])
        q = n + 1 if n <= 6 else n - 5 if n <= 12 else n - 11
        total += p * q
    expected = 0 if total % 11 <= 1 else 11 - total % 11
    assert M11.compute(body) == (expected, total, total % 11)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_法人番号は財務省令の式のとおり(body: str) -> None:
    even = sum(int(d) for d in body[-2::-2])
    odd = sum(int(d) for d in body[-1::-2])
    assert CORPORATE.compute(body).digit == 9 - (even * 2 + odd) % 9
    assert 1 <= CORPORATE.compute(body).digit <= 9


@given(st.text("0123456789", min_size=5, max_size=5))
def test_団体コードは11から引いた1の位(body: str) -> None:
    a, b, c, d, e = map(int, body)
    total = 6 * a + 5 * b + 4 * c + 3 * d + 2 * e
    assert MUNICIPALITY.compute(body) == ((11 - total % 11) % 10, total, total % 11)


@pytest.mark.parametrize("scheme", [M11, CORPORATE, MUNICIPALITY])
@given(body=st.text("0123456789", min_size=5, max_size=14))
def test_つないで分ければ元どおり(scheme: Scheme, body: str) -> None:
    digit = scheme.compute(body).digit
    assert scheme.split(scheme.join(body, digit)) == (body, digit)
