"""コンビニ交付 (S6-5): 課税（非課税）証明書 and 所得証明書 of the present year, for the person who asks.

Who may ask at all (hours, age, 支援措置, a planned moving out) the register has decided before; here it is the tax that
may forbid it. The reason of a refusal stands in the ledger and in the log of requests; the shop is told one neutral
sentence. A serial that is given makes the same sheet again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kokunen.assessment.gateway import admit_line
from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import KokunenError
from kokunen.ledger.access import Act, system_context
from kokunen.ledger.recording import record_refusal
from kokunen.resident_tax import queries
from kokunen.resident_tax.documents import papers

CONTEXT = system_context("certificate-kiosk", "tax_certificate")
TITLES = {"31": "課税（非課税）証明書（コンビニ交付）", "32": "所得証明書（コンビニ交付）"}
_OFFICE, _FIRST_MONTH = "3010", 6  # the certificates of a year begin in June


@dataclass(frozen=True, slots=True)
class KioskSheet:
    """交付する用紙: serial and PDF, or the code of the reason why there is none."""

    serial: str = ""
    content: bytes = b""
    reason_code: str = ""


def certificate(atena_number: str, kind: str, *, serial: str, at: datetime) -> KioskSheet:
    """税の証明書を作る: of the year whose certificates are given out at ``at``."""
    day = at.astimezone(clock.OFFICE_ZONE).date()
    tax_year = day.year if day.month >= _FIRST_MONTH else day.year - 1
    try:
        admit_line("resident_tax", "certificate_centre", context=CONTEXT)
        person = queries.get_person(atena_number, tax_year, context=CONTEXT)
        number = serial or printing.next_serial(_OFFICE)
        content = papers.certificate(person, income_only=kind == "32", serial=number, at=at)
    except KokunenError as refused:
        record_refusal(CONTEXT, dataset=TITLES[kind], reason=refused.message, atena_numbers=[atena_number],
                       detail={"code": refused.code, "tax_year": tax_year})  # fmt: skip
        return KioskSheet(reason_code=refused.code or "refused")
    with queries.looked_at(CONTEXT, TITLES[kind], [atena_number], act=Act.PRINT, serial=number):
        return KioskSheet(number, content)
