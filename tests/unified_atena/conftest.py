"""団体内統合宛名の試験の土台: the office's day, people of the register with checked numbers, a server that runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import pytest

django.setup()

from tests.counterparts.support import PartyProcess  # noqa: E402

from kokunen.ledger.access import AccessContext  # noqa: E402


@pytest.fixture(autouse=True)
def office_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")


@pytest.fixture
def officer(city_database: str) -> AccessContext:
    return AccessContext("atena1", "1020", "number_management", "試験", "T-1")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PartyProcess]:
    """中間サーバー as a process that works only when asked."""
    from kokunen.counterparts.framework.post import party_folder

    folder = party_folder("intermediate_server", tmp_path / "city")
    party = PartyProcess(["-m", "kokunen.counterparts.intermediate_server", "--interval", "600"], folder)
    party.start()
    yield party
    if party.process is not None and party.process.poll() is None:
        party.kill()


@pytest.fixture
def line(server: PartyProcess, tmp_path: Path) -> Iterator[Any]:
    """市側の窓口 of that server."""
    from kokunen.counterparts.framework.city import load_city
    from kokunen.counterparts.framework.messages import load_layout
    from kokunen.counterparts.framework.post import PostBox

    layout = load_layout("kokunen.counterparts.intermediate_server")
    post = PostBox("intermediate_server", layout, tmp_path / "city", load_city().municipality, lambda: None)
    yield post
    post.close()


@pytest.fixture
def work(line: Any) -> Callable[[], None]:
    """一巡ずつ最後まで: until nothing moves any more."""
    from kokunen.unified_atena.lines import work_once
    from kokunen.unified_atena.models import LineCondition

    def all_of_it() -> None:
        LineCondition.objects.update(next_try_at=None)
        while work_once(line):
            continue

    return all_of_it
