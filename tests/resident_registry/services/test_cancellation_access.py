"""異動の取消しの権限: who may not, and what the ledger shows."""

from __future__ import annotations

import pytest
from tests.resident_registry.denials import STRANGERS, registered
from tests.resident_registry.desks import Desk, Entries, paper
from tests.resident_registry.factories import kawaguchi_family, now

from kokunen.resident_registry.models import ResidentEvent

pytestmark = [pytest.mark.function("S2-2"), pytest.mark.function("S2-3"), pytest.mark.control("CTL-050")]


def test_係長だけが異動を取り消せ_取消しと回復は台帳に残る(sign_in: Desk, ledger: Entries) -> None:
    tome = kawaguchi_family()["tome"]
    registered(sign_in, ledger, "shimin1", f"/residents/{tome}/death", paper())
    event = ResidentEvent.objects.latest("id")
    path = f"/residents/events/{event.pk}/cancel"
    typed = {"notified_on": "今日", "filing_kind": "4", "remarks": "届書の誤り"}
    for number in (*STRANGERS, "shimin1"):
        assert sign_in(number).post(path, typed).status_code == 403
    assert now(tome).status == "3" and ledger("refuse")[-1]["staff"] == "shimin1"
    entry = registered(sign_in, ledger, "shimin9", path, typed)
    assert (entry["purpose"], entry["detail"]["event"], tome in entry["people"]) == ("resident_correction", "191", True)
    assert now(tome).status == "1"
