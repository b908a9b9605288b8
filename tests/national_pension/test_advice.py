"""あわせて確認: who is told what."""

from __future__ import annotations

from datetime import date

import pytest
from tests.national_pension.support import Register, insure

pytestmark = [pytest.mark.function("S1-1")]


@pytest.mark.parametrize(
    ("kind", "told"), [("1", "voluntary_abroad"), ("2", "lump_sum_withdrawal")], ids=["日本人", "外国人"]
)
def test_海外転出の案内は国籍に合わせる(city: Register, kind: str, told: str) -> None:
    from kokunen.national_pension.models import WorkItem

    atena = city.resident(date(1986, 5, 10), resident_kind=kind)
    insure(atena, "1", date(2006, 5, 9))
    city.moves_abroad(atena, date(2026, 11, 20))
    city.take()
    codes = {line["code"] for line in WorkItem.objects.get(atena_number=atena).advice}
    assert codes & {"voluntary_abroad", "lump_sum_withdrawal"} == {told}
