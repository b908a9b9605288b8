"""台帳ごとの決まり: media, contracts, training, boxes, evidence, releases, complaints: each refuses what it must."""

from __future__ import annotations

from datetime import date

import pytest
from tests.common_platform.safeguards.conftest import made_report

from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed


def _do(number, action, context, on=None, **content):
    from kokunen.common_platform.safeguards.services.register import act

    return act(number, action, content=content, context=context, acted_on=on)


def _open(kind, title, context, on=None, atena_number="", **content):
    from kokunen.common_platform.safeguards.services.register import open_entry

    return open_entry(kind, title=title, content=content, context=context, opened_on=on, atena_number=atena_number)


def _shown(number, context):
    from kokunen.common_platform.safeguards import queries

    return queries.get_shown(number, context=context)


@pytest.mark.control("CTL-113")
@pytest.mark.control("CTL-115")
@pytest.mark.control("CTL-116")
@pytest.mark.control("CTL-118")
def test_媒体は払出から返却まで順にたどり消去の前に再び払い出せない(city_database, first, second, monkeypatch) -> None:
    from kokunen.common_platform.safeguards import queries

    with pytest.raises(InputError, match="保管場所"):
        _open("medium", "M-1", first, serial="M-1", type="CD-R", place="")
    with pytest.raises(InputError, match="一覧から"):
        _open("medium", "M-1", first, serial="M-1", type="USBメモリ", place="金庫1")
    number = _open("medium", "M-1", first, serial="M-1", type="CD-R", place="金庫1").number
    with pytest.raises(Conflict, match="すでに"):
        _open("medium", "M-1", first, serial="M-1", type="CD-R", place="金庫1")
    _do(number, "issue", first, purpose="報告", to="nenkin1")
    with pytest.raises(InputError, match="鍵の番号"):
        _do(number, "write", first, key_id="", sha256="a" * 64, people="3")
    _do(number, "write", first, key_id="K1", sha256="a" * 64, people="3")
    with pytest.raises(InputError, match="施錠ケース"):
        _do(number, "carry", first, case="", key_holder="nenkin9")
    _do(number, "carry", first, case="C1", key_holder="nenkin9")
    _do(number, "hand_over", first, receiver="年金事務所")
    with pytest.raises(Conflict, match="引渡"):
        _do(number, "received", first)
    _do(number, "witness", second)
    _do(number, "received", first)
    with pytest.raises(Conflict, match="受領"):
        _do(number, "issue", first, purpose="次の報告", to="nenkin1")
    assert _shown(number, first).due == queries.Due("消去", date(2026, 12, 1))
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-12-02")
    assert [(one.entry.number, one.due.words, one.is_overdue) for one in queries.find_overdue(["medium"])] == [
        (number, "消去", True)
    ]
    _do(number, "erase", first, method="上書き")
    _do(number, "return", first, place="金庫1")
    _do(number, "issue", first, purpose="次の報告", to="nenkin1")
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-12-20")
    assert queries.find_overdue(["medium"])[0].due.words == "返却"


@pytest.mark.control("CTL-115")
def test_媒体に書き込んだ内容は報告の番号とハッシュの両方で結び付く(city_database, first, admin_connection) -> None:
    made_report(admin_connection, 7, "b" * 64, people=3)
    number = _open("medium", "M-1", first, serial="M-1", type="CD-R", place="金庫1").number
    _do(number, "issue", first, purpose="報告", to="nenkin1")
    good = {"key_id": "K1", "sha256": "b" * 64, "people": "3", "report": "R2026-007"}
    for wrong, words in (
        ({"sha256": "a" * 64}, "違います"), ({"key_id": "K2"}, "違います"), ({"people": "4"}, "違います"),
        ({"report": "R2026-008"}, "作られていません"), ({"report": ""}, "報告の番号を入力"),
    ):  # fmt: skip
        with pytest.raises((InputError, NotAllowed), match=words):
            _do(number, "write", first, **{**good, **wrong})
    _do(number, "write", first, **good)


@pytest.mark.control("CTL-112")
def test_棚卸しで見当たらない媒体は漏えい等の対応を促す(city_database, first, monkeypatch) -> None:
    from kokunen.common_platform.safeguards import queries

    number = _open("medium", "M-9", first, serial="M-9", type="CD-R", place="金庫1").number
    monkeypatch.setenv("KOKUNEN_TODAY", "2027-06-01")
    assert queries.find_overdue(["medium"])[0].due.words == "棚卸し"
    _do(number, "seen", first, place="金庫1")
    assert queries.find_overdue(["medium"]) == []
    _do(number, "lost", first, note="6月1日の棚卸し")
    assert queries.find_overdue(["medium"])[0].due.words == "漏えい等の対応"


TERMS = dict.fromkeys(
    ("secrecy", "subcontracting", "third_parties", "accidents", "inspection", "termination", "checked"), "on"
)


def _contract(context, **changes):
    facts = {
        "work": "入力",
        "scope": "国民年金情報ファイル",
        "agreed_on": "2026-04-01",
        "staff": "gyosha1",
        **TERMS,
        **changes,
    }
    return _open("contractor", "架空事務株式会社", context, **facts).number


@pytest.mark.control("CTL-070")
@pytest.mark.control("CTL-071")
def test_条項の欠けた契約と許諾のない再委託は有効にならない(city_database, first, second) -> None:
    for term in TERMS:
        with pytest.raises(NotAllowed, match=r"条項|確認"):
            _do(_contract(first, **{term: ""}), "activate", second)
    with pytest.raises(NotAllowed, match="再委託の許諾"):
        _do(_contract(first, principal="委2026-00001"), "activate", second)
    _do(_contract(first, principal="委2026-00001", consented_on="2026-05-01"), "activate", second)


@pytest.mark.control("CTL-002")
@pytest.mark.control("CTL-132")
def test_有効な契約のない委託先の人には所属を付けられない(city_database, first, second) -> None:
    from kokunen.common_platform.portal.demo import create_accounts
    from kokunen.common_platform.portal.services.staff import posting_begin, staff_register

    create_accounts()
    person = staff_register(
        number="gyosha1", name="試験 花", kana="シケン ハナ", password="x" * 20, category="contractor", context=first
    )

    def begin() -> None:
        posting_begin(person, office_code="1020", roles=["operator"], begins_on=date(2026, 12, 1), context=first)

    with pytest.raises(NotAllowed, match="委託契約の登録がありません"):
        begin()
    number = _contract(first)
    with pytest.raises(NotAllowed, match="委託契約の登録がありません"):
        begin()
    _do(number, "activate", second)
    begin()


@pytest.mark.control("CTL-019")
@pytest.mark.control("CTL-085")
@pytest.mark.control("CTL-131")
def test_一年の研修のない人は一覧に出て設定により役割を付けられない(city_database, first, second, settings) -> None:
    from kokunen.common_platform.portal.demo import create_accounts
    from kokunen.common_platform.portal.services.staff import posting_begin, staff_register
    from kokunen.common_platform.safeguards.services.people import find_untrained, is_trained

    create_accounts()
    course = {"security": "on", "cyber": "on", "penalties": "on"}
    _open("training", "罰則のない回", first, held_on="2026-06-01", attended="nenkin1", **{**course, "penalties": ""})
    assert "nenkin1" in find_untrained()
    number = _open("training", "全員研修", first, held_on="2026-06-01", attended="nenkin1\nnenkin2", **course).number
    _do(number, "makeup", first, held_on="2026-07-01", attended="shiba1")
    untrained = find_untrained()
    assert (
        not {"nenkin1", "nenkin2", "shiba1"} & set(untrained) and "nenkin9" in untrained and "shimin1" not in untrained
    )
    assert is_trained("shiba1", date(2027, 6, 30)) and not is_trained("nenkin1", date(2027, 6, 30))
    settings.TRAINING_GATE = "refuse"
    person = staff_register(number="t1", name="試験 花", kana="シケン ハナ", password="x" * 20, context=first)
    facts = {"office_code": "2010", "roles": ["pension_officer"], "begins_on": date(2026, 12, 1), "context": first}
    with pytest.raises(NotAllowed, match="研修を受けていません"):
        posting_begin(person, **facts)
    _do(number, "makeup", first, held_on="2026-11-24", attended="t1")
    posting_begin(person, **facts)


@pytest.mark.control("CTL-085")
def test_違反は記録され別の職員が措置を決める(city_database, first, second) -> None:
    number = _open("violation", "私用の検索", first, staff="x1", what="知人を検索した", rule="番号法20条").number
    with pytest.raises(NotAllowed):
        _do(number, "judge", first, measure="訓告")
    _do(number, "judge", second, measure="訓告")
    assert _shown(number, first).is_ended


@pytest.mark.control("CTL-093")
@pytest.mark.parametrize(
    ("fiscal_year", "years", "early", "due"),
    [(2023, 2, "2026-03-31", date(2026, 4, 1)), (2021, 5, "2027-03-31", date(2027, 4, 1))],
)
def test_保存箱は満了日より前にも承認なしにも焼却できない(
    city_database, first, second, monkeypatch, fiscal_year, years, early, due
) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", early)
    facts = {"class": "免除申請書", "fiscal_year": str(fiscal_year), "years": str(years), "place": "書庫3"}
    number = _open("paper_box", "箱1", first, **facts).number
    assert _shown(number, first).due.on == due
    with pytest.raises(Conflict, match="満了していません"):
        _do(number, "propose", first)
    monkeypatch.setenv("KOKUNEN_TODAY", due.isoformat())
    with pytest.raises(Conflict, match="できません"):
        _do(number, "dispose", first, method="焼却", witness="nenkin9")
    _do(number, "propose", first)
    with pytest.raises(NotAllowed, match="同じ職員"):
        _do(number, "approve", first)
    _do(number, "approve", second)
    _do(number, "dispose", first, method="焼却", witness="nenkin9")
    assert _shown(number, first).is_ended


@pytest.mark.control("CTL-058")
@pytest.mark.control("CTL-090")
@pytest.mark.control("CTL-094")
@pytest.mark.control("CTL-095")
@pytest.mark.control("CTL-096")
@pytest.mark.control("CTL-099")
def test_点検と証跡は期限が過ぎると超過に並び更新で消える(city_database, first, second, monkeypatch) -> None:
    from kokunen.common_platform.safeguards import queries

    terminal = _open("terminal", "T-001", first, place="窓口1", away="on", filter="on", no_export="on").number
    evidence = _open(
        "evidence",
        "認証書",
        first,
        what="ISO/IEC 27017",
        operator="架空クラウド",
        document="第1号",
        valid_until="2027-03-31",
    ).number
    door = _open("door", "2026-10", first, month="2026-10", entries="12", orders="12").number
    assert queries.find_overdue() == []
    monkeypatch.setenv("KOKUNEN_TODAY", "2027-11-25")
    assert {one.entry.number for one in queries.find_overdue() if one.is_overdue} == {terminal, evidence, door}
    _do(terminal, "check", first, away="on", filter="on", note="向きを確かめた")
    _do(evidence, "renew", first, document="第2号", valid_until="2028-03-31")
    with pytest.raises(NotAllowed):
        _do(door, "sign_off", first, note="一致")
    _do(door, "sign_off", second, note="一致")
    assert queries.find_overdue() == []


RELEASE = {
    "recipient": "日本年金機構",
    "purpose": "被保険者資格の確認",
    "items": "氏名\n資格取得日",
    "subjects": "11月の届出をした人",
    "method": "電子記録媒体(フラッシュメモリを除く。)",
    "from": "2026-11-24",
    "until": "2026-11-30",
    "uses": "1",
}
GIVEN = {"recipient": "日本年金機構", "items": "氏名", "method": RELEASE["method"], "people": "3"}
JUDGED = {"article": "番号法19条1号", "pension_law": "国民年金法109条の4", "reason": "法定の事務"}


@pytest.mark.control("CTL-080")
def test_利用依頼書は判断のとおりにだけ渡す(city_database, first, second, monkeypatch) -> None:
    number = _open("release", "資格の確認", first, **RELEASE).number
    with pytest.raises(Conflict, match="依頼"):
        _do(number, "release", first, **GIVEN)
    with pytest.raises(NotAllowed, match="同じ職員"):
        _do(number, "judge", first, **JUDGED)
    with pytest.raises(InputError, match="一覧から"):
        _do(number, "judge", second, **{**JUDGED, "article": "本人の同意"})
    with pytest.raises(InputError, match="国民年金法の条"):
        _do(number, "judge", second, **{**JUDGED, "pension_law": ""})
    _do(number, "judge", second, **JUDGED)
    for change, words in (
        ({"recipient": "税務署"}, "相手"),
        ({"items": "氏名\n診断書情報"}, "診断書情報"),
        ({"method": "紙"}, "方法"),
    ):
        with pytest.raises(NotAllowed, match=words):
            _do(number, "release", first, **{**GIVEN, **change})
    _do(number, "release", first, **GIVEN)
    with pytest.raises(NotAllowed, match="回数"):
        _do(number, "release", first, **GIVEN)
    late = _open("release", "資格の確認2", first, **RELEASE).number
    _do(late, "judge", second, **JUDGED)
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-12-01")
    with pytest.raises(NotAllowed, match="期間"):
        _do(late, "release", first, **GIVEN)


@pytest.mark.control("CTL-083")
@pytest.mark.parametrize(
    "change", [{"recipient": "税務署"}, {"method": "紙"}, {"recipient": "市民課"}], ids=["相手", "方法", "組合せ"]
)
def test_評価書にない提供先と方法の依頼書は受け付けない(city_database, first, change) -> None:
    with pytest.raises(NotAllowed, match="評価書は"):
        _open("release", "x", first, **{**RELEASE, **change})


@pytest.mark.control("CTL-084")
def test_根拠の条は法令の名といまの番号を求める() -> None:
    from kokunen.assessment.document import load_document
    from kokunen.common_platform.safeguards import articles

    assert articles.check_document(load_document()) == {}
    assert articles.problems("番号法第9条第1項 別表の46項") == []
    for basis, words in (
        ("必要なため", "条がありません"),
        ("番号法第9条第1項 別表第一の31の項", "46の項"),
        ("番号法第9条 別表95の項", "128の項"),
        ("番号法第19条第7号 別表第二の48の項", "令和6年5月"),
    ):
        assert any(words in one for one in articles.problems(basis)), basis


@pytest.mark.control("CTL-144")
def test_苦情の票は消せず終わりに別の職員が署名する(city_database, first, second, admin_connection) -> None:
    import psycopg

    number = _open("complaint", "待ち時間", first, how="窓口", **{"from": "匿名", "what": "長く待った"}).number
    assert number == "苦2026-00001"
    with pytest.raises(Conflict):
        _do(number, "close", second)
    _do(number, "handle", first, note="状況を調べた")
    _do(number, "reply", first, note="おわびした")
    with pytest.raises(NotAllowed):
        _do(number, "close", first)
    _do(number, "close", second)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        admin_connection.execute("delete from common_platform.register_entry")
    steps = admin_connection.execute("select count(*), count(signed_at) from common_platform.register_step").fetchone()
    assert steps == (3, 3)


@pytest.mark.control("CTL-098")
def test_復旧訓練は一年で期限になり別の職員が結果を確かめる(city_database, first, second, monkeypatch) -> None:
    from kokunen.common_platform.safeguards import queries

    number = _open(
        "drill", "秋の訓練", first, held_on="2026-11-24", site="大阪", rows_agree="on", head_agrees="on"
    ).number
    with pytest.raises(KokunenError):
        _do(number, "sign_off", first)
    _do(number, "sign_off", second)
    monkeypatch.setenv("KOKUNEN_TODAY", "2027-11-25")
    assert [one.entry.number for one in queries.find_overdue(["drill"])] == [number]
