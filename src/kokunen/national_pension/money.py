"""お金の目安 (pure): what months cost, what an exemption saves and takes from the pension, what more months bring.

Every figure is the law's (`kokunen.law.rules`); premiums and amounts that are not laid down yet are expected ones, so
that every sentence here says 目安. A month without a premium in the tables gives no sentence, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable

from kokunen.kernel.eras import format_year_month
from kokunen.kernel.money import round_half_up
from kokunen.law.engine.months import first_day
from kokunen.law.parameters import history
from kokunen.law.rules.benefits.months import KINDS, Months, weighted_months
from kokunen.law.rules.benefits.old_age_pension import full_amount
from kokunen.law.rules.benefits.voluntary import estimate, months_until_full
from kokunen.law.rules.premiums import Part, Premium, known_months, premium_of

_PARTS = {str(part): part for part in Part if part is not Part.NONE}
_FULL = "full_exemption"
_NOT_COUNTED = ("deferral", "student_deferral")


def month_ja(month: int) -> str:
    """年月 in words: 令和8年12月."""
    return format_year_month(first_day(month))


def premiums(months: Iterable[int], part: Part = Part.NONE) -> int | None:
    """保険料の合計 of these months in yen; None when one of them has no premium in the tables."""
    wanted = list(months)
    first, last = known_months()
    if not wanted or min(wanted) < first or max(wanted) > last:
        return None
    return sum(premium_of(month, part=part) for month in wanted)


def of_exemption(result: str, first: int, last: int, fiscal_year: int) -> str:
    """免除で変わる額: what the months cost, what stays to be paid, and what the pension of a year loses; "" when the
    result exempts nothing or a premium is not known.
    """
    whole = premiums(range(first, last + 1))
    if whole is None or result not in (_FULL, *_NOT_COUNTED, *_PARTS):
        return ""
    payable = premiums(range(first, last + 1), _PARTS[result]) if result in _PARTS else 0
    less = _less_a_year(result, last - first + 1, fiscal_year)
    return (
        f"保険料{whole:,}円のうち納める額は{payable:,}円。年金は納めたときより年{less:,}円少なく、"
        "10年以内の追納で戻せます（目安）"
    )


def payable(result: str, first: int, last: int) -> int | None:
    """納める額 of a part exemption; None for what has none or is not known."""
    return premiums(range(first, last + 1), _PARTS[result]) if result in _PARTS else None


def _less_a_year(result: str, months: int, fiscal_year: int) -> int:
    none = dict.fromkeys(KINDS, 0)
    exempted = Months(0, none, none | ({result: months} if result in KINDS else {}))
    weighted = weighted_months(exempted)
    whole = months * (weighted.limit_x24 // 480)
    return round_half_up(full_amount(fiscal_year) * (whole - weighted.x24), weighted.limit_x24)


def of_release(first: int, last: int | None, paid: frozenset[int]) -> list[str]:
    """届出による免除の額: months that need not be paid, and those paid already that come back (法88条の2・88条の3)."""
    told = []
    if last is not None:
        whole = premiums(range(first, last + 1))
        if whole is not None:
            told.append(f"納付を要しない保険料は{last - first + 1}か月分で{whole:,}円です（目安）")
    back = sorted(month for month in paid if month >= first and (last is None or month <= last))
    amount = premiums(back)
    if amount is not None:
        names = "、".join(month_ja(month) for month in back)
        told.append(f"{names}は納付済です（{amount:,}円）")
    return told


def of_additional(first: int, last: int) -> str:
    """付加保険料の損得: months, what is paid in all, what it brings a year, for life (法43条, 44条); "" when none."""
    months = last - first + 1
    known = known_months()
    if months < 1 or not known[0] <= first <= known[1]:
        return ""
    unit: int = history("benefits/additional_pension").entries[-1].value
    each = premium_of(first, Premium.ADDITIONAL)
    a_month = premium_of(first) + each
    return (
        f"{month_ja(first)}から{month_ja(last)}まで{months}か月、付加保険料は全部で{each * months:,}円、付加年金は"
        f"年{unit * months:,}円です。{each // unit}年受けると納めた額に達します。{month_ja(first)}分は合わせて"
        f"月{a_month:,}円です（目安）"
    )


def of_voluntary(months: Months, first: int, longest: int, fiscal_year: int) -> list[str]:
    """任意加入の効果: now, and with every month paid from `first` until 480 or for `longest` months, whichever ends
    it sooner (附則5条); what it costs at today's premium, and after how many years it is even.
    """
    now = estimate(fiscal_year, months, 0).annual
    more = min(months_until_full(months), longest)
    told = [f"いまの記録で年{now:,}円です（老齢基礎年金、目安）"]
    if more < 1:
        return [*told, "すでに満額です。任意加入はできません"]
    full = estimate(fiscal_year, months, more)
    known = known_months()
    cost = premium_of(min(max(first, known[0]), known[1])) * more
    gain = full.annual - now
    ends = "480月に達します" if more < longest else "年齢の限度です"
    told.append(f"{month_ja(first)}から{month_ja(first + more - 1)}まで{more}か月納めると年{full.annual:,}円で、{ends}")
    even = f"、{_years(cost, gain)}年受けると納めた額に達します" if gain > 0 else ""
    told.append(f"納める額は{cost:,}円（今の月額で計算）、年{gain:,}円増え{even}（目安）")
    return told


def _years(cost: int, gain: int) -> str:
    return f"{cost / gain:.1f}"
