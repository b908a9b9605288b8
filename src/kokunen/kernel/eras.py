"""元号: the eras, and days written in them.

Eras: 元号を改める政令 of each era. Meiji dates are taken from 明治6年1月1日, when the solar calendar began
(明治5年太政官布告 第337号); earlier days are not converted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from kokunen.kernel.errors import InputError

WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class Era:
    """元号: name, letter, one-digit code of media layouts, first day and last day (None = still running)."""

    name: str
    letter: str
    code: str
    first_day: date
    last_day: date | None

    @property
    def short(self) -> str:
        """略号: the first kanji (令)."""
        return self.name[0]

    def contains(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def year_of(self, day: date) -> int:
        """和暦年: 1 for 元年."""
        return day.year - self.first_day.year + 1

    def western_year(self, year: int) -> int:
        """西暦年 of the era's year."""
        return self.first_day.year + year - 1


MEIJI = Era("明治", "M", "1", date(1868, 1, 25), date(1912, 7, 29))
TAISHO = Era("大正", "T", "3", date(1912, 7, 30), date(1926, 12, 24))
SHOWA = Era("昭和", "S", "5", date(1926, 12, 25), date(1989, 1, 7))
HEISEI = Era("平成", "H", "7", date(1989, 1, 8), date(2019, 4, 30))
REIWA = Era("令和", "R", "9", date(2019, 5, 1), None)
ERAS = (MEIJI, TAISHO, SHOWA, HEISEI, REIWA)
"""元号の一覧, oldest first."""

SOLAR_CALENDAR_FROM = date(1873, 1, 1)
"""太陽暦の初日: 明治6年1月1日; no earlier day is read or written in era form."""

BY_MARK: dict[str, Era] = {}
"""元号の書き方 → 元号: name, first kanji or letter."""

for _era in ERAS:
    BY_MARK |= {_era.name: _era, _era.short: _era, _era.letter: _era}
BY_CODE = {era.code: era for era in ERAS}
"""元号コード (1・3・5・7・9) → 元号."""

HOW = "例: R8.11.23、081123、令和8年11月23日、2026/11/23"
"""入力例 for messages."""


def existing_days(year: int, month: int) -> str:
    """その月にある日: a sentence that says which days the month has."""
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        return "月は1から12までで入力してください。"
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day if year < 9999 else 31
    return f"{month}月の日は1から{last}までで入力してください。"


def from_era(era: Era, year: int, month: int, day: int, field: str = "") -> date:
    """和暦から: the calendar day; a day outside the era is refused, naming the era it belongs to."""
    shown = f"{era.name}{'元' if year == 1 else year}年{month}月{day}日"
    if year < 1:
        raise InputError(
            f"{era.name}{year}年はありません。年は1（元年）以上で入力してください",
            field,
            "invalid_format",
            f"{HOW}のように入力してください。",
        )
    western = era.western_year(year)
    try:
        result = date(western, month, day)
    except ValueError:
        raise InputError(
            f"{shown}という日はありません", field, "invalid_format", existing_days(western, month)
        ) from None
    if result < SOLAR_CALENDAR_FROM:
        raise InputError(
            f"{shown}は太陰太陽暦の日付のため扱えません。明治6年1月1日以後の日を入力してください",
            field,
            "out_of_range",
            "古い記録の日付は、不詳の日付として表示のまま登録してください。",
        )
    if not era.contains(result):
        right = format_wareki(result)
        span = f"{era.name}は{_span(era)}"
        raise InputError(
            f"{shown}はありません。正しくは{right}です（{span}）", field, "invalid_format", "元号を確認してください。"
        )
    return result


def _span(era: Era) -> str:
    first = f"{era.first_day.year}年{era.first_day.month}月{era.first_day.day}日から"
    if era.last_day is None:
        return first
    return f"{first}{era.last_day.year}年{era.last_day.month}月{era.last_day.day}日まで"


def era_of(day: date) -> Era:
    """元号を求める: the era of a day on or after 明治6年1月1日."""
    if day < SOLAR_CALENDAR_FROM:
        raise InputError(
            f"{day.isoformat()}は和暦に変換できません。明治6年（1873年）1月1日以後の日を指定してください",
            code="out_of_range",
            hint="古い記録の日付は、不詳の日付として表示のまま登録してください。",
        )
    return next(era for era in reversed(ERAS) if day >= era.first_day)


def format_wareki(day: date, weekday: bool = False) -> str:
    """和暦で書く: 令和8年11月23日, with ``weekday`` 令和8年11月23日(月); the first year is 元年."""
    era = era_of(day)
    year = era.year_of(day)
    text = f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"{text}({WEEKDAYS[day.weekday()]})" if weekday else text


def format_short(day: date) -> str:
    """短い和暦: R8.11.23, for lists and narrow columns."""
    era = era_of(day)
    return f"{era.letter}{era.year_of(day)}.{day.month}.{day.day}"


def format_year_month(day: date) -> str:
    """年月: 令和8年11月, for months of insurance."""
    era = era_of(day)
    year = era.year_of(day)
    return f"{era.name}{'元' if year == 1 else year}年{day.month}月"


def to_era_code(day: date) -> tuple[str, str]:
    """媒体用の和暦: (era code 1 明治 3 大正 5 昭和 7 平成 9 令和, YYMMDD) such as ("9", "081123")."""
    era = era_of(day)
    return era.code, f"{era.year_of(day):02}{day.month:02}{day.day:02}"


def from_era_code(code: str, yymmdd: str, field: str = "") -> date:
    """媒体の和暦から: the inverse of :func:`to_era_code`, strict about form, code and era."""
    if code not in BY_CODE or not re.fullmatch(r"[0-9]{6}", yymmdd):
        raise InputError(
            "元号コードは1・3・5・7・9、年月日は半角数字6桁で指定してください",
            field,
            "invalid_format",
            "媒体の項目位置を確認してください。",
        )
    return from_era(BY_CODE[code], int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]), field)


def fiscal_year(day: date) -> int:
    """年度: the western year in which the fiscal year (April to March) of the day starts."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_days(year: int) -> tuple[date, date]:
    """年度の初日と末日: 1 April and 31 March."""
    return date(year, 4, 1), date(year + 1, 3, 31)


def format_fiscal_year(year: int) -> str:
    """年度の表示: 令和8年度; the era is that of 1 April, but 2019 is written 令和元年度 and 1989 平成元年度."""
    era = era_of(date(year + 1, 3, 31))
    number = era.western_year(1)
    era_year = year - number + 1
    if era_year < 1:
        era = era_of(date(year, 4, 1))
        era_year = era.year_of(date(year, 4, 1))
    return f"{era.name}{'元' if era_year == 1 else era_year}年度"
