"""番号の読み取りと判定: the order of reasons, lenient reading, messages without the digits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers import (
    AtenaNumber,
    BasicPensionNumber,
    CorporateNumber,
    IndividualNumber,
    MunicipalityCode,
    NumberValue,
    Reason,
    ResidentCode,
    strip_separators,
)
from kokunen.kernel.text import DASHES

WITH_CHECK_DIGIT = [IndividualNumber, ResidentCode, CorporateNumber, AtenaNumber, MunicipalityCode]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12345678901x", Reason.CHARSET),
        ("12 4", Reason.CHARSET),
        ("１２３４５６７８９０１８", Reason.CHARSET),
        ("²23456789018", Reason.CHARSET),
        ("", Reason.LENGTH),
        ("12345678901", Reason.LENGTH),
        ("1234567890180", Reason.LENGTH),
        ("000000000000", Reason.ALL_ZERO),
        ("123456789019", Reason.CHECK_DIGIT),
        ("123456789018", None),
    ],
)
def test_理由は決まった順に一つ(text: str, reason: Reason | None) -> None:
    assert IndividualNumber.judge(text).reason is reason


def test_全体が0でも検査用数字だけ0でない番号は検査用数字の誤り() -> None:
    assert IndividualNumber.judge("000000000001").reason is Reason.CHECK_DIGIT
    assert CorporateNumber.judge("9000000000000").reason is None


@pytest.mark.parametrize(
    "text", ["1234 5678 9018", "１２３４５６７８９０１８", "1234-5678-9018", "\t1234　5678　9018\n"]
)
def test_検索欄は空白と横線と全角を許す(text: str) -> None:
    assert IndividualNumber.parse(text, lenient=True).value == "123456789018"
    with pytest.raises(InputError, match="数字以外の文字"):
        IndividualNumber.parse(text)


@pytest.mark.parametrize("dash", DASHES)
def test_検索欄はどの横線も除く(dash: str) -> None:
    assert strip_separators(f"1234{dash}5678") == "12345678"


@pytest.mark.parametrize("kind", WITH_CHECK_DIGIT)
@given(data=st.data())
def test_付番した番号は検査に通る(kind: type[NumberValue], data: st.DataObject) -> None:
    body = str(data.draw(st.integers(1, 10 ** (kind.length - 1) - 1))).zfill(kind.length - 1)
    number = kind.complete(body)
    assert len(number.value) == kind.length
    assert kind.judge(number.value).valid
    spaced = "　".join(number.value)
    assert kind.parse(spaced, lenient=True) == number


@pytest.mark.parametrize("kind", WITH_CHECK_DIGIT)
@given(data=st.data())
def test_一桁の誤りは方式が見分けられる限り必ず見つかる(kind: type[NumberValue], data: st.DataObject) -> None:
    """Two bodies that differ in one digit may share a check digit only where the scheme gives two remainders one digit.

    M11: remainders 0 and 1; 団体コード: 0 and 10; modulo 9 cannot tell the digits 0 and 9 apart.
    """
    scheme = kind.scheme
    assert scheme is not None
    body = str(data.draw(st.integers(1, 10 ** (kind.length - 1) - 1))).zfill(kind.length - 1)
    number = kind.complete(body).value
    place = data.draw(st.integers(0, kind.length - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    wrong = number[:place] + digit + number[place + 1 :]
    if not kind.judge(wrong).valid:
        return
    remainders = {scheme.compute(scheme.split(n)[0]).remainder for n in (number, wrong)}
    if scheme.name == "モジュラス9":
        assert {number[place], digit} == {"0", "9"}
    else:
        assert remainders == ({0, 1} if scheme.name.startswith("モジュラス11") else {0, 10})


@given(st.sampled_from(WITH_CHECK_DIGIT), st.text(max_size=16))
def test_どんな文字列にも判定か日本語の誤りで答える(kind: type[NumberValue], text: str) -> None:
    judgement = kind.judge(text, lenient=True)
    if judgement.valid:
        assert kind.parse(text, lenient=True).value == judgement.normalized
    else:
        with pytest.raises(InputError) as refused:
            kind.parse(text, lenient=True, field="number")
        assert refused.value.field == "number"
        assert kind.label in refused.value.message
        assert refused.value.hint


@given(st.integers(10**9, 10**14).map(str))
def test_誤りの文は入力された番号を繰り返さない(digits: str) -> None:
    judgement = IndividualNumber.judge(digits)
    if judgement.valid:
        return
    with pytest.raises(InputError) as refused:
        IndividualNumber.parse(digits)
    told = f"{refused.value} {refused.value.hint} {refused.value!r}"
    assert not re.search(r"\d{4}", told)


@pytest.mark.parametrize(
    ("body", "code"),
    [("123", "invalid_format"), ("1234567890x", "invalid_format"), ("１２３４５６７８９０１", "invalid_format")],
)
def test_付番できない本体(body: str, code: str) -> None:
    with pytest.raises(InputError, match="半角数字11桁") as refused:
        IndividualNumber.complete(body, field="body")
    assert (refused.value.code, refused.value.field) == (code, "body")


def test_すべて0の本体には付番しない() -> None:
    with pytest.raises(InputError, match="すべて0") as refused:
        AtenaNumber.complete("0" * 14)
    assert refused.value.code == "out_of_range"


def test_手で作っても検査を通らなければ存在しない() -> None:
    with pytest.raises(InputError, match="検査用数字が合いません"):
        IndividualNumber("123456789019")
    with pytest.raises(InputError, match="桁数が違います（入力は3桁）"):
        BasicPensionNumber("123")
