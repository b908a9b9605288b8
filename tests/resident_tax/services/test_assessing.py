"""当初課税の試験: from documents to decisions, set by set, restartable, published."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connections
from tests.resident_tax.support import TaxOffice, decision

from kokunen.kernel.errors import Conflict
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S6-1"), pytest.mark.function("S6-3")]


def _published(atena: str) -> tuple[object, ...]:
    with connections["national_pension"].cursor() as cursor:
        cursor.execute(
            "select state, total_income, deduction_total, general_dependants, spouse_kind "
            "from integrated.national_pension__income where atena_number = %s and tax_year = 2026",
            [atena],
        )
        row = cursor.fetchone()
    return tuple(row or ())


def test_資料から税額が決まり期割と所得情報が公開される(city: TaxOffice, officer: AccessContext) -> None:
    employee = city.resident(date(1985, 5, 1))
    city.document(employee, salary_receipts=3_000_000, social_insurance=450_000, main=True, payer_number="1000001")
    shop = city.resident(date(1985, 5, 1))
    city.document(shop, "21", business_income=2_020_000, social_insurance=450_000)
    silent = city.resident(date(1990, 1, 1))
    run = city.assess(officer)
    assert (run.done, run.totals["people"], run.totals["undeclared"]) == (3, 3, 1)
    assert run.totals["total_tax"] == 2 * 116_500
    one = decision(employee)
    assert (one.total_tax, one.instalments[:2], sum(one.instalments)) == (116_500, [9_800, 9_700], 116_500)
    assert decision(shop).instalments == [29_500, 29_000, 29_000, 29_000]
    assert decision(silent).total_tax is None
    assert _published(employee) == ("1", 2_020_000, 450_000, 0, "0")
    assert _published(silent)[:2] == ("4", None)


def test_途中で止まった処理は続きから進み二度書かない(city: TaxOffice, officer: AccessContext) -> None:
    from kokunen.resident_tax.models import TaxDecision
    from kokunen.resident_tax.services import assessing

    people = [city.resident(date(1980, 1, 2 + i)) for i in range(5)]
    for atena in people:
        city.document(atena, salary_receipts=2_500_000)
    run = city.assess(officer, chunk=2, chunks=1)
    assert run.done == 2 and TaxDecision.objects.count() == 2
    with pytest.raises(Conflict, match="処理が終わっていません"):
        assessing.start(tax_year=2026, context=officer)
    run = assessing.carry_on(run.pk, context=officer, chunk=2)
    assert (run.done, run.totals["written"], TaxDecision.objects.count()) == (5, 5, 5)
    again = city.assess(officer)
    assert again.totals["written"] == 0 and TaxDecision.objects.count() == 5


def test_扶養は人数と控除に入り扶養された人は未申告にならない(city: TaxOffice, officer: AccessContext) -> None:
    father, wife = city.resident(date(1985, 5, 1)), city.resident(date(1986, 3, 3), sex="2")
    child, grandmother = city.resident(date(2017, 6, 1)), city.resident(date(1950, 1, 1), sex="2")
    city.document(father, salary_receipts=5_000_000, social_insurance=750_000, main=True, payer_number="1")
    city.claims(father, wife, "01")
    city.claims(father, child, "11")
    city.claims(father, grandmother, "16")
    city.assess(officer)
    assert decision(wife).state == "3" and decision(grandmother).total_tax == 0
    # 給与 3,560,000 − (750,000 + 330,000 + 450,000 + 430,000) = 1,600,000; S = 50,000+50,000+130,000
    assert decision(father).taxable_income == 1_600_000
    assert decision(father).city_tax == 96_000 - 6_900 + 3_000
    assert _published(father) == ("1", 3_560_000, 750_000, 0, "1")


def test_同じ人は一人で計算しても市の全員で計算しても同じになる(city: TaxOffice, officer: AccessContext) -> None:
    from kokunen.resident_tax.services import assessing, computing

    atena = city.resident(date(1958, 5, 1))
    city.document(atena, "12", pension_receipts=1_800_000, social_insurance=50_000)
    city.document(atena, salary_receipts=1_200_000, social_insurance=70_000, main=True, payer_number="7")
    city.document(atena, "21", listed_stock_income=400_000, salary_receipts=1_200_000, pension_receipts=1_800_000)
    city.assess(officer)
    first = decision(atena)
    assert not assessing.assess_person(atena_number=atena, tax_year=2026, context=officer)
    steps = {step.name: step.value for step in computing.explain(atena, first.inputs, 2026)}
    assert steps["total_tax"] == first.total_tax
    assert steps["taxable.listed_stock"] == 400_000
