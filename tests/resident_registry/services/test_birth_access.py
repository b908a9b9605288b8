"""出生の権限: who may not, and what the ledger shows."""

from __future__ import annotations

import pytest
from tests.resident_registry.denials import refused_to_strangers, registered
from tests.resident_registry.desks import Desk, Entries, paper
from tests.resident_registry.factories import kawaguchi_family

from kokunen.resident_registry.models import ResidentVersion

pytestmark = [pytest.mark.function("S2-1"), pytest.mark.control("CTL-050")]


def test_役割のない職員は出生を開けず送れず_登録は台帳に残る(sign_in: Desk, ledger: Entries) -> None:
    people = kawaguchi_family()
    path, typed = (
        f"/residents/{people['taro']}/birth",
        paper(child_name="川口　新", child_kana="カワグチ　アラタ", sex="1", relationship="子"),
    )
    refused_to_strangers(sign_in, ledger, path, typed)
    entry = registered(sign_in, ledger, "shimin1", path, typed)
    assert (entry["purpose"], entry["screen"]) == ("resident_notice", "resident_registry.birth")
    assert entry["detail"]["event"] == "111" and entry["people"] == [
        ResidentVersion.objects.get(name="川口　新").atena_number
    ]
