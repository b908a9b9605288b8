"""世帯変更の権限: who may not, and what the ledger shows."""

from __future__ import annotations

import pytest
from tests.resident_registry.denials import refused_to_strangers, registered
from tests.resident_registry.desks import Desk, Entries, paper
from tests.resident_registry.factories import kawaguchi_family

pytestmark = [pytest.mark.function("S2-2"), pytest.mark.control("CTL-050")]


def test_役割のない職員は世帯変更を開けず送れず_登録は台帳に残る(sign_in: Desk, ledger: Entries) -> None:
    people = kawaguchi_family()
    path, typed = f"/residents/{people['jiro']}/household/change", paper(kind="311", movers=people["jiro"])
    refused_to_strangers(sign_in, ledger, path, typed)
    entry = registered(sign_in, ledger, "shimin1", path, typed)
    assert (entry["purpose"], entry["screen"]) == ("resident_notice", "resident_registry.household_change")
    assert entry["detail"]["event"] == "311" and people["jiro"] in entry["people"]
