"""団体内統合宛名の受入試験: over a whole city, one person has one number, and the server holds what the city sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.counterparts.support import PartyProcess
from tests.unified_atena.conftest import line, server, work

from kokunen.ledger.access import AccessContext

__all__ = ["line", "server", "work"]

TODAY = date(2026, 11, 24)


@pytest.fixture
def city(city_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    from kokunen.city import generate
    from kokunen.city.loading import load_city
    from kokunen.unified_atena.jobs import link_the_city

    monkeypatch.setenv("KOKUNEN_TODAY", TODAY.isoformat())
    load_city(generate(600, 5, TODAY))
    assert link_the_city() > 500
    assert link_the_city() == 0
    yield


@pytest.mark.usefixtures("city")
@pytest.mark.function("S4-1")
@pytest.mark.function("S4-2")
def test_全市の付番_送信_照合(work: Callable[[], None], server: PartyProcess, admin_connection: Any) -> None:
    """One person, one number over all businesses; what cannot be converted is listed; both sides agree."""
    from kokunen.unified_atena.models import Reconciliation, SendBatch, SendItem
    from kokunen.unified_atena.services.provision import rebuild
    from kokunen.unified_atena.services.reconciliation import ask_comparison

    tokens, linked, people, held = admin_connection.execute(
        "select (select count(distinct number_token) from integrated.number_binding where number_kind = '1'),"
        " (select count(distinct t.number_token) from unified_atena.number_period t where t.until is null),"
        " (select count(*) from unified_atena.unified_person),"
        " (select count(distinct b.number_token) from unified_atena.link_hold h"
        "  join integrated.number_binding b using (atena_number) where h.state = '1' and b.number_kind = '1')"
    ).fetchone()
    assert tokens > 500 and linked == people == tokens - held
    assert admin_connection.execute(
        "select count(*) from unified_atena.atena_link l join integrated.number_binding b using (atena_number)"
        " join unified_atena.number_period p on p.person_id = l.person_id and p.until is null"
        " where b.number_kind = '1' and p.number_token <> b.number_token"
    ).fetchone() == (0,)
    officer = AccessContext("atena1", "1020", "number_management")
    assert rebuild(officer).differences == 0
    work()
    assert set(SendBatch.objects.values_list("state", flat=True)) == {"3"}
    assert not SendItem.objects.filter(state__in=("1", "2", "4")).exists()
    ask_comparison(officer)
    work()
    compared = Reconciliation.objects.get()
    assert (compared.agrees, compared.differences) == (True, [])
    assert compared.own["numbers"]["count"] == server.control.state()["living"] == people
