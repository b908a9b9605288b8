"""免除の年月 (months of exemption): cycles, reach of an application, last month of 納付猶予 by age.

Months are month numbers of ``kokunen.law.engine.months``; parameters are those of ``law/parameters/exemption``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from kokunen.kernel.errors import InputError
from kokunen.law.engine.months import month_of, month_text
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history

_FIRST, _LAST = 12, 9999 * 12 + 11
_WINDOW = "国民年金法施行規則第77条の2"
_CYCLE = "国民年金法第90条第1項"
_STUDENT_CYCLE = "国民年金法第90条の3第1項"


class Scheme(StrEnum):
    """申請の種類: 免除・納付猶予, or 学生納付特例."""

    GENERAL = "general"
    STUDENT = "student"


@dataclass(frozen=True, slots=True)
class Cycle:
    """免除年度の一部: the months ``first``..``last`` (both inclusive) of the cycle that begins in ``year``."""

    year: int
    first: int
    last: int

    @property
    def income_year(self) -> int:
        """所得年: the calendar year before the one the cycle starts in (法90条1項1号)."""
        return self.year - 1


@dataclass(frozen=True, slots=True)
class Window:
    """申請できる期間: from 2年1か月前 to the end of the cycle in progress."""

    earliest: int
    latest: int
    cycles: tuple[Cycle, ...]


def latest_value(name: str) -> Any:
    """現行の値: the value of ``exemption/<name>`` in force last; exemptions are judged by the law as it stands."""
    return history(f"exemption/{name}").entries[-1].value


def in_calendar(month: int, field: str, label: str) -> int:
    """年月の範囲: ``month`` itself; ``InputError`` (out_of_range) on ``field`` when it has no year of four digits."""
    if not _FIRST <= month <= _LAST:
        message = f"{label}は、結果の年月が西暦1年から9999年までに収まる日付で指定してください"
        raise InputError(message, field, "out_of_range")
    return month


def month_reaching(birth: date, age: int) -> int:
    """年齢到達月: the month of the day before the birthday, so that one born on the 1st is a month earlier."""
    return month_of(birth) + 12 * age - (birth.day == 1)


def month_of_next_day(day: date) -> int:
    """翌日の属する月."""
    following = day.toordinal() + 1
    if following > date.max.toordinal():
        return month_of(day) + 1
    return month_of(date.fromordinal(following))


def cycle_start(year: int, scheme: Scheme) -> int:
    """免除年度の始まる月: July, 学生納付特例 April."""
    month: int = latest_value("cycle_start")[scheme]
    return year * 12 + month - 1


def cycle_year(month: int, scheme: Scheme) -> int:
    """その月の免除年度: the year in which its cycle starts."""
    return (month - cycle_start(0, scheme)) // 12


def cycles_between(first: int, last: int, scheme: Scheme) -> tuple[Cycle, ...]:
    """期間を免除年度で区切る: empty when ``first`` is after ``last``."""
    if first > last:
        return ()
    return tuple(
        Cycle(year, max(first, cycle_start(year, scheme)), min(last, cycle_start(year + 1, scheme) - 1))
        for year in range(cycle_year(first, scheme), cycle_year(last, scheme) + 1)
    )


def application_window(applied_on: date, scheme: Scheme) -> Window:
    """申請できる期間 of an application made on ``applied_on``; ``InputError`` at the ends of the calendar."""
    field, label = "application_date", "申請日"
    month = month_of(applied_on)
    earliest = in_calendar(month - latest_value("application_window"), field, label)
    latest = in_calendar(cycle_start(cycle_year(month, scheme) + 1, scheme) - 1, field, label)
    return Window(earliest, latest, cycles_between(earliest, latest, scheme))


def deferral_last_month(birth: date) -> int:
    """納付猶予の年齢の限度: the month before the one in which the applicant reaches 50; the 時限 is not looked at."""
    return in_calendar(month_reaching(birth, latest_value("deferral")["age"]) - 1, "birth_date", "生年月日")


def month_step(name: str, label: str, month: int | None, article: str | None) -> Explained:
    """年月の説明."""
    return Explained(name, label, None if month is None else month_text(month), Unit.YEAR_MONTH, article)


def explain_window(window: Window, scheme: Scheme) -> list[Explained]:
    """申請できる期間の説明: the two ends, then every cycle."""
    article = _STUDENT_CYCLE if scheme is Scheme.STUDENT else _CYCLE
    steps = [
        Explained("retroactive_months", "さかのぼる月数", latest_value("application_window"), Unit.MONTH, _WINDOW),
        month_step("earliest_month", "申請できる最初の月", window.earliest, _WINDOW),
        month_step("latest_month", "申請できる最後の月", window.latest, article),
    ]
    for index, cycle in enumerate(window.cycles):
        steps += explain_cycle(f"cycles[{index}]", cycle, article)
    return steps


def explain_cycle(path: str, cycle: Cycle, article: str) -> list[Explained]:
    """免除年度の説明."""
    return [
        Explained(f"{path}.cycle_year", "免除年度", f"{cycle.year}年度", Unit.TEXT, article),
        month_step(f"{path}.from", "申請期間の初月", cycle.first, article),
        month_step(f"{path}.to", "申請期間の終月", cycle.last, article),
        Explained(f"{path}.income_year", "所得年", f"{cycle.income_year}年", Unit.TEXT, article),
    ]
