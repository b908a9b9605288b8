"""住民異動の受け取り: each change takes effect exactly once, whatever breaks in between."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.national_pension.support import Register, insure, periods

pytestmark = [pytest.mark.function("S1-1"), pytest.mark.function("S3-1")]


def _count(atena: str) -> int:
    from kokunen.national_pension.models import WorkItem

    return WorkItem.objects.filter(atena_number=atena).count()


def test_途中で止まれば位置も事項も戻り次に一度だけ効く(city: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    from kokunen.common_platform.integration import consuming
    from kokunen.national_pension.consumers import RegistryChanges

    atena = city.resident(date(1974, 1, 15))
    insure(atena, "1", date(1994, 1, 14))
    city.moves_abroad(atena, date(2026, 11, 20))
    moved = consuming._move

    def power_cut(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(consuming, "_move", power_cut)
    with pytest.raises(KeyboardInterrupt):
        consuming.run_once(RegistryChanges())
    assert _count(atena) == 0, "the item rolled back with the cursor"
    monkeypatch.setattr(consuming, "_move", moved)
    city.take()
    city.take()
    assert _count(atena) == 1


def test_位置が巻き戻されても同じ事項は二つできない(city: Register) -> None:
    atena = city.resident(date(1974, 1, 15))
    insure(atena, "1", date(1994, 1, 14))
    city.moves_abroad(atena, date(2026, 11, 20))
    city.take()
    with connections["national_pension"].cursor() as cursor:
        cursor.execute("update feed_cursor set seq = 0")
    city.take()
    assert _count(atena) == 1


_EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["203", "103", "211", "301", "201", "101", "901", "191", "321"]),
        st.integers(0, 700),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=_EVENTS)
def test_どんな異動の並びでも期間は重ならず事項は一度だけ(city: Register, officer, events) -> None:  # type: ignore[no-untyped-def]
    """Random sequences, some of them confirmed by an officer, some cancelled, all digested twice."""
    from kokunen.kernel.errors import KokunenError
    from kokunen.national_pension.models import WorkItem
    from kokunen.national_pension.services.work_items import confirm

    atena = city.resident(date(1980, 5, 5))
    insure(atena, "1", date(2000, 5, 4))
    last: int | None = None
    for code, offset, decide in events:
        on = date(2024, 12, 1) + timedelta(days=offset)
        cancels = last if code in ("901", "191") else None
        seq = city.event(atena, code, on, cancels=cancels, name=f"川口　{offset}")
        last = seq if cancels is None else None
        city.take()
        if decide:
            for item in WorkItem.objects.filter(atena_number=atena, state__in=("open", "planned")):
                try:
                    confirm(item_id=item.pk, context=officer)
                except KokunenError:
                    continue
    before = list(WorkItem.objects.filter(atena_number=atena).values_list("source_key", flat=True))
    with connections["national_pension"].cursor() as cursor:
        cursor.execute("update feed_cursor set seq = 0")
    city.take()
    after = list(WorkItem.objects.filter(atena_number=atena).values_list("source_key", flat=True))
    assert set(before) <= set(after)
    by_change = WorkItem.objects.filter(atena_number=atena).exclude(source_seq=None)
    pairs = [(seq, kind, undone) for seq, kind, undone in by_change.values_list("source_seq", "kind", "undoes")]
    assert len(set(pairs)) == len(pairs), "no change has caused the same matter twice"
    spans = sorted((row[1], row[2] or date.max) for row in periods(atena))
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
