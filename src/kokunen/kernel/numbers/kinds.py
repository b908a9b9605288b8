"""番号の種類: the numbers of the city hall, each with its form by law."""

from __future__ import annotations

import re
from typing import ClassVar

from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers.base import Judgement, NumberValue, Reason, strip_separators
from kokunen.kernel.numbers.checkdigit import CORPORATE, M11, MUNICIPALITY, Scheme


class IndividualNumber(NumberValue):
    """個人番号: 11 digits and a check digit (番号法施行令第8条).

    It never shows itself: ``str``, ``repr``, ``format`` and ``masked`` give asterisks, so that no log, message or
    template can leak it by accident. Who may have the digits asks for ``.value`` by name.
    """

    __slots__ = ()

    label: ClassVar[str] = "個人番号"
    length: ClassVar[int] = 12
    scheme: ClassVar[Scheme | None] = M11

    @property
    def masked(self) -> str:
        """伏せ字: nothing of a 個人番号 is shown, not even its last digits."""
        return "*" * 12

    @property
    def formatted(self) -> str:
        """表示形: masked as well; a form that must print it groups ``.value`` itself."""
        return self.masked

    def __str__(self) -> str:
        return self.masked

    def __format__(self, spec: str) -> str:
        return format(self.masked, spec)


class ResidentCode(NumberValue):
    """住民票コード: 10 random digits and a check digit (住基法施行規則第1条); shown by its last four digits only."""

    __slots__ = ()

    label: ClassVar[str] = "住民票コード"
    length: ClassVar[int] = 11
    scheme: ClassVar[Scheme | None] = M11

    @property
    def masked(self) -> str:
        return "*" * 7 + self.value[-4:]


class CorporateNumber(NumberValue):
    """法人番号: a check digit in front of 12 digits (平成26年財務省令第70号第2条). Public, never masked."""

    __slots__ = ()

    label: ClassVar[str] = "法人番号"
    length: ClassVar[int] = 13
    scheme: ClassVar[Scheme | None] = CORPORATE

    @property
    def masked(self) -> str:
        return self.value

    @classmethod
    def of_municipality(cls, code: MunicipalityCode) -> CorporateNumber:
        """地方公共団体の法人番号: base number 000020 followed by the 団体コード."""
        return cls.complete("000020" + code.value)


class AtenaNumber(NumberValue):
    """宛名番号: 14 digits in sequence and a check digit; follows a person for life inside the city."""

    __slots__ = ()

    label: ClassVar[str] = "宛名番号"
    length: ClassVar[int] = 15
    scheme: ClassVar[Scheme | None] = M11

    @property
    def masked(self) -> str:
        return "*" * 11 + self.value[-4:]


class HouseholdNumber(AtenaNumber):
    """世帯番号: numbered like the 宛名番号, but another kind: the two never compare equal."""

    __slots__ = ()

    label: ClassVar[str] = "世帯番号"


class MunicipalityCode(NumberValue):
    """全国地方公共団体コード: prefecture 2, city 3 and a check digit. Public, never masked."""

    __slots__ = ()

    label: ClassVar[str] = "団体コード"
    length: ClassVar[int] = 6
    scheme: ClassVar[Scheme | None] = MUNICIPALITY

    @property
    def masked(self) -> str:
        return self.value

    @property
    def prefecture(self) -> str:
        """都道府県コード: the first two digits (11 = 埼玉県)."""
        return self.value[:2]


class BasicPensionNumber(NumberValue):
    """基礎年金番号: 4 digits of the issuing office (課所符号) and 6 in sequence; no published check digit.

    ``masked`` shows the whole number: every task of the pension section is done by it.
    """

    __slots__ = ()

    label: ClassVar[str] = "基礎年金番号"
    length: ClassVar[int] = 10

    @property
    def masked(self) -> str:
        return self.formatted

    @property
    def formatted(self) -> str:
        """表示形: NNNN-NNNNNN as printed on the 基礎年金番号通知書."""
        return f"{self.value[:4]}-{self.value[4:]}"

    @property
    def office_mark(self) -> str:
        """課所符号: the office that issued the number."""
        return self.value[:4]


_CARD = re.compile(r"[A-Z]{2}[0-9]{8}[A-Z]{2}", re.ASCII)


class ResidenceCardNumber(NumberValue):
    """在留カード番号・特別永住者証明書番号: 2 letters, 8 digits, 2 letters. No check rule is published."""

    __slots__ = ()

    label: ClassVar[str] = "在留カード番号"
    length: ClassVar[int] = 12

    @classmethod
    def judge(cls, text: str, lenient: bool = False) -> Judgement:
        """番号を判定する: the pattern only; ``lenient`` also takes small letters and full width."""
        number = strip_separators(text).upper() if lenient else text
        if len(number) != cls.length:
            return Judgement(number, Reason.LENGTH)
        if not _CARD.fullmatch(number):
            return Judgement(number, Reason.CHARSET)
        return Judgement(number, Reason.ALL_ZERO if number[2:10] == "0" * 8 else None)

    @property
    def masked(self) -> str:
        return self.value[:2] + "*" * 8 + self.value[-2:]

    @classmethod
    def _error(cls, reason: Reason, number: str, field: str = "") -> InputError:
        what = {
            Reason.LENGTH: f"{cls.label}の桁数が12桁ではありません（入力は{len(number)}桁）",
            Reason.ALL_ZERO: f"{cls.label}の数字がすべて0です",
        }.get(reason, f"{cls.label}の形が違います")
        return InputError(
            f"{what}。英大文字2字・数字8字・英大文字2字で入力してください（例: AB12345678CD）",
            field,
            "out_of_range" if reason is Reason.ALL_ZERO else "invalid_format",
            "カードの右上の番号を確認してください。",
        )
