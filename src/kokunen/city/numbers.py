"""番号: unique numbers for everybody without a list of those given out.

A person's place in the city (block, row) is turned into a number by a permutation keyed with the seed, so any block can
number its people alone. All of it is made up: nobody's real number is used or looked up. What can be kept apart
from real life is: 個人番号 bodies begin with 9, card numbers with ZZ or ZX, 基礎年金番号 with 88, 法人番号 bodies
with 99; the check digits are right, since a city must accept them. A number of this kind may still be somebody's
by chance: a generated city must never meet a live network.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from kokunen.city.randomness import Bools, Ints
from kokunen.kernel.numbers import AtenaNumber, CorporateNumber, HouseholdNumber, IndividualNumber, ResidentCode
from kokunen.kernel.numbers.base import NumberValue
from kokunen.kernel.numbers.bulk import check_digits

BLOCK_CAPACITY = 60_000
"""Numbers set aside for one block: its people, from NONRESIDENTS on people outside, then from CORPORATIONS on."""
NONRESIDENTS = 45_000
CORPORATIONS = 54_000

_ATENA_BASE = 1_000_000_000
_HOUSEHOLD_BASE = 2_000_000_000
_MIX = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)
_MASK = (1 << 64) - 1


def permute(index: Ints, half: int, key: int) -> Ints:
    """並べ替え: a four-round Feistel permutation of [0, half * half); equal indices never meet."""
    left = np.asarray(index, dtype=np.uint64) // np.uint64(half)
    right = np.asarray(index, dtype=np.uint64) % np.uint64(half)
    for turn, constant in enumerate(_MIX):
        mixed = right * np.uint64(constant | 1) + np.uint64((key * 0x2545F4914F6CDD1D + turn * 0x9E3779B1) & _MASK)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(_MIX[(turn + 1) % 4] | 1)
        mixed ^= mixed >> np.uint64(32)
        left, right = right, (left + mixed % np.uint64(half)) % np.uint64(half)
    return (left * np.uint64(half) + right).astype(np.int64)


def _whole(kind: type[NumberValue], body: Ints) -> pl.Series:
    digit = check_digits(kind, body)
    if kind is CorporateNumber:
        return pl.Series(digit * 10 ** (kind.length - 1) + body).cast(pl.String).str.zfill(kind.length)
    return pl.Series(body * 10 + digit).cast(pl.String).str.zfill(kind.length)


def atena_numbers(place: Ints) -> pl.Series:
    """宛名番号: in the order of places, as an office gives them out one after the other."""
    return _whole(AtenaNumber, place + _ATENA_BASE)


def household_numbers(place: Ints) -> pl.Series:
    """世帯番号."""
    return _whole(HouseholdNumber, place + _HOUSEHOLD_BASE)


def individual_numbers(place: Ints, seed: int) -> pl.Series:
    """個人番号: body 9 + ten permuted digits."""
    return _whole(IndividualNumber, 90_000_000_000 + permute(place, 100_000, seed * 4 + 1))


def resident_codes(place: Ints, seed: int) -> pl.Series:
    """住民票コード."""
    return _whole(ResidentCode, np.maximum(permute(place, 100_000, seed * 4 + 2), 1))


def basic_pension_numbers(place: Ints, seed: int) -> pl.Series:
    """基礎年金番号: 88 + eight permuted digits (no public check digit exists)."""
    return pl.Series(8_800_000_000 + permute(place, 10_000, seed * 4 + 3)).cast(pl.String)


def corporate_numbers(place: Ints, seed: int) -> pl.Series:
    """法人番号: check digit in front of 99 + ten permuted digits."""
    return _whole(CorporateNumber, 990_000_000_000 + permute(place, 100_000, seed * 4 + 4))


def card_numbers(place: Ints, turn: Ints | int, seed: int, special: Bools) -> pl.Series:
    """在留カード番号, 特別永住者証明書番号: two letters, eight digits, two letters; another for each grant."""
    index = np.asarray(place, dtype=np.int64) * 3 + turn
    digits = permute(index, 10_000, seed * 4 + 5)
    letters = permute(index % 676, 26, seed * 4 + 6)
    alphabet = pl.Series([chr(65 + n) for n in range(26)])
    return pl.select(
        pl.concat_str(
            pl.lit(pl.Series(np.where(special, "ZX", "ZZ"))),
            pl.lit(pl.Series(digits).cast(pl.String).str.zfill(8)),
            pl.lit(alphabet.gather(letters // 26)),
            pl.lit(alphabet.gather(letters % 26)),
        )
    ).to_series()
