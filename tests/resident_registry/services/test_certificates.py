"""証明書の交付 (S2-5): what is shown to whom, numbers and fees, re-issue, spoiled sheets, and what the PDF says."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction
from pypdf import PdfReader
from tests.resident_registry.desks import Desk, Entries
from tests.resident_registry.factories import ALL, AOKI, counter, family, kawaguchi_family, newcomer, notice, now

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.resident_registry import certificate_log, documents, services
from kokunen.resident_registry.choices import (
    CertificateKind,
    DestinationKind,
    EventCode,
    IdentityCheck,
    RequestKind,
    ResidenceClass,
)
from kokunen.resident_registry.documents.certificate import document_of
from kokunen.resident_registry.models import CertificateIssue, KioskRequest
from kokunen.resident_registry.perms import Sight
from kokunen.resident_registry.services.certificate_rules import Item, check_items
from kokunen.resident_registry.services.certificates import (
    CertificateOrder,
    Issued,
    issue_certificate,
    reissue_certificate,
    rows_of,
    void_certificate,
)
from kokunen.resident_registry.services.kiosk import answer_request
from kokunen.resident_registry.services.notice import NeedsConfirmation

pytestmark = [pytest.mark.usefixtures("city_database"), pytest.mark.function("S2-5")]


def order(number: str, kind: CertificateKind = CertificateKind.PERSON, **more: object) -> CertificateOrder:
    facts = {"request_kind": RequestKind.SELF, "identity_check": IdentityCheck.DRIVING_LICENCE, **more}
    return CertificateOrder(kind=kind, atena_number=number, **facts)  # type: ignore[arg-type]


def issue(number: str, kind: CertificateKind = CertificateKind.PERSON, **more: object) -> Issued:
    return issue_certificate(context=counter("resident_certificate"), order=order(number, kind, **more))


def words(issued: Issued) -> dict[str, list[str]]:
    """項目と値 of the first sheet."""
    sheet = CertificateIssue.objects.filter(batch=issued.batch).earliest("pk")
    found: dict[str, list[str]] = {}
    document = document_of(sheet, rows_of(sheet), ["1"])
    for label, value, _ in [*document["lead"], *(row for person in document["people"] for row in person["rows"])]:
        found.setdefault(label, []).append(value)
    return found


def text_of(issued: Issued) -> str:
    pdf = documents.make_certificate(context=counter("resident_certificate"), batch=issued.batch).content
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("　", "").replace(" ", "")


def test_個人票は_特に請求のない項目を省略する() -> None:
    found = words(issue(kawaguchi_family()["hanako"]))
    assert found["氏名"] == ["川口　花子"] and found["住所"] == ["埼玉県川口市青木二丁目1番1号"]
    for label in ("世帯主", "続柄", "本籍", "筆頭者", "住民票コード"):
        assert found[label] == ["【省略】"], label


def test_請求のあった項目だけが記載される() -> None:
    found = words(issue(kawaguchi_family()["hanako"], items=frozenset({Item.HEAD, Item.KOSEKI})))
    assert (found["世帯主"], found["続柄"]) == (["川口　太郎"], ["妻"])
    assert found["本籍"] == ["東京都北区王子本町一丁目15番"] and found["住民票コード"] == ["【省略】"]


def test_世帯連記式は全員を世帯の順に載せ_通数だけ番号が付く() -> None:
    people = kawaguchi_family()
    done = issue(people["hanako"], CertificateKind.HOUSEHOLD, copies=2, items=frozenset({Item.HEAD}))
    assert words(done)["氏名"] == ["川口　太郎", "川口　花子", "川口　一郎", "川口　次郎", "川口　トメ"]
    assert len(set(done.issue_numbers)) == 2 and done.fee == 400
    text = text_of(done)
    assert all(number in text for number in done.issue_numbers)
    assert text.count("世帯全員の住民票の原本と相違ないことを証明する") == 2


@pytest.mark.parametrize(
    ("items", "request_kind", "field"),
    [
        ({Item.RESIDENT_CODE}, RequestKind.PROXY, "items"),
        ({Item.RESIDENT_CODE}, RequestKind.OFFICIAL, "items"),
        ({Item.RESIDENT_CODE}, RequestKind.THIRD_PARTY, "items"),
        ({Item.CARD_NUMBER}, RequestKind.THIRD_PARTY, "items"),
        (set(), RequestKind.THIRD_PARTY, "reason"),
        (set(), RequestKind.OFFICIAL, "reason"),
    ],
)
def test_受けられない項目と理由のない請求は_その欄で断り_番号も付かない(
    items: set[Item], request_kind: RequestKind, field: str
) -> None:
    number = kawaguchi_family()["taro"]
    reason = "" if field == "reason" else "相続の手続"
    with pytest.raises(InputError) as refused:
        issue(number, items=frozenset(items), request_kind=request_kind, requester_name="戸塚　弁護士", reason=reason)
    assert refused.value.field == field
    assert not CertificateIssue.objects.exists()


def test_S11_続柄の必要を示さない弁護士には基礎証明事項だけが出る() -> None:
    done = issue(
        kawaguchi_family()["hanako"],
        request_kind=RequestKind.THIRD_PARTY,
        requester_name="戸塚　正",
        requester_relation="弁護士",
        reason="訴訟の提起のため",
    )
    shown = {label for label, values in words(done).items() if values != ["【省略】"]}
    basic = {"氏名", "振り仮名", "生年月日", "性別", "住民となった年月日", "住所", "住所を定めた年月日"}
    assert shown == basic | {"届出の年月日", "従前の住所"}


def test_S1_転出予定は予定日まで写しに出ず_転出証明書には出る(office_day: Callable[[str], None]) -> None:
    number = kawaguchi_family()["jiro"]
    office_day("2026-03-20")
    services.move_out(
        context=counter(),
        notice=notice(EventCode.MOVE_OUT, "2026-04-01", "2026-03-20"),
        movers=[number],
        departure=services.Departure("東京都北区", DestinationKind.DOMESTIC),
        acknowledged=ALL,
    )
    office_day("2026-03-25")
    assert "北区" not in "".join(v for values in words(issue(number)).values() for v in values if "王子" not in v)
    found = words(issue(number, CertificateKind.MOVE_OUT))
    assert (found["転出先"], found["転出予定年月日"]) == (["東京都北区"], ["令和8年4月1日"])
    assert found["続柄"] == ["子"] and issue(number, CertificateKind.MOVE_OUT).fee == 0


def test_S2_14日を過ぎた転出には準ずる証明書だけが出る(office_day: Callable[[str], None]) -> None:
    number = kawaguchi_family()["jiro"]
    office_day("2026-04-16")
    services.move_out(
        context=counter(),
        notice=notice(EventCode.MOVE_OUT, "2026-04-01"),
        movers=[number],
        departure=services.Departure("東京都北区", DestinationKind.DOMESTIC),
        acknowledged=ALL,
    )
    with pytest.raises(InputError, match="この証明書は使えません"):
        issue(number, CertificateKind.MOVE_OUT)
    assert words(issue(number, CertificateKind.MOVE_OUT_LIKE))["転出年月日"] == ["令和8年4月1日"]
    found = words(issue(number, CertificateKind.REMOVED))
    assert found["消除事由"] == ["転出（職権）"] and found["事由の生じた日"] == ["令和8年4月1日"]


@pytest.mark.parametrize("kind", [CertificateKind.PERSON, CertificateKind.HOUSEHOLD, CertificateKind.STATEMENT])
def test_除票の人に住民票の写しは出ない(kind: CertificateKind) -> None:
    number = kawaguchi_family()["tome"]
    services.register_death(
        context=counter(), notice=notice(EventCode.DEATH, "2026-11-20"), atena_number=number, acknowledged=ALL
    )
    with pytest.raises(InputError, match="除票の写しを選んでください"):
        issue(number, kind)
    assert words(issue(number, CertificateKind.REMOVED))["消除事由"] == ["死亡"]


def test_外国人住民の項目は一つずつ省略でき_満了の日は西暦で出る() -> None:
    foreign = services.ForeignItems(
        nationality="ベトナム",
        residence_class=ResidenceClass.MID_TO_LONG_TERM,
        residence_status="留学",
        residence_period="1年",
        residence_expires_on=date(2027, 5, 1),
        card_number="AB12345678CD",
    )
    number = family(newcomer("NGUYEN VAN A", "グエン", "1999-01-01", "1", "世帯主", foreign=foreign))[0]
    found = words(issue(number, items=frozenset({Item.NATIONALITY, Item.RESIDENCE})))
    assert (found["国籍・地域"], found["満了の日"]) == (["ベトナム"], ["2027年5月1日"])
    assert found["在留カード等の番号"] == ["【省略】"] and found["生年月日"] == ["1999年1月1日"] and "本籍" not in found


def test_再交付は最初の交付のときの内容で_新しい番号になる() -> None:
    number = kawaguchi_family()["hanako"]
    first = issue(number)
    services.correct_items(
        context=counter("resident_correction"),
        notice=notice(EventCode.NAME_CORRECTION, "2026-11-20"),
        atena_number=number,
        items={"name": "鳩ヶ谷　花子", "name_kana": "ハトガヤ　ハナコ"},
        acknowledged=ALL,
    )
    sheet = CertificateIssue.objects.get(batch=first.batch)
    again = reissue_certificate(context=counter("resident_certificate"), issue_id=sheet.pk, reason="汚損")
    assert again.issue_numbers != first.issue_numbers and again.fee == 0
    assert words(again)["氏名"] == ["川口　花子"]
    with pytest.raises(InputError, match="再交付の理由"):
        reissue_certificate(context=counter("resident_certificate"), issue_id=sheet.pk, reason=" ")


def test_廃棄した証明書は手数料に数えず_2度は廃棄できない() -> None:
    number = kawaguchi_family()["taro"]
    issue(number, copies=2)
    spoiled = CertificateIssue.objects.latest("pk")
    void_certificate(context=counter("resident_certificate"), issue_id=spoiled.pk, reason="印刷の汚れ")
    log = certificate_log.get_day(
        context=counter("resident_certificate"), day=date(2026, 11, 24), after="", sight=Sight()
    )
    assert (log.sheets, log.fee, [line.voided for line in log.lines]) == (1, 200, [True, False])
    with pytest.raises(Conflict, match="すでに廃棄されています"):
        void_certificate(context=counter("resident_certificate"), issue_id=spoiled.pk, reason="汚れ")


def test_異体字は選んだ字形のまま刷られる() -> None:
    number = family(newcomer("渡邉\U000e0104　健", "ワタナベ　ケン", "1990-01-01", "1", "世帯主"))[0]
    plain = family(newcomer("渡邉　健", "ワタナベ　ケン", "1991-01-01", "1", "世帯主"))[0]
    assert now(number).name != now(plain).name
    fonts = documents.make_certificate(context=counter("resident_certificate"), batch=issue(number).batch).content
    names = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(io.BytesIO(fonts)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any("IPAmjMincho" in name for name in names)
    assert "渡邉" in text_of(issue(number)).replace("\U000e0104", "")


def test_印刷できるのは交付した職員のその日だけ(office_day: Callable[[str], None]) -> None:
    done = issue(kawaguchi_family()["taro"])
    office_day("2026-11-25")
    with pytest.raises(NotAllowed, match="その日のうちだけ"):
        documents.make_certificate(context=counter("resident_certificate"), batch=done.batch)


def test_附票は本籍が市内の人に_住所の移り変わりを載せる() -> None:
    local = newcomer(
        "幸　町子", "サイワイ　マチコ", "1990-01-01", "2", "世帯主", registered_domicile="埼玉県川口市幸町三丁目5番"
    )
    number = family(local)[0]
    assert words(issue(number, CertificateKind.KOSEKI_ADDENDUM))["本籍"] == ["埼玉県川口市幸町三丁目5番"]
    with pytest.raises(InputError, match="本籍は川口市にありません"):
        issue(kawaguchi_family()["taro"], CertificateKind.KOSEKI_ADDENDUM)


def test_長い氏名_方書_従前の住所も欠けずに刷られる() -> None:
    name = "ＭＡＲＩＡ　" + "ＦＥＲＮＡＮＤＥＺ" * 9
    building = "川口元郷とても長い名前の共同住宅" * 5 + "1101号室"
    previous = "東京都北区王子本町一丁目" * 12
    address = replace(AOKI, building=building)
    person = newcomer(name, "マリア", "1980-01-01", "2", "世帯主", previous_address=previous)
    (number,) = family(person, address=address)
    sheet = text_of(issue(number, items=frozenset({Item.HEAD, Item.KOSEKI})))
    for words_ in (name.replace("　", ""), building, previous):
        assert words_ in sheet.replace("\n", ""), words_[:20]
    assert "1/1" in sheet.replace("\n", "").replace(" ", "")


NUMBER = "555012345676"


def _bind(atena_number: str) -> None:
    from kokunen.ledger.access import AccessContext
    from kokunen.nonresident_registry.choices import CheckResult
    from kokunen.nonresident_registry.services import numbers

    context = AccessContext("atena1", "1001", "number_management", screen="試験")
    row = numbers.register_number(context=context, atena_number=atena_number, number=NUMBER, number_kind="1")
    with transaction.atomic(using="nonresident_registry"):
        numbers.set_verification(context=context, row=row, result=CheckResult.SAME)


def test_個人番号は求めた本人の写しと転出証明書にだけ出て_金庫の閲覧が目的とともに台帳に残る(
    admin_connection: Any,
) -> None:
    people = kawaguchi_family()
    _bind(people["jiro"])
    assert NUMBER not in text_of(issue(people["jiro"]))
    number = frozenset({Item.INDIVIDUAL_NUMBER})
    asked = issue(people["jiro"], items=number, reason="勤務先へ提出")
    assert NUMBER in text_of(asked)
    assert "未記載" in text_of(issue(people["taro"], items=number, reason="勤務先へ提出"))
    entries = admin_connection.execute(
        "select atena_numbers, detail->>'reason' from ledger.entry where dataset = '番号紐付情報' "
        "and purpose = 'resident_certificate' order by entry_id"
    ).fetchall()
    assert [numbers for numbers, _ in entries] == [[people["jiro"]]]
    assert asked.issue_numbers[0] in entries[0][1] and NUMBER not in str(entries)
    services.move_out(
        context=counter(), notice=notice(EventCode.MOVE_OUT, "2026-12-01"), movers=[people["jiro"]],
        departure=services.Departure("東京都北区", DestinationKind.DOMESTIC), acknowledged=ALL,
    )  # fmt: skip
    assert NUMBER in text_of(issue(people["jiro"], CertificateKind.MOVE_OUT))
    kept = admin_connection.execute(
        "select (select string_agg(c::text, '') from resident_registry.certificate_issue c) || "
        "(select string_agg(v::text, '') from resident_registry.resident_version v)"
    ).fetchone()[0]
    assert NUMBER not in kept


@pytest.mark.parametrize(
    ("kind", "request_kind", "reason", "field"),
    [
        (CertificateKind.PERSON, RequestKind.PROXY, "勤務先", "items"),
        (CertificateKind.PERSON, RequestKind.THIRD_PARTY, "訴訟", "items"),
        (CertificateKind.PERSON, RequestKind.OFFICIAL, "調査", "items"),
        (CertificateKind.CODE_SLIP, RequestKind.SELF, "確認", "items"),
        (CertificateKind.PERSON, RequestKind.SELF, "", "reason"),
    ],
    ids=["代理人", "第三者", "公用", "コード通知票", "目的なし"],
)
def test_個人番号を記載できない請求(kind: CertificateKind, request_kind: RequestKind, reason: str, field: str) -> None:
    with pytest.raises(InputError) as refused:
        check_items({Item.INDIVIDUAL_NUMBER}, request_kind, kind, reason)
    assert refused.value.field == field


def test_登録されていない文字は確認を求め_ゲタで刷り_コンビニでは断る() -> None:
    person = newcomer("吉\ue123　健", "ヨシ　ケン", "1990-01-01", "1", "世帯主", resident_code="12345678903")
    (number,) = family(person)
    with pytest.raises(NeedsConfirmation) as asked:
        issue(number)
    assert "登録されていない文字が1字" in asked.value.alerts[0].message and not CertificateIssue.objects.exists()
    done = issue(number, acknowledged=frozenset({"unregistered_letter"}))
    assert words(done)["氏名"] == ["吉〓　健"] and "吉〓健" in text_of(done)
    noon = datetime(2026, 11, 24, 12, tzinfo=clock.OFFICE_ZONE)
    answer = answer_request("K1", {"resident_code": "12345678903", "certificate": "11"}, at=noon)
    assert (answer.outcome, KioskRequest.objects.get().reason_code) == ("refused", "letters")


def test_請求書の入力の誤りも拒否として台帳に残る(sign_in: Desk, ledger: Entries) -> None:
    number = kawaguchi_family()["taro"]
    answer = sign_in("shimin1").post(f"/residents/{number}/certificate", {"kind": "11", "copies": "百", "items": ["x"]})
    assert answer.status_code == 422
    entry = ledger("refuse")[-1]
    assert entry["people"] == [number] and entry["detail"]["fields"].keys() >= {"copies", "items", "identity_check"}
    assert "百" not in str(entry["detail"])
