"""死亡・職権消除 (worked examples S5, S6): who is removed, and what becomes of those who stay."""

from __future__ import annotations

from datetime import date

import pytest
from tests.resident_registry.factories import (
    ALL,
    counter,
    family,
    household_now,
    kawaguchi_family,
    newcomer,
    notice,
    now,
)

from kokunen.kernel.errors import InputError
from kokunen.kernel.wareki import parse_imprecise
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import EventCode, FilingKind

pytestmark = [pytest.mark.usefixtures("city_database"), pytest.mark.function("S2-3")]


def die(number: str, day: str, **more: object) -> services.Receipt:
    more.setdefault("acknowledged", ALL)
    return services.register_death(
        context=counter(),
        notice=notice(EventCode.DEATH, day),
        atena_number=number,
        **more,  # type: ignore[arg-type]
    )


def test_S5_世帯主が死亡し妻が世帯主になると_子は子_母は夫の母になる() -> None:
    taro, hanako, ichiro, tome = family(
        newcomer("川口　太郎", "カワグチ　タロウ", "1955-02-01", "1", "世帯主"),
        newcomer("川口　花子", "カワグチ　ハナコ", "1957-03-03", "2", "妻"),
        newcomer("川口　一郎", "カワグチ　イチロウ", "1985-04-04", "1", "子"),
        newcomer("川口　トメ", "カワグチ　トメ", "1930-05-05", "2", "母"),
    )
    with pytest.raises(services.NeedsConfirmation) as asked:
        die(taro, "2026-11-20", acknowledged=())
    assert [alert.code for alert in asked.value.alerts] == ["head_leaves"]
    die(taro, "2026-11-20", new_head=hanako, staying_relations={ichiro: "子"})
    assert (now(taro).status, now(taro).removed_on) == ("3", date(2026, 11, 20))
    staying = household_now(now(hanako).household_number)
    assert [(row.atena_number, row.relationship, row.head_name) for row in staying] == [
        (hanako, "世帯主", "川口　花子"),
        (ichiro, "子", "川口　花子"),
        (tome, "夫の母", "川口　花子"),
    ]


def test_S6_残る1人は届出がなくても世帯主になる() -> None:
    taro, hanako = family(
        newcomer("川口　太郎", "カワグチ　タロウ", "1955-02-01", "1", "世帯主"),
        newcomer("川口　花子", "カワグチ　ハナコ", "1957-03-03", "2", "妻"),
    )
    receipt = die(taro, "2026-11-20", acknowledged=())
    assert now(hanako).is_head
    assert any("世帯主変更通知書" in found.message for found in receipt.follow_ups)


def test_世帯員が死亡しても世帯主と続柄は変わらない() -> None:
    people = kawaguchi_family()
    die(people["tome"], "2026-11-20")
    assert [row.relationship for row in household_now(now(people["taro"]).household_number)] == [
        "世帯主",
        "妻",
        "子",
        "子",
    ]
    assert now(people["hanako"]).version_number == 1


def test_死亡の日は不詳でもよく_並べ替えの日は印刷されない() -> None:
    people = kawaguchi_family()
    when = parse_imprecise("令和8年10月頃", date(2026, 11, 24))
    services.register_death(
        context=counter(), notice=services.Notice(EventCode.DEATH, when), atena_number=people["tome"], acknowledged=ALL
    )
    row = now(people["tome"])
    assert (row.removed_imprecise, row.removed_text) == (True, when.display)


@pytest.mark.parametrize(
    ("day", "field", "message"),
    [
        ("2026-11-25", "event_on", "今日（令和8年11月24日）より後です"),
        ("1930-05-04", "event_on", "生年月日（昭和5年5月5日）より前です"),
    ],
)
def test_先の日の死亡と生年月日より前の死亡は断る(day: str, field: str, message: str) -> None:
    people = kawaguchi_family()
    with pytest.raises(InputError, match=message) as refused:
        die(people["tome"], day)
    assert refused.value.field == field
    assert now(people["tome"]).version_number == 1


def test_死亡した人の死亡は断る() -> None:
    people = kawaguchi_family()
    die(people["tome"], "2026-11-20")
    with pytest.raises(InputError, match="死亡により消除されています"):
        die(people["tome"], "2026-11-21")


def test_職権消除は理由のある事由だけが使え_日本人に在留資格喪失は使えない() -> None:
    people = kawaguchi_family()
    facts = {"context": counter("resident_correction"), "atena_number": people["jiro"], "acknowledged": ALL}
    for code, message in ((EventCode.DEATH, "職権消除ではありません"), (EventCode.STATUS_LOSS, "外国人住民だけです")):
        with pytest.raises(InputError, match=message):
            services.remove_ex_officio(notice=notice(code, "2026-11-20", filing_kind=FilingKind.EX_OFFICIO), **facts)  # type: ignore[arg-type]
    services.remove_ex_officio(
        notice=notice(EventCode.EX_OFFICIO_REMOVAL, "2026-11-20", filing_kind=FilingKind.EX_OFFICIO),
        **facts,  # type: ignore[arg-type]
    )
    assert (now(people["jiro"]).status, now(people["jiro"]).removal_code) == ("4", "213")
