"""納付書の符号: the columns of bits are the codes of the reference library, and bars as the standard draws them."""

from __future__ import annotations

import random
from datetime import date

import numpy as np
import pytest
import segno

from kokunen.common_platform.printing import Picture
from kokunen.resident_tax.documents import slip_codes

pytestmark = pytest.mark.function("S6-3")


def _pixels(code: Picture) -> np.ndarray:
    rows = np.frombuffer(code.rows, dtype=np.uint8).reshape(code.height, -1)
    return 1 - np.unpackbits(rows, axis=1)[:, : code.width]


def test_二次元コードは一つずつ作ったものと同じである() -> None:
    chosen = random.Random(4)
    contents = ["".join(chosen.choice("0123456789") for _ in range(54)) for _ in range(40)]
    for content, code in zip(contents, slip_codes.qr_codes(contents), strict=True):
        one = segno.make_qr(content, mode="numeric", error="m", version=4, mask=0, boost_error=False)
        assert (_pixels(code)[4:-4, 4:-4] == np.array([list(row) for row in one.matrix])).all()


def test_バーコードは開始符号と検査符号と停止符号を持つ() -> None:
    """91, FNC1 and the digits in pairs; the pattern of set C begins 211232 and ends 2331112 (ISO/IEC 15417)."""
    numbers = slip_codes.numbers(2026, "0000000123", 1, 29_500, date(2026, 6, 30))
    (bars,) = (_pixels(code)[0] for code in slip_codes.barcodes([numbers.bar]))
    drawn = bars[10:-10]
    assert len(drawn) == 11 * (1 + 1 + 22 + 1) + 13
    edges = np.flatnonzero(np.diff(np.concatenate([[0], drawn, [0]])))
    widths = np.diff(edges)
    assert "".join(map(str, widths[:6])) == "211232" and "".join(map(str, widths[6:12])) == "411131"
    assert "".join(map(str, widths[-7:])) == "2331112"
    marks = ["".join(map(str, widths[i : i + 6])) for i in range(0, len(widths) - 7, 6)]
    values = [slip_codes._WIDTHS.split().index(mark) for mark in marks]
    assert (values[0] + sum(place * value for place, value in enumerate(values[1:-1], 1))) % 103 == values[-1]
    assert "".join(f"{value:02}" for value in values[2:-1]) == numbers.bar


def test_番号は一文字違えば検査数字が合わない() -> None:
    body = slip_codes.numbers(2026, "0000000123", 1, 29_500, date(2026, 6, 30)).bar
    assert slip_codes._mod10(body[:-1]) == body[-1]
    changed = body[:20] + str((int(body[20]) + 1) % 10) + body[21:-1]
    assert slip_codes._mod10(changed) != body[-1]
    one = slip_codes.numbers(2026, "0000000123", 1, 29_500, date(2026, 6, 30))
    other = slip_codes.numbers(2026, "0000000123", 2, 29_500, date(2026, 6, 30))
    assert one.key != other.key and "29500" in one.qr
