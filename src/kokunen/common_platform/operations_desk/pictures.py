"""図: the net of jobs as boxes and lines, figures over time as lines. Numbers only; the templates draw them as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kokunen.common_platform.operations.choices import RunState
from kokunen.common_platform.operations.nets import Net

_WIDE, _HIGH, _GAP_X, _GAP_Y = 210, 64, 48, 20
_LETTERS = 12
_CHART_WIDE, _CHART_HIGH = 420, 110


@dataclass(frozen=True, slots=True)
class Box:
    """ジョブの箱: place, words (cut to the box, and whole), state."""

    x: int
    y: int
    code: str
    label: str
    full_label: str
    state: str
    state_ja: str

    @property
    def middle(self) -> int:
        """Height of its middle."""
        return self.y + _HIGH // 2


@dataclass(frozen=True, slots=True)
class NetPicture:
    """ネットの図"""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[tuple[int, int, int, int], ...]
    box_width: int = _WIDE
    box_height: int = _HIGH


def net_picture(net: Net, states: Mapping[str, str], per_row: int = 4) -> NetPicture:
    """ネットの図: steps by how many come before them; a long chain goes on in the next row."""
    level: dict[str, int] = {}
    for step in net.steps:
        level[step.code] = max((level[code] + 1 for code in step.after), default=0)
    by_level: dict[int, list[str]] = {}
    for code, number in level.items():
        by_level.setdefault(number, []).append(code)
    rows: list[int] = []  # the top of each band of `per_row` levels
    top = 0
    for band in range(0, max(by_level) + 1, per_row):
        rows.append(top)
        tallest = max(len(by_level[n]) for n in range(band, min(band + per_row, max(by_level) + 1)))
        top += tallest * (_HIGH + _GAP_Y) + _GAP_Y // 2
    boxes: dict[str, Box] = {}
    for number, codes in by_level.items():
        for place, code in enumerate(codes):
            state = states.get(code, str(RunState.NOT_RUN))
            boxes[code] = Box(
                2 + number % per_row * (_WIDE + _GAP_X),
                2 + rows[number // per_row] + place * (_HIGH + _GAP_Y),
                code,
                _cut(net.step(code).label_ja),
                net.step(code).label_ja,
                state,
                str(RunState(state).label),
            )
    lines = []
    for step in net.steps:
        for before in step.after:
            a, b = boxes[before], boxes[step.code]
            if b.x > a.x:
                lines.append((a.x + _WIDE, a.middle, b.x - 6, b.middle))
            else:  # from the end of one row to the beginning of the next
                lines.append((a.x + _WIDE // 2, a.y + _HIGH, b.x + _WIDE // 2, b.y - 6))
    width = min(max(by_level) + 1, per_row) * (_WIDE + _GAP_X) - _GAP_X + 4
    return NetPicture(width, top + 4, tuple(boxes.values()), tuple(lines))


def _cut(words: str) -> str:
    """Words that fit a box; the rest is in its tooltip and in the table below."""
    return words if len(words) <= _LETTERS else f"{words[: _LETTERS - 1]}…"


@dataclass(frozen=True, slots=True)
class Chart:
    """推移の図: `points` is ready for a polyline; lowest, highest and latest value in words."""

    title: str
    points: str
    low: str
    high: str
    latest: str
    begins: datetime
    ends: datetime
    width: int = _CHART_WIDE
    height: int = _CHART_HIGH


def chart(title: str, unit: str, values: Sequence[tuple[datetime, float]]) -> Chart:
    """推移の図 of one series; percentages from 0 to 100, others from 0 to their highest."""
    first, last = values[0][0], values[-1][0]
    span = max(1.0, (last - first).total_seconds())
    top = 100.0 if unit == "%" else max(max(value for _, value in values), 1.0)
    points = " ".join(
        f"{(at - first).total_seconds() / span * _CHART_WIDE:.1f},{_CHART_HIGH - value / top * (_CHART_HIGH - 4):.1f}"
        for at, value in values
    )
    if len(values) == 1:
        points += f" {_CHART_WIDE},{points.partition(',')[2]}"
    amounts = [value for _, value in values]
    return Chart(
        title, points, _amount(min(amounts), unit), _amount(max(amounts), unit), _amount(amounts[-1], unit), first, last
    )


def _amount(value: float, unit: str) -> str:
    if unit == "バイト":
        for name in ("バイト", "KB", "MB", "GB"):
            if value < 1024 or name == "GB":
                return f"{value:,.1f} {name}"
            value /= 1024
    return f"{value:,.1f}{unit}" if value % 1 else f"{value:,.0f}{unit}"
