"""年金機構のプロセスの試験: real processes, real files, media right and wrong, troubles, kills."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kokunen.counterparts.framework.files import sha256
from kokunen.counterparts.framework.package import pack
from kokunen.counterparts.framework.seal import Identity, seal
from kokunen.counterparts.jps.gateway import JpsGateway, exchange_keys
from kokunen.kernel.errors import InputError
from kokunen.national_pension.reporting_types import (
    HandOver,
    MediaImage,
    NoticeKind,
    Report,
    ReportLine,
    ResultFile,
    ResultOutcome,
    ResultStatus,
)

MakeReport = Callable[..., Report]
MakeLine = Callable[..., ReportLine]
Send = Callable[[Report], MediaImage]


@pytest.fixture
def gateway(pension_service: Any, city_data: Path) -> JpsGateway:
    """The city's side of the running Service."""
    return JpsGateway(city_data)


def _only(results: list[ResultFile]) -> ResultFile:
    assert len(results) == 1, [result.result_serial for result in results]
    return results[0]


# the ordinary way -------------------------------------------------------------------------------------------------
@pytest.mark.function("S1-4")
@pytest.mark.function("S1-3")
def test_受理した申請は_後の結果ファイルで区分と期間ごとに裁定される(
    pension_service: Any, gateway: JpsGateway, make_report: MakeReport, make_line: MakeLine, send: Send
) -> None:
    asked = {
        "cycle": "2026",
        "from_month": date(2026, 7, 1),
        "to_month": date(2027, 6, 1),
        "wants_full": "1",
        "wants_deferment": "1",
        "wants_partial": "1",
        "special": "0",
        "continue": "1",
    }
    care = {"care_kind": "52", "child_kana": "カワグチ　ソラ", "child_name": "川口　空"}
    care["child_birth"] = date(2026, 11, 1)  # type: ignore[assignment]
    lines = [make_line(number, kind=NoticeKind.EXEMPTION, details=asked, reason_code="") for number in (1, 2, 3)]
    lines.append(make_line(4, kind=NoticeKind.CHILDCARE, details=care, reason_code=""))
    send(make_report(lines=lines))
    parts = [
        {"decision": "1", "kind": "20", "from": "2026-07", "to": "2026-12"},
        {"decision": "3", "from": "2027-01", "to": "2027-06", "reason": "配偶者の所得"},
    ]
    pension_service.control.command("decide", receipt_number=lines[1].receipt_number, parts=parts)
    pension_service.control.command("decide", receipt_number=lines[2].receipt_number, parts=[{"decision": "4"}])
    assert pension_service.control.work()["decided"] == 0, "the acceptance goes out first"
    first = _only(gateway.read_result_files())
    told = [(line.outcome, line.decision, line.exemption_kind) for line in first.lines]
    assert told == [(ResultOutcome.ACCEPTED, "", "")] * 3 + [(ResultOutcome.ACCEPTED, "1", "52")]
    gateway.acknowledge(first)
    assert pension_service.control.work()["decided"] == 2
    second = _only(gateway.read_result_files())
    assert (second.report_serial, second.report_sha256) == (first.report_serial, first.report_sha256)
    assert [(line.line_number, line.part, line.decision, line.exemption_kind) for line in second.lines] == [
        (2, 1, "1", "20"),
        (2, 2, "3", ""),
        (3, 1, "4", ""),
    ]
    assert (second.lines[1].first_month, second.lines[1].reason) == (date(2027, 1, 1), "配偶者の所得")
    gateway.acknowledge(second)
    assert pension_service.control.work()["decided"] == 0, "decided once; the first application is still examined"
    with pytest.raises(InputError, match="裁定の行"):
        pension_service.control.command("decide", receipt_number="R8-1", parts=[{"decision": "9"}])


@pytest.mark.function("S1-3")
@pytest.mark.function("T9")
def test_媒体を渡すと処理結果が返り_一件ごとに照合できる(
    pension_service: Any, gateway: JpsGateway, make_report: MakeReport, make_line: MakeLine, send: Send
) -> None:
    fresh = {"basic_pension_number": "", "kind_before": "", "kind_after": "1", "reason_code": "09"}
    lines = [make_line(1), make_line(2, kind=NoticeKind.ACQUISITION, kana="グエン　ヴァン", **fresh)]
    image = send(make_report(lines=lines))
    pension_service.control.work()
    result = _only(gateway.read_result_files())
    assert (result.status, result.report_sha256) == (ResultStatus.PROCESSED, image.sha256)
    assert result.processed_on == date(2026, 11, 25)
    found = [(line.line_number, line.receipt_number, line.kind, line.outcome) for line in result.lines]
    assert found == [
        (1, "R8-000001", NoticeKind.LOSS, ResultOutcome.ACCEPTED),
        (2, "R8-000002", NoticeKind.ACQUISITION, ResultOutcome.ACCEPTED),
    ]
    assert [line.basic_pension_number for line in result.lines] == ["1234000001", "9901000001"]
    assert gateway.read_results() == list(result.lines)
    assert "処理結果一覧" in result.printable_list.decode()
    assert "R8-000002" in result.printable_list.decode()


@pytest.mark.function("S1-3")
def test_返戻は理由が付き_直して同じ受付番号で送ると受理される(
    pension_service: Any, gateway: JpsGateway, make_report: MakeReport, make_line: MakeLine, send: Send
) -> None:
    pension_service.control.command("return", receipt_number="R8-000002", reason="学生証の裏面なし")
    send(make_report())
    pension_service.control.work()
    first = _only(gateway.read_result_files())
    assert [(line.outcome.value, line.reason_code, line.reason) for line in first.lines] == [
        ("accepted", "", ""),
        ("returned", "R99", "学生証の裏面なし"),
        ("accepted", "", ""),
    ]
    gateway.acknowledge(first)
    send(make_report(serial=2, lines=[make_line(2)]))
    pension_service.control.work()
    second = _only(gateway.read_result_files())
    assert [line.outcome for line in second.lines] == [ResultOutcome.ACCEPTED]


def test_結果の像も平文では置かれない(
    pension_service: Any, gateway: JpsGateway, make_report: MakeReport, send: Send
) -> None:
    send(make_report())
    pension_service.control.work()
    data = _only(gateway.read_result_files()).path.read_bytes()
    assert b"R8-000001" not in data
    assert b"1234" not in data[300:]


@pytest.mark.function("S1-3")
def test_同じ媒体は何度届いても一度だけ答え_一度だけ処理する(
    pension_service: Any, gateway: JpsGateway, make_report: MakeReport, signatures: HandOver, send: Send
) -> None:
    image = send(make_report())
    pension_service.control.work()
    gateway.acknowledge(_only(gateway.read_result_files()))
    for _ in range(3):
        gateway.hand_over(image, signatures)
        assert pension_service.control.work()["repeated"] == 1
    state = pension_service.control.state()
    assert (state["processed"], state["repeats"], state["notices"], state["answers"]) == (1, 3, 3, 1)
    assert gateway.read_result_files() == []


@pytest.mark.function("S1-3")
def test_再作成した媒体は前と同じ結果になり_二重には処理しない(
    pension_service: Any, gateway: JpsGateway, make_report: MakeReport, send: Send
) -> None:
    send(make_report())
    send(make_report(serial=2, remake_of=1))
    pension_service.control.work()
    first, second = gateway.read_result_files()
    assert [line.outcome for line in second.lines] == [line.outcome for line in first.lines]
    assert [line.basic_pension_number for line in second.lines] == [line.basic_pension_number for line in first.lines]
    assert pension_service.control.state()["notices"] == 3


@pytest.mark.function("S1-3")
def test_使われた通番の別の媒体は丸ごと断る(
    pension_service: Any, city_data: Path, make_report: MakeReport, make_line: MakeLine, gateway: JpsGateway, send: Send
) -> None:
    send(make_report())
    pension_service.control.work()
    gateway.acknowledge(_only(gateway.read_result_files()))
    for path in gateway.outbox.iterdir():  # the city lost its copies and numbers again from 1
        path.unlink()
    send(make_report(lines=[make_line(9)]))
    pension_service.control.work()
    refused = _only(gateway.read_result_files())
    assert refused.status is ResultStatus.REFUSED
    assert "既に受け付けています" in refused.faults[0]
    assert pension_service.control.state()["notices"] == 3


# wrong media ------------------------------------------------------------------------------------------------------
@pytest.fixture
def forge(gateway: JpsGateway, make_report: MakeReport, city_data: Path) -> Callable[..., None]:
    """Lays a medium into the tray that agrees with itself outside, but holds what ``change`` makes of the inside."""

    def lay(change: Callable[[bytes], bytes], **label_changes: Any) -> None:
        image = gateway.write(make_report())
        encoded = gateway._encode(make_report(), 2026)
        data = change(encoded.data)
        own = Identity.load_or_create(city_data / "keys" / "media" / "own.json", party="11203", holder="")
        label = {**gateway._label(make_report(), 2026), **label_changes}
        sealed = seal(pack({"KNEN0001.CSV": data}), label, sender=own, receiver=gateway._receiver())
        facts = {"name": image.path.name, "size": len(sealed), "sha256": sha256(sealed)}
        manifest = {
            **image.manifest,
            "image": facts,
            "files": [{"name": "KNEN0001.CSV", "size": len(data), "sha256": sha256(data)}],
        }
        manifest_bytes = json.dumps(manifest).encode()
        sheet = gateway._cover(make_report(), 2026, facts, sha256(manifest_bytes), encoded)
        tray = gateway.tray / "in"
        (tray / image.path.name).write_bytes(sealed)
        (tray / image.manifest_path.name).write_bytes(manifest_bytes)
        (tray / image.cover_path.name).write_bytes(sheet)

    return lay


def _swap(data: bytes) -> bytes:
    lines = data.split(b"\r\n")
    lines[5], lines[6] = lines[6], lines[5]
    return b"\r\n".join(lines)


def _drop(data: bytes) -> bytes:
    lines = data.replace(b"2026,3,", b"2026,2,").split(b"\r\n")
    del lines[7]
    return b"\r\n".join(lines)


@pytest.mark.function("S1-3")
@pytest.mark.parametrize(
    ("change", "label", "words"),
    [
        pytest.param(lambda data: data.replace(b",9,081125,02,", b",9,081125,02,,"), {}, "６行目", id="列が一つ多い"),
        pytest.param(lambda data: data.replace(b",9,081125", b",5,641125"), {}, "資格喪失年月日", id="元号の外の日付"),
        pytest.param(lambda data: data.decode("cp932").encode(), {}, "文字コード", id="UTF-8"),
        pytest.param(_swap, {}, "連番", id="行の入れ替え"),
        pytest.param(_drop, {}, "届書ごとの件数が、送付書と一致しません", id="送付書より一件少ない"),
        pytest.param(lambda data: data[:-40], {}, "改行", id="中身が途中で切れている"),
        pytest.param(
            lambda data: data.replace(b",001,2026", b",002,2026"), {}, "管理レコード", id="管理レコードの通番違い"
        ),
        pytest.param(lambda data: data, {"serial": 7}, "封印された内容", id="封印の札の通番違い"),
        pytest.param(lambda data: data, {"purpose": "result"}, "封印された内容", id="報告でない像"),
        pytest.param(lambda data: data, {"edition": "other"}, "目録の内容", id="様式の版違い"),
    ],
)
def test_様式から外れた媒体は丸ごと断り_行と理由を答える(
    pension_service: Any,
    gateway: JpsGateway,
    forge: Callable[..., None],
    change: Callable[[bytes], bytes],
    label: dict[str, Any],
    words: str,
) -> None:
    forge(change, **label)
    assert pension_service.control.work()["refused"] == 1
    refused = _only(gateway.read_result_files())
    assert refused.status is ResultStatus.REFUSED
    assert any(words in fault for fault in refused.faults), refused.faults
    assert refused.lines == ()
    assert pension_service.control.state()["notices"] == 0


@pytest.mark.function("S1-3")
def test_断られた通番は使われず_正しい媒体を送れば処理される(
    pension_service: Any, gateway: JpsGateway, forge: Callable[..., None], send: Send, make_report: MakeReport
) -> None:
    forge(_swap)
    pension_service.control.work()
    gateway.acknowledge(_only(gateway.read_result_files()))
    send(make_report())
    assert pension_service.control.work()["processed"] == 1
    assert _only(gateway.read_result_files()).status is ResultStatus.PROCESSED


def test_運搬中に壊れた媒体は断り_同じ媒体を送り直せば処理される(
    pension_service: Any, gateway: JpsGateway, make_report: MakeReport, signatures: HandOver, send: Send
) -> None:
    image = send(make_report())
    laid = gateway.tray / "in" / image.path.name
    data = laid.read_bytes()
    laid.write_bytes(data[:700] + bytes([data[700] ^ 1]) + data[701:])
    pension_service.control.work()
    refused = _only(gateway.read_result_files())
    assert "バイト数が送付書と一致しません" in refused.faults[0]
    gateway.acknowledge(refused)
    gateway.hand_over(image, signatures)
    assert pension_service.control.work()["processed"] == 1


def test_署名した者が違えば断る(
    pension_service: Any, gateway: JpsGateway, city_data: Path, send: Send, make_report: MakeReport
) -> None:
    registered = pension_service.data / "senders" / "11203.json"
    Identity.load_or_create(city_data / "forger.json", party="11203", holder="x").public().save(registered)
    send(make_report())
    assert pension_service.control.work()["refused"] == 1
    assert pension_service.control.state()["notices"] == 0


def test_登録のない差出人の媒体は脇に置き_何も答えない(
    pension_service: Any, gateway: JpsGateway, send: Send, make_report: MakeReport
) -> None:
    (pension_service.data / "senders" / "11203.json").unlink()
    send(make_report())
    assert pension_service.control.work()["unclaimed"] == 1
    assert pension_service.control.state()["unclaimed"] == 1
    assert gateway.read_result_files() == []
    assert list((gateway.tray / "in").iterdir()) == []


# half-written media -----------------------------------------------------------------------------------------------
@pytest.mark.function("S1-3")
@pytest.mark.parametrize("missing", ["kmi", "manifest.json", "sofusho.csv"])
@pytest.mark.parametrize("part", [0, 40])
def test_書きかけの媒体には手を付けず_書き終われば処理する(
    pension_service: Any, gateway: JpsGateway, send: Send, make_report: MakeReport, missing: str, part: int
) -> None:
    send(make_report())
    laid = gateway.tray / "in" / f"11203-2026-001.{missing}"
    whole = laid.read_bytes()
    laid.unlink()
    if part:
        laid.write_bytes(whole[:part])
    done = pension_service.control.work()
    assert (done["processed"], done["refused"]) == (0, 0)
    assert len(list((gateway.tray / "in").iterdir())) == 2 + bool(part)
    laid.write_bytes(whole)
    assert pension_service.control.work()["processed"] == 1
    assert len(_only(gateway.read_result_files()).lines) == 3


@pytest.mark.parametrize(
    ("missing", "words"), [("kmi", "媒体イメージがありません"), ("manifest.json", "目録がありません")]
)
def test_いつまでも揃わない媒体は断る(
    start_party: Callable[..., Any],
    city_data: Path,
    signatures: HandOver,
    make_report: MakeReport,
    missing: str,
    words: str,
) -> None:
    folder = city_data / "counterparts" / "jps"
    party = start_party(["-m", "kokunen.counterparts.jps", "--interval", "600", "--grace", "0"], folder)
    exchange_keys(city_data)
    gateway = JpsGateway(city_data)
    gateway.hand_over(gateway.write(make_report()), signatures)
    (gateway.tray / "in" / f"11203-2026-001.{missing}").unlink()
    assert party.control.work()["refused"] == 1
    assert words in _only(gateway.read_result_files()).faults[0]
    assert list((gateway.tray / "in").iterdir()) == []


def test_関係のないファイルは触らない(
    pension_service: Any, gateway: JpsGateway, send: Send, make_report: MakeReport
) -> None:
    stray = gateway.tray / "in" / "memo.txt"
    stray.write_text("x")
    send(make_report())
    assert pension_service.control.work()["processed"] == 1
    assert stray.read_text() == "x"


# troubles ---------------------------------------------------------------------------------------------------------
def test_閉まっている間は媒体に触れず_開けば処理する(
    pension_service: Any, gateway: JpsGateway, send: Send, make_report: MakeReport
) -> None:
    pension_service.control.order("fail")
    send(make_report())
    assert pension_service.control.work() == {}
    assert len(list((gateway.tray / "in").iterdir())) == 3
    pension_service.control.heal()
    pension_service.control.work()
    assert len(gateway.read_results()) == 3


@pytest.mark.parametrize("seconds", [None, 3600])
def test_遅れている間は答えがなく_直れば届く(
    pension_service: Any, gateway: JpsGateway, send: Send, make_report: MakeReport, seconds: float | None
) -> None:
    pension_service.control.order("delay", seconds=seconds)
    send(make_report())
    done = pension_service.control.work()
    assert (done["processed"], done["answered"]) == (1, 0)
    assert gateway.read_result_files() == []
    pension_service.control.heal()
    pension_service.control.work()
    assert len(gateway.read_results()) == 3
    assert pension_service.control.state()["answers"] == 1


@pytest.mark.function("S1-3")
def test_二重に届いた結果は一度だけ読み_取り込んだ後は読まない(
    pension_service: Any, gateway: JpsGateway, send: Send, make_report: MakeReport
) -> None:
    pension_service.control.order("repeat")
    send(make_report())
    pension_service.control.work()
    assert len(list((gateway.tray / "out").iterdir())) == 2
    result = _only(gateway.read_result_files())
    saved = result.path.read_bytes()
    assert len(gateway.read_results()) == 3
    gateway.acknowledge(result)
    gateway.acknowledge(result)
    assert list((gateway.tray / "out").iterdir()) == []
    result.path.write_bytes(saved)  # and once more, days later
    assert gateway.read_result_files() == []
    assert gateway.clear_repeats() == 1
    assert list((gateway.tray / "out").iterdir()) == []


@pytest.mark.function("S1-3")
def test_壊れた結果は読めないと分かり_直れば正しい結果が届く(
    pension_service: Any, gateway: JpsGateway, send: Send, make_report: MakeReport
) -> None:
    pension_service.control.order("garble")
    send(make_report())
    pension_service.control.work()
    broken = _only(gateway.read_result_files())
    assert (broken.status, broken.lines) == (ResultStatus.UNREADABLE, ())
    assert broken.faults
    assert gateway.read_results() == []
    gateway.acknowledge(broken)
    pension_service.control.heal()
    pension_service.control.work()
    assert len(_only(gateway.read_result_files()).lines) == 3
    assert pension_service.control.state()["notices"] == 3


def test_返戻を命じる操作は知らない理由コードを断る(pension_service: Any) -> None:
    with pytest.raises(InputError, match="返戻理由コード"):
        pension_service.control.command("return", receipt_number="R8-1", reason_code="X")


# kills ------------------------------------------------------------------------------------------------------------
@pytest.mark.function("S1-3")
@pytest.mark.parametrize("point", ["deciding", "decided", "taking", "taken", "answered"])
@pytest.mark.parametrize("repeat", [False, True])
def test_どこで殺されても_何も失わず何も二重にしない(
    pension_service: Any, gateway: JpsGateway, send: Send, make_report: MakeReport, point: str, repeat: bool
) -> None:
    image = send(make_report())
    pension_service.control.order("die", at=point)
    with pytest.raises(InputError, match="動いていません"):
        pension_service.control.work()
    assert pension_service.end() == -9
    if repeat:  # the city, having seen nothing, lays the same medium down once more meanwhile
        for path in (image.path, image.manifest_path, image.cover_path):
            (gateway.tray / "in" / path.name).write_bytes(path.read_bytes())
    pension_service.start()
    pension_service.control.work()
    result = _only(gateway.read_result_files())
    assert [line.receipt_number for line in result.lines] == ["R8-000001", "R8-000002", "R8-000003"]
    state = pension_service.control.state()
    assert (state["processed"], state["notices"], state["answers"], state["undelivered"]) == (1, 3, 1, 0)
    assert list((gateway.tray / "in").iterdir()) == []


def test_殺されて市が先に結果を取り込んでも_同じ結果と分かる(
    pension_service: Any, gateway: JpsGateway, send: Send, make_report: MakeReport
) -> None:
    send(make_report())
    pension_service.control.order("die", at="answered")
    with pytest.raises(InputError):
        pension_service.control.work()
    pension_service.end()
    first = _only(gateway.read_result_files())
    gateway.acknowledge(first)
    pension_service.start()
    pension_service.control.work()
    assert gateway.read_result_files() == []
    assert gateway.clear_repeats() == 1


def test_何枚も溜まっていれば通番の順に全部処理する(
    pension_service: Any, gateway: JpsGateway, send: Send, make_report: MakeReport, make_line: MakeLine
) -> None:
    for serial in (3, 1, 2):
        send(make_report(serial=serial, lines=[make_line(serial)]))
    assert pension_service.control.work()["processed"] == 3
    assert [line.report_serial for line in gateway.read_results()] == [1, 2, 3]


def test_結果は受け取り手の鍵でしか開かない(
    pension_service: Any, gateway: JpsGateway, send: Send, make_report: MakeReport, city_data: Path
) -> None:
    send(make_report())
    pension_service.control.work()
    (city_data / "keys" / "media" / "own.json").unlink()
    result = _only(JpsGateway(city_data).read_result_files())
    assert result.status is ResultStatus.UNREADABLE
    assert "別の鍵" in result.faults[0]


def test_別の市の結果は取り込まない(
    pension_service: Any, gateway: JpsGateway, send: Send, make_report: MakeReport, city_data: Path
) -> None:
    send(make_report())
    pension_service.control.work()
    elsewhere = JpsGateway(city_data, sender=replace(gateway.sender, city="202"))
    assert _only(elsewhere.read_result_files()).status is ResultStatus.UNREADABLE
