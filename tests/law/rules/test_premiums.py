"""保険料と前納 (premiums): the rounding of present values checked against whole numbers alone."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest

from kokunen.kernel.errors import InputError
from kokunen.law.engine.months import parse_month
from kokunen.law.rules.premiums import Method, Part, Premium, known_months, monthly_factor, premium_of, prepayment

FIRST, LAST = known_months()


def test_twelve_monthly_discounts_make_one_year_of_four_percent() -> None:
    with localcontext() as context:
        context.prec = 70
        assert abs(monthly_factor(4, 100) ** 12 * Decimal("1.04") - 1) < Decimal(10) ** -57


def power_in_whole_numbers(exponent: int, digits: int) -> int:
    """1.04^(−exponent/12) × 10^digits, cut, by halving the interval: 25^e × 10^(12·digits) against 26^e × x^12."""
    low, high = 0, 10**digits
    while low < high:
        middle = (low + high + 1) // 2
        if 26**exponent * middle**12 <= 25**exponent * 10 ** (12 * digits):
            low = middle
        else:
            high = middle - 1
    return low


@pytest.mark.parametrize("method", list(Method))
def test_every_prepayment_is_rounded_as_whole_numbers_round_it(method: Method) -> None:
    digits, earlier = 25, int(method is Method.ACCOUNT_TRANSFER)
    powers = [power_in_whole_numbers(exponent, digits) for exponent in range(26)]
    for start in range(FIRST, LAST + 1, 5):
        for months in range(1, min(24, LAST - start + 1) + 1):
            paid = prepayment(start, months, method)
            value = sum(amount * powers[index + earlier] for index, amount in enumerate(paid.monthly))
            assert paid.amount == (value + 5 * 10**digits) // 10 ** (digits + 1) * 10
            assert paid.discount == paid.undiscounted - paid.amount >= 0


@pytest.mark.parametrize(
    ("month", "parts"),
    [
        ("2022-04", (4150, 8300, 12440)),
        ("2023-04", (4130, 8260, 12390)),
        ("2024-04", (4250, 8490, 12740)),
        ("2025-04", (4380, 8760, 13130)),
        ("2026-04", (4480, 8960, 13440)),
        ("2027-04", (4570, 9150, 13720)),
    ],
)
def test_the_payable_parts_of_every_year(month: str, parts: tuple[int, int, int]) -> None:
    kinds = (Part.THREE_QUARTER, Part.HALF, Part.QUARTER)
    assert tuple(premium_of(parse_month(month), Premium.BASIC, kind) for kind in kinds) == parts


def test_a_month_without_a_premium_is_refused() -> None:
    with pytest.raises(InputError, match="国民年金の保険料"):
        premium_of(LAST + 1)
