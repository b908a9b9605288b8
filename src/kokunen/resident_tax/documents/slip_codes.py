"""納付書の符号: two-dimensional codes and barcodes of a whole print run as columns of bits.

A QR code of one version and mask is an affine function of its data bits over GF(2): the code of nothing but zeros,
and what each single bit changes, are taken once from segno; every further code is a sum of those rows. GS1-128 (set C)
is a look-up of its 107 patterns. Both are handed on as pictures of one bit a module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import segno
import yaml
from numpy.typing import NDArray

from kokunen.common_platform.printing import Picture

Bits = NDArray[np.uint8]
_GROUP = 10  # bits of three digits in numeric mode

_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
)
"""Code 128 (ISO/IEC 15417): widths of bar and space of the values 0 to 105 and of the stop."""
_START_C, _FNC1, _PRIME = 105, 102, 103


@cache
def rules() -> dict[str, Any]:
    """符号の決まり of payment_slip.yaml."""
    raw: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("payment_slip.yaml").read_text(encoding="utf-8"))
    return raw


@dataclass(frozen=True, slots=True)
class SlipNumbers:
    """納付書の番号: 案件特定キー, 確認番号, 税目・料金番号, content of the two codes ("" over the limit)."""

    key: str
    check: str
    tax_code: str
    qr: str
    bar: str


def numbers(tax_year: int, number: str, part: int, amount: int, due: date) -> SlipNumbers:
    """番号を組む: ``number`` is the 通知書番号 (10 digits), ``part`` the 期 from 1, ``amount`` yen."""
    el, bar = rules()["el"], rules()["barcode"]
    key = f"{el['city']}{el['tax']}{tax_year % 100:02}{part}{number[-10:]:0>10}"
    check = f"{int(hashlib.sha256(f'{key}{amount}'.encode()).hexdigest()[:8], 16) % 1_000_000:06}"
    content = f"{el['institution']}{key}{check}{el['tax_code']}{amount:011}{due:%y%m%d}"
    qr = content.ljust(rules()["qr"]["digits"], "0")
    if amount > bar["limit"]:
        return SlipNumbers(key, check, el["tax_code"], qr, "")
    body = f"{bar['identifier']}{bar['company']}{key[7:]:0>21}0{due:%y%m%d}0{amount:06}"
    return SlipNumbers(key, check, el["tax_code"], qr, body + _mod10(body))


def _mod10(digits: str) -> str:
    """検査数字 (modulus 10, weight 3 from the right)."""
    return str(-(3 * sum(map(int, digits[-1::-2])) + sum(map(int, digits[-2::-2]))) % 10)


def qr_codes(contents: Sequence[str]) -> list[Picture]:
    """二次元コード: one picture a string of digits, all of the length of the rules."""
    if not contents:
        return []
    base, basis = _qr_basis()
    rows: NDArray[np.int64] = np.array([[int(text[i : i + 3]) for i in range(0, len(text), 3)] for text in contents])
    bits = (rows[:, :, None] >> np.arange(_GROUP - 1, -1, -1)) & 1
    codes = (bits.reshape(len(contents), -1).astype(np.float32) @ basis.astype(np.float32)).astype(np.int64) % 2
    side, quiet = int(np.sqrt(base.size)), rules()["qr"]["quiet"]
    light = 1 - (codes.astype(np.uint8) ^ base).reshape(-1, side, side)
    framed = np.pad(light, ((0, 0), (quiet, quiet), (quiet, quiet)), constant_values=1)
    return _pictures(framed)


@cache
def _qr_basis() -> tuple[Bits, Bits]:
    """The code of zeros, and what each data bit changes in it."""
    digits = rules()["qr"]["digits"]
    base = _module_bits("0" * digits)
    rows = []
    for start in range(0, digits, 3):
        for power in range(_GROUP - 1, -1, -1):
            rows.append(_module_bits("0" * start + f"{1 << power:03}" + "0" * (digits - start - 3)) ^ base)
    return base, np.array(rows, dtype=np.uint8)


def _module_bits(content: str) -> Bits:
    form = rules()["qr"]
    code = segno.make_qr(content, mode="numeric", error=form["error"], version=form["version"], mask=form["mask"],
                         boost_error=False)  # fmt: skip
    return np.array([list(row) for row in code.matrix], dtype=np.uint8).ravel()


def barcodes(contents: Sequence[str]) -> list[Picture]:
    """バーコード: one picture of one row for each even string of digits (GS1-128, set C, FNC1 in front)."""
    if not contents:
        return []
    digits: NDArray[np.int64] = np.array([[int(text[i : i + 2]) for i in range(0, len(text), 2)] for text in contents])
    ones = np.ones((len(contents), 1), dtype=np.int64)
    values = np.hstack([ones * _FNC1, digits])
    check = (_START_C + values @ np.arange(1, values.shape[1] + 1)) % _PRIME
    marks, stop = _patterns()
    drawn = marks[np.hstack([ones * _START_C, values, check[:, None]])].reshape(len(contents), -1)
    dark = np.hstack([drawn, np.tile(stop, (len(contents), 1))])
    return _pictures((1 - np.pad(dark, ((0, 0), (10, 10))))[:, None, :])


@cache
def _patterns() -> tuple[Bits, Bits]:
    """The eleven modules of the values 0 to 105, and the thirteen of the stop."""
    drawn = [
        np.concatenate([np.full(int(width), (place + 1) % 2, dtype=np.uint8) for place, width in enumerate(widths)])
        for widths in _WIDTHS.split()
    ]
    return np.array(drawn[:-1]), drawn[-1]


def _pictures(light: Bits) -> list[Picture]:
    """Each of a stack: one bit a module, 1 is white."""
    _count, height, width = light.shape
    return [Picture(width, height, one.tobytes()) for one in np.packbits(light, axis=2)]


def bar_text(content: str) -> str:
    """バーコードの数字 as printed under it."""
    return f"({content[:2]}){content[2:]}" if content else ""
