"""審査の形: facts in, a view with its reasons out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kokunen.kernel.eras import format_year_month
from kokunen.law.engine.months import first_day
from kokunen.law.engine.steps import Explained
from kokunen.law.rules.benefits.monthly_record import Span
from kokunen.national_pension.choices import ClaimVerdict
from kokunen.national_pension.income_view import Income
from kokunen.national_pension.resident_view import Resident


@dataclass(frozen=True, slots=True)
class Facts:
    """事実: who claims, who died, the record as noted from the terminal, what the visitor says, the household."""

    claimant: Resident
    deceased: Resident | None
    spans: Sequence[Span]
    said: Mapping[str, Any]
    household: Sequence[Resident]
    incomes: Mapping[str, Sequence[Income]]
    on: date

    @property
    def fiscal_year(self) -> int:
        """年度 of the day."""
        return self.on.year - (self.on.month < 4)


@dataclass(frozen=True, slots=True)
class Amount:
    """見込額: yen a `unit` (年額, 月額, 一時金), with what it supposes."""

    label: str
    yen: int
    unit: str
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is stored with the receipt."""
        return {"label": self.label, "yen": self.yen, "unit": self.unit, "note": self.note}


@dataclass(frozen=True, slots=True)
class Examination:
    """審査の結果: a word, one sentence, the reasons with their article, amounts, code, steps, other rights."""

    verdict: ClaimVerdict
    sentence: str
    reasons: tuple[tuple[str, str], ...] = ()
    amounts: tuple[Amount, ...] = ()
    pension_code: str = ""
    steps: tuple[Explained, ...] = ()
    warnings: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    bad_months: frozenset[int] = field(default_factory=frozenset)
    good_months: frozenset[int] = field(default_factory=frozenset)


NO_RECORD = Examination(
    ClaimVerdict.UNKNOWN,
    "社会保険オンラインで確認した記録がまだ記入されていません。",
    (("納付・免除の月は市の記録では分かりません。「相談・照会」で確認した記録を記入してください", "国民年金法第14条"),),
)


def month_ja(month: int) -> str:
    """年月 in words: 令和8年12月."""
    return format_year_month(first_day(month))


def missing(words: str) -> Examination:
    """判定できない: something that the visitor must say is still missing."""
    return Examination(ClaimVerdict.UNKNOWN, f"{words}を入力すると見込みが出ます。")


def elsewhere(why: str, article: str, steps: tuple[Explained, ...] = ()) -> Examination:
    """年金事務所の受付: the claim is not the city's."""
    return Examination(
        ClaimVerdict.NOT_CITY,
        "年金事務所で受け付ける請求です。案内票をお渡しください。",
        ((why, article),),
        steps=steps,
    )
