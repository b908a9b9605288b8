"""仮登録の権限: who entered it does not decide it; others see nothing; the ledger has who did what."""

from __future__ import annotations

import pytest
from tests.resident_registry.desks import Desk, Entries, paper
from tests.resident_registry.factories import kawaguchi_family, now

from kokunen.resident_registry.models import ProvisionalEntry

pytestmark = [pytest.mark.function("S2-1"), pytest.mark.control("CTL-050")]


def test_入力した職員は自分で決裁できず_役割のない職員は一覧も開けない(sign_in: Desk, ledger: Entries) -> None:
    tome = kawaguchi_family()["tome"]
    path = f"/residents/{tome}/death"
    assert sign_in("shimin1").post(path, paper(provisional="1")).status_code == 302
    entry = ProvisionalEntry.objects.get()
    kept = ledger("register")[-1]
    assert (kept["staff"], kept["dataset"], kept["people"]) == ("shimin1", "仮登録", [tome])
    for answer in (
        sign_in("shimin1").get(f"{path}?entry={entry.pk}"),
        sign_in("shimin1").post(path, paper(entry=str(entry.pk))),
    ):
        assert answer.status_code == 403 and "自分では本登録できません" in answer.content.decode()
    assert ledger("refuse")[-1]["people"] == [tome]
    for number in ("nenkin1", "zei1", "kanri1"):
        assert sign_in(number).get("/residents/provisional").status_code == 403
        assert sign_in(number).post(f"/residents/provisional/{entry.pk}/drop", {"reason": "x"}).status_code == 403
    entry.refresh_from_db()
    assert entry.state == "1" and now(tome).version_number == 1
    assert sign_in("shimin2").post(path, paper(entry=str(entry.pk))).status_code == 302
    assert {one["staff"] for one in ledger("register") if one["dataset"] == "住民票" and one["people"] == [tome]} == {
        "shimin2"
    }
