"""不変条件: after any sequence of notices the register still holds what the law says of it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.resident_registry.factories import ALL, AOKI, SAIWAI, counter, kawaguchi_family, notice

from kokunen.kernel.errors import KokunenError
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import DestinationKind, EventCode
from kokunen.resident_registry.linkage import RESIDENT, resident_rows
from kokunen.resident_registry.models import EventPerson, ResidentVersion
from kokunen.resident_registry.models.resident import CURRENT

pytestmark = [pytest.mark.usefixtures("city_database"), pytest.mark.function("S2-2")]

STEPS = st.lists(
    st.tuples(st.sampled_from(["split", "relocate", "die", "leave", "head", "cancel"]), st.integers(0, 4)),
    min_size=1,
    max_size=6,
)


def play(step: str, number: str, day: date) -> None:
    """One notice about one person; what the register refuses changes nothing."""
    on, row = day.isoformat(), ResidentVersion.objects.get(CURRENT, atena_number=number)
    common = {"context": counter(), "acknowledged": ALL}
    if step == "split":
        services.split_household(notice=notice(EventCode.HOUSEHOLD_SPLIT, on), movers=[number], **common)  # type: ignore[arg-type]
    elif step == "relocate":
        where = services.Destination(address=SAIWAI if row.town == AOKI.town else AOKI)
        services.relocate(notice=notice(EventCode.RELOCATION, on), movers=[number], destination=where, **common)  # type: ignore[arg-type]
    elif step == "die":
        services.register_death(notice=notice(EventCode.DEATH, on), atena_number=number, **common)  # type: ignore[arg-type]
    elif step == "leave":
        place = services.Departure("カナダ", DestinationKind.ABROAD)
        services.move_out(
            notice=notice(EventCode.MOVE_OUT_ABROAD, on),
            movers=[number],
            departure=place,
            **common,  # type: ignore[arg-type]
        )
    elif step == "head":
        services.change_head(
            notice=notice(EventCode.HEAD_CHANGE, on),
            household_number=row.household_number,
            new_head=number,
            **common,  # type: ignore[arg-type]
        )
    else:
        event = EventPerson.objects.filter(atena_number=number).latest("event_id")
        services.cancel_event(context=counter("resident_correction"), event_id=event.event_id, acknowledged=ALL)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(STEPS)
def test_どの順の届出でも_世帯主は1人以下_期間は重ならず_公開した行は今の行と同じ(steps: list[tuple[str, int]]) -> None:
    people = list(kawaguchi_family().values())
    day = date(2026, 11, 1)
    for step, who in steps:
        day += timedelta(days=1)
        try:
            play(step, people[who], day)
        except KokunenError as refused:
            assert refused.message
    living = list(ResidentVersion.objects.filter(CURRENT, status="1"))
    heads = Counter(row.household_number for row in living if row.is_head)
    assert all(count == 1 for count in heads.values())
    for row in living:
        assert row.head_atena_number == "" or row.head_atena_number in {r.atena_number for r in living}
    recorded = ResidentVersion.objects.filter(recorded_period__endswith__isnull=True, atena_number__in=people)
    for number in people:
        rows = sorted((r for r in recorded if r.atena_number == number), key=lambda r: r.valid_period.lower)
        assert [r.valid_period.upper for r in rows[:-1]] == [r.valid_period.lower for r in rows[1:]]
        assert rows[-1].valid_period.upper is None
    _assert_published(people)


def _assert_published(people: list[str]) -> None:
    current = resident_rows(ResidentVersion.objects.filter(CURRENT, atena_number__in=people).order_by("atena_number"))
    names = ["atena_number", *RESIDENT.column_names]
    with connections["resident_registry"].cursor() as cursor:
        cursor.execute(
            f"select {', '.join(names)} from integrated.resident where atena_number = any(%s) order by atena_number",
            [people],
        )
        published = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert published == [{name: row[name] for name in names} for row in current]
