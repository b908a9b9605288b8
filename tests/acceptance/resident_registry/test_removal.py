"""S2-3 消除: moving out, death, ex officio removal and their undoing; the removed record stays and is found."""

from __future__ import annotations

import pytest
from tests.resident_registry.desks import Desk, Entries, paper
from tests.resident_registry.factories import kawaguchi_family, now

from kokunen.resident_registry.models import ResidentEvent, ResidentVersion

pytestmark = [pytest.mark.function("S2-3")]


@pytest.fixture
def people(sign_in: Desk, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    return kawaguchi_family()


def leave(sign_in: Desk, number: str, day: str) -> str:
    answer = sign_in("shimin1").post(
        f"/residents/{number}/move-out", paper(movers=number, destination="東京都北区", event_on=day)
    )
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)


def test_転出_転出取消_転入通知が窓口から登録される(sign_in: Desk, people: dict[str, str]) -> None:
    jiro, client = people["jiro"], sign_in("shimin1")
    leave(sign_in, jiro, "R8.12.10")
    assert now(jiro).is_living and str(now(jiro).planned_departure_on) == "2026-12-10"
    back = client.post(
        f"/residents/{jiro}/departure/cancel", {"filing_kind": "3", "notified_on": "今日", "remarks": "中止"}
    )
    assert back.status_code == 302 and now(jiro).planned_departure_on is None
    leave(sign_in, jiro, "R8.12.10")
    told = client.post(f"/residents/{jiro}/arrival", paper(event_on="R8.11.22", destination="東京都北区王子1-1-1"))
    assert told.status_code == 302, told.content.decode()
    row = now(jiro)
    assert (row.status, str(row.removed_on), row.confirmed_destination) == ("2", "2026-11-22", "東京都北区王子1-1-1")
    assert str(row.planned_departure_on) == "2026-12-10"


@pytest.mark.parametrize(("kind", "status"), [("213", "4"), ("212", "3")])
def test_職権消除は事由ごとに登録される(sign_in: Desk, people: dict[str, str], kind: str, status: str) -> None:
    answer = sign_in("shimin9").post(f"/residents/{people['jiro']}/remove", paper(kind=kind))
    assert answer.status_code == 302, answer.content.decode()
    assert (now(people["jiro"]).status, now(people["jiro"]).removal_code) == (status, kind)


def test_除票は消えず_同じ検索で見つかり_取り消すとその人はもどる(sign_in: Desk, people: dict[str, str]) -> None:
    client = sign_in("shimin9")
    died = client.post(f"/residents/{people['tome']}/death", paper())
    assert died.status_code == 302, died.content.decode()
    found = client.get("/residents/", {"q": "カワグチトメ", "purpose": "resident_inquiry"}, HTTP_HX_REQUEST="true")
    assert "除票 死亡" in found.content.decode()
    event = ResidentEvent.objects.get(code="211")
    cancelled = client.post(
        f"/residents/events/{event.pk}/cancel", {"filing_kind": "4", "notified_on": "今日", "remarks": "人違い"}
    )
    assert cancelled.status_code == 302, cancelled.content.decode()
    assert now(people["tome"]).is_living
    assert ResidentVersion.objects.filter(atena_number=people["tome"], status="3").exists()


def test_先の日の死亡は_その欄で断り_何も残さない(sign_in: Desk, people: dict[str, str], ledger: Entries) -> None:
    answer = sign_in("shimin1").post(f"/residents/{people['tome']}/death", paper(event_on="R8.11.25"))
    text = answer.content.decode()
    assert answer.status_code == 422 and "今日（令和8年11月24日）より後です" in text and "R8.11.25" in text
    assert now(people["tome"]).version_number == 1 and ResidentEvent.objects.filter(code="211").count() == 0
    refused = ledger("refuse")[-1]
    assert (refused["staff"], refused["people"], refused["detail"]["field"]) == (
        "shimin1",
        [people["tome"]],
        "event_on",
    )


def test_転出した人の転出は_いつ出たかを言って断り_台帳に残る(
    sign_in: Desk, people: dict[str, str], ledger: Entries
) -> None:
    jiro = people["jiro"]
    leave(sign_in, jiro, "R8.11.10")
    answer = sign_in("shimin1").post(
        f"/residents/{jiro}/move-out", paper(movers=jiro, destination="大阪市", event_on="R8.11.20")
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "令和8年11月10日" in text or "選択" in text
    assert now(jiro).version_number == 2
