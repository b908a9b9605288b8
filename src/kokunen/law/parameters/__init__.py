"""法令上の数値 (parameters): legal values by the day they take effect, each with its source.

One value is one file, ``<area>/<name>.yaml``, and its path without ``.yaml`` is its name::

    description: 国民年金保険料の月額
    unit: yen
    until: 2028-03-31            # last day for which values are laid down; left out: the last value goes on
    values:
      2025-04-01: {value: 17510, status: in_force, source: 国民年金法第87条第3項、令和7年厚生労働省告示}
      2027-04-01: {value: 18290, status: expected, source: 令和9年度予算案}

``value_on("pension/premium", day)`` gives the value, ``entry_on`` also its status and source: whoever uses a value that
is only ``expected`` can say so. A day before the first value or after ``until`` is an ``InputError`` (out_of_range).
Values are whole numbers, text, truth values, or lists and mappings of these; a fraction is a mapping
``{numerator: 7, denominator: 10}``, never a decimal number, so that every computation stays exact.
"""

from __future__ import annotations

from kokunen.law.parameters._loading import ParameterFileError, parse_parameter
from kokunen.law.parameters._lookup import all_paths, entry_on, history, value_on
from kokunen.law.parameters._types import Entry, Parameter, Status

__all__ = [
    "Entry",
    "Parameter",
    "ParameterFileError",
    "Status",
    "all_paths",
    "entry_on",
    "history",
    "parse_parameter",
    "value_on",
]
