"""住民と資料: residents as the register publishes them, documents and claims as the office takes them in."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from tests.national_pension.support import Register

from kokunen.ledger.access import AccessContext

_papers = itertools.count(1)


class TaxOffice(Register):
    """市民税課: the register of the test, with what concerns the tax."""

    def document(self, atena: str, kind: str = "11", year: int = 2026, **more: Any) -> int:
        """資料1件 as stored; ``figures`` are facts of the law."""
        from kokunen.common_platform.operations import clock
        from kokunen.resident_tax.models import TaxDocument

        columns = {"main", "retired", "includes_previous", "payer_number", "received_on"}
        given = {name: more.pop(name) for name in list(more) if name in columns}
        with transaction.atomic(using="resident_tax"):
            row = TaxDocument.objects.create(
                tax_year=year,
                atena_number=atena,
                kind=kind,
                figures=more,
                fingerprint=f"{next(_papers):064d}",
                entered_at=clock.now(),
                entered_by="3001",
                **({"received_on": date(2026, 1, 20)} | given),
            )
        return row.pk

    def claims(self, claimant: str, dependant: str, kind: str, year: int = 2026) -> None:
        """扶養の申告"""
        from kokunen.common_platform.records.models import recorded_from
        from kokunen.resident_tax.models import DependantClaim

        with transaction.atomic(using="resident_tax"):
            DependantClaim.objects.create(
                tax_year=year,
                claimant_atena_number=claimant,
                dependant_atena_number=dependant,
                kind=kind,
                valid_period=DateRange(date(year, 6, 1), date(year + 1, 6, 1)),
                recorded_period=recorded_from(),
                recorded_by="3001",
            )

    def assess(self, officer: AccessContext, year: int = 2026, **how: Any) -> Any:
        """当初課税 from snapshot to decisions."""
        from kokunen.resident_tax.services import assessing

        assessing.take_taxpayers(tax_year=year, context=officer)
        run = assessing.start(tax_year=year, context=officer)
        return assessing.carry_on(run.pk, context=officer, **how)


def decision(atena: str, year: int = 2026) -> Any:
    """現在の賦課決定"""
    from kokunen.resident_tax.models import TaxDecision

    return TaxDecision.objects.current().get(atena_number=atena, tax_year=year)


@pytest.fixture
def city(city_database: str, monkeypatch: pytest.MonkeyPatch) -> TaxOffice:
    """令和8年11月24日の市"""
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    return TaxOffice()


@pytest.fixture
def officer() -> AccessContext:
    """市民税課の職員"""
    return AccessContext("3001", "3010", "tax_assessment", screen="試験", terminal="T-01")


@pytest.fixture
def second_officer() -> AccessContext:
    """市民税課のもう一人の職員"""
    return AccessContext("3002", "3010", "tax_assessment", screen="試験", terminal="T-02")
