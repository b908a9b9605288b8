"""給付の項目 (fields of benefits): tables of months that several benefits share."""

from __future__ import annotations

from kokunen.law.interface.fields import Integer, Object, Record
from kokunen.law.rules.benefits.months import KINDS, Months

MONTHS = ((0, 600),)
FISCAL_YEARS = ((2023, 2026),)

FISCAL_YEAR = Integer(name="fiscal_year", label="年度", required=True, spans=FISCAL_YEARS)
PAID_MONTHS = Integer(name="paid_months", label="納付済月数", required=True, spans=MONTHS)
DEFERRAL_MONTHS = Integer(name="deferral_months", label="納付猶予・学生納付特例の月数", default=0, spans=MONTHS)


def kinds_of_exemption() -> tuple[Integer, ...]:
    """免除の4つの区分の月数."""
    return tuple(Integer(name=name, label=f"{label}月数", default=0, spans=MONTHS) for name, label in KINDS.items())


EXEMPT_MONTHS = Object(
    name="exempt_months",
    label="免除月数",
    filled=True,
    fields=(
        Object(name="after_2009_04", label="平成21年4月以後の免除月数", filled=True, fields=kinds_of_exemption()),
        Object(name="until_2009_03", label="平成21年3月以前の免除月数", filled=True, fields=kinds_of_exemption()),
    ),
)


def months_of(record: Record) -> Months:
    """納付済月数と免除月数 of a line with ``paid_months`` and ``exempt_months``."""
    exempt = record["exempt_months"]
    return Months(record["paid_months"], exempt["until_2009_03"], exempt["after_2009_04"])
