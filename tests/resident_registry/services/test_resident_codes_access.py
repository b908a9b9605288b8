"""住民票コードの権限: who may not, and what the ledger shows."""

from __future__ import annotations

import pytest
from tests.resident_registry.denials import refused_to_strangers, registered
from tests.resident_registry.desks import Desk, Entries, paper
from tests.resident_registry.factories import kawaguchi_family

from kokunen.kernel.numbers import ResidentCode
from kokunen.resident_registry.services.numbering import register_stock

pytestmark = [pytest.mark.function("S2-1"), pytest.mark.control("CTL-050")]


def test_役割のない職員は住民票コードを開けず送れず_登録は台帳に残る(sign_in: Desk, ledger: Entries) -> None:
    people = kawaguchi_family()
    register_stock([ResidentCode.complete("3000000001").value])
    path, typed = f"/residents/{people['jiro']}/resident-code", paper(kind="335")
    refused_to_strangers(sign_in, ledger, path, typed)
    entry = registered(sign_in, ledger, "shimin1", path, typed)
    assert (entry["purpose"], entry["screen"]) == ("resident_notice", "resident_registry.resident_code")
    assert entry["detail"]["event"] == "335" and people["jiro"] in entry["people"]
