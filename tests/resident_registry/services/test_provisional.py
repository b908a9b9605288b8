"""仮登録の効果 (SPEC 4.0.8): nothing changes until a second officer registers; then it is the same as any notice."""

from __future__ import annotations

import re

import pytest
from tests.resident_registry.desks import Desk, newcomer_fields, paper
from tests.resident_registry.factories import kawaguchi_family, now

from kokunen.resident_registry.models import OutgoingMessage, ProvisionalEntry, ResidentEvent, ResidentVersion

pytestmark = [pytest.mark.function("S2-1"), pytest.mark.function("S2-2")]


@pytest.fixture
def people(sign_in: Desk) -> dict[str, str]:
    return kawaguchi_family()


def test_仮登録では何も変わらず_別の職員が開くと入力が残り_登録すると本登録になる(
    sign_in: Desk, people: dict[str, str]
) -> None:
    path = f"/residents/{people['taro']}/relocate"
    opened = sign_in("shimin1").get(path).content.decode()
    expected = re.search(r'name="expected" value="([^"]*)"', opened)
    assert expected
    typed = {**paper(address="幸町3-5-12", expected=expected[1]), "movers": list(people.values())}
    sent = OutgoingMessage.objects.count()
    assert sign_in("shimin1").post(path, {**typed, "provisional": "1"}).status_code == 302
    entry = ProvisionalEntry.objects.get()
    assert now(people["taro"]).version_number == 1 and OutgoingMessage.objects.count() == sent
    listed = sign_in("shimin2").get("/residents/provisional").content.decode()
    assert "川口　太郎" in listed and f"/relocate?entry={entry.pk}" in listed
    shown = sign_in("shimin2").get(f"{path}?entry={entry.pk}").content.decode()
    assert 'value="幸町3-5-12"' in shown and f'name="entry" value="{entry.pk}"' in shown and expected[1] in shown
    done = sign_in("shimin2").post(path, {**typed, "entry": str(entry.pk)})
    assert done.status_code == 302, done.content.decode()
    entry.refresh_from_db()
    assert (entry.state, entry.event.code if entry.event else "") == ("2", "301")
    assert now(people["hanako"]).town == "幸町三丁目"


def test_仮登録の後に世帯が変わると_決裁の画面で変わった所を見せる(sign_in: Desk, people: dict[str, str]) -> None:
    path = f"/residents/{people['taro']}/relocate"
    expected = ",".join(f"{number}:1" for number in people.values())
    typed = {**paper(address="幸町3-5-12", expected=expected), "movers": list(people.values())}
    sign_in("shimin1").post(path, {**typed, "provisional": "1"})
    assert sign_in("shimin1").post(f"/residents/{people['tome']}/death", paper()).status_code == 302
    entry = ProvisionalEntry.objects.get()
    typed["movers"] = [number for name, number in people.items() if name != "tome"]
    answer = sign_in("shimin2").post(path, {**typed, "entry": str(entry.pk)})
    assert answer.status_code == 409 and "ほかの職員がこの世帯を変更しました" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.state == "1"


def test_登録できない内容は仮登録もできず_取下げには理由が要る(sign_in: Desk, people: dict[str, str]) -> None:
    client = sign_in("shimin1")
    future = client.post(f"/residents/{people['tome']}/death", paper(event_on="R8.11.25", provisional="1"))
    assert future.status_code == 422 and "より後です" in future.content.decode()
    assert not ProvisionalEntry.objects.exists()
    assert client.post(f"/residents/{people['tome']}/death", paper(provisional="1")).status_code == 302
    entry = ProvisionalEntry.objects.get()
    assert client.post(f"/residents/provisional/{entry.pk}/drop", {"reason": ""}).status_code == 422
    assert client.post(f"/residents/provisional/{entry.pk}/drop", {"reason": "届書の不備"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.reason) == ("9", "届書の不備") and now(people["tome"]).version_number == 1


def test_転入も仮登録でき_決裁すると住民になる(sign_in: Desk) -> None:
    typed = paper(kind="101", address="青木2-1-1", previous_address="東京都北区") | newcomer_fields()
    kept = sign_in("shimin1").post("/residents/move-in", typed | {"provisional": "1"})
    assert kept.status_code == 302, kept.content.decode()
    assert not ResidentVersion.objects.exists() and not ResidentEvent.objects.exists()
    entry = ProvisionalEntry.objects.get()
    shown = sign_in("shimin2").get(f"/residents/move-in?entry={entry.pk}").content.decode()
    assert 'value="幸　町子"' in shown
    answer = sign_in("shimin2").post("/residents/move-in", typed | {"entry": str(entry.pk)})
    if answer.status_code == 422:
        acks = re.findall(r'name="ack" value="([^"]+)"', answer.content.decode())
        answer = sign_in("shimin2").post("/residents/move-in", typed | {"entry": str(entry.pk), "ack": acks})
    assert answer.status_code == 302, answer.content.decode()
    assert ResidentVersion.objects.get().name == "幸　町子"
