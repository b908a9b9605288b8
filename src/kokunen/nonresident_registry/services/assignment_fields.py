"""付番APIの項目: the 40 fields of 住登外者宛名番号付番API 第2.0版 as officially given, and how they are judged.

The file names four errors and no order; all mistakes are told in one answer, in the order of the fields. Where it is
silent (an item that is too long, a wrong check digit) the wording follows its pattern.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kokunen.kernel.numbers import AtenaNumber, IndividualNumber, MunicipalityCode
from kokunen.kernel.numbers.base import NumberValue

MISSING, WRONG_CHARACTERS, WRONG_LENGTH, CORRELATION = "E0001", "E0002", "E0003", "E0004"


@dataclass(frozen=True, slots=True)
class Field:
    """項目: name, label, type of the standard (X, N, DATE, TIME), length; `fixed` = exactly that length."""

    name: str
    label: str
    kind: str
    length: int
    must: bool = False
    fixed: bool = False
    codes: str = ""


FIELDS: tuple[Field, ...] = (
    Field("shorikubun", "処理区分", "X", 1, True, True, "012"),
    Field("shikuchosonkodo", "市区町村コード", "X", 6, True, True),
    Field("atenabango", "宛名番号", "X", 15, False, True),
    Field("kojinbango", "個人番号", "X", 12, False, True),
    Field("shimei", "氏名", "N", 100),
    Field("uji_nihonjin", "氏_日本人", "N", 50),
    Field("na_nihonjin", "名_日本人", "N", 50),
    Field("shimei_gaikokujinromaji", "氏名_外国人ローマ字", "N", 100),
    Field("shimei_gaikokujinkanji", "氏名_外国人漢字", "N", 100),
    Field("shimei_furigana", "氏名_フリガナ", "N", 100),
    Field("uji_nihonjin_furigana", "氏_日本人_フリガナ", "N", 50),
    Field("na_nihonjin_furigana", "名_日本人_フリガナ", "N", 50),
    Field("tsusho", "通称", "N", 100),
    Field("tsusho_furigana", "通称_フリガナ", "N", 100),
    Field("tsusho_furiganakakuninjokyo", "通称_フリガナ確認状況", "X", 1, False, True, "01"),
    Field("seibetsu", "性別", "X", 1, False, True, "012"),
    Field("seinengappi", "生年月日", "DATE", 10),
    Field("seinengappi_fushofuragu", "生年月日_不詳フラグ", "X", 1, False, True, "01"),
    Field("seinengappi_fushohyoki", "生年月日_不詳表記", "N", 72),
    Field("jusho_shikuchosonkodo", "住所_市区町村コード", "X", 6, False, True),
    Field("jusho_choazakodo", "住所_町字コード", "X", 7, False, True),
    Field("shiteitoshi_gyoseikutokodo", "指定都市_行政区等コード", "X", 12),
    Field("jusho_todofuken", "住所_都道府県", "N", 4),
    Field("jusho_shikugunchosonmei", "住所_市区郡町村名", "N", 12),
    Field("jusho_choaza", "住所_町字", "N", 120),
    Field("jusho_banchigohyoki", "住所_番地号表記", "N", 50),
    Field("jusho_katagaki", "住所_方書", "N", 300),
    Field("jusho_katagaki_furigana", "住所_方書_フリガナ", "N", 300),
    Field("jusho_yubinbango", "住所_郵便番号", "X", 7, False, True),
    Field("jusho_kokumeikodo", "住所_国名コード", "X", 3, False, True),
    Field("jusho_kokumeito", "住所_国名等", "N", 100),
    Field("jusho_kokugaijusho", "住所_国外住所", "N", 300),
    Field("gyomuid", "業務ID", "X", 3, False, True),
    Field("dokujishisakushisutemutoid", "独自施策システム等ID", "X", 3, False, True),
    Field("nayosemotofuragu", "名寄せ元フラグ", "X", 1, True, True, "01"),
    Field("nayosesakiatenabango", "名寄せ先宛名番号", "X", 15, False, True),
    Field("tagyomusanshofukafuragu", "他業務参照不可フラグ", "X", 1, True, True, "01"),
    Field("sosashaid", "操作者ID", "X", 10, True),
    Field("sosanengappi", "操作年月日", "DATE", 10, True),
    Field("sosajikoku", "操作時刻", "TIME", 8, True),
)
BY_NAME = {field.name: field for field in FIELDS}

_CHECKED: dict[str, type[NumberValue]] = {
    "shikuchosonkodo": MunicipalityCode,
    "atenabango": AtenaNumber,
    "kojinbango": IndividualNumber,
    "jusho_shikuchosonkodo": MunicipalityCode,
    "nayosesakiatenabango": AtenaNumber,
}
_ALPHANUMERIC = frozenset({"sosashaid", "jusho_kokumeikodo", "gyomuid", "dokujishisakushisutemutoid",
                           "shiteitoshi_gyoseikutokodo"})  # fmt: skip
_HALF_WIDTH = re.compile(r"[\x00-\x7f\uff61-\uff9f]")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)


def judge(sent: Mapping[str, Any]) -> list[dict[str, str]]:
    """項目の検査: every mistake of the request as {code, message}, in the order of the fields."""
    errors = []
    for field in FIELDS:
        value = sent.get(field.name)
        if value is None or value == "":
            if field.must or _needed(field.name, sent):
                errors.append(_error(MISSING, f"{field.label}が設定されていません。"))
            elif words := _missing_with(field.name, sent):
                errors.append(_error(CORRELATION, words))
        elif error := _judge_value(field, value):
            errors.append(error)
    return errors


def _needed(name: str, sent: Mapping[str, Any]) -> bool:
    """処理区分 1 と 2 の宛名番号: the official sample shows its absence as E0001."""
    return name == "atenabango" and sent.get("shorikubun") in ("1", "2")


def _missing_with(name: str, sent: Mapping[str, Any]) -> str:
    """相関: one item makes another necessary; empty when nothing is missing."""
    pairs = {
        "nayosesakiatenabango": ("nayosemotofuragu", sent.get("nayosemotofuragu") == "1"),
        "na_nihonjin": ("uji_nihonjin", bool(sent.get("uji_nihonjin"))),
        "uji_nihonjin": ("na_nihonjin", bool(sent.get("na_nihonjin"))),
        "seinengappi_fushohyoki": ("seinengappi_fushofuragu", sent.get("seinengappi_fushofuragu") == "1"),
    }
    cause, holds = pairs.get(name, ("", False))
    if not holds:
        return ""
    return f"{BY_NAME[cause].label}が設定されている場合、{BY_NAME[name].label}は設定必須です。"


def _judge_value(field: Field, value: Any) -> dict[str, str] | None:
    if not isinstance(value, str):
        return _error(WRONG_CHARACTERS, f"{field.label}は文字列で設定してください。")
    if field.kind == "N":
        if _HALF_WIDTH.search(value):
            return _error(WRONG_CHARACTERS, f"{field.label}は全角文字で設定してください。")
        return _too_long(field, value)
    if field.kind == "DATE":
        return None if _is_day(value) else _error(WRONG_CHARACTERS, f"{field.label}はYYYY-MM-DDで設定してください。")
    if field.kind == "TIME":
        return (
            None if _TIME.fullmatch(value) else _error(WRONG_CHARACTERS, f"{field.label}はHH:MM:SSで設定してください。")
        )
    return _judge_code(field, value)


def _judge_code(field: Field, value: str) -> dict[str, str] | None:
    letters = field.name in _ALPHANUMERIC
    if not value.isascii() or not (value.isalnum() if letters else value.isdigit()):
        return _error(WRONG_CHARACTERS, f"{field.label}は半角{'英数字' if letters else '数字'}で設定してください。")
    if field.fixed and len(value) != field.length:
        return _error(WRONG_LENGTH, f"{field.label}は{field.length}桁で設定してください。")
    if field.codes and value not in field.codes:
        return _error(WRONG_CHARACTERS, f"{field.label}は{'、'.join(field.codes)}のいずれかで設定してください。")
    kind = _CHECKED.get(field.name)
    if kind is not None and not kind.judge(value).valid:
        return _error(WRONG_CHARACTERS, f"{field.label}は検査用数字の正しい番号で設定してください。")
    return _too_long(field, value)


def _too_long(field: Field, value: str) -> dict[str, str] | None:
    if len(value) <= field.length:
        return None
    return _error(WRONG_LENGTH, f"{field.label}は{field.length}桁以内で設定してください。")


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _error(code: str, message: str) -> dict[str, str]:
    return {"code": code, "message": message}
