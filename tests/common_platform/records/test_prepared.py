"""定まった照会: its statement is written once, and what could not follow its value is refused."""

from __future__ import annotations

import pytest
from django.apps import apps

from kokunen.common_platform.records.prepared import Prepared

SAMPLE = "見本の値"


def test_a_queryset_without_its_value_or_with_joined_rows_cannot_be_prepared(django_db_blocker: object) -> None:
    staff, sessions = apps.get_model("portal", "Staff"), apps.get_model("portal", "StaffSession")
    without = Prepared(lambda _: staff.objects.all(), SAMPLE)
    joined = Prepared(lambda key: sessions.objects.select_related("staff").filter(key_hash=key), SAMPLE)
    for prepared in (without, joined):
        with pytest.raises(ValueError, match="cannot be prepared"):
            prepared("x")


def test_each_value_gets_its_own_rows_in_the_querysets_order(city_database: str) -> None:
    offices = apps.get_model("portal", "Office")
    prepared = Prepared(lambda code: offices.objects.filter(code__gte=code).order_by("-code")[:2], SAMPLE)
    offices.objects.bulk_create([offices(code=code, name=code) for code in ("9001", "9002", "9003")])
    assert [one.code for one in prepared("9001")] == ["9003", "9002"]
    assert [one.code for one in prepared("9003")] == ["9003"]
