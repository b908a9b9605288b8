"""宛名情報の更新 (S5-1)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.nonresident_registry.factories import corporation, follow, person, publish_resident, registered

from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext
from kokunen.nonresident_registry import queries
from kokunen.nonresident_registry.choices import RecordStatus
from kokunen.nonresident_registry.models import AtenaVersion
from kokunen.nonresident_registry.services import records

pytestmark = pytest.mark.function("S5-1")


def test_P1_P2_最初の二人は住登外者の番号帯から付番される(officer: AccessContext) -> None:
    assert registered(officer) == "000009000000016"
    assert registered(officer, name="見本　八郎") == "000009000000024"
    assert corporation(officer).startswith("00000950000001")


def test_変更は履歴を残し_以前の氏名でも見つかる(officer: AccessContext) -> None:
    number = registered(officer)
    records.update_record(
        context=officer, atena_number=number, content={"name": "手本　七海", "name_kana": "テホン　ナナミ"}, expected=1
    )
    rows = list(AtenaVersion.objects.filter(atena_number=number).order_by("id"))
    assert [(row.history_number, row.name) for row in rows] == [(1, "見本　七海"), (2, "手本　七海")]
    assert rows[0].recorded_period.upper is not None
    found = queries.find_records(context=officer, text="ミホン")
    assert [line.subject.name for line in found.lines] == ["手本　七海"]
    assert found.lines[0].found_by == "以前の氏名: 見本　七海"
    with pytest.raises(Conflict, match="ほかの職員"):
        records.update_record(context=officer, atena_number=number, content={"town": "別の町"}, expected=1)


def test_Q5_転出した住民は番号を引き継ぎ_住登外の番号は使われない(officer: AccessContext) -> None:
    publish_resident("000000000000078", name="川口　花子", name_kana="カワグチ　ハナコ")
    follow()
    assert not AtenaVersion.objects.exists()
    publish_resident(
        "000000000000078", "remove", "201", name="川口　花子", name_kana="カワグチ　ハナコ", status="2",
        removed_on=date(2026, 11, 20), destination="東京都北区赤羽一丁目１番１号",
    )  # fmt: skip
    follow()
    view = queries.get_record(context=officer, atena_number="000000000000078")
    assert (view.row.former_resident, view.row.municipality, view.row.town) == (True, "北区", "赤羽一丁目１番１号")
    assert view.row.changed_on == date(2026, 11, 20)
    assert registered(officer) == "000009000000016"


def test_死亡者も国外転出者も住登外者になり_再転入すると一覧から外れる(officer: AccessContext) -> None:
    publish_resident("000000000000078", "remove", "211", status="3", removed_on=date(2026, 11, 1))
    publish_resident(
        "000000000000086", "remove", "203", status="2", removed_on=date(2026, 11, 2), destination="カナダ",
        destination_abroad=True,
    )  # fmt: skip
    follow()
    dead = queries.get_record(context=officer, atena_number="000000000000078").row
    assert (dead.status, dead.ended_on) == (RecordStatus.DECEASED, date(2026, 11, 1))
    assert queries.get_record(context=officer, atena_number="000000000000086").row.country == "カナダ"
    publish_resident("000000000000086", "register", "102")
    follow()
    back = queries.get_record(context=officer, atena_number="000000000000086").row
    assert (back.status, back.history_number) == (RecordStatus.BECAME_RESIDENT, 2)


def test_転出とその取消しが一度に届いても_何も登録されない(officer: AccessContext) -> None:
    publish_resident("000000000000078", "remove", "201", status="2", removed_on=date(2026, 11, 20))
    publish_resident("000000000000078", "cancel", "901")
    follow()
    assert not AtenaVersion.objects.exists()


def test_住民は住登外者として登録できず_拒否が記録に残る(officer: AccessContext, resident: Any, refusals: Any) -> None:
    with pytest.raises(InputError, match="現に住民です"):
        records.register_record(context=officer, kind="1", content=person(), takes_over="000000000000078")
    assert refusals() == [("is_resident", ["000000000000078"])]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"name": ""}, "氏名・名称が入力されていません"),
        ({"name_kana": "漢字"}, "使えない文字"),
        ({"birth_date": date(2026, 12, 1)}, "今日より後"),
        ({"changed_on": date(2026, 11, 25)}, "今日より後"),
    ],
)
def test_誤った項目は断る(officer: AccessContext, facts: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        registered(officer, **facts)
    assert not AtenaVersion.objects.exists()


def test_記録を書き換えることはデータベースが断る(officer: AccessContext) -> None:
    from django.db import ProgrammingError

    number = registered(officer)
    with pytest.raises(ProgrammingError):
        AtenaVersion.objects.filter(atena_number=number).update(name="書換え")
