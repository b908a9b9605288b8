"""年度の税法 (tax year): the legal values of one 年度, and the days on which ages are judged.

令和N年度 taxes the income of 令和(N-1)年. Its values are those of 1 January of the tax year (賦課期日): a new year is a
new date in ``parameters/resident_tax``, never a change of code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from kokunen.law.parameters import Entry, Status, all_paths, entry_on, history

_AREA = "resident_tax/"


@dataclass(frozen=True, slots=True)
class TaxYear:
    """年度: ``year`` is the western year in which it begins (令和8年度 = 2026)."""

    year: int

    @property
    def assessed_on(self) -> date:
        """賦課期日: 1 January (地方税法第318条)."""
        return date(self.year, 1, 1)

    def value(self, name: str) -> Any:
        """この年度の値 of ``parameters/resident_tax/<name>.yaml``; ``InputError`` for a year without one."""
        return entry_on(_AREA + name, self.assessed_on).value

    def amount(self, name: str, key: str | None = None) -> int:
        """一つの金額・年齢・割合の値: the value itself, or the one under ``key``."""
        value = self.value(name)
        amount: int = value if key is None else value[key]
        return amount

    def rows(self, name: str, key: str | None = None) -> list[dict[str, Any]]:
        """段階表: rows in order of their upper limit, the last one without."""
        value = self.value(name)
        rows: list[dict[str, Any]] = value if key is None else value[key]
        return rows

    def born_until(self, age: int) -> date:
        """12月31日に ``age`` 歳に達している人の最後の生年月日.

        An age is reached on the day before the birthday (年齢計算に関する法律), so that who is born on 1 January has
        reached it on 31 December of the income year.

        >>> TaxYear(2026).born_until(65)
        datetime.date(1961, 1, 1)
        """
        return date(self.year - age, 1, 1)

    @property
    def minors_born_after(self) -> date:
        """未成年者の生年月日の前日: a minor on 1 January was born after this day (地方税法第295条第1項第2号)."""
        return date(self.year - self.amount("ages", "adult"), 1, 2)

    def expected(self) -> list[str]:
        """見込みの値: what of this year's law is not laid down yet, to be told to whoever uses the results."""
        names = [path for path in all_paths() if path.startswith(_AREA)]
        return [history(path).description for path in names if self._entry(path).status is Status.EXPECTED]

    def _entry(self, path: str) -> Entry:
        return entry_on(path, self.assessed_on)


@cache
def tax_years() -> tuple[int, ...]:
    """税法の登録がある年度, in order."""
    rates = history(_AREA + "levy_rate")
    last = rates.until or rates.entries[-1].start
    return tuple(range(rates.entries[0].start.year, last.year + 1))
