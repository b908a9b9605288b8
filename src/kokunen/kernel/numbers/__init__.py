"""番号: numbers with their form, check digit and masking as value objects.

``IndividualNumber.parse("1234 5678 9018", lenient=True)`` gives a value object or raises an
:class:`~kokunen.kernel.errors.InputError`; ``IndividualNumber.complete("12345678901")`` adds the check digit;
``IndividualNumber.judge(text)`` answers without raising. Bulk work on millions of numbers: :mod:`.bulk` (numpy, loaded
only when used).
"""

from __future__ import annotations

from kokunen.kernel.numbers.base import Judgement, NumberValue, Reason, strip_separators
from kokunen.kernel.numbers.checkdigit import CORPORATE, M11, MUNICIPALITY, CheckDigit, Scheme
from kokunen.kernel.numbers.kinds import (
    AtenaNumber,
    BasicPensionNumber,
    CorporateNumber,
    HouseholdNumber,
    IndividualNumber,
    MunicipalityCode,
    ResidenceCardNumber,
    ResidentCode,
)

__all__ = [
    "CORPORATE",
    "M11",
    "MUNICIPALITY",
    "AtenaNumber",
    "BasicPensionNumber",
    "CheckDigit",
    "CorporateNumber",
    "HouseholdNumber",
    "IndividualNumber",
    "Judgement",
    "MunicipalityCode",
    "NumberValue",
    "Reason",
    "ResidenceCardNumber",
    "ResidentCode",
    "Scheme",
    "strip_separators",
]
