"""死亡一時金 (death lump sum): what is paid once to the survivors of one who paid 36 months or more (法52条の2〜6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from kokunen.kernel.calendar import add_months
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history
from kokunen.law.rules.benefits._dates import in_calendar

_MONTHS = "国民年金法第52条の2第1項"
_AMOUNT = "国民年金法第52条の4第1項"
_ADDITIONAL = "国民年金法第52条の4第2項"
_CLAIM = "国民年金法第102条第4項"
_KINDS = {"quarter_exemption": "4分の1免除", "half_exemption": "半額免除", "three_quarter_exemption": "4分の3免除"}


class Refusal(StrEnum):
    """支給しない理由."""

    PENSION_RECEIVED = "pension_received"
    SURVIVOR_PENSION_PAYABLE = "survivor_pension_payable"
    UNDER_36_MONTHS = "under_36_months"
    TIME_BARRED = "time_barred"


@dataclass(frozen=True, slots=True)
class DeathLumpSum:
    """死亡一時金: yen, all 0 when ``refusal`` says why nothing is paid."""

    counted_months_x4: int
    refusal: Refusal | None
    base_amount: int
    additional_amount: int
    claim_deadline: date
    steps: tuple[Explained, ...]

    @property
    def amount(self) -> int:
        """支給額."""
        return self.base_amount + self.additional_amount


def death_lump_sum(
    death: date,
    paid: int,
    exempt: Mapping[str, int],
    *,
    additional: int = 0,
    pension_received: bool = False,
    survivor_pension_payable: bool = False,
    claimed_on: date | None = None,
) -> DeathLumpSum:
    """死亡一時金 for a death on ``death``.

    ``paid`` are 第1号・任意 months paid, ``exempt`` part exempted months whose rest was paid (kind → months),
    ``additional`` months of 付加保険料. ``InputError`` (out_of_range, death_date) past the year 9997.
    """
    weights = history("benefits/death_lump_sum_weights").entries[-1].value
    table = history("benefits/death_lump_sum").entries[-1].value
    counted = weights["paid"] * paid + sum(weights[kind] * exempt[kind] for kind in _KINDS)
    years = history("benefits/death_lump_sum_claim_years").entries[-1].value
    in_calendar(death.year + years, "death_date", "死亡日")
    deadline = add_months(death, 12 * years)
    refusal = _refusal(
        (Refusal.PENSION_RECEIVED, pension_received),
        (Refusal.SURVIVOR_PENSION_PAYABLE, survivor_pension_payable),
        (Refusal.UNDER_36_MONTHS, counted < weights["paid"] * table["least_months"]),
        (Refusal.TIME_BARRED, claimed_on is not None and claimed_on > deadline),
    )
    reached = [row["amount"] for row in table["amounts"] if counted >= weights["paid"] * row["from_months"]]
    base = 0 if refusal else reached[-1]
    extra = table["additional"]
    added = extra["amount"] if refusal is None and additional >= extra["from_months"] else 0
    steps = [
        Explained("paid_months", "納付済月数", paid, Unit.MONTH, _MONTHS),
        *_exempt_steps(exempt, weights),
        Explained("counted_months_x4", "月数の4倍", counted, Unit.MONTH, _MONTHS),
        Explained("claim_deadline", "請求の期限", deadline, Unit.DATE, _CLAIM),
        Explained("payable", "支給の可否", refusal is None, Unit.BOOL, _MONTHS),
        Explained("reason", "支給しない理由", refusal and str(refusal), Unit.TEXT, "国民年金法第52条の2"),
        Explained("base_amount", "月数による額", base, Unit.YEN, _AMOUNT),
        Explained("additional_months", "付加保険料納付月数", additional, Unit.MONTH, _ADDITIONAL),
        Explained("additional_amount", "付加の加算額", added, Unit.YEN, _ADDITIONAL),
        Explained("amount", "死亡一時金の額", base + added, Unit.YEN, "国民年金法第52条の4"),
    ]
    return DeathLumpSum(counted, refusal, base, added, deadline, tuple(steps))


def _refusal(*tests: tuple[Refusal, bool]) -> Refusal | None:
    """The first reason that applies."""
    return next((reason for reason, applies in tests if applies), None)


def _exempt_steps(exempt: Mapping[str, int], weights: Mapping[str, Any]) -> list[Explained]:
    """The part exempted months that were given and what they count."""
    steps: list[Explained] = []
    for kind, label in _KINDS.items():
        if exempt[kind]:
            counted = weights[kind] * exempt[kind]
            steps.append(Explained(f"exempt_months.{kind}", f"{label}の月数", exempt[kind], Unit.MONTH, _MONTHS))
            steps.append(Explained(f"counted_x4.{kind}", f"{label}の数える月数の4倍", counted, Unit.MONTH, _MONTHS))
    return steps
