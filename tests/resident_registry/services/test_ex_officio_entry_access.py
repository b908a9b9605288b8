"""職権記載の権限: who may not, and what the ledger shows."""

from __future__ import annotations

import pytest
from tests.resident_registry.denials import refused_to_strangers, registered
from tests.resident_registry.desks import Desk, Entries, newcomer_fields, paper

pytestmark = [pytest.mark.function("S2-1"), pytest.mark.control("CTL-050")]


def test_役割のない職員は職権記載を開けず送れず_登録は台帳に残る(sign_in: Desk, ledger: Entries) -> None:
    typed = paper(kind="113", address="青木2-1-1", previous_address="不明") | newcomer_fields()
    refused_to_strangers(sign_in, ledger, "/residents/ex-officio-entry", typed, "shimin1")
    entry = registered(sign_in, ledger, "shimin9", "/residents/ex-officio-entry", typed)
    assert (entry["purpose"], entry["screen"]) == ("resident_correction", "resident_registry.ex_officio_entry")
    assert entry["detail"]["event"] == "113" and len(entry["people"]) == 1
