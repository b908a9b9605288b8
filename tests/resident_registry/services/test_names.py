"""氏名の異動の効果: 氏名, 旧氏, 通称, 振り仮名 and 国籍 as acts of their own, with what lies behind them."""

from __future__ import annotations

import pytest
from tests.resident_registry.desks import Desk, paper
from tests.resident_registry.factories import family, kawaguchi_family, newcomer, now

from kokunen.resident_registry.models import ResidentEvent

pytestmark = pytest.mark.function("S2-2")


@pytest.fixture
def people(sign_in: Desk) -> dict[str, str]:
    return kawaguchi_family()


def event_of(number: str) -> ResidentEvent:
    return ResidentEvent.objects.get(pk=now(number).event_id)


def test_婚姻で氏名と戸籍の表示が変わり_事由が残り_世帯員の世帯主氏名も変わる(
    sign_in: Desk, people: dict[str, str]
) -> None:
    typed = {
        "cause": "11", "name": "戸塚 太郎", "name_kana": "トツカ タロウ",
        "registered_domicile": "埼玉県川口市青木二丁目1番", "registered_domicile_head": "戸塚　太郎",
    }  # fmt: skip
    answer = sign_in("shimin9").post(f"/residents/{people['taro']}/name", paper(**typed))
    assert answer.status_code == 302, answer.content.decode()
    row, event = now(people["taro"]), event_of(people["taro"])
    assert (row.name, row.kana_status, row.registered_domicile) == ("戸塚　太郎", "3", "埼玉県川口市青木二丁目1番")
    assert (event.code, event.cause, event.get_cause_display()) == ("321", "11", "婚姻")
    assert now(people["hanako"]).head_name == "戸塚　太郎"


def test_変更の事由を選ばない氏名の変更は_その欄で断る(sign_in: Desk, people: dict[str, str]) -> None:
    answer = sign_in("shimin9").post(
        f"/residents/{people['taro']}/name", paper(name="戸塚 太郎", name_kana="トツカ タロウ")
    )
    assert answer.status_code == 422 and 'id="id_cause_error"' in answer.content.decode()
    assert now(people["taro"]).version_number == 1


def test_旧氏は記載し_削除し_氏が変わらない再記載には確認を求める(sign_in: Desk, people: dict[str, str]) -> None:
    client, path = sign_in("shimin1"), f"/residents/{people['hanako']}/former-surname"
    alone = client.post(path, paper(kind="341", former_surname="青木"))
    assert alone.status_code == 422 and "両方を入力" in alone.content.decode()
    typed = paper(kind="341", former_surname="青木", former_surname_kana="アオキ", remarks="戸籍謄本")
    assert client.post(path, typed).status_code == 302
    assert (now(people["hanako"]).former_surname, event_of(people["hanako"]).filing_kind) == ("青木", "5")
    assert client.post(path, paper(kind="343", remarks="請求書")).status_code == 302
    assert now(people["hanako"]).former_surname == ""
    again = client.post(path, typed)
    assert again.status_code == 422 and 'value="former_surname_removed"' in again.content.decode()
    assert now(people["hanako"]).version_number == 3


def test_通称は外国人住民だけが申し出て_日本人には記載できない(sign_in: Desk, people: dict[str, str]) -> None:
    from kokunen.resident_registry import services
    from kokunen.resident_registry.choices import ResidenceClass

    items = services.ForeignItems(nationality="韓国", residence_class=ResidenceClass.SPECIAL_PERMANENT)
    (number,) = family(newcomer("KIM MINSU", "キム　ミンス", "1980-01-01", "1", "世帯主", foreign=items))
    typed = paper(kind="344", alias="金山　民", alias_kana="カナヤマ　タミ", remarks="勤務先の社員証")
    client = sign_in("shimin1")
    assert client.post(f"/residents/{number}/alias", typed).status_code == 302
    assert (now(number).alias, event_of(number).code, event_of(number).filing_kind) == ("金山　民", "344", "3")
    refused = client.post(f"/residents/{people['taro']}/alias", typed)
    assert refused.status_code == 422 and "日本人の住民票に外国人住民の項目は記載できません" in refused.content.decode()


def test_振り仮名は戸籍の通知で公証済みになる(sign_in: Desk, people: dict[str, str]) -> None:
    typed = paper(kind="346", name_kana="カワグチ　ハナコ", kana_status="3", remarks="川口市長の通知")
    answer = sign_in("shimin9").post(f"/residents/{people['hanako']}/kana", typed)
    assert answer.status_code == 302, answer.content.decode()
    assert (now(people["hanako"]).kana_status, event_of(people["hanako"]).code) == ("3", "346")


def test_国籍取得と帰化は_同じ異動事由でも種類が残る(sign_in: Desk) -> None:
    from kokunen.resident_registry import services
    from kokunen.resident_registry.choices import ResidenceClass

    items = services.ForeignItems(nationality="ペルー", residence_class=ResidenceClass.SPECIAL_PERMANENT)
    (number,) = family(newcomer("LIMA ANA", "リマ　アナ", "2010-01-01", "2", "世帯主", foreign=items))
    typed = paper(
        cause="22", name="利間　杏奈", name_kana="リマ　アンナ", registered_domicile="埼玉県川口市青木二丁目1番",
        registered_domicile_head="利間　杏奈",
    )  # fmt: skip
    answer = sign_in("shimin9").post(f"/residents/{number}/nationality", typed)
    assert answer.status_code == 302, answer.content.decode()
    assert (event_of(number).code, event_of(number).get_cause_display()) == ("114", "国籍取得")
