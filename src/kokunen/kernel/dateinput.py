"""日付の入力: one field, every form used at a counter, one calendar day.

A day outside its era is refused with the right one named; a weekday written behind a date must fit it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from kokunen.kernel.eras import BY_MARK, HOW, SOLAR_CALENDAR_FROM, WEEKDAYS, era_of, existing_days, from_era
from kokunen.kernel.errors import InputError

ERA_PATTERN = "明治|大正|昭和|平成|令和|[MTSHR明大昭平令]"
_N = "[0-9]"
_KANJI = re.compile(rf"(?P<era>{ERA_PATTERN})?(?P<y>元|{_N}{{1,2}})年(?P<m>{_N}{{1,2}})月(?P<d>{_N}{{1,2}})日?")
_WESTERN_KANJI = re.compile(rf"(?:西暦)?(?P<y>{_N}{{4}})年(?P<m>{_N}{{1,2}})月(?P<d>{_N}{{1,2}})日?")
_SEPARATED = re.compile(rf"(?P<era>{ERA_PATTERN})?(?P<y>元|{_N}{{1,4}})([./-])(?P<m>{_N}{{1,2}})\3(?P<d>{_N}{{1,2}})")
_DIGITS = re.compile(rf"(?P<era>{ERA_PATTERN})?(?P<y>{_N}{{4}}|{_N}{{2}})(?P<m>{_N}{{2}})(?P<d>{_N}{{2}})")
_DIGITS_OF_A_DATE = 8
_RELATIVE = re.compile(rf"[+-]{_N}{{1,4}}")
_WORDS = {
    "今日": 0,
    "本日": 0,
    "昨日": -1,
    "明日": 1,
    "きょう": 0,
    "きのう": -1,
    "あした": 1,
    "一昨日": -2,
    "明後日": 2,
}
_WEEKDAY_TAIL = re.compile(rf"\(([{WEEKDAYS}])(?:曜日?)?\)$")
_MARKS = str.maketrans("。・,、ー‐‑‒–—―−─━", "....----------")


def normalize_date_text(text: str) -> str:
    """日付入力の正規化: NFKC, upper case, no white space, dash look-alikes as "-", points and commas as "."."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).upper()).translate(_MARKS)


def parse_date(text: str, today: date, field: str = "") -> date:
    """日付を読む: any form of the counter → a calendar day; :class:`InputError` when there is no such day.

    ``today`` gives the current era of ``081123`` and ``8/11/23`` and the start of ``今日`` and ``+3``. Days before
    明治6年1月1日 are refused.
    """
    clean = normalize_date_text(text)
    weekday = _WEEKDAY_TAIL.search(clean)
    clean = _WEEKDAY_TAIL.sub("", clean)
    if not clean:
        raise InputError("日付が入力されていません", field, "missing_field", f"日付を入力してください（{HOW}）。")
    day = _read(clean, text, today, field)
    if weekday and WEEKDAYS[day.weekday()] != weekday[1]:
        raise InputError(
            f"曜日が合いません。その日は{WEEKDAYS[day.weekday()]}曜日です（入力は{weekday[1]}曜日）",
            field,
            "inconsistent",
            "日付か曜日のどちらかを直してください。",
        )
    return day


def _read(clean: str, text: str, today: date, field: str) -> date:
    if clean in _WORDS:
        return today + timedelta(days=_WORDS[clean])
    if _RELATIVE.fullmatch(clean):
        return today + timedelta(days=int(clean))
    for pattern in (_KANJI, _WESTERN_KANJI, _SEPARATED, _DIGITS):
        match = pattern.fullmatch(clean)
        if match:
            return _from_parts(match.groupdict(), today, field)
    raise unreadable(text, field)


def unreadable(text: str, field: str) -> InputError:
    """読み取れない日付: the error for a text that has the form of no date.

    The text is repeated so that a slip is seen, but not when it could be a 個人番号 typed into the wrong field.
    """
    shown = "" if sum(char.isdigit() for char in text) > _DIGITS_OF_A_DATE else f"「{text.strip()[:30]}」"
    return InputError(
        f"日付{shown}を読み取れません。和暦か西暦の年月日で入力してください",
        field,
        "invalid_format",
        f"{HOW}のように入力してください。",
    )


def _from_parts(parts: dict[str, str | None], today: date, field: str) -> date:
    mark, year_text = parts.get("era"), parts["y"] or ""
    month, day = int(parts["m"] or 0), int(parts["d"] or 0)
    if mark is None and len(year_text) == 4:
        return western_day(int(year_text), month, day, field)
    if len(year_text) > 2:
        raise InputError(
            f"年「{mark or ''}{year_text}」を読み取れません。西暦は4桁、和暦は元号と2桁までの年で入力してください",
            field,
            "invalid_format",
            f"{HOW}のように入力してください。",
        )
    year = 1 if year_text == "元" else int(year_text)
    return from_era(BY_MARK[mark] if mark else era_of(today), year, month, day, field)


def western_day(year: int, month: int, day: int, field: str = "") -> date:
    """西暦の日: the calendar day, refused when it does not exist or is before 明治6年1月1日."""
    try:
        result = date(year, month, day)
    except ValueError:
        message = f"{year}年{month}月{day}日という日はありません"
        raise InputError(message, field, "invalid_format", existing_days(year, month)) from None
    if result < SOLAR_CALENDAR_FROM:
        raise InputError(
            f"{year}年{month}月{day}日は古すぎます。1873年（明治6年）1月1日以後の日を入力してください",
            field,
            "out_of_range",
            "西暦の年を確認してください。",
        )
    return result
