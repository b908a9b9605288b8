"""記録: JSON a line, no number of a person, no words of an error."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from kokunen.common_platform.operations.logs import JsonLines, without_numbers


@pytest.mark.function("S3-5")
@pytest.mark.control("CTL-054")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("宛名番号 000000000000078 を更新", "宛名番号 〈番号〉 を更新"),
        ("個人番号 5555-0123-4567 と 5555 0123 4567", "個人番号 〈番号〉 と 〈番号〉"),
        ("基礎年金番号 1234-567890", "基礎年金番号 〈番号〉"),
        ("atena=000000000000078,", "atena=〈番号〉,"),
        ("12,345 件 port 18000 2026-11-24", "12,345 件 port 18000 2026-11-24"),
    ],
)
def test_長い番号は伏せられる(text: str, shown: str) -> None:
    assert without_numbers(text) == shown


@pytest.mark.function("S3-5")
def test_記録は一行のJSONで_誤りの言葉も人の番号も出ない() -> None:
    def fail() -> None:
        raise ValueError("Key (atena_number)=(000000000000078) 山田 花子 already exists")

    try:
        fail()
    except ValueError as error:
        record = logging.LogRecord("kokunen.x", logging.ERROR, __file__, 1, "失敗 %s %s", (error, "5"), sys.exc_info())
    line = JsonLines().format(record)
    document = json.loads(line)
    assert "\n" not in line and "山田" not in line and "078" not in line
    assert (document["message"], document["error"], document["level"]) == ("失敗 ValueError 5", "ValueError", "ERROR")
    assert any(place.startswith("test_logs.py:") and place.endswith(" fail") for place in document["place"])


@pytest.mark.function("S3-5")
def test_設定はこの書式を使う() -> None:
    from django.conf import settings

    assert settings.LOGGING["formatters"]["json"] == {"()": "kokunen.common_platform.operations.logs.JsonLines"}
    assert all(handler["formatter"] == "json" for handler in settings.LOGGING["handlers"].values())
