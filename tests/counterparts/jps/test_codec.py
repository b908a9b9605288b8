"""媒体の読み書きの試験"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokunen.counterparts.jps.codec import (
    Cover,
    Header,
    LayoutError,
    Record,
    Result,
    decode_cover,
    decode_medium,
    decode_result,
    encode_cover,
    encode_medium,
    encode_result,
)
from kokunen.counterparts.jps.fields import (
    Code,
    Const,
    Digits,
    EraDate,
    FieldType,
    Kana,
    Number,
    Phone,
    SplitDigits,
    Text,
    Token,
    WesternDate,
)
from kokunen.counterparts.jps.layout import Field, load_layout

LAYOUT = load_layout()
SENDER = {
    "postal_code": "3328601",
    "address": "埼玉県川口市青木２丁目１番１号",
    "name": "川口市",
    "section": "国民年金課",
    "phone": "048-258-1110",
}
HEADER = Header("11", "203", 2026, 1, date(2026, 11, 24), 1, SENDER)
LOSS = {
    "receipt_number": "R8-000001",
    "received_on": date(2026, 11, 24),
    "submitted_on": date(2026, 11, 24),
    "source": "1",
    "basic_pension_number": "1234567890",
    "individual_number": None,
    "kana": "タカハシ　ハナコ",
    "name": "髙橋　花子",
    "birth": date(1990, 4, 1),
    "sex": "2",
    "postal_code": "3320031",
    "address": "埼玉県川口市青木２丁目１番１号",
    "is_foreign": "0",
    "kind_before": "1",
    "event_on": date(2026, 11, 25),
    "reason_code": "02",
    "remarks": None,
}
_KANA = "アイウエオカガキギクグサザタダナハバパマヤラワンッャュョーヴ"
_KANJI = "山田髙橋﨑濱花子一二三０１２ＡＢあいうアイウ－ヰ①㈱"


def _values(kind: FieldType) -> st.SearchStrategy[Any]:
    """Values that a type can hold, in the form in which they are read back."""
    if isinstance(kind, Digits):
        return st.text("0123456789", min_size=kind.length, max_size=kind.length)
    if isinstance(kind, SplitDigits):
        return st.text("0123456789", min_size=sum(kind.parts), max_size=sum(kind.parts))
    if isinstance(kind, Number):
        return st.integers(0, 10**kind.max_digits - 1)
    if isinstance(kind, Token):
        return st.text("ABCxyz0123-._", min_size=kind.min, max_size=kind.max)
    if isinstance(kind, Const):
        return st.just(kind.value)
    if isinstance(kind, Code):
        return st.sampled_from(sorted(kind.written))
    if isinstance(kind, EraDate):
        days = st.dates(date(1868, 10, 23), date(2100, 12, 31))
        return days if kind.with_day else days.map(lambda day: day.replace(day=1))
    if isinstance(kind, WesternDate):
        return st.dates(date(1900, 1, 1), date(2100, 12, 31))
    if isinstance(kind, Phone):
        return st.from_regex(r"[0-9]{2,4}-[0-9]{1,4}-[0-9]{4}", fullmatch=True)
    if isinstance(kind, Kana):
        words = st.lists(st.text(_KANA, min_size=1, max_size=4), min_size=1, max_size=2)
        return words.map(lambda parts: "\u3000".join(parts).replace("ーー", "ー"))
    assert isinstance(kind, Text)
    return st.text(_KANJI, min_size=1, max_size=kind.max)


def _items(item: Field) -> st.SearchStrategy[Any]:
    values = _values(item.type)
    return values if item.required or item.required_unless else st.none() | values


@st.composite
def _records(draw: st.DrawFn) -> list[Record]:
    records = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        kind = draw(st.sampled_from(sorted(LAYOUT.notices)))
        fields = [item for item in LAYOUT.notices[kind].record.fields if not item.automatic]
        values = {item.name: draw(_items(item)) for item in fields}
        records.append(Record(kind, {**values, "receipt_number": f"R-{number}"}))
    return records


@pytest.mark.function("S1-3")
@settings(max_examples=150)
@given(
    records=_records(),
    serial=st.integers(1, 999),
    remake_of=st.none() | st.integers(1, 999),
    created_on=st.dates(date(2000, 4, 1), date(2099, 12, 31)),
)
def test_書ける届書はどれも読み戻して同じになる(
    records: list[Record], serial: int, remake_of: int | None, created_on: date
) -> None:
    header = replace(HEADER, serial=serial, remake_of=remake_of, created_on=created_on, total=len(records))
    written = encode_medium(LAYOUT, header, records)
    read = decode_medium(LAYOUT, written.data)
    assert read.problems == ()
    assert read.header == header
    assert list(read.records) == records
    assert encode_medium(LAYOUT, header, list(read.records)).data == written.data
    assert sum(written.counts.values()) == len(records)


def _medium(*records: Record) -> bytes:
    found = records or (Record("loss", LOSS),)
    return encode_medium(LAYOUT, replace(HEADER, total=len(found)), found).data


@pytest.mark.function("S1-3")
def test_一行の形() -> None:
    lines = _medium().decode("cp932").split("\r\n")
    assert lines == [
        "11,203,,001,20261124,99000",
        "[kanri]",
        "2026,1,0,",
        "11,203,332,8601,埼玉県川口市青木２丁目１番１号,川口市,国民年金課,048,258,1110",
        "[data]",
        "9903000,1,R8-000001,9,081124,9,081124,1,1234,567890,,ﾀｶﾊｼ ﾊﾅｺ,髙橋　花子,7,020401,2,332,0031,埼玉県川口市青木２丁目１番１号,0,1,9,081125,02,",  # noqa: E501
        "",
    ]
    assert "髙".encode("cp932") not in _medium()  # not NEC's duplicate code, but the one Windows writes
    assert b"\xfb\xfc" in _medium()


@pytest.mark.parametrize("kind", sorted(LAYOUT.notices))
def test_列の数は空の項目があっても変わらない(kind: str) -> None:
    notice = LAYOUT.notices[kind]
    few, _, _ = notice.record.encode({}, 1)
    assert len(few) == notice.record.width
    values, problems = notice.record.decode(["", *few], 1)
    assert values == {}
    assert [problem.code for problem in problems] == ["column_count"]


def _spoil(data: bytes, how: str) -> bytes:
    lines = data.split(b"\r\n")
    if how == "列が一つ多い":
        lines[5] += b","
    elif how == "列が一つ少ない":
        lines[5] = lines[5].rsplit(b",", 1)[0]
    elif how == "行の入れ替え":
        lines[5], lines[6] = lines[6], lines[5]
    elif how == "行の抜け":
        del lines[5]
    elif how == "件数違い":
        lines[2] = lines[2].replace(b"2026,3", b"2026,4")
    elif how == "dataの行がない":
        lines.remove(b"[data]")
    elif how == "kanriと総括の入れ替え":
        lines[1], lines[2] = lines[2], lines[1]
    elif how == "知らない届書コード":
        lines[5] = b"1234567" + lines[5][7:]
    elif how == "UTF-8":
        return data.decode("cp932").encode("utf-8")
    elif how == "BOM付きUTF-8":
        return b"\xef\xbb\xbf" + data.decode("cp932").encode("utf-8")
    elif how == "UTF-16":
        return data.decode("cp932").encode("utf-16")
    elif how == "改行がLF":
        return data.replace(b"\r\n", b"\n")
    elif how == "一行だけ改行がLF":
        return data.replace(b"[data]\r\n", b"[data]\n")
    elif how == "末尾の改行がない":
        return data[:-2]
    elif how == "途中で切れている":
        return data[: len(data) * 2 // 3]
    elif how == "空の行が余る":
        return data + b"\r\n"
    elif how == "空":
        return b""
    elif how == "引用符":
        return data.replace("花子".encode("cp932"), b'""')
    elif how == "NECの重複符号":
        return data.replace(b"\xfb\xfc", "髙".encode("cp932"))
    elif how == "制御文字":
        return data.replace(b"R8-000001", b"R8-0\x00001")
    elif how == "受付番号の重複":
        lines[6] = lines[6].replace(b"R8-000002", b"R8-000001")
    elif how == "再作成区分の矛盾":
        lines[2] = lines[2].replace(b",0,", b",1,")
    elif how == "管理レコードと提出元の不一致":
        lines[3] = lines[3].replace(b"11,203", b"11,202")
    else:
        assert how == "必須項目の欠け"
        lines[5] = lines[5].replace("ﾀｶﾊｼ ﾊﾅｺ".encode("cp932"), b"")
    return b"\r\n".join(lines)


@pytest.mark.function("S1-3")
@pytest.mark.parametrize(
    ("how", "place"),
    [
        ("列が一つ多い", "6行目 国民年金被保険者資格喪失届（報告）: 列数"),
        ("列が一つ少ない", "6行目 国民年金被保険者資格喪失届（報告）: 列数"),
        ("行の入れ替え", "6行目 連番"),
        ("行の抜け", "6行目 連番"),
        ("件数違い", "3行目 届書総数: 届書総数は4件ですが、届書の行は3件です"),
        ("dataの行がない", "5行目 [data]"),
        ("kanriと総括の入れ替え", "2行目 [kanri]"),
        ("知らない届書コード", "6行目 届書コード"),
        ("UTF-8", "行目 文字コード"),
        ("BOM付きUTF-8", "1行目 文字コード: UnicodeのBOM"),
        ("UTF-16", "1行目 文字コード: UnicodeのBOM"),
        ("改行がLF", "1行目 改行"),
        ("一行だけ改行がLF", "行目 文字: 引用符・改行"),
        ("末尾の改行がない", "8行目 改行"),
        ("途中で切れている", "行目 改行"),
        ("空の行が余る", "9行目 届書コード"),
        ("空", "1行目 改行"),
        ("引用符", "6行目 文字: 引用符"),
        ("NECの重複符号", "6行目 文字コード: 同じ文字に別の符号"),
        ("制御文字", "6行目 文字: 引用符・改行・制御文字"),
        ("受付番号の重複", "7行目 受付番号: 同じ受付番号"),
        ("再作成区分の矛盾", "3行目 再作成区分"),
        ("管理レコードと提出元の不一致", "4行目 市区町村コード"),
        ("必須項目の欠け", "6行目 氏名カナ: 必要な項目がありません"),
    ],
)
def test_様式から外れたものは行と理由を挙げて断る(how: str, place: str) -> None:
    records = [Record("loss", {**LOSS, "receipt_number": f"R8-00000{number}"}) for number in (1, 2, 3)]
    found = decode_medium(LAYOUT, _spoil(_medium(*records), how))
    assert any(place in str(problem) for problem in found.problems), [str(problem) for problem in found.problems]


@settings(max_examples=300)
@given(data=st.data())
def test_どの一バイトを変えても_断るか_同じバイトに書き戻せる別の正しい媒体である(data: st.DataObject) -> None:
    medium = _medium()
    place = data.draw(st.integers(0, len(medium) - 1))
    changed = medium[:place] + bytes([data.draw(st.integers(0, 255))]) + medium[place + 1 :]
    found = decode_medium(LAYOUT, changed)
    if not found.problems:
        assert found.header is not None
        assert encode_medium(LAYOUT, found.header, list(found.records)).data == changed


@pytest.mark.function("S1-3")
@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"name": "鷗　太郎"}, "name", "undeliverable_character"),
        ({"kana": "TARO"}, "kana", "undeliverable_character"),
        ({"name": "あ" * 13}, "name", "too_long"),
        ({"kana": "ガ" * 13}, "kana", "too_long"),
        ({"address": "あ" * 38}, "address", "too_long"),
        ({"birth": None}, "birth", "missing"),
        ({"basic_pension_number": None}, "basic_pension_number", "missing"),
        ({"basic_pension_number": "123456789"}, "basic_pension_number", "bad_value"),
        ({"sex": "0"}, "sex", "bad_value"),
        ({"reason_code": "55"}, "reason_code", "bad_value"),
        ({"postal_code": "332-0031"}, "postal_code", "bad_value"),
        ({"illness": "x"}, "illness", "unexpected"),
    ],
)
def test_書けないものは項目と理由を挙げて止まる(changes: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(LayoutError) as caught:
        _medium(Record("loss", {**LOSS, **changes}))
    assert [(problem.line, problem.field, problem.code) for problem in caught.value.problems] == [(1, field, code)]


def test_基礎年金番号がなくても_個人番号があれば書け_取得届ならどちらもなくてよい() -> None:
    numbered = {**LOSS, "basic_pension_number": None, "individual_number": "123456789018"}
    assert decode_medium(LAYOUT, _medium(Record("loss", numbered))).problems == ()
    fresh = {name: value for name, value in LOSS.items() if name != "kind_before"}
    fresh |= {"basic_pension_number": None, "kind_after": "1", "reason_code": "09"}
    assert decode_medium(LAYOUT, _medium(Record("acquisition", fresh))).problems == ()


def test_すべての理由が一度に挙がる() -> None:
    records = [Record("loss", {**LOSS, "name": "鷗"}), Record("loss", {**LOSS, "sex": "9", "kana": ""})]
    with pytest.raises(LayoutError) as caught:
        encode_medium(LAYOUT, replace(HEADER, total=2), records)
    found = [(problem.line, problem.field) for problem in caught.value.problems]
    assert sorted(found) == [(1, "name"), (2, "kana"), (2, "receipt_number"), (2, "sex")]


# 送付書 and 処理結果 ------------------------------------------------------------------------------------------------
COVER = Cover(
    {
        "prefecture": "11",
        "city": "203",
        "fiscal_year": "2026",
        "serial": "001",
        "remake": "0",
        "remake_of": None,
        "medium": "2",
        "created_on": date(2026, 11, 24),
        "total": 3,
        "image_name": "11203-2026-001.kmi",
        "image_size": 1234,
        "image_sha256": "a" * 64,
        "manifest_sha256": "b" * 64,
    },
    {"acquisition": 1, "loss": 2},
)


def test_送付書は読み戻して同じになる() -> None:
    assert decode_cover(LAYOUT, encode_cover(LAYOUT, COVER)) == COVER


@pytest.mark.parametrize("kind", LAYOUT.notices)
def test_送付書はどの届書の名前も読み戻せる(kind: str) -> None:
    cover = replace(COVER, values={**COVER.values, "total": 1}, counts={kind: 1})
    assert decode_cover(LAYOUT, encode_cover(LAYOUT, cover)) == cover


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (",3,11203", ",4,11203"),
        ("資格喪失届", "資格取得届"),
        ("9903000", "9901000"),
        ("9903000", "0000000"),
        ("2026,001", "2026,1"),
        ("a" * 64, "a" * 63),
        ("\r\n", "\n"),
    ],
)
def test_送付書の矛盾は断る(old: str, new: str) -> None:
    data = encode_cover(LAYOUT, COVER).decode("cp932").replace(old, new).encode("cp932")
    with pytest.raises(LayoutError):
        decode_cover(LAYOUT, data)


RESULT_VALUES: dict[str, Any] = {
    "prefecture": "11",
    "city": "203",
    "result_serial": "K0000001",
    "processed_on": date(2026, 11, 25),
    "status": "1",
    "fiscal_year": "2026",
    "report_serial": "001",
    "report_sha256": "c" * 64,
    "total": 2,
    "accepted": 1,
    "returned": 1,
}


def _line(number: int, outcome: str) -> dict[str, Any]:
    return {
        "line_number": number,
        "kind": "loss",
        "receipt_number": f"R8-{number}",
        "outcome": outcome,
        "basic_pension_number": "1234567890" if outcome == "1" else None,
        "reason_code": None if outcome == "1" else "R02",
        "reason": None if outcome == "1" else "生年月日が記録と一致しない",
        **dict.fromkeys(("part", "decision", "exemption_kind", "first_month", "last_month")),
    }


def test_処理結果は読み戻して同じになる() -> None:
    months = {"first_month": date(2026, 7, 1), "last_month": date(2027, 6, 1)}
    decided = {**_line(1, "1"), "kind": "exemption", "part": 2, "decision": "1", "exemption_kind": "20", **months}
    result = Result(RESULT_VALUES, (decided, _line(2, "2")))
    assert decode_result(LAYOUT, encode_result(LAYOUT, result)) == result
    counts = {"status": "9", "total": 0, "accepted": 0, "returned": 0}
    refused = Result({**RESULT_VALUES, **counts}, faults=("６行目　氏名：　値の形が違います。",))
    assert decode_result(LAYOUT, encode_result(LAYOUT, refused)) == refused


def test_件数の合わない処理結果は断る() -> None:
    data = encode_result(LAYOUT, Result(RESULT_VALUES, (_line(1, "1"), _line(2, "1"))))
    with pytest.raises(LayoutError, match="件数"):
        decode_result(LAYOUT, data)
