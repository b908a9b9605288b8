"""住民記録の測定の土台: people of the big city, and the acts that are timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any


def timed(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def context(purpose: str) -> Any:
    from kokunen.ledger.access import AccessContext

    return AccessContext("b001", "1001", purpose, screen="bench", terminal="B-001")


def rows(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    from django.db import connections

    with connections["resident_registry"].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def people(number: int) -> list[str]:
    """Heads of households that nobody protects and nobody leaves."""
    return [
        row[0]
        for row in rows(
            "select r.atena_number from resident_version r where upper(r.recorded_period) is null "
            "and upper(r.valid_period) is null and r.status = '1' and r.relationship_codes = '02' "
            "and r.planned_departure_on is null and r.address_since < current_date - 60 and not exists "
            "(select 1 from support_measure s join resident_version m using (atena_number) "
            "where m.household_number = r.household_number) order by random() limit %s",
            [number],
        )
    ]


def codes(number: int) -> list[str]:
    return [
        row[0]
        for row in rows(
            "select resident_code from resident_version where upper(recorded_period) is null "
            "and upper(valid_period) is null and status = '1' and resident_code <> '' and birth_date < '2000-01-01' "
            "and planned_departure_on is null order by random() limit %s",
            [number],
        )
    ]
