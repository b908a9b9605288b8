"""統計と勧奨: counts from the records; a letter goes once, never to the undeclared; its answer is found by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from tests.national_pension.support import Register, give_number, insure, put_on_roll

from kokunen.kernel.errors import Conflict
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-4"), pytest.mark.function("S1-2")]


def income(atena: str, state: str, total: int | None) -> None:
    """住民税の側: one row of 令和8年度."""
    from kokunen.common_platform.integration.publishing import ChangeNote, publish
    from kokunen.resident_tax.linkage import INCOME

    row: dict[str, Any] = {column.name: None for column in INCOME.columns}
    row |= {"atena_number": atena, "tax_year": 2026, "state": state, "total_income": total}
    row |= {"deduction_total": None if total is None else 0, "income_after_deduction": total}
    with transaction.atomic(using="resident_tax"):
        publish("resident_tax", INCOME, [row], ChangeNote("update", None, date(2026, 6, 1)))


def test_勧奨状は所得の分かる方に一度だけ出る(city: Register, officer: AccessContext) -> None:
    from kokunen.national_pension.models import OutreachLetter
    from kokunen.national_pension.services.outreach import make_letters, take_results

    poor, rich, silent, hidden = (city.resident(date(1990, 3, 20), protected=n == 3) for n in range(4))
    for atena in (poor, rich, silent, hidden):
        insure(atena, "1", date(2015, 4, 1))
    for atena, state, total in ((poor, "3", 670_000), (rich, "1", 670_001), (silent, "4", None), (hidden, "3", 0)):
        income(atena, state, total)
    made = make_letters(context=officer)
    assert made.count == 1 and made.content.startswith(b"%PDF")
    assert OutreachLetter.objects.get().atena_number == poor
    with pytest.raises(Conflict, match="もういません"):
        make_letters(context=officer)
    assert take_results() == 0


def test_勧奨の結果は勧奨後の申請で_前の年度の申請は数えない(
    city: Register, officer: AccessContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kokunen.national_pension.models import OutreachLetter
    from kokunen.national_pension.services.exemptions import Sitting, apply
    from kokunen.national_pension.services.outreach import make_letters, take_results

    atena = city.resident(date(1990, 3, 20))
    insure(atena, "1", date(2015, 4, 1))
    give_number(atena, "1234567890")
    put_on_roll(atena)
    income(atena, "3", 670_000)
    counter = replace(officer, purpose="pension_exemption")

    def apply_on(day: date, cycle: str) -> None:
        monkeypatch.setenv("KOKUNEN_TODAY", day.isoformat())
        sitting = Sitting((cycle,), received_on=day, identity_document="my_number_card")
        apply(atena_number=atena, sitting=sitting, context=counter)

    apply_on(date(2026, 5, 20), "general-2024")
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    assert make_letters(context=officer).count == 1
    assert take_results() == 0, "the application of May answers no letter of November"
    apply_on(date(2026, 11, 25), "general-2026")
    assert take_results() == 1 and take_results() == 0
    letter = OutreachLetter.objects.get()
    assert (letter.result, letter.result_on) == ("applied", date(2026, 11, 25))


def test_月末の人数は記録から数える(city: Register) -> None:
    from kokunen.national_pension.queries.statistics import statistics

    one, two = city.resident(date(1990, 3, 20)), city.resident(date(1964, 3, 20))
    insure(one, "1", date(2015, 4, 1), date(2026, 9, 30), loss_reason="04")
    insure(two, "5", date(2026, 5, 31))
    found = statistics(2026)
    assert [(row.first_kind, row.voluntary) for row in found.months] == [(1, 0), *[(1, 1)] * 4, (0, 1), (0, 1)]
    assert (found.summed, found.twelfth) == (11, 0)
    assert dict(found.cooperation)["勧奨状"] == 0
