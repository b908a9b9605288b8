"""S2-1 記載: people are entered by every reason of the function, alone and as a household, with numbers that hold."""

from __future__ import annotations

import pytest
from tests.resident_registry.desks import Desk, newcomer_fields, paper
from tests.resident_registry.factories import kawaguchi_family, now

from kokunen.kernel.numbers import AtenaNumber, ResidentCode
from kokunen.resident_registry.models import ResidentEvent, ResidentVersion
from kokunen.resident_registry.services.numbering import register_stock

pytestmark = [pytest.mark.function("S2-1")]


@pytest.fixture(autouse=True)
def stock(sign_in: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    register_stock([ResidentCode.complete(f"{3000000000 + place}").value for place in range(150)])


def move_in(sign_in: Desk, **more: str) -> ResidentVersion:
    """転入届 from screen to record."""
    typed = {
        **paper(kind="101", address="青木2-1-1", previous_address="東京都北区王子本町1-15-22"),
        **newcomer_fields(),
    }
    answer = sign_in("shimin1").post("/residents/move-in", {**typed, **more})
    assert answer.status_code == 302, answer.content.decode()
    return ResidentVersion.objects.latest("pk")


def test_転入した人に宛名番号と住民票コードが付き_全項目が記載される(sign_in: Desk) -> None:
    row = move_in(sign_in)
    assert AtenaNumber.judge(row.atena_number).valid and ResidentCode.judge(row.resident_code).valid
    assert (row.name, row.relationship, row.registered_domicile) == (
        "幸　町子",
        "世帯主",
        "東京都北区王子本町一丁目15番",
    )
    assert (str(row.resident_since), row.previous_address) == ("2026-11-20", "東京都北区王子本町1-15-22")


def test_世帯で転入すると1つの世帯番号になる(sign_in: Desk) -> None:
    second = {"p-TOTAL_FORMS": "2", **{f"p-1-{k[4:]}": v for k, v in newcomer_fields().items() if k.startswith("p-0-")}}
    move_in(sign_in, **{**second, "p-1-name": "幸　歩", "p-1-birth": "R2.2.2", "p-1-relationship": "子"})
    rows = ResidentVersion.objects.all()
    assert len({row.household_number for row in rows}) == 1
    assert {row.name: row.relationship for row in rows} == {"幸　町子": "世帯主", "幸　歩": "子"}


def test_中長期在留者の転入は在留の項目とともに記載される(sign_in: Desk) -> None:
    foreign = {
        "name": "NGUYEN VAN A",
        "resident_kind": "2",
        "nationality": "ベトナム",
        "residence_class": "1",
        "residence_status": "留学",
        "residence_period": "2年",
        "residence_expires_on": "2028/5/1",
        "card_number": "AB12345678CD",
    }
    row = move_in(sign_in, kind="105", previous_address="", **{f"p-0-{name}": v for name, v in foreign.items()})
    assert (row.resident_kind, row.nationality, row.residence_card_number) == ("2", "ベトナム", "AB12345678CD")


def test_出生した子は親の世帯に入り_名が未定でも記載される(sign_in: Desk) -> None:
    people = kawaguchi_family()
    typed = paper(child_name="川口　", child_kana="", sex="2", relationship="子", domicile="不明")
    answer = sign_in("shimin1").post(f"/residents/{people['taro']}/birth", typed)
    assert answer.status_code == 302, answer.content.decode()
    child = ResidentVersion.objects.latest("pk")
    assert (child.name, child.relationship, child.household_number) == ("", "子", now(people["taro"]).household_number)
    assert str(child.resident_since) == "2026-11-20" and ResidentCode.judge(child.resident_code).valid


@pytest.mark.parametrize("kind", ["112", "113"])
def test_職権記載は係長の画面から登録され_職権として残る(sign_in: Desk, kind: str) -> None:
    typed = {**paper(kind=kind, address="青木2-1-1", previous_address="不明"), **newcomer_fields()}
    answer = sign_in("shimin9").post("/residents/ex-officio-entry", typed)
    assert answer.status_code == 302, answer.content.decode()
    event = ResidentEvent.objects.get()
    assert (event.code, event.filing_kind, event.filer) == (kind, "4", "9")


def test_消除された人の回復と_外国人の帰化も画面から登録される(sign_in: Desk) -> None:
    people, chief = kawaguchi_family(), sign_in("shimin9")
    removed = chief.post(f"/residents/{people['jiro']}/remove", paper(kind="213"))
    assert removed.status_code == 302, removed.content.decode()
    household = now(people["taro"]).household_number
    typed = paper(event_on="R8.11.24", household_number=household, relationship="子")
    restored = chief.post(f"/residents/{people['jiro']}/restore", typed)
    assert restored.status_code == 302, restored.content.decode()
    row = now(people["jiro"])
    assert (row.is_living, row.relationship, row.household_number) == (True, "子", household)
    lost = chief.post(
        f"/residents/{people['jiro']}/nationality",
        paper(event_on="R8.11.24", cause="23", nationality="カナダ", residence_class="6"),
    )
    assert lost.status_code == 302, lost.content.decode()
    assert (now(people["jiro"]).resident_kind, now(people["jiro"]).nationality) == ("2", "カナダ")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("event_on", "R1.4.30", "令和"),
        ("event_on", "R8.11.25", "今日までの日を入力してください"),
        ("p-0-resident_code", "12345678904", "検査"),
        ("p-0-birth", "H2.2.30", "2月"),
        ("p-0-relationship", "祖父", "父の父"),
    ],
)
def test_誤った入力は_その欄で日本語で断り_何も残さず_打った文字は残る(
    sign_in: Desk, field: str, value: str, words: str
) -> None:
    typed = {**paper(kind="101", address="青木2-1-1", previous_address="東京都北区"), **newcomer_fields(), field: value}
    answer = sign_in("shimin1").post("/residents/move-in", typed)
    text = answer.content.decode()
    assert answer.status_code == 422 and words in text
    assert not ResidentVersion.objects.exists() and not ResidentEvent.objects.exists()
    if "resident_code" not in field:
        assert f'value="{value}"' in text
