"""法令上の数値のファイル (parameter files): what is right is found by day, every mistake is refused by name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kokunen.kernel.errors import InputError
from kokunen.law.parameters import ParameterFileError, Status, all_paths, entry_on, history, parse_parameter, value_on

RIGHT = """
description: 国民年金保険料の月額
unit: yen
until: 2028-03-31
values:
  2025-04-01: {value: 17510, status: in_force, source: 令和7年告示}
  2026-04-01: {value: 17_920, status: in_force, source: 令和8年告示}
  2027-04-01: {value: 18290, status: expected, source: 改定率の見込み}
"""


def test_a_value_is_found_by_its_day() -> None:
    premium = parse_parameter("premium", RIGHT)
    found = [premium.entry_on(date(*day)).value for day in ((2025, 4, 1), (2026, 3, 31), (2026, 4, 1), (2028, 3, 31))]
    assert found == [17510, 17510, 17920, 18290]
    assert premium.entry_on(date(2027, 4, 1)).status is Status.EXPECTED


@pytest.mark.parametrize("day", [date(2025, 3, 31), date(2028, 4, 1)])
def test_a_day_without_a_value_is_refused_in_japanese(day: date) -> None:
    with pytest.raises(InputError, match="国民年金保険料の月額は2025-04-01から2028-03-31まで") as refused:
        parse_parameter("premium", RIGHT).entry_on(day)
    assert refused.value.code == "out_of_range"


@pytest.mark.parametrize(
    ("find", "put", "says"),
    [
        ("2026-04-01:", "2026-02-30:", "日付は実在する日"),
        ("2026-04-01:", "2026-4-1:", "日付は実在する日"),
        ("2026-04-01:", "R8.4.1:", "日付は実在する日"),
        ("2026-04-01:", "2025-04-01:", "2回あります"),
        ("2026-04-01:", "2024-04-01:", "古い順"),
        ("unit: yen", "unit: yen\nunit: yen", "2回あります"),
        ("unit: yen", "unit: dollar", "unitは"),
        ("unit: yen", "", "unitがありません"),
        ("unit: yen", "unit: yen\nreference: x", "「reference」という項目はありません"),
        ("description: 国民年金保険料の月額", "description: 1", "description"),
        ("value: 17510, ", "", "valueがありません"),
        ("value: 17510", "value: null", "valueがありません"),
        ("value: 17510", "value:", "valueがありません"),
        ("value: 17510", "amount: 17510", "「amount」という項目はありません"),
        ("value: 17510", "value: 17510.5", "小数は使えません"),
        ("value: 17510", "value: {numerator: 0.7}", "小数は使えません"),
        ("value: 17510", "value: [1, null]", "値のない項目"),
        ("status: in_force", "status: decided", "statusは"),
        ("source: 令和7年告示", "source: ''", "sourceには"),
        ("source: 令和7年告示", "source: 7", "sourceには"),
        ("until: 2028-03-31", "until: 2027-03-31", "until（2027-03-31）"),
        ("until: 2028-03-31", "until: 2028-03-32", "日付は実在する日"),
        ("values:", "values: {}\nx:", "「x」という項目はありません"),
        (RIGHT, "[]", "持つ項目として"),
        (RIGHT, "description: a\nunit: yen\nvalues: {}", "1つ以上"),
        (RIGHT, "description: [", "YAMLとして読めません"),
    ],
)
def test_a_mistake_is_refused_by_name(find: str, put: str, says: str) -> None:
    with pytest.raises(ParameterFileError, match=r"^premium") as refused:
        parse_parameter("premium", RIGHT.replace(find, put, 1))
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("yes", "yes"),
        ("012", "012"),
        ("1:30", "1:30"),
        ("true", True),
        ("-5", -5),
        ("1_000", 1000),
        ("1975-04-01", "1975-04-01"),
    ],
)
def test_yaml_guesses_nothing(written: str, read: Any) -> None:
    value = parse_parameter("premium", RIGHT.replace("17510", written, 1)).entries[0].value
    assert value == read and type(value) is type(read)


def test_a_value_of_unit_date_is_a_date() -> None:
    assert value_on("qualification/special_voluntary_born_until", date(2026, 4, 1)) == date(1975, 4, 1)
    assert value_on("qualification/special_voluntary_born_until", date(2025, 6, 19)) == date(1965, 4, 1)


def test_every_file_of_the_package_is_right_and_has_its_sources() -> None:
    assert {"qualification/ages", "filing/days"} <= set(all_paths())
    for path in all_paths():
        assert all(entry.source for entry in history(path).entries)


def test_a_path_without_a_file_is_refused() -> None:
    with pytest.raises(ParameterFileError, match="pension/nothing"):
        entry_on("pension/nothing", date(2026, 4, 1))
