"""年金機構への窓口（市側）の試験: writing, re-issue, making again, hand-over. No process needed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kokunen.counterparts.jps.gateway import JpsGateway, connect, exchange_keys, fiscal_year_of, load_sender
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.national_pension.reporting_types import (
    HandOver,
    MediaWriter,
    MediumKind,
    NoticeKind,
    Report,
    ReportLine,
)

MakeReport = Callable[..., Report]
MakeLine = Callable[..., ReportLine]

DETAILS: dict[NoticeKind, dict[str, Any]] = {
    NoticeKind.NAME_CHANGE: {"old_kana": "ヤマダ　ハナコ", "old_name": "山田　花子"},
    NoticeKind.BIRTH_SEX_CORRECTION: {"old_birth": date(1990, 4, 2), "old_sex": "1"},
    NoticeKind.RECORD_CORRECTION: {"item": "1", "before": "令和８年１０月１日", "after": "令和８年１１月１日"},
    NoticeKind.ADDITIONAL_PREMIUM: {"class": "1", "from_month": date(2026, 11, 1)},
    NoticeKind.NUMBER_NOTICE_REISSUE: {"reason": "1"},
    NoticeKind.EXEMPTION: {
        "cycle": "2026",
        "from_month": date(2026, 7, 1),
        "to_month": date(2027, 6, 1),
        "wants_full": True,
        "wants_deferment": True,
        "wants_partial": False,
        "special": "0",
        "continue": True,
        "head_name": "髙橋　一郎",
    },
    NoticeKind.STUDENT_DEFERMENT: {
        "cycle": "2026",
        "from_month": date(2026, 4, 1),
        "to_month": date(2027, 3, 1),
        "school": "青木大学",
        "graduation": date(2028, 3, 1),
    },
    NoticeKind.STATUTORY_EXEMPTION: {"ground": "11", "wants_to_pay": False},
    NoticeKind.STATUTORY_EXEMPTION_END: {"end_reason": "1"},
    NoticeKind.MATERNITY: {"due_on": date(2027, 1, 10), "multiple": False},
    NoticeKind.CHILDCARE: {
        "care_kind": "51",
        "child_kana": "タカハシ　ミオ",
        "child_name": "髙橋　澪",
        "child_birth": date(2026, 10, 1),
    },
    NoticeKind.EXEMPTION_WITHDRAWAL: {"from_month": date(2026, 10, 1)},
    NoticeKind.BACK_PAYMENT: {"from_month": date(2018, 4, 1), "to_month": date(2019, 3, 1)},
    NoticeKind.PAYMENT_METHOD: {"situation": "transfer", "way": "year", "from_month": date(2027, 4, 1)},
    NoticeKind.CLAIM: {"form": "F20", "pension_code": "1150"},
    NoticeKind.RECIPIENT_CHANGE: {"situation": "address", "pension_code": "1150"},
    NoticeKind.WITHDRAWAL: {"original_receipt": "R8-000001", "original_kind": "loss"},
}
KINDS: dict[NoticeKind, dict[str, Any]] = {
    NoticeKind.ACQUISITION: {"kind_before": "", "kind_after": "1", "reason_code": "09", "basic_pension_number": ""},
    NoticeKind.CHANGE_OF_KIND: {"kind_before": "2", "kind_after": "1"},
    NoticeKind.VOLUNTARY_ACQUISITION: {"kind_before": "", "kind_after": "5", "reason_code": "12"},
    NoticeKind.VOLUNTARY_LOSS: {"kind_before": "5", "reason_code": "09"},
}


def test_市の窓口は資格係の求める形をしている(gateway: JpsGateway) -> None:
    writer: MediaWriter = gateway
    assert writer.problems is not None


@pytest.mark.function("S1-3")
@pytest.mark.control("CTL-081")
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_どの種類の届書も媒体になる(
    gateway: JpsGateway, make_line: MakeLine, make_report: MakeReport, kind: NoticeKind
) -> None:
    line = make_line(kind=kind, details=DETAILS.get(kind, {}), **KINDS.get(kind, {}))
    report = make_report(lines=[line])
    assert gateway.problems(report) == ()
    image = gateway.write(report)
    assert (image.counts, image.total) == ({kind.value: 1}, 1)


@pytest.mark.function("S1-3")
@pytest.mark.control("CTL-081")
def test_像は暗号化され_目録と送付書は中身の要約だけを平文で持つ(gateway: JpsGateway, make_report: MakeReport) -> None:
    image = gateway.write(make_report())
    sealed = image.path.read_bytes()
    assert sha256(sealed).hexdigest() == image.sha256
    in_clear = image.manifest_path.read_bytes() + image.cover_path.read_bytes()
    for secret in ("髙橋", "ﾀｶﾊｼ", "567890", "R8-000001", "青木"):
        for encoding in ("cp932", "utf-8"):
            assert secret.encode(encoding) not in sealed + in_clear
    manifest = json.loads(image.manifest_path.read_text())
    assert manifest == image.manifest
    assert manifest["image"] == {"name": image.path.name, "size": len(sealed), "sha256": image.sha256}
    assert manifest["counts"] == {"loss": 3} == dict(image.counts)
    assert manifest["encryption"]["key_holder"] == "日本年金機構 年金事務所 記録課長"
    assert manifest["encryption"]["key_id"] == image.key_id
    assert [item["name"] for item in manifest["files"]] == ["KNEN0001.CSV"]


@pytest.mark.function("S1-3")
def test_同じ報告を作り直すと同じバイトになり_再発行と分かる(
    gateway: JpsGateway, make_report: MakeReport, city_data: Path
) -> None:
    first = gateway.write(make_report())
    before = {path: path.read_bytes() for path in (first.path, first.manifest_path, first.cover_path)}
    again = JpsGateway(city_data).write(make_report())
    assert (first.is_reissue, again.is_reissue) == (False, True)
    assert {path: path.read_bytes() for path in before} == before
    for path in before:
        path.unlink()
    assert gateway.write(make_report()).sha256 == first.sha256
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.function("S1-3")
def test_書き終える前に止まっても_もう一度作れば揃う(gateway: JpsGateway, make_report: MakeReport) -> None:
    image = gateway.write(make_report())
    image.path.unlink()  # the state after a stop between the sheet and the image
    assert gateway.find(image.fiscal_year, image.serial) is None
    again = gateway.write(make_report())
    assert (again.sha256, again.is_reissue) == (image.sha256, False)


@pytest.mark.function("S1-3")
def test_同じ通番に違う内容は書けず_新しい通番の再作成なら書ける(
    gateway: JpsGateway, make_report: MakeReport, make_line: MakeLine
) -> None:
    first = gateway.write(make_report())
    with pytest.raises(Conflict, match="媒体通番"):
        gateway.write(make_report(lines=[make_line(9)]))
    assert sha256(first.path.read_bytes()).hexdigest() == first.sha256
    remade = gateway.write(make_report(serial=2, remake_of=1))
    assert (remade.serial, remade.remake_of) == (2, 1)
    assert remade.manifest["remake_of"] == 1
    assert re.search(rb"^11,203,2026,002,1,001,", remade.cover_path.read_bytes())
    assert remade.sha256 != first.sha256


def test_作った媒体は後から通番で見つかる(gateway: JpsGateway, make_report: MakeReport) -> None:
    image = gateway.write(make_report())
    assert gateway.find(2026, 1) == replace(image, is_reissue=True)
    assert gateway.find(2025, 1) is None


@pytest.mark.function("S1-3")
def test_持てない文字があれば名簿を挙げて止まり_何も書かない(
    gateway: JpsGateway, make_line: MakeLine, make_report: MakeReport
) -> None:
    report = make_report(lines=[make_line(1), make_line(2, name="鷗　太郎"), make_line(3, address="𪚲町１番地")])
    found = gateway.problems(report)
    assert [(problem.receipt_number, problem.label, problem.characters) for problem in found] == [
        ("R8-000002", "氏名", ("鷗",)),
        ("R8-000003", "住所", ("𪚲",)),
    ]
    assert [problem.atena_number for problem in found] == ["000000000000002", "000000000000003"]
    with pytest.raises(
        InputError, match=r"R8-000002 氏名（媒体の文字コードにない文字があります: 鷗（U\+9DD7）"
    ) as caught:
        gateway.write(report)
    assert caught.value.code == "undeliverable_character"
    assert not gateway.outbox.exists()


@pytest.mark.function("S1-3")
def test_置き換えた文字は控えに挙がる(gateway: JpsGateway, make_line: MakeLine, make_report: MakeReport) -> None:
    image = gateway.write(make_report(lines=[make_line(1), make_line(2, name="𠮷田　花子")]))
    assert [
        (one.line_number, one.receipt_number, one.label, one.original, one.replacement) for one in image.replaced
    ] == [(2, "R8-000002", "氏名", "𠮷", "吉")]


def test_長い氏名は職員が選んだ略記で書ける(gateway: JpsGateway, make_line: MakeLine, make_report: MakeReport) -> None:
    long = {"name": "ＧＯＮＺＡＬＥＺ　ＨＥＲＮＡＮＤＥＺ", "kana": "ゴンサレス　エルナンデス　マリア　フェルナンダ"}
    assert {problem.code for problem in gateway.problems(make_report(lines=[make_line(**long)]))} == {"too_long"}
    short = {"name_on_medium": "ゴンサレス　マリア", "kana_on_medium": "ゴンサレス　マリア"}
    assert gateway.problems(make_report(lines=[make_line(**long, **short)])) == ()


@pytest.mark.control("CTL-081")
def test_様式にない項目は黙って落とさず断る(gateway: JpsGateway, make_line: MakeLine, make_report: MakeReport) -> None:
    found = gateway.problems(make_report(lines=[make_line(details={"diagnosis": "x"})]))
    assert [(problem.field, problem.code) for problem in found] == [("diagnosis", "unexpected")]


def test_個人番号は理由の文にも目録にも出ない(
    gateway: JpsGateway, make_line: MakeLine, make_report: MakeReport
) -> None:
    wrong = make_line(individual_number="12345678901X")
    assert "12345678901" not in repr(wrong)
    with pytest.raises(InputError) as caught:
        gateway.write(make_report(lines=[wrong]))
    assert "個人番号" in caught.value.message
    assert "1234567890" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"lines": []}, InputError, "報告する届書がありません"),
        ({"serial": 0}, InputError, "媒体通番は1から999"),
        ({"serial": 1000}, InputError, "媒体通番は1から999"),
        ({"serial": 2, "remake_of": 1}, InputError, "再作成元"),
        ({"serial": 2, "remake_of": 2}, InputError, "再作成元"),
    ],
)
def test_できない報告は理由を言って断る(
    gateway: JpsGateway, make_report: MakeReport, changes: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        gateway.write(make_report(**changes))


@pytest.mark.control("CTL-114")
def test_フラッシュメモリという媒体はない(gateway: JpsGateway, make_report: MakeReport) -> None:
    assert {kind.name for kind in MediumKind} == {"CD", "DVD"}
    with pytest.raises(ValueError, match="flash"):
        MediumKind("flash")


def test_鍵を交換する前は書けない(city_data: Path, make_report: MakeReport) -> None:
    with pytest.raises(InputError, match="公開鍵が登録されていません"):
        JpsGateway(city_data).write(make_report())
    with pytest.raises(InputError, match="公開鍵が登録されていません"):
        exchange_keys(city_data)


def test_窓口は機構が一度でも立てば_鍵を交換して開く(
    pension_service: Any, city_data: Path, make_report: MakeReport
) -> None:
    for path in (
        (city_data / "keys" / "media" / "parties" / "jps.json"),
        pension_service.data / "senders" / "11203.json",
    ):
        path.unlink()
    connect(city_data).write(make_report())
    assert connect(city_data).find(2026, 1) is not None
    with pytest.raises(InputError, match="公開鍵が登録されていません"):
        connect(city_data / "elsewhere").write(make_report())


def test_鍵の交換で秘密鍵は動かない(gateway: JpsGateway, city_data: Path) -> None:
    exchange_keys(city_data)
    own = json.loads((city_data / "keys" / "media" / "own.json").read_text())
    outside = b"".join(path.read_bytes() for path in (city_data / "counterparts").rglob("*") if path.is_file())
    for secret in ("exchange", "signing", "secret"):
        assert own[secret].encode() not in outside


# hand-over --------------------------------------------------------------------------------------------------------
@pytest.mark.control("CTL-117")
@pytest.mark.parametrize(("first", "second"), [("9001", "9001"), ("9001", ""), ("", "9002"), ("9001", " 9001 ")])
def test_引渡しには異なる二人の署名が要る(
    gateway: JpsGateway, make_report: MakeReport, signatures: HandOver, first: str, second: str
) -> None:
    image = gateway.write(make_report())
    with pytest.raises(NotAllowed, match="異なる2人"):
        gateway.hand_over(image, replace(signatures, first_officer=first, second_officer=second))
    assert not (gateway.tray / "in").exists()


@pytest.mark.control("CTL-115")
def test_引渡しには施錠ケースが要る(gateway: JpsGateway, make_report: MakeReport, signatures: HandOver) -> None:
    image = gateway.write(make_report())
    with pytest.raises(NotAllowed, match="施錠ケース"):
        gateway.hand_over(image, replace(signatures, carrying_case=" "))
    assert not (gateway.tray / "in").exists()


@pytest.mark.function("S1-3")
def test_引き渡すと三つのファイルが受け皿に並ぶ(
    gateway: JpsGateway, make_report: MakeReport, signatures: HandOver
) -> None:
    image = gateway.write(make_report())
    sheet = gateway.hand_over(image, signatures)
    gateway.hand_over(image, signatures)
    assert sheet.read_bytes() == image.cover_path.read_bytes()
    assert sorted(path.name for path in (gateway.tray / "in").iterdir()) == [
        "11203-2026-001.kmi",
        "11203-2026-001.manifest.json",
        "11203-2026-001.sofusho.csv",
    ]


def test_保管中に変わった像は引き渡さない(gateway: JpsGateway, make_report: MakeReport, signatures: HandOver) -> None:
    image = gateway.write(make_report())
    image.path.write_bytes(image.path.read_bytes()[:-1])
    with pytest.raises(InputError, match="作成時と異なります"):
        gateway.hand_over(image, signatures)


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2027, 1, 1), 2026)]
)
def test_年度は四月に始まる(day: date, year: int) -> None:
    assert fiscal_year_of(day) == year


def test_提出元は川口市である() -> None:
    assert (load_sender().municipality, load_sender().name) == ("11203", "川口市")
