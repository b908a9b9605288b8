"""番号の種類: the worked examples and what each number shows of itself."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from dataclasses import asdict

import orjson
import pytest

from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers import (
    AtenaNumber,
    BasicPensionNumber,
    CorporateNumber,
    HouseholdNumber,
    IndividualNumber,
    MunicipalityCode,
    NumberValue,
    Reason,
    ResidenceCardNumber,
    ResidentCode,
)

WORKED = [  # kind, body, weighted sum, remainder, whole number
    pytest.param(IndividualNumber, "12345678901", 212, 3, "123456789018", id="N1"),
    pytest.param(IndividualNumber, "99900000001", 137, 5, "999000000016", id="N2"),
    pytest.param(IndividualNumber, "99900000004", 143, 0, "999000000040", id="N3-余り0"),
    pytest.param(IndividualNumber, "99900000013", 144, 1, "999000000130", id="N4-余り1"),
    pytest.param(IndividualNumber, "31415926535", 196, 9, "314159265352", id="N5"),
    pytest.param(ResidentCode, "1234567890", 195, 8, "12345678903", id="J1"),
    pytest.param(ResidentCode, "3141592653", 177, 1, "31415926530", id="J2-余り1"),
    pytest.param(ResidentCode, "9999999999", 369, 6, "99999999995", id="J3"),
    pytest.param(CorporateNumber, "000020112038", 25, 7, "2000020112038", id="H1-川口市"),
    pytest.param(CorporateNumber, "700110005901", 37, 1, "8700110005901", id="H2"),
    pytest.param(CorporateNumber, "999999999999", 162, 0, "9999999999999", id="H3-余り0"),
    pytest.param(AtenaNumber, "00000000000001", 2, 2, "000000000000019", id="A1"),
    pytest.param(AtenaNumber, "00000000000006", 12, 1, "000000000000060", id="A2-余り1"),
    pytest.param(AtenaNumber, "00000000123456", 77, 0, "000000001234560", id="A3-余り0"),
    pytest.param(HouseholdNumber, "00000000000001", 2, 2, "000000000000019", id="世帯番号は宛名番号と同じ"),
    pytest.param(MunicipalityCode, "11203", 25, 3, "112038", id="L1-川口市"),
    pytest.param(MunicipalityCode, "11000", 11, 0, "110001", id="L2-余り0は1"),
    pytest.param(MunicipalityCode, "13104", 33, 0, "131041", id="L3-余り0は1"),
]


@pytest.mark.parametrize(("kind", "body", "weighted_sum", "remainder", "whole"), WORKED)
def test_検査用数字の算出例(kind: type[NumberValue], body: str, weighted_sum: int, remainder: int, whole: str) -> None:
    text, calculation = kind.complete_text(body)
    assert (text, calculation.weighted_sum, calculation.remainder) == (whole, weighted_sum, remainder)
    assert kind.complete(body).value == whole
    assert kind.parse(whole).value == whole


def test_N6_検査用数字の違う個人番号は不正() -> None:
    judgement = IndividualNumber.judge("123456789019")
    assert judgement.reason is Reason.CHECK_DIGIT
    assert judgement.calculation is not None
    assert judgement.calculation.digit == 8


def test_団体コードから法人番号() -> None:
    assert CorporateNumber.of_municipality(MunicipalityCode("112038")).value == "2000020112038"
    assert MunicipalityCode("112038").prefecture == "11"


def test_個人番号は自分を見せない() -> None:
    number = IndividualNumber("123456789018")
    shown = [
        str(number),
        repr(number),
        f"{number}",
        f"{number!r}",
        number.masked,
        number.formatted,
    ]
    shown += [f"{number:>14}", repr([number]), repr({"n": number})]
    assert not any("1234" in text or "9018" in text for text in shown)
    assert number.masked == "************"
    assert number.value == "123456789018"


@pytest.mark.parametrize("dump", [json.dumps, orjson.dumps, asdict, vars])
def test_番号は自分から書き出されない(dump: Callable[[object], object]) -> None:
    with pytest.raises(TypeError):
        dump(IndividualNumber("123456789018"))


def test_住民票コードの内部表示は下4桁だけ() -> None:
    assert repr(ResidentCode("12345678903")) == "ResidentCode('*******8903')"
    assert str(ResidentCode("12345678903")) == "12345678903"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        (ResidentCode("12345678903"), "*******8903"),
        (AtenaNumber("000000000000019"), "***********0019"),
        (BasicPensionNumber("1234567890"), "1234-567890"),
        (CorporateNumber("2000020112038"), "2000020112038"),
        (MunicipalityCode("112038"), "112038"),
        (ResidenceCardNumber("AB12345678CD"), "AB********CD"),
    ],
)
def test_伏せ字(number: NumberValue, masked: str) -> None:
    assert number.masked == masked


def test_基礎年金番号は形だけを検査する() -> None:
    number = BasicPensionNumber.parse("1234-567890", lenient=True)
    assert (number.value, number.formatted, number.office_mark) == ("1234567890", "1234-567890", "1234")
    assert BasicPensionNumber.judge("1234567890").calculation is None
    with pytest.raises(InputError, match="検査用数字がない") as refused:
        BasicPensionNumber.complete("123456789")
    assert refused.value.code == "inconsistent"


@pytest.mark.parametrize(
    ("text", "lenient", "reason"),
    [
        ("AB12345678CD", False, None),
        ("ＡＢ 1234-5678 ｃｄ", True, None),
        ("ab12345678cd", False, Reason.CHARSET),
        ("A112345678CD", False, Reason.CHARSET),
        ("AB1234567CD", False, Reason.LENGTH),
        ("AB00000000CD", False, Reason.ALL_ZERO),
    ],
)
def test_在留カード番号の形(text: str, lenient: bool, reason: Reason | None) -> None:
    assert ResidenceCardNumber.judge(text, lenient=lenient).reason is reason


def test_在留カード番号の誤りは形を教える() -> None:
    with pytest.raises(InputError, match=r"英大文字2字・数字8字・英大文字2字.*例: AB12345678CD"):
        ResidenceCardNumber.parse("AB1234567CD")


def test_種類の違う番号は等しくない() -> None:
    assert AtenaNumber("000000000000019") != HouseholdNumber("000000000000019")
    assert AtenaNumber("000000000000019") == AtenaNumber("000000000000019")
    assert AtenaNumber("000000000000019") != "000000000000019"
    assert (
        len({AtenaNumber("000000000000019"), AtenaNumber("000000000000019"), HouseholdNumber("000000000000019")}) == 2
    )
    assert AtenaNumber("000000000000019") < AtenaNumber("000000000000027")
    with pytest.raises(TypeError):
        sorted([AtenaNumber("000000000000019"), HouseholdNumber("000000000000027")])


def test_値は変えられず写しても同じ() -> None:
    number = IndividualNumber("123456789018")
    for name in ("value", "_value", "other"):
        with pytest.raises(AttributeError):
            setattr(number, name, "999000000016")
    with pytest.raises(AttributeError):
        del number._value
    assert number.value == "123456789018"
    assert copy.deepcopy(number) == number
    assert pickle.loads(pickle.dumps(number)) == number
