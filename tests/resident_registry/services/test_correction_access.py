"""職権修正の権限: who may not, and what the ledger shows."""

from __future__ import annotations

import pytest
from tests.resident_registry.denials import refused_to_strangers, registered
from tests.resident_registry.desks import Desk, Entries, paper
from tests.resident_registry.factories import kawaguchi_family

pytestmark = [pytest.mark.function("S2-2"), pytest.mark.control("CTL-050")]


def test_役割のない職員は職権修正を開けず送れず_登録は台帳に残る(sign_in: Desk, ledger: Entries) -> None:
    people = kawaguchi_family()
    path, typed = (
        f"/residents/{people['tome']}/correct",
        paper(
            kind="323",
            telephone="048-000-0000",
            relationship="母",
            sex="2",
            name="川口　トメ",
            name_kana="カワグチ　トメ",
        ),
    )
    refused_to_strangers(sign_in, ledger, path, typed, "shimin1")
    entry = registered(sign_in, ledger, "shimin9", path, typed)
    assert (entry["purpose"], entry["screen"]) == ("resident_correction", "resident_registry.correct")
    assert entry["detail"]["event"] == "323" and people["tome"] in entry["people"]
