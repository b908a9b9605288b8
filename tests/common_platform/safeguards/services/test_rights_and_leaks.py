"""権利の請求と漏えい等: clocks of the law, agents, and the procedure from knowing to preventing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.common_platform.safeguards.conftest import made_report
from tests.common_platform.safeguards.services.test_registers import _do, _open, _shown

from kokunen.common_platform.safeguards import clocks
from kokunen.kernel.calendar import is_holiday, is_year_end_closure
from kokunen.kernel.errors import Conflict, InputError, NotAllowed

ATENA = "100000000000004"
RIGHTS = {"requester": "本人", "identity": "個人番号カード", "wants": "閲覧記録"}


@pytest.mark.control("CTL-140")
@pytest.mark.parametrize(
    ("received", "mended", "extension", "due"),
    [
        (date(2026, 11, 2), [], 0, date(2026, 12, 2)),
        (date(2026, 11, 2), [(date(2026, 11, 5), date(2026, 11, 15))], 0, date(2026, 12, 12)),
        (date(2026, 11, 2), [], 30, date(2027, 1, 1)),
        (date(2026, 11, 2), [], 90, date(2027, 1, 1)),
        (date(2026, 11, 2), [(date(2026, 11, 5), None)], 0, None),
    ],
)
def test_開示の決定の期限(received, mended, extension, due) -> None:
    assert clocks.rights_due(received, mended, extension) == due


@pytest.mark.control("CTL-110")
def test_漏えい等の期限は認知した日を一日目とし休みの日には終わらない() -> None:
    assert clocks.leak_warning(date(2026, 11, 2)) == date(2026, 11, 4)
    assert clocks.leak_first_due(date(2026, 11, 2)) == date(2026, 11, 6)
    assert clocks.leak_final_due(date(2026, 11, 2), ["1"]) == date(2026, 12, 1)
    assert clocks.leak_final_due(date(2026, 11, 2), ["1", "2"]) == date(2027, 1, 4)  # day 60 is 31 December
    for n in range(730):
        known = date(2026, 1, 1) + timedelta(days=n)
        for types, days in ((["1"], 30), (["2", "4"], 60)):
            due = clocks.leak_final_due(known, types)
            assert due >= known + timedelta(days=days - 1)
            assert due.weekday() < 5 and not is_holiday(due) and not is_year_end_closure(due)
            between = (known + timedelta(days=days - 1 + k) for k in range((due - known).days - days + 1))
            assert all(d.weekday() >= 5 or is_holiday(d) or is_year_end_closure(d) for d in between)


@pytest.mark.control("CTL-140")
def test_開示請求は補正の間は期限が止まる(city_database, first, second, monkeypatch) -> None:
    from kokunen.common_platform.safeguards import queries

    number = _open("disclosure", "閲覧記録の開示", first, atena_number=ATENA, on=date(2026, 11, 2), **RIGHTS).number
    assert _shown(number, first).due.on == date(2026, 12, 2)
    _do(number, "ask", first, on=date(2026, 11, 5), what="期間")
    assert _shown(number, first).due is None
    _do(number, "mended", first, on=date(2026, 11, 15))
    assert _shown(number, first).due.on == date(2026, 12, 12)
    with pytest.raises(InputError, match="30日まで"):
        _do(number, "extend", first, reason="量が多い", days="31")
    _do(number, "extend", first, reason="量が多い", days="30")
    assert _shown(number, first).due.on == date(2027, 1, 11)
    monkeypatch.setenv("KOKUNEN_TODAY", "2027-01-12")
    assert queries.find_overdue(["disclosure"])[0].is_overdue
    decision = {"decision": "一部", "withheld": "第三者の氏名", "reason": "76条・78条"}
    with pytest.raises(NotAllowed, match="同じ職員"):
        _do(number, "decide", first, **decision)
    _do(number, "decide", second, **decision)
    assert queries.find_overdue(["disclosure"]) == []
    assert _shown(number, first).steps[-1].content["withheld"] == ["第三者の氏名"]


@pytest.mark.control("CTL-140")
def test_特例の延長ははじめの期間のうちだけできる(city_database, first, monkeypatch) -> None:
    number = _open("disclosure", "全部", first, atena_number=ATENA, on=date(2026, 11, 2), **RIGHTS).number
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-12-03")
    with pytest.raises(Conflict, match="はじめの期間"):
        _do(number, "extend_long", first, reason="著しく大量", until="2027-06-01")
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-12-02")
    _do(number, "extend_long", first, reason="著しく大量", until="2027-06-01")
    assert _shown(number, first).due.on == date(2027, 6, 1)


@pytest.mark.control("CTL-141")
@pytest.mark.parametrize("kind", ["disclosure", "correction", "suspension"])
@pytest.mark.parametrize("requester", ["法定代理人", "任意代理人"])
def test_代理人の請求には代理権の書類が要る(city_database, first, kind, requester) -> None:
    facts = {**RIGHTS, "requester": requester}
    with pytest.raises(InputError, match="代理権"):
        _open(kind, "x", first, atena_number=ATENA, **facts)
    with pytest.raises(InputError, match="宛名番号"):
        _open(kind, "x", first, agent_proof="委任状", **facts)
    _open(kind, "x", first, atena_number=ATENA, agent_proof="委任状", **facts)


@pytest.mark.control("CTL-140")
def test_訂正と利用停止は開示から九十日のうちに限る(city_database, first) -> None:
    for kind in ("correction", "suspension"):
        _open(kind, "x", first, atena_number=ATENA, disclosed_on="2026-08-26", **RIGHTS)
        with pytest.raises(Conflict, match="90日"):
            _open(kind, "x", first, atena_number=ATENA, disclosed_on="2026-08-25", **RIGHTS)


LEAK = {"known_on": "2026-11-20", "known_by": "国民年金課", "what": "媒体を紛失した"}
JUDGED = {"types": "1", "serious": "on", "reason": "利用事務の媒体"}


@pytest.mark.control("CTL-110")
@pytest.mark.control("CTL-145")
def test_媒体の紛失は範囲の特定から報告書までたどる(city_database, first, second, admin_connection) -> None:
    import io

    from pypdf import PdfReader
    from tests.common_platform.access_history.support import look_at

    from kokunen.common_platform.safeguards import documents, queries
    from kokunen.common_platform.safeguards.services.facts import find_scope

    people = ["100000000000004", "100000000000012"]
    made_report(admin_connection, 1, "a" * 64, people=2)
    look_at(*people, case_id="R2026-001")
    look_at("100000000000020", case_id="R2026-002")
    medium = _open("medium", "M-7", first, serial="M-7", type="CD-R", place="金庫1").number
    _do(medium, "issue", first, purpose="報告", to="nenkin1")
    _do(medium, "write", first, key_id="K1", sha256="a" * 64, people="2", report="R2026-001")
    scope = find_scope(context=second, medium=medium)
    assert [one.atena_number for one in scope.people] == people and scope.is_encrypted
    number = _open("leak", "媒体の紛失", first, **LEAK).number
    assert _shown(number, first).due == clocks.Due("速報", date(2026, 11, 24))
    assert queries.find_overdue(["leak"])[0].is_urgent
    with pytest.raises(Conflict):
        _do(number, "judge", second, **JUDGED)
    _do(number, "respond", first, note="捜索した", to="警察署")
    _do(number, "scope", first, query=scope.words, people=str(len(scope.people)), items="氏名", encrypted="on")
    with pytest.raises(NotAllowed):
        _do(number, "judge", first, **JUDGED)
    _do(number, "judge", second, **JUDGED)
    _do(number, "report_first", first, to="個人情報保護委員会")
    assert _shown(number, first).due == clocks.Due("確報", date(2026, 12, 21))  # day 30 is a Saturday
    draft = documents.slip(_shown(number, first), context=first)
    text = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(draft)).pages).split())
    assert "漏えい等に関する報告" in text and "2人" in text and "調査中" in text and "媒体を紛失した" in text
    _do(number, "report_final", first, cause="置き忘れ", damage="なし", publication="記者発表")
    _do(number, "notify", first, people="2", how="文書")
    _do(number, "prevent", first, done="保管庫を替えた")
    _do(number, "close", second)
    assert _shown(number, first).is_ended and queries.find_overdue(["leak"]) == []
    words = dict(documents.nine_items(_shown(number, first)))
    assert "調査中" not in "".join(words.values())


@pytest.mark.control("CTL-145")
def test_職員と期間から触れた本人がちょうど出る(city_database, first, second) -> None:
    from datetime import datetime

    from tests.common_platform.access_history.support import look_at

    from kokunen.common_platform.operations import clock
    from kokunen.common_platform.safeguards.services.facts import find_scope

    look_at("100000000000004", times=2, staff="warui1")
    look_at("100000000000012", "100000000000020", staff="warui1")
    look_at("100000000000039", staff="nenkin1")
    found = find_scope(context=second, staff_number="warui1", since=datetime(2026, 1, 1, tzinfo=clock.OFFICE_ZONE))
    assert {one.atena_number: one.entries for one in found.people} == {
        "100000000000004": 2,
        "100000000000012": 1,
        "100000000000020": 1,
    }
    ended = find_scope(context=second, staff_number="warui1", until=datetime(2026, 1, 1, tzinfo=clock.OFFICE_ZONE))
    assert ended.people == ()
    with pytest.raises(InputError, match="どれか"):
        find_scope(context=second)


@pytest.mark.control("CTL-111")
def test_重大事故は三年を過ぎると発生なしに戻る(city_database, first, second, monkeypatch) -> None:
    from kokunen.common_platform.safeguards.queries import serious_incident

    number = _open("leak", "媒体の紛失", first, **LEAK).number
    _do(number, "respond", first, note="捜索", to="警察署")
    _do(number, "scope", first, query="媒体", people="2", items="氏名")
    assert serious_incident(date(2026, 11, 24)) == []
    _do(number, "judge", second, **JUDGED)
    assert serious_incident(date(2029, 11, 20)) == [number]
    assert serious_incident(date(2029, 11, 21)) == []


@pytest.mark.control("CTL-100")
@pytest.mark.parametrize(
    ("cloud", "to", "is_taken"),
    [("on", "運用管理補助者", False), ("on", "デジタル庁", True), ("", "運用管理補助者", True)],
)
def test_クラウドが原因の事故は国に連絡してからでなければ進まない(city_database, first, cloud, to, is_taken) -> None:
    number = _open("leak", "停止", first, cloud=cloud, **LEAK).number
    if is_taken:
        _do(number, "respond", first, note="切り離した", to=to)
    else:
        with pytest.raises(InputError, match="国"):
            _do(number, "respond", first, note="切り離した", to=to)
