"""照会 (S2-4): search by any key, past names, masking of protected people, 基準日, and the ledger entry of every
look.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connections
from tests.resident_registry.factories import ALL, SAIWAI, counter, family, kawaguchi_family, newcomer, notice, now

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError
from kokunen.resident_registry import queries, services
from kokunen.resident_registry.choices import EventCode, SupportKind, SupportReason
from kokunen.resident_registry.perms import Sight

pytestmark = [pytest.mark.usefixtures("city_database"), pytest.mark.function("S2-4")]

OFFICER, SUPERVISOR = Sight(), Sight(protected=True)


def names(text: str, **more: object) -> list[str]:
    return [line.name for line in queries.find_residents(context=counter(), text=text, sight=OFFICER, **more).lines]  # type: ignore[arg-type]


@pytest.fixture
def watanabe() -> dict[str, str]:
    people = {}
    for name in ("渡邉　健", "渡邊　蓮", "渡辺　樹", "渡部　誠"):
        people[name] = family(newcomer(name, "ワタナベ　ケン", "1990-01-01", "1", "世帯主"))[0]
    return people


def test_S13_カナは清濁を問わず_漢字は異体字を問わず見つかる(watanabe: dict[str, str]) -> None:
    assert set(names("ワタナベ")) == set(names("わたなへ")) == set(names("ﾊﾀﾅﾍﾞ ｹﾝ")) == set(watanabe)
    assert set(names("渡辺")) == {"渡邉　健", "渡邊　蓮", "渡辺　樹"}


@pytest.mark.parametrize(
    "text",
    [
        "カワグチ",
        "かわぐ",
        "ワグチ",
        "グ",
        "川口",
        "口　太",
        "太",
        "タロウ",
        "1955/2/1",
        "S30.2.1",
        "昭和30年2月1日",
        "19550201",
    ],
)
def test_半端な入力でも太郎さんが見つかる(text: str) -> None:
    kawaguchi_family()
    assert "川口　太郎" in names(text)


def test_完全一致_前方一致_部分一致の順に並ぶ() -> None:
    for name, kana in (
        ("山田　花", "ヤマダ　ハナ"),
        ("山　一", "ヤマ"),
        ("小山　三", "コヤマ　サン"),
        ("山本　二", "ヤマモト　ニ"),
    ):
        family(newcomer(name, kana, "1990-01-01", "2", "世帯主"))
    assert names("ヤマ") == ["山　一", "山田　花", "山本　二", "小山　三"]


def test_続きの頁は重ならず漏れない() -> None:
    for number in range(7):
        family(
            newcomer(
                f"森　{'一二三四五六七'[number]}", f"モリ　{'アイウエオカキ'[number]}", "1990-01-01", "1", "世帯主"
            )
        )
    seen: list[str] = []
    after = ""
    for _ in range(4):
        found = queries.find_residents(context=counter(), text="リ", sight=OFFICER, size=2, after=after)
        seen += [line.name for line in found.lines]
        after = found.next_cursor
        if not after:
            break
    assert seen == [f"森　{letter}" for letter in "一二三四五六七"]


def test_番号は宛名番号_世帯番号_住民票コードを見分け_先頭の0は省ける() -> None:
    people = kawaguchi_family()
    number = people["taro"]
    assert names(number) == names(number.lstrip("0")) == ["川口　太郎"]
    assert len(names(now(number).household_number)) >= 1
    with pytest.raises(InputError, match="個人番号による検索はできません"):
        names("123456789018")


def test_変わる前の氏名でも見つかり_どの氏名で見つかったかが分かる() -> None:
    number = kawaguchi_family()["hanako"]
    services.correct_items(
        context=counter("resident_correction"),
        notice=notice(EventCode.NAME_CORRECTION, "2026-11-20"),
        atena_number=number,
        items={"name": "鳩ヶ谷　花子", "name_kana": "ハトガヤ　ハナコ"},
        acknowledged=ALL,
    )
    found = queries.find_residents(context=counter(), text="カワグチハナコ", sight=OFFICER).lines
    assert [(line.name, line.found_by) for line in found] == [("鳩ヶ谷　花子", "以前の氏名: 川口　花子")]


def test_同じ氏名と生年月日の人は組にして示す() -> None:
    for address in (None, SAIWAI):
        family(
            newcomer("佐藤　葵", "サトウ　アオイ", "2001-05-05", "2", "世帯主"),
            **({"address": address} if address else {}),
        )
    lines = queries.find_residents(context=counter(), text="サトウアオイ", sight=OFFICER).lines
    assert [line.same_person_group for line in lines] == [1, 1]


def test_検索も照会も_同じ取引で台帳に残る() -> None:
    people = kawaguchi_family()
    names("カワグチ")
    queries.get_resident(context=counter(), atena_number=people["taro"], sight=OFFICER)
    with connections["ledger"].cursor() as cursor:
        cursor.execute(
            "select act, dataset, purpose, atena_numbers, detail from ledger.entry order by entry_id desc limit 2"
        )
        view, search = cursor.fetchall()
    assert view[:4] == ("view", "個人照会", "resident_notice", [people["taro"]])
    assert search[0] == "search" and set(search[3]) == set(people.values()) and "カワグチ" in str(search[4])


@pytest.mark.control("CTL-060")
def test_支援措置の対象者は_権限のない職員には氏名と要確認だけが見える() -> None:
    people = kawaguchi_family()
    services.begin_support(
        context=counter("support_measure"),
        request=services.SupportRequest(
            people["hanako"], [], SupportKind.FULL, SupportReason.DOMESTIC_VIOLENCE, date(2026, 4, 1), date(2026, 4, 1)
        ),
    )
    line = next(
        line
        for line in queries.find_residents(context=counter(), text="カワグチ", sight=OFFICER).lines
        if line.name == "川口　花子"
    )
    assert (line.address, line.head_name, line.household_number) == ("要確認", "", "")
    assert ("要確認", "warn") in line.marks and "支援措置" not in str(line.marks)
    seen = queries.get_resident(context=counter(), atena_number=people["hanako"], sight=SUPERVISOR)
    assert seen.address.startswith("青木二丁目") and seen.marks[0] == ("支援措置", "bad")


def test_基準日の記録は_その日に登録されていた内容である(city_database: str, office_day: object) -> None:
    number = kawaguchi_family()["taro"]
    before = clock.now().date()
    with pytest.raises(InputError, match="この人の記録はありません"):
        queries.get_resident(context=counter(), atena_number=number, sight=OFFICER, known_on=date(2020, 1, 1))
    services.relocate(
        context=counter(),
        notice=notice(EventCode.RELOCATION, "2026-11-20"),
        movers=[number],
        destination=services.Destination(address=SAIWAI),
        acknowledged=ALL,
    )
    known = queries.get_resident(context=counter(), atena_number=number, sight=OFFICER, known_on=before)
    assert known.row.town == "幸町三丁目"


def test_異動履歴は取り消された異動も示す() -> None:
    number = kawaguchi_family()["jiro"]
    died = services.register_death(
        context=counter(), notice=notice(EventCode.DEATH, "2026-11-20"), atena_number=number, acknowledged=ALL
    )
    services.cancel_event(context=counter("resident_correction"), event_id=died.event_id)
    lines = queries.get_history(context=counter(), atena_number=number, sight=OFFICER)
    assert [(line.version_number, line.event_name, line.cancelled) for line in lines] == [
        (3, "異動取消（増）", False),
        (2, "死亡", True),
        (1, "転入（国内）", False),
    ]
    assert ("住民状態", "住民", "死亡") in [(c.item, c.before, c.after) for c in lines[1].changes]
