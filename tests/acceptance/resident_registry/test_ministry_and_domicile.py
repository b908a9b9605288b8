"""法務省 (S2-8) and 戸籍附票 (S2-9): what goes out of each change, what comes in and is applied or listed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.resident_registry import factories as make

from kokunen.kernel.errors import InputError
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import ArrivedState, DestinationKind, EventCode, ResidenceClass
from kokunen.resident_registry.models import ArrivedMessage, ArrivedRecord, OutgoingMessage
from kokunen.resident_registry.services import domicile_notices, ministry_notices

CARD, NEW_CARD = "AB12345678CD", "EF87654321GH"


def _foreigner(
    card: str = CARD, klass: ResidenceClass = ResidenceClass.MID_TO_LONG_TERM, name: str = "LEE MINA"
) -> str:
    items = services.ForeignItems(
        nationality="大韓民国", residence_class=klass, residence_status="留学", residence_period="2年",
        residence_expires_on=date(2027, 3, 31), card_number=card,
    )  # fmt: skip
    person = make.newcomer(
        name, "", "1995-03-03", "2", "世帯主", foreign=items, registered_domicile="", registered_domicile_head="",
        previous_address="大韓民国",
    )  # fmt: skip
    return make.family(person, day="2026-11-20", code=EventCode.FOREIGN_MOVE_IN)[0]


def _posted(party: str, kind: str) -> list[dict[str, Any]]:
    return [m.items for m in OutgoingMessage.objects.filter(party=party, kind=kind).order_by("id")]


@pytest.mark.function("S2-8")
def test_外国人住民の記載は市町村通知と市町村伝達になる(open_line: Callable[[str], Any]) -> None:
    line = open_line("moj")
    number = _foreigner()
    services.relocate(
        context=make.counter(), notice=make.notice(EventCode.RELOCATION, "2026-11-22"), movers=[number],
        destination=services.Destination(address=make.SAIWAI), acknowledged=make.ALL,
    )  # fmt: skip
    assert [(i["update"], i["reason_code"]) for i in _posted("moj", "0801")] == [("1", "105"), ("3", "301")]
    assert [i["address"] for i in _posted("moj", "0802")][1].endswith("さいわいハイツ201")
    line.process.control.order("garble")
    assert line.send().sent == 0
    line.process.control.heal()
    assert line.send().sent == 4
    assert line.state()["told"] == {"0801": 2, "0802": 2}


@pytest.mark.function("S2-8")
def test_転出の予定は知らせず消除の日に知らせる(city_database: str, office_day: Callable[[str], None]) -> None:
    number = _foreigner()
    services.move_out(
        context=make.counter(), notice=make.notice(EventCode.MOVE_OUT, "2026-11-30"), movers=[number],
        departure=services.Departure("東京都北区", DestinationKind.DOMESTIC), acknowledged=make.ALL,
    )  # fmt: skip
    assert len(_posted("moj", "0801")) == 1
    office_day("2026-11-30")
    services.remove_departed(context=make.counter(), atena_numbers=[number])
    last = _posted("moj", "0801")[-1]
    assert (last["update"], last["event_on"]) == ("2", "2026-11-30")
    make.family(make.newcomer("青木　一", "アオキ　ハジメ", "1980-05-05", "1", "世帯主"), day="2026-11-20")
    assert len(_posted("moj", "0801")) == 2, "not of a Japanese resident"


def _record(**changes: str) -> dict[str, str]:
    items = {
        "change": "1", "event_on": "2026-11-20", "residence_card_number": CARD, "name": "LEE MINA",
        "birth_date": "1995-03-03", "new_residence_status": "技術・人文知識・国際業務", "new_residence_period": "3年",
        "new_residence_expires_on": "2029-11-20", "new_residence_card_number": NEW_CARD,
    }  # fmt: skip
    return {**items, **changes}


def _arrive(line: Any, *records: Any) -> ArrivedMessage:
    line.process.control.command("notice_file", records=list(records))
    line.take()
    return ArrivedMessage.objects.filter(party="moj", kind="0901").latest("id")


@pytest.mark.function("S2-8")
@pytest.mark.parametrize("stop", [True, False], ids=["止める", "続ける"])
def test_壊れた件は何も反映されず選んだとおりに止まるか続く(open_line: Callable[[str], Any], stop: bool) -> None:
    line = open_line("moj")
    first, second = _foreigner(), _foreigner("IJ11112222KL", name="KIM JISU")
    good = _record()
    broken = "1,2026-11-20,IJ11112222KL,KIM JISU,1995-13-03,,,,,,"
    other = _record(residence_card_number="IJ11112222KL", name="KIM JISU", new_residence_card_number="MN11112222OP")
    file = _arrive(line, good, broken, other)
    result = ministry_notices.read_file(context=make.counter(), message_id=file.pk, stop_at_broken=stop)
    expected = (1, 0, 1, 1) if stop else (2, 0, 1, 0)
    assert (result.ready, result.to_check, result.broken, result.not_read) == expected
    assert "生年月日が日付ではありません" in ArrivedRecord.objects.get(line_number=2).problem
    if stop:
        result = ministry_notices.read_file(context=make.counter(), message_id=file.pk, stop_at_broken=stop)
        assert (result.ready, result.broken, result.not_read) == (2, 1, 0)
    assert ministry_notices.apply_ready(context=make.counter(), message_id=file.pk) == (2, 0)
    row = make.now(first)
    assert (row.residence_status, row.residence_card_number) == ("技術・人文知識・国際業務", NEW_CARD)
    assert row.event.code == EventCode.RESIDENCE_CHANGE and make.now(second).residence_card_number == "MN11112222OP"
    ministry_notices.settle_record(
        context=make.counter(), record_id=ArrivedRecord.objects.get(line_number=2).pk, reason="法務省に照会"
    )
    file.refresh_from_db()
    assert file.state == ArrivedState.APPLIED


@pytest.mark.function("S2-8")
def test_一覧に残る件と資格喪失による消除(open_line: Callable[[str], Any]) -> None:
    line = open_line("moj")
    lost = _foreigner()
    _foreigner("IJ11112222KL", ResidenceClass.SPECIAL_PERMANENT, "PARK YUNA")
    file = _arrive(
        line,
        _record(change="5"),
        _record(residence_card_number="IJ11112222KL", name="PARK YUNA"),
        _record(residence_card_number="ZZ00000001ZZ"),
        _record(name="LEE SOMEONE"),
    )
    result = ministry_notices.read_file(context=make.counter(), message_id=file.pk, stop_at_broken=False)
    assert (result.ready, result.to_check) == (1, 3)
    problems = [r.problem for r in ArrivedRecord.objects.order_by("line_number")]
    assert "特別永住者" in problems[1] and "記録にありません" in problems[2] and "氏名または生年月日" in problems[3]
    ministry_notices.apply_ready(context=make.counter(), message_id=file.pk)
    row = make.now(lost)
    assert (row.status, row.removal_code, row.removed_on) == ("4", "216", date(2026, 11, 20))
    again = ministry_notices.read_file(context=make.counter(), message_id=file.pk, stop_at_broken=False)
    assert again.ready == 0, "read again: nothing is judged twice"


@pytest.mark.function("S2-9")
def test_附票の通知は記載と住所変更と消除で本籍地へ行く(open_line: Callable[[str], Any]) -> None:
    line = open_line("koseki")
    (number,) = make.family(make.newcomer("青木　一", "アオキ　ハジメ", "1980-05-05", "1", "世帯主"), day="2026-11-01")
    services.relocate(
        context=make.counter(), notice=make.notice(EventCode.RELOCATION, "2026-11-10"), movers=[number],
        destination=services.Destination(address=make.SAIWAI), acknowledged=make.ALL,
    )  # fmt: skip
    services.move_out(
        context=make.counter(), notice=make.notice(EventCode.MOVE_OUT_ABROAD, "2026-11-20"), movers=[number],
        departure=services.Departure("フランス", DestinationKind.ABROAD), acknowledged=make.ALL,
    )  # fmt: skip
    posted = _posted("koseki", "0701")
    assert [(i["update"], i["address"][-6:]) for i in posted] == [
        ("1", "丁目1番1号"), ("3", "ハイツ201"[-6:]), ("2", "フランス"),
    ]  # fmt: skip
    assert posted[1]["previous_address"].endswith("青木二丁目1番1号")
    assert posted[2]["previous_address"].endswith("さいわいハイツ201")
    line.process.control.order("die", at="decided")
    assert line.send().sent == 0
    line.restart()
    line.send()
    assert line.state()["entries"] == 3 and line.waiting() == 0


@pytest.mark.function("S2-9")
def test_本籍地の通知を確かめて反映する(open_line: Callable[[str], Any]) -> None:
    line = open_line("koseki")
    head, wife = make.family(
        make.newcomer("青木　一", "アオキ　ハジメ", "1980-05-05", "1", "世帯主"),
        make.newcomer("青木　春", "アオキ　ハル", "1982-06-06", "2", "妻"),
        day="2026-11-01",
    )
    base = {"event_on": "2026-11-15", "domicile_office": "東京都北区"}
    notices = [
        {**base, "matter": "4", "name": "青木　春", "birth_date": "1982-06-06", "new_domicile": "埼玉県川口市青木1番"},
        {**base, "matter": "2", "name": "青木　一", "birth_date": "1980-05-05"},
        {**base, "matter": "1", "name": "青木　夏", "birth_date": "2026-11-15"},
    ]
    for items in notices:
        line.process.control.command("queue", kind="0702", items=items)
    assert line.take() == 3
    moved, dead, born = ArrivedMessage.objects.order_by("id")
    assert {m.state for m in (moved, dead, born)} == {ArrivedState.TO_CHECK}
    domicile_notices.apply_notice(context=make.counter(), message_id=moved.pk)
    assert make.now(wife).registered_domicile == "埼玉県川口市青木1番"
    domicile_notices.apply_notice(context=make.counter(), message_id=dead.pk)
    assert make.now(head).status == "3" and make.now(wife).is_head
    with pytest.raises(InputError, match="出生"):
        domicile_notices.apply_notice(context=make.counter(), message_id=born.pk)


@pytest.mark.function("S2-8")
@pytest.mark.function("S2-9")
def test_確認が要る通知は_確認するまで反映されない(city_database: str) -> None:
    from kokunen.resident_registry.services.notice import NeedsConfirmation

    people = make.kawaguchi_family()
    message = ArrivedMessage.objects.create(
        party="koseki", number="KS1", kind="0702", state=ArrivedState.TO_CHECK,
        received_at="2026-11-23T09:00:00+09:00",
        items={
            "matter": domicile_notices.DEATH, "event_on": "2026-11-20", "name": "川口　太郎",
            "birth_date": "1955-02-01", "domicile_office": "東京都北区長",
        },
    )  # fmt: skip
    with pytest.raises(NeedsConfirmation) as asked:
        domicile_notices.apply_notice(context=make.counter(), message_id=message.pk)
    assert make.now(people["taro"]).status == "1"
    message.refresh_from_db()
    assert message.state == ArrivedState.TO_CHECK
    seen = [alert.code for alert in asked.value.alerts]
    domicile_notices.apply_notice(context=make.counter(), message_id=message.pk, acknowledged=seen)
    assert make.now(people["taro"]).status == "3"

    head = _foreigner()
    file = ArrivedMessage.objects.create(
        party="moj", number="MJ9", kind="0901", state=ArrivedState.TO_CHECK,
        received_at="2026-11-23T09:00:00+09:00",
        items={
            "file_name": "MOJ9.csv",
            "records": [{"items": _record(event_on="2026-11-10"), "faults": []}],
        },
    )  # fmt: skip
    ministry_notices.read_file(context=make.counter(), message_id=file.pk, stop_at_broken=False)
    assert ministry_notices.apply_ready(context=make.counter(), message_id=file.pk) == (0, 1)
    record = ArrivedRecord.objects.get(message=file)
    assert record.state == ArrivedState.READY and record.problem and make.now(head).residence_period == "2年"
    with pytest.raises(NeedsConfirmation) as again:
        ministry_notices.apply_record(context=make.counter(), record_id=record.pk)
    codes = [alert.code for alert in again.value.alerts]
    ministry_notices.apply_record(context=make.counter(), record_id=record.pk, acknowledged=codes)
    assert make.now(head).residence_period == "3年"
