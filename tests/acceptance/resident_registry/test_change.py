"""S2-2 記載変更: addresses, households, heads and names change; one head, 続柄 rewritten; two officers at once."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.resident_registry.desks import Desk, paper
from tests.resident_registry.factories import household_now, kawaguchi_family, now

from kokunen.resident_registry.models import ResidentEvent

pytestmark = [pytest.mark.function("S2-2")]


@pytest.fixture
def people(sign_in: Desk, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    return kawaguchi_family()


def opened(client: Client, path: str) -> str:
    """画面を開いたときの履歴番号."""
    found = re.search(r'name="expected" value="([^"]*)"', client.get(path).content.decode())
    assert found
    return found[1]


def test_転居で住所だけが変わり_住民となった日は変わらない(sign_in: Desk, people: dict[str, str]) -> None:
    typed = paper(address="幸町3-5-12")
    answer = sign_in("shimin1").post(
        f"/residents/{people['taro']}/relocate", {**typed, "movers": list(people.values())}
    )
    assert answer.status_code == 302, answer.content.decode()
    row = now(people["hanako"])
    assert (row.town, str(row.address_since), str(row.resident_since)) == ("幸町三丁目", "2026-11-20", "2020-04-01")


def test_世帯主変更で続柄が書き直され_世帯主はいつも1人である(sign_in: Desk, people: dict[str, str]) -> None:
    path = f"/residents/{people['taro']}/household/change"
    typed = paper(kind="314", new_head=people["hanako"])
    asked = sign_in("shimin1").post(path, typed)
    text = asked.content.decode()
    acks = re.findall(r'name="ack" value="([^"]+)"', text)
    done = sign_in("shimin1").post(path, {**typed, "ack": acks}) if asked.status_code == 422 else asked
    assert done.status_code == 302, done.content.decode()
    rows = household_now(now(people["taro"]).household_number)
    assert [row.name for row in rows if row.is_head] == ["川口　花子"]
    assert now(people["taro"]).relationship == "夫" and now(people["tome"]).relationship == "夫の母"


@pytest.mark.parametrize(
    ("kind", "typed", "item", "value"),
    [
        ("321", {"name": "鳩ヶ谷　花子", "name_kana": "ハトガヤ　ハナコ"}, "name", "鳩ヶ谷　花子"),
        ("341", {"former_surname": "青木", "former_surname_kana": "アオキ"}, "former_surname", "青木"),
        ("347", {"name_kana": "カワグチ　ハナコオ"}, "name_kana", "カワグチ　ハナコオ"),
        ("323", {"birth": "S32.3.4"}, "birth_date", "1957-03-04"),
    ],
    ids=["氏名", "旧氏", "振り仮名", "誤記修正"],
)
def test_職権修正の画面から項目を直せる(
    sign_in: Desk, people: dict[str, str], kind: str, typed: dict[str, str], item: str, value: str
) -> None:
    row = now(people["hanako"])
    shown = {
        "name": row.name,
        "name_kana": row.name_kana,
        "relationship": row.relationship,
        "registered_domicile": row.registered_domicile,
        "registered_domicile_head": row.registered_domicile_head,
        "previous_address": row.previous_address,
        "birth": "S32.3.3",
        "resident_since": "R2.4.1",
        "address_since": "R2.4.1",
        "sex": "2",
    }
    answer = sign_in("shimin9").post(f"/residents/{people['hanako']}/correct", {**paper(kind=kind), **shown, **typed})
    assert answer.status_code == 302, answer.content.decode()
    assert str(getattr(now(people["hanako"]), item)) == value


def test_2人の職員が同じ世帯を変えると_後の職員に変わった項目が出て_打った内容は残る(
    sign_in: Desk, people: dict[str, str]
) -> None:
    first, second = sign_in("shimin1"), sign_in("shimin2")
    path = f"/residents/{people['taro']}/move-out"
    seen = opened(second, path)
    done = first.post(f"/residents/{people['tome']}/death", paper())
    assert done.status_code == 302, done.content.decode()
    typed = paper(movers=people["jiro"], destination="東京都北区赤羽台", expected=seen)
    told = second.post(path, typed)
    text = told.content.decode()
    assert told.status_code == 409 and "川口　トメ" in text and "死亡" in text
    assert 'value="東京都北区赤羽台"' in text
    assert now(people["jiro"]).version_number == 1 and ResidentEvent.objects.filter(code="201").count() == 0
    again = second.post(path, {**typed, "expected": re.search(r'name="expected" value="([^"]*)"', text)[1]})  # type: ignore[index]
    assert again.status_code == 302, again.content.decode()


def test_ほかの職員が開いている世帯は_開いたときに分かる(sign_in: Desk, people: dict[str, str]) -> None:
    path = f"/residents/{people['taro']}/relocate"
    sign_in("shimin1").get(path)
    assert "青木 春さんがこの世帯の届出を入力しています" in sign_in("shimin2").get(path).content.decode()


def test_住民票コードの変更請求が窓口から登録される(sign_in: Desk, people: dict[str, str]) -> None:
    from kokunen.kernel.numbers import ResidentCode
    from kokunen.resident_registry.services.numbering import register_stock

    register_stock([ResidentCode.complete(f"{3000000000 + place}").value for place in range(3)])
    client, path = sign_in("shimin1"), f"/residents/{people['taro']}/resident-code"
    codes = []
    for kind in ("335", "334"):
        answer = client.post(path, paper(kind=kind, event_on="R8.11.24"))
        assert answer.status_code == 302, answer.content.decode()
        codes.append(now(people["taro"]).resident_code)
    assert codes[0] != codes[1] and all(ResidentCode.judge(code).valid for code in codes)
