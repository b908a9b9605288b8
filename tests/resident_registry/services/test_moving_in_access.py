"""転入の権限: who may not, and what the ledger shows."""

from __future__ import annotations

import pytest
from tests.resident_registry.denials import refused_to_strangers, registered
from tests.resident_registry.desks import Desk, Entries, newcomer_fields, paper

pytestmark = [pytest.mark.function("S2-1"), pytest.mark.function("S1-1"), pytest.mark.control("CTL-050")]


def test_役割のない職員は転入を開けず送れず_登録は台帳に残る(sign_in: Desk, ledger: Entries) -> None:
    typed = paper(kind="103", address="青木2-1-1", previous_address="アメリカ合衆国") | newcomer_fields()
    refused_to_strangers(sign_in, ledger, "/residents/move-in", typed)
    entry = registered(sign_in, ledger, "shimin1", "/residents/move-in", typed)
    assert (entry["purpose"], entry["screen"]) == ("resident_notice", "resident_registry.move_in")
    assert entry["detail"]["event"] == "103" and len(entry["people"]) == 1
