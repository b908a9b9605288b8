"""法定免除 (T6): 該当, 消滅 and 納付申出, with the welfare sections as source — by the way the assessment declares."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.acceptance.national_pension.test_exemption_events import _accepted, _full, _months, _receive
from tests.national_pension.support import Register, insure, put_on_roll

from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-4"), pytest.mark.function("T6")]
SECTION = "生活福祉1課"


@pytest.fixture
def insured(city: Register) -> str:
    """第1号、40歳"""
    atena = city.resident(date(1986, 4, 10))
    insure(atena, "1", date(2006, 4, 9))
    put_on_roll(atena)
    return atena


@pytest.fixture
def desk() -> AccessContext:
    """免除の担当"""
    return AccessContext("2001", "2010", "pension_exemption", screen="試験", terminal="T-01")


def _told(atena: str, event: str, day: date, desk: AccessContext, aid: str = "livelihood") -> Any:
    from kokunen.national_pension.services.welfare import Told, note

    told = Told(atena, event, aid, day)
    return note(told=told, section=SECTION, arrived_on=date(2026, 11, 24), context=desk)


def _words(desk: AccessContext) -> list[str]:
    from kokunen.national_pension.queries.candidates import welfare_candidates

    return [one.words for one in welfare_candidates(context=desk).rows]


def test_紙の通知が候補になり_届で法定免除となり_廃止の通知で消滅する(insured: str, desk: AccessContext) -> None:
    from kokunen.national_pension.choices import NoticeKind
    from kokunen.national_pension.services.reception import begin

    _told(insured, "begin", date(2026, 5, 10), desk)
    assert _words(desk) == ["法定免除の該当届を受け付けます（開始の前月から免除）"]
    known = begin(atena_number=insured, kind=NoticeKind.STATUTORY, context=desk)
    assert (known["event_on"].value, known["ground"].value) == ("2026-05-10", "2")
    assert known["event_on"].source == "生活福祉1課の通知（紙）"
    receipt = _receive(insured, "F14", "begin", desk, event_on="2026-05-10", ground="2")
    assert _words(desk) == [], "the notice of 法定免除 has settled what welfare told"
    _accepted(receipt, desk)
    assert _months(insured) == [("11", "2026-04", "")]
    _told(insured, "end", date(2026, 11, 20), desk)
    assert _words(desk) == ["法定免除の消滅届を受け付けます（廃止の月まで免除）"]
    ended = _receive(insured, "F14", "end", desk, event_on="2026-11-20", ground="2", end_reason="1")
    _accepted(ended, desk)
    assert _months(insured) == [("11", "2026-04", "2026-11")], "E18"


@pytest.mark.function("T5")
def test_法定免除の月も納付申出で納められる(insured: str, desk: AccessContext) -> None:
    _accepted(_receive(insured, "F14", "begin", desk, event_on="2026-05-10", ground="1"), desk)
    paying = _receive(insured, "F12b", "pay", desk, from_month="2026-12")
    _accepted(paying, desk)
    assert _months(insured) == [("10", "2026-04", "2026-11")]
    with pytest.raises((Conflict, InputError), match="法定免除の月がありません"):
        _receive(insured, "F12b", "pay", desk, from_month="2027-01")


def test_生活扶助以外や外国人や第2号には別の道を示す(city: Register, insured: str, desk: AccessContext) -> None:
    foreigner = city.resident(date(1990, 1, 1), resident_kind="2")
    insure(foreigner, "1", date(2020, 1, 1))
    employed = city.resident(date(1990, 1, 1))
    insure(employed, "2", date(2020, 1, 1))
    _told(insured, "begin", date(2026, 5, 1), desk, aid="other")
    _told(foreigner, "begin", date(2026, 5, 2), desk)
    _told(employed, "begin", date(2026, 5, 3), desk)
    words = _words(desk)
    assert [word in told for word, told in zip(("申請免除（特例）", "外国人の方", "第2号"), words, strict=True)] == [
        True
    ] * 3


def test_届によらない通知は理由を付けて終え_二度は記録できない(insured: str, desk: AccessContext) -> None:
    from kokunen.national_pension.services.welfare import settle

    notice = _told(insured, "end", date(2026, 11, 1), desk)
    with pytest.raises(Conflict, match="同じ通知がすでに記録"):
        _told(insured, "end", date(2026, 11, 1), desk)
    with pytest.raises(InputError, match="処理の内容"):
        settle(notice_id=notice.pk, words=" ", context=desk)
    settle(notice_id=notice.pk, words="他市で受給していた", context=desk)
    with pytest.raises(Conflict, match="すでに処理"):
        settle(notice_id=notice.pk, words="もう一度", context=desk)


@pytest.mark.control("CTL-010")
def test_評価書が定めない方法では受け取れず_定めれば取り込める(
    insured: str, desk: AccessContext, sign_in: Any, admin_connection: Any
) -> None:
    """Both states of the screen: the published assessment (paper only), and an edition that names the channel."""
    from kokunen.assessment.flows import IN_HOUSE_CHANNEL
    from kokunen.national_pension.services.welfare import declared_channels, take_file

    line = f"{insured},begin,livelihood,20260510\r\n".encode("cp932")
    assert declared_channels() == {"生活福祉1課": ("紙",), "生活福祉2課": ("紙",)}
    with pytest.raises(NotAllowed, match="評価書は「生活福祉1課」から「庁内連携システム」による入手を定めていません"):
        take_file(content=line, section=SECTION, context=desk)
    client = sign_in("nenkin1")
    page = client.get("/pension/welfare/", {"purpose": "pension_exemption"}).content.decode()
    assert "紙の通知を記録します" in page and "連携ファイルを取り込む" not in page
    publish_channel(IN_HOUSE_CHANNEL)
    assert declared_channels()[SECTION] == ("紙", IN_HOUSE_CHANNEL)
    page = client.get("/pension/welfare/").content.decode()
    assert "庁内連携で届きます" in page and "連携ファイルを取り込む" in page
    with pytest.raises(InputError, match="2行目: 開始・廃止の日（YYYYMMDD）が正しくありません"):
        take_file(content=line + line.replace(b"20260510", b"20260231"), section=SECTION, context=desk)
    assert take_file(content=line + line, section=SECTION, context=desk) == (1, 0)
    assert take_file(content=line, section=SECTION, context=desk) == (0, 1)
    assert "法定免除の該当届を受け付けます" in client.get("/pension/welfare/").content.decode()


def publish_channel(channel: str) -> None:
    """An edition of the assessment in force that names how welfare's notices come."""
    from kokunen.assessment.document import load_document
    from kokunen.assessment.models import AssessmentVersion

    document = load_document()
    leaves = document.as_list()
    (sources,) = (leaf for leaf in leaves if leaf["id"] == "II.3.sources")
    content = sources["content"]
    sources["content"] = {**content, "details": {**content["details"], "channels": {SECTION: [channel]}}}
    AssessmentVersion.objects.create(
        edition="2026-11-01",
        base=document.edition,
        leaves=leaves,
        state="published",
        drafted_by="nenkin9",
        approved_by="kaiji1",
        published_on=date(2026, 11, 1),
        effective_on=date(2026, 11, 1),
    )


def test_画面で通知を記録し_欄の誤りは欄に示す(insured: str, sign_in: Any) -> None:
    client = sign_in("nenkin1")
    client.get("/pension/welfare/", {"purpose": "pension_exemption"})
    typed = {"section": SECTION, "arrived_on": "今日", "atena_number": insured, "event": "begin", "aid": "livelihood"}
    wrong = client.post("/pension/welfare/", typed | {"event_on": "S24.1.1"})
    assert wrong.status_code == 422 and "生活保護法の施行（昭和25年5月4日）より前" in wrong.content.decode()
    done = client.post("/pension/welfare/", typed | {"event_on": "R8.5.10"})
    assert done.status_code == 302 and "届を受け付ける" in client.get("/pension/welfare/").content.decode()
    assert sign_in("shimin1").get("/pension/welfare/").status_code == 403


def test_法定免除は申請免除に代わる(insured: str, desk: AccessContext) -> None:
    _full(insured, "2026-07", "2027-06")
    _accepted(_receive(insured, "F14", "begin", desk, event_on="2026-09-10", ground="2"), desk)
    assert _months(insured) == [("20", "2026-07", "2026-07"), ("11", "2026-08", "")]


def test_通知と違う日の届は両方の日を示して止まる(insured: str, desk: AccessContext) -> None:
    _told(insured, "begin", date(2026, 7, 10), desk)
    with pytest.raises(
        KokunenError, match="令和8年7月1日は、生活福祉1課の通知の開始日令和8年7月10日と違います"
    ) as told:
        _receive(insured, "F14", "begin", desk, ground="2", event_on="2026-07-01")
    assert "生活福祉1課に確かめて" in str(told.value.hint)
    assert _receive(insured, "F14", "begin", desk, ground="2", event_on="2026-07-10").pk
