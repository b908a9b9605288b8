"""不詳の日付: dates that are legal in the register although the day is not fully known or not in the calendar.

Birth, 住民となった日, 住所を定めた日, 外国人住民となった日 and the 異動日 of birth, death and disappearance may be
written as 令和元年頃, 昭和55年4月日不詳, 年月日不詳 or 令和8年4月上旬, and as days the calendar does not have
(明治45年7月30日, 29 February of a common year). Three things are kept: the text to show, a flag, and a day for
sorting. The day for sorting is never shown, and never becomes a birth date (みなし生年月日 is a forbidden function of
the standard).
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date

from kokunen.kernel.dateinput import ERA_PATTERN, normalize_date_text, parse_date, unreadable, western_day
from kokunen.kernel.eras import BY_MARK, MEIJI, SOLAR_CALENDAR_FROM, TAISHO, Era, era_of, format_wareki, from_era
from kokunen.kernel.errors import InputError

UNKNOWN_TEXT = "年月日不詳"
UNKNOWN_SORTABLE = date.min
"""年月日不詳 sorts before every known day."""

_DEKADS = {"上旬": 1, "中旬": 11, "下旬": 21}
_OLD_ERA_DAYS = {(MEIJI, 45, 7, 30): date(1912, 7, 30), (TAISHO, 15, 12, 25): date(1926, 12, 25)}
"""The day an era changed, still written in the old one: two such days are in the registers of the time."""

_N = "[0-9]"
_ERA = rf"(?P<era>{ERA_PATTERN})?"
_YEAR = rf"(?P<y>元|{_N}{{4}}|{_N}{{1,2}})"
_SEPARATED = re.compile(rf"{_ERA}(?P<y>元|-+|{_N}{{1,4}})([./-])(?P<m>-+|{_N}{{1,2}})\3(?P<d>-+|{_N}{{1,2}})")
_COMPACT = re.compile(rf"{_ERA}(?P<y>{_N}{{4}}|{_N}{{2}})(?P<m>{_N}{{2}}|--)(?P<d>{_N}{{2}}|--)")
_WORDED = re.compile(
    rf"(?P<guess>推定)?{_ERA}(?:西暦)?{_YEAR}年(?:(?P<m>{_N}{{1,2}})月)?(?:(?P<d>{_N}{{1,2}})日)?"
    rf"(?P<tail>頃|[月日]*不詳|上旬|中旬|下旬)?"
)
_RANGE = re.compile(r"(?P<first>.+?)(?P<a>頃)?から(?P<last>.+?)(?P<b>頃)?までの間")
_WHOLLY_UNKNOWN = {"不詳", "不明", UNKNOWN_TEXT, "-", "--", "-.-.-", "-/-/-", "---", "年月日不明"}


@dataclass(frozen=True, slots=True)
class ImpreciseDate:
    """不詳のありうる日付: ``display`` is shown and printed, ``sortable`` only sorts and is never shown."""

    display: str
    is_imprecise: bool
    sortable: date

    def __str__(self) -> str:
        return self.display

    @property
    def exact(self) -> date | None:
        """確定した日: the calendar day, or None when it is not fully known."""
        return None if self.is_imprecise else self.sortable

    @classmethod
    def of(cls, day: date) -> ImpreciseDate:
        """確定した日から: a calendar day, shown in its era."""
        return cls(format_wareki(day), False, day)

    @classmethod
    def unknown(cls) -> ImpreciseDate:
        """年月日不詳."""
        return cls(UNKNOWN_TEXT, True, UNKNOWN_SORTABLE)

    @classmethod
    def as_written(cls, display: str, sortable: date) -> ImpreciseDate:
        """記録のとおり: a date kept in the words of the document, for what no form covers."""
        if not display.strip():
            raise InputError(
                "不詳の日付の表示が空です", code="missing_field", hint="書類に書かれているとおりに入力してください。"
            )
        return cls(display.strip(), True, sortable)


def parse_imprecise(text: str, today: date, field: str = "") -> ImpreciseDate:
    """不詳のありうる日付を読む: every form of :func:`parse_date`, and besides them the imprecise ones.

    ``S55.4.-`` (or ``S55.4.0``) day unknown, ``S55.-.-`` month unknown, ``-.4.1`` year unknown, ``-`` or 年月日不詳,
    頃, 上旬・中旬・下旬, 推定…, …から…までの間; 明治45年7月30日, 大正15年12月25日, 29 February of a common year, and
    days of 明治 before its 6th year. The sortable day is the earliest the text allows.
    """
    clean = re.sub("(?:ごろ|ころ|此)$", "頃", normalize_date_text(text))
    if clean in _WHOLLY_UNKNOWN:
        return ImpreciseDate.unknown()
    between = _RANGE.fullmatch(clean)
    if between:
        return _between(between, text, today, field)
    for pattern in (_SEPARATED, _COMPACT, _WORDED):
        match = pattern.fullmatch(clean)
        found = _from_match(match.groupdict(), text, today, field) if match else None
        if found:
            return found
    return ImpreciseDate.of(parse_date(text, today, field))


def _from_match(parts: dict[str, str | None], text: str, today: date, field: str) -> ImpreciseDate | None:
    """The imprecise reading, or None when the text is a plain date after all."""
    year, month, day = (_known(parts.get(key)) for key in "ymd")
    tail, guess = parts.get("tail") or "", parts.get("guess") or ""
    if year is None:
        return _year_unknown(month, day, text, field)
    mark = parts.get("era")
    era = _era_for(mark, parts["y"] or "", today, text, field)
    if month is None and day is not None:
        raise unreadable(text, field)
    if month is not None and day is not None:
        odd = _non_calendar(era, year, month, day)
        if odd and not tail and not guess:
            return odd
        if tail in ("", "頃") and (tail or guess):
            exact = from_era(era, year, month, day, field) if era else western_day(year, month, day, field)
            return ImpreciseDate(f"{guess}{_written(era, year, month, day)}{tail}", True, exact)
        if tail:
            raise unreadable(text, field)
        return None
    return _open_day(era, year, month, tail, guess, field, text)


def _known(part: str | None) -> int | None:
    if part == "元":
        return 1
    return int(part) if part and part.isdigit() and int(part) else None


def _era_for(mark: str | None, year_text: str, today: date, text: str, field: str) -> Era | None:
    """The era meant; None for a western year."""
    if mark is None and len(year_text) == 4:
        return None
    if len(year_text) > 2:
        raise unreadable(text, field)
    return BY_MARK[mark] if mark else era_of(today)


def _year_unknown(month: int | None, day: int | None, text: str, field: str) -> ImpreciseDate:
    if month is None and day is None:
        return ImpreciseDate.unknown()
    if month is None:
        raise unreadable(text, field)
    try:
        sortable = date(4, month, day or 1)  # year 4 is the first leap year: 29 February may be known without its year
    except ValueError:
        raise InputError(
            f"{month}月{day}日という日はありません", field, "invalid_format", "月と日を確認してください。"
        ) from None
    return ImpreciseDate(f"年不詳{month}月{day}日" if day else f"年不詳{month}月日不詳", True, sortable)


def _non_calendar(era: Era | None, year: int, month: int, day: int) -> ImpreciseDate | None:
    """暦にない日: kept as written; sorted on the nearest day that exists."""
    display = _written(era, year, month, day)
    if era and (era, year, month, day) in _OLD_ERA_DAYS:
        return ImpreciseDate(display, True, _OLD_ERA_DAYS[era, year, month, day])
    western = era.western_year(year) if era else year
    if (month, day) == (2, 29) and not isleap(western):
        return ImpreciseDate(display, True, date(western, 2, 28))
    lunar = era is MEIJI and western < SOLAR_CALENDAR_FROM.year
    if lunar and 1 <= month <= 12 and 1 <= day <= 30:
        return ImpreciseDate(display, True, date(western, month, min(day, monthrange(western, month)[1])))
    return None


def _written(era: Era | None, year: int, month: int | None = None, day: int | None = None) -> str:
    shown = f"{era.name}{'元' if year == 1 else year}年" if era else f"{year}年"
    return shown + (f"{month}月" if month else "") + (f"{day}日" if day else "")


def _open_day(
    era: Era | None, year: int, month: int | None, tail: str, guess: str, field: str, text: str
) -> ImpreciseDate:
    """年または月までの日付: the day (and month) is not known."""
    if tail in _DEKADS and month is None:
        raise unreadable(text, field)
    shown = _written(era, year, month)
    western = era.western_year(year) if era else year
    if month is not None and not 1 <= month <= 12:
        raise InputError(f"{month}月はありません", field, "invalid_format", "月は1から12までで入力してください。")
    first = date(western, month or 1, _DEKADS.get(tail, 1))
    last = _last_possible(western, month, tail)
    if era:
        if last < era.first_day or (era.last_day and first > era.last_day):
            raise InputError(
                f"{shown}はありません。{era.name}の期間にある年月を入力してください",
                field,
                "invalid_format",
                "元号を確認してください。",
            )
        first = max(first, era.first_day)
    if not tail or tail.endswith("不詳"):
        tail = "日不詳" if month else "月日不詳"
    return ImpreciseDate(guess + shown + tail, True, first)


def _last_possible(western: int, month: int | None, tail: str) -> date:
    if tail in ("上旬", "中旬") and month:
        return date(western, month, _DEKADS[tail] + 9)
    return date(western, month or 12, monthrange(western, month or 12)[1])


def _between(match: re.Match[str], text: str, today: date, field: str) -> ImpreciseDate:
    """…から…までの間: sorted on the first day; both days must exist and stand in order."""
    first = parse_date(match["first"], today, field)
    last_text = match["last"]
    if re.fullmatch(r"[0-9]{1,2}日?", last_text):
        last_text = f"{first.year}/{first.month}/{last_text.removesuffix('日')}"
    elif re.fullmatch(r"[0-9]{1,2}月[0-9]{1,2}日", last_text):
        last_text = f"{first.year}年{last_text}"
    last = parse_date(last_text, today, field)
    if last < first:
        raise InputError(
            "期間の終わりが始まりより前です", field, "inconsistent", "前の日から後の日の順に入力してください。"
        )
    about_first, about_last = match["a"] or "", match["b"] or ""
    display = f"{format_wareki(first)}{about_first}から{format_wareki(last)}{about_last}までの間"
    return ImpreciseDate(display, True, first)
