"""住所: what people write becomes the official form; towns that do not exist are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.kernel.addresses import (
    Address,
    Town,
    TownList,
    address_key,
    format_lot,
    format_postal_code,
    parse_address,
    parse_postal_code,
)
from kokunen.kernel.errors import InputError

TOWNS = TownList(
    "112038",
    "埼玉県川口市",
    [
        Town("0071002", "青木二丁目", "3320031", True),
        Town("0071003", "青木三丁目", "3320031", True),
        Town("0051000", "本町", "3320012", True),
        Town("0101000", "大字安行", "3340059"),
        Town("0117000", "大字安行領根岸", "3330834"),
        Town("0005001", "南鳩ヶ谷一丁目", "3340013", True),
        Town("0043012", "西川口十二丁目", "3320021", True),
        Town("0038001", "赤井一丁目", "3340073", True),
        Town("0090000", "大字赤井", "3340073"),
    ],
)


@pytest.mark.parametrize(
    ("text", "town_id", "line"),
    [
        ("青木2-1-1", "0071002", "青木二丁目1番1号"),
        ("青木２－１－１", "0071002", "青木二丁目1番1号"),
        ("青木2ー1ー1", "0071002", "青木二丁目1番1号"),
        ("川口市青木2丁目1番1号", "0071002", "青木二丁目1番1号"),
        ("埼玉県川口市青木二丁目１番１号", "0071002", "青木二丁目1番1号"),
        ("〒332-0031 青木2丁目 1-1", "0071002", "青木二丁目1番1号"),
        ("青木2-1-1-305", "0071002", "青木二丁目1番1-305号"),
        ("青木2-1", "0071002", "青木二丁目1番"),
        ("青木2-1-1　コーポ　オノ 305号室", "0071002", "青木二丁目1番1号　コーポ オノ 305号室"),
        ("青木2-1-1コーポ5-3", "0071002", "青木二丁目1番1号　コーポ5-3"),
        ("本町1の2", "0051000", "本町1番2号"),
        ("大字安行123-4", "0101000", "大字安行123番地4"),
        ("安行123番地の4", "0101000", "大字安行123番地4"),
        ("安行123番地", "0101000", "大字安行123番地"),
        ("安行領根岸123番地4 メゾン", "0117000", "大字安行領根岸123番地4　メゾン"),
        ("南鳩ケ谷1-2-3", "0005001", "南鳩ヶ谷一丁目2番3号"),
        ("南鳩ヶ谷一丁目2の3", "0005001", "南鳩ヶ谷一丁目2番3号"),
        ("西川口12-3-4", "0043012", "西川口十二丁目3番4号"),
        pytest.param("赤井1-2", "0038001", "赤井一丁目2番", id="丁目のある町が先"),
        pytest.param("大字赤井1-2", "0090000", "大字赤井1番地2", id="大字と書けば大字"),
        pytest.param("赤井1番地2", "0090000", "大字赤井1番地2", id="番地と書けば丁目ではない"),
    ],
)
def test_書かれた住所を正しい形にする(text: str, town_id: str, line: str) -> None:
    address = parse_address(text, TOWNS)
    assert (address.municipality_code, address.town_id, str(address)) == ("112038", town_id, line)
    assert address.postal_code


@pytest.mark.parametrize(
    ("text", "message", "code"),
    [
        ("ない町1-1", "町名が市内の町字にありません", "invalid_value"),
        ("", "町名が市内の町字にありません", "invalid_value"),
        ("さいたま市青木2-1-1", "町名が市内の町字にありません", "invalid_value"),
        ("青木9-1-1", "町名が市内の町字にありません", "invalid_value"),
        ("本町", "本町の番地がありません", "missing_field"),
        ("青木二丁目 コーポ", "青木二丁目の番地がありません", "missing_field"),
    ],
)
def test_断る住所と言葉(text: str, message: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_address(text, TOWNS, field="address")
    assert message in refused.value.message
    assert "例:" in refused.value.message
    assert (refused.value.code, refused.value.field) == (code, "address")
    assert refused.value.hint


@given(
    st.sampled_from(["青木2-", "本町", "大字安行", "赤井1-"]),
    st.lists(st.integers(1, 9999), min_size=1, max_size=3),
    st.sampled_from(["", "○○荘101", "メゾン・ド・オノ 2F"]),
)
def test_書き出した住所は読めば元の住所(town: str, lot: list[int], building: str) -> None:
    address = parse_address(f"{town}{'-'.join(map(str, lot))} {building}", TOWNS)
    assert parse_address(address.format("埼玉県川口市"), TOWNS) == address
    assert address.building == building


def test_住所の表示() -> None:
    address = Address("112038", "0071002", "青木二丁目", "1番1号", "○○荘101", "3320031")
    assert address.format("埼玉県川口市") == "埼玉県川口市青木二丁目1番1号　○○荘101"
    assert address.format(with_building=False) == "青木二丁目1番1号"


@pytest.mark.parametrize(
    ("numbers", "block", "text"),
    [
        ([1], True, "1番"),
        ([1, 2], True, "1番2号"),
        ([1, 2, 305], True, "1番2-305号"),
        ([123], False, "123番地"),
        ([123, 4], False, "123番地4"),
        ([123, 4, 5], False, "123番地4-5"),
    ],
)
def test_番地の書き方(numbers: list[int], block: bool, text: str) -> None:
    assert format_lot(numbers, block=block) == text


@pytest.mark.function("S2-4")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("青木二丁目1番1号", "青木２－１－１"),
        ("青木二丁目1番1号", "青木2丁目1の1"),
        ("大字安行123番地4", "安行123-4"),
        ("南鳩ヶ谷一丁目2番3号", "南鳩ケ谷1-2-3"),
        ("青木二丁目1番1-305号", "青木 2-1-1-305"),
        ("髙田町1番1号", "高田町1-1"),
    ],
)
def test_住所は書き方によらず見つかる(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


def test_違う番地の鍵は違う() -> None:
    keys = {address_key(text) for text in ("青木2-1-1", "青木2-11", "青木2-1-11", "青木21-1", "青木3-1-1")}
    assert len(keys) == 5
    assert Address("112038", "0071002", "青木二丁目", "1番1号").search_key == address_key("青木2-1-1")


@pytest.mark.parametrize("text", ["〒332-0031", "3320031", "３３２－００３１", "332 0031", "332ー0031"])
def test_郵便番号を読む(text: str) -> None:
    assert parse_postal_code(text) == "3320031"
    assert format_postal_code("3320031") == "〒332-0031"


@pytest.mark.parametrize("text", ["", "332-003", "33200311", "abcdefg"])
def test_郵便番号でないものは断る(text: str) -> None:
    with pytest.raises(InputError, match="数字7桁") as refused:
        parse_postal_code(text, field="postal_code")
    assert refused.value.field == "postal_code"
