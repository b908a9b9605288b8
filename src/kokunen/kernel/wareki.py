"""和暦: dates as people write them, in eras, and back.

The door to everything about dates in eras: reading one field (:mod:`.dateinput`), dates not fully known
(:mod:`.imprecise`), and writing them (:mod:`.eras`). Days of the calendar, deadlines and ages: :mod:`.calendar`.
"""

from __future__ import annotations

from kokunen.kernel.dateinput import normalize_date_text, parse_date
from kokunen.kernel.eras import (
    ERAS,
    HEISEI,
    MEIJI,
    REIWA,
    SHOWA,
    SOLAR_CALENDAR_FROM,
    TAISHO,
    WEEKDAYS,
    Era,
    era_of,
    fiscal_year,
    fiscal_year_days,
    format_fiscal_year,
    format_short,
    format_wareki,
    format_year_month,
    from_era,
    from_era_code,
    to_era_code,
)
from kokunen.kernel.imprecise import ImpreciseDate, parse_imprecise

__all__ = [
    "ERAS",
    "HEISEI",
    "MEIJI",
    "REIWA",
    "SHOWA",
    "SOLAR_CALENDAR_FROM",
    "TAISHO",
    "WEEKDAYS",
    "Era",
    "ImpreciseDate",
    "era_of",
    "fiscal_year",
    "fiscal_year_days",
    "format_fiscal_year",
    "format_short",
    "format_wareki",
    "format_year_month",
    "from_era",
    "from_era_code",
    "normalize_date_text",
    "parse_date",
    "parse_imprecise",
    "to_era_code",
]
