"""kokunen invariants: a whole city is whole; whatever is taken away or doubled is named, without a person's data."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

NEWEST = "select max(atena_number) from integrated.resident"

pytestmark = [pytest.mark.function("S3-1"), pytest.mark.function("S3-5")]


@pytest.fixture
def city(city_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loaded city of 600."""
    from kokunen.city import generate
    from kokunen.city.loading import load_city

    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    load_city(generate(600, 5, date(2026, 11, 24)))


def _findings() -> dict[str, tuple[str, ...]]:
    from kokunen.commands.invariants import check_city

    return {one.check.code: one.outcome.findings for one in check_city().checked if one.outcome.findings}


def test_失われたものと重なったものを見つける(city: None, admin_connection: Any) -> None:
    assert _findings() == {}

    harms = {
        "common_platform.feeds": (
            "delete from integrated.resident__change where seq = (select min(seq) from integrated.resident__change)",
            "変更記録が足りない",
        ),
        "common_platform.readers": (
            "update national_pension.feed_cursor set seq = 10000000 where consumer = 'READER' and dataset = 'resident'",
            "越えています",
        ),
        "resident_registry.published": (
            f"update integrated.resident set status = '9' where atena_number = ({NEWEST})",
            "合わない人が 1 人",
        ),
        "nonresident_registry.published": (
            (
                "update integrated.nonresident set status = '5' where atena_number = "
                "(select min(atena_number) from integrated.nonresident)"
            ),
            "合わないものが 1 件",
        ),
        "national_pension.hand_over": (
            "insert into national_pension.qualification_hand_over values ('999999999999998', 'x', '2026-11-24')",
            "移転の控え",
        ),
    }
    from kokunen.common_platform.integration.overview import consumers

    reader = next(c for c in consumers() if c.subsystem == "national_pension" and "resident" in c.datasets)
    for statement, _ in harms.values():
        admin_connection.execute(statement.replace("READER", reader.name))
    found = _findings()
    assert set(found) == set(harms)
    for code, (_, words) in harms.items():
        assert words in found[code][0]
    assert "999999999999998" not in str(found)
