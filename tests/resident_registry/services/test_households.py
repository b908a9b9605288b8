"""世帯変更 (住基法25条; worked examples S7, S8): split, merge, change, head."""

from __future__ import annotations

import pytest
from tests.resident_registry.factories import (
    ALL,
    SAIWAI,
    counter,
    family,
    household_now,
    kawaguchi_family,
    newcomer,
    notice,
    now,
)

from kokunen.kernel.errors import InputError
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import EventCode
from kokunen.resident_registry.models import Household

pytestmark = [pytest.mark.usefixtures("city_database"), pytest.mark.function("S2-2")]


def test_S7_子が世帯主になると_父_母_弟_父の母になる() -> None:
    people = kawaguchi_family()
    services.change_head(
        context=counter(),
        notice=notice(EventCode.HEAD_CHANGE, "2026-11-20"),
        household_number=now(people["taro"]).household_number,
        new_head=people["ichiro"],
        acknowledged=ALL,
    )
    relations = {name: now(number).relationship for name, number in people.items()}
    assert relations == {"taro": "父", "hanako": "母", "ichiro": "世帯主", "jiro": "弟", "tome": "父の母"}
    assert {row.head_name for row in household_now(now(people["taro"]).household_number)} == {"川口　一郎"}


def test_世帯分離で新しい世帯番号が付き_残った世帯は変わらない() -> None:
    people = kawaguchi_family()
    old = now(people["taro"]).household_number
    services.split_household(
        context=counter(),
        notice=notice(EventCode.HOUSEHOLD_SPLIT, "2026-11-20"),
        movers=[people["ichiro"], people["jiro"]],
        relations={people["ichiro"]: "世帯主", people["jiro"]: "弟"},
        acknowledged=ALL,
    )
    new = now(people["ichiro"]).household_number
    assert new != old and now(people["ichiro"]).address == now(people["taro"]).address
    assert [(row.relationship, row.head_name) for row in household_now(new)] == [
        ("世帯主", "川口　一郎"),
        ("弟", "川口　一郎"),
    ]
    assert now(people["taro"]).version_number == 1
    assert Household.objects.current().filter(household_number=new, valid_period__endswith__isnull=True).exists()


def test_世帯合併で空になった世帯は終わる() -> None:
    people = kawaguchi_family()
    number = people["ichiro"]
    services.split_household(
        context=counter(), notice=notice(EventCode.HOUSEHOLD_SPLIT, "2026-11-10"), movers=[number], acknowledged=ALL
    )
    own, old = now(number).household_number, now(people["taro"]).household_number
    services.join_household(
        context=counter(),
        notice=notice(EventCode.HOUSEHOLD_MERGE, "2026-11-20"),
        movers=[number],
        household_number=old,
        relations={number: "子"},
        acknowledged=ALL,
    )
    assert (now(number).household_number, now(number).relationship, now(number).head_name) == (old, "子", "川口　太郎")
    assert now(number).household_order == 6
    assert not household_now(own)
    assert not Household.objects.current().filter(household_number=own, valid_period__endswith__isnull=True).exists()


def test_住所の違う世帯への世帯変更は_転居を案内して断る() -> None:
    people = kawaguchi_family()
    other = family(newcomer("幸　町子", "サイワイ　マチコ", "1970-01-01", "2", "世帯主"), address=SAIWAI)[0]
    with pytest.raises(InputError, match="住所が変わるときは転居の届出") as refused:
        services.join_household(
            context=counter(),
            notice=notice(EventCode.HOUSEHOLD_CHANGE, "2026-11-20"),
            movers=[people["jiro"]],
            household_number=now(other).household_number,
            relations={people["jiro"]: "同居人"},
            acknowledged=ALL,
        )
    assert refused.value.field == "household_number"


def test_2人目の世帯主は断る() -> None:
    people = kawaguchi_family()
    services.split_household(
        context=counter(),
        notice=notice(EventCode.HOUSEHOLD_SPLIT, "2026-11-10"),
        movers=[people["ichiro"]],
        acknowledged=ALL,
    )
    with pytest.raises(InputError, match="世帯主が2人になります"):
        services.join_household(
            context=counter(),
            notice=notice(EventCode.HOUSEHOLD_MERGE, "2026-11-20"),
            movers=[people["ichiro"]],
            household_number=now(people["taro"]).household_number,
            relations={people["ichiro"]: "世帯主"},
            acknowledged=ALL,
        )


@pytest.mark.parametrize(
    ("relation", "code"),
    [("祖父", "invalid_value"), ("子の子の子の子の子", "too_many_generations"), ("長男", "invalid_value")],
)
def test_S8_使えない続柄は断り_書き方を示す(relation: str, code: str) -> None:
    people = kawaguchi_family()
    with pytest.raises(InputError) as refused:
        services.change_head(
            context=counter(),
            notice=notice(EventCode.HEAD_CHANGE, "2026-11-20"),
            household_number=now(people["taro"]).household_number,
            new_head=people["hanako"],
            relations={people["tome"]: relation},
            acknowledged=ALL,
        )
    assert (refused.value.code, refused.value.field) == (code, f"relations.{people['tome']}")


def test_S8_4世代の続柄は登録できる() -> None:
    people = kawaguchi_family()
    services.change_head(
        context=counter(),
        notice=notice(EventCode.HEAD_CHANGE, "2026-11-20"),
        household_number=now(people["taro"]).household_number,
        new_head=people["hanako"],
        relations={people["jiro"]: "子の子の子の子"},
        acknowledged=ALL,
    )
    assert now(people["jiro"]).relationship_codes == "20,20,20,20"


def test_全員を選んだ世帯分離は断る() -> None:
    people = kawaguchi_family()
    with pytest.raises(InputError, match="世帯の全員が選ばれています"):
        services.split_household(
            context=counter(), notice=notice(EventCode.HOUSEHOLD_SPLIT, "2026-11-20"), movers=list(people.values())
        )
