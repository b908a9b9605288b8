"""届出期限と住民記録の日付 (filing deadline): last days to file, 支援措置の期間, 転出による消除日."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kokunen.kernel.calendar import Deadline, add_months, filing_deadline
from kokunen.kernel.errors import InputError
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.parameters import history, value_on


class Filing(StrEnum):
    """届出の種類 with a limit of days."""

    MOVING_IN = "moving_in"
    RELOCATION = "relocation"
    MOVING_OUT = "moving_out"
    HOUSEHOLD_CHANGE = "household_change"
    FOREIGN_MOVING_IN = "foreign_moving_in"
    FOREIGN_STATUS = "foreign_status"
    PENSION = "pension"
    SPECIAL_MOVING_IN = "special_moving_in"


ARTICLES = {
    Filing.MOVING_IN: "住民基本台帳法第22条第1項",
    Filing.RELOCATION: "住民基本台帳法第23条",
    Filing.MOVING_OUT: "住民基本台帳法第24条",
    Filing.HOUSEHOLD_CHANGE: "住民基本台帳法第25条",
    Filing.FOREIGN_MOVING_IN: "住民基本台帳法第30条の46",
    Filing.FOREIGN_STATUS: "住民基本台帳法第30条の47・第30条の48",
    Filing.PENSION: "国民年金法第12条",
    Filing.SPECIAL_MOVING_IN: "住民基本台帳法第24条の2、同法施行令第24条の3",
}
_FIRST_DAY_NOT_COUNTED = "民法第140条"
_CLOSED_DAYS = "民法第142条、地方自治法第4条の2"
_SUPPORT = "住民基本台帳事務処理要領 第5-10"
_REMOVAL = "住民記録システム標準仕様書1.1.5"


def deadline_of(event_date: date) -> Deadline:
    """届出期限: 14 days after the event, the event day not counted, a closed day moved to the next open day.

    ``event_date`` is the day of the fact, for 国民年金 the day of acquisition, change or loss. ``InputError``
    (out_of_range) for a day outside the known holidays. Not for 特例転入, which has two limits.
    """
    return filing_deadline(event_date, value_on("filing/days", event_date))


@dataclass(frozen=True, slots=True)
class SpecialMovingIn:
    """特例転入の期限: the earlier of both limits, each moved to an open day."""

    nominal: date
    nominal_from_planned: date
    deadline: date


def special_moving_in(event_date: date, planned_moving_out_date: date) -> SpecialMovingIn:
    """特例転入: within 14 days of taking up the address and 30 days of the planned moving-out day.

    ``InputError`` (out_of_range, field ``planned_moving_out_date``) when the day lies outside the known holidays.
    """
    first = deadline_of(event_date)
    days = history("filing/special_moving_in_days").entries[-1].value
    try:
        second = filing_deadline(planned_moving_out_date, days)
    except (InputError, OverflowError):
        message = "転出予定年月日は、開庁日のわかる1999年12月から2050年11月までの日付で指定してください"
        raise InputError(message, "planned_moving_out_date", "out_of_range") from None
    return SpecialMovingIn(first.nominal, second.nominal, min(first.deadline, second.deadline))


@dataclass(frozen=True, slots=True)
class SupportPeriod:
    """支援措置の期間 with the day from which an extension may be entered."""

    start: date
    end: date
    extension_from: date

    def extended(self) -> SupportPeriod:
        """延長後の期間: the year that follows."""
        return support_period(self.end + timedelta(days=1))


def support_period(start: date) -> SupportPeriod:
    """支援措置: one year, to the day before the same day of the next year; 29 February ends on 28 February."""
    anniversary = add_months(start, 12)
    end = anniversary - timedelta(days=1) if anniversary.day == start.day else anniversary
    return SupportPeriod(start, end, add_months(end, -1))


def removal_date(planned: date, notified: date | None, cancelled: bool = False) -> date | None:
    """転出による消除日: the earlier of 転出予定年月日 and the 転入日 of the notice, None when cancelled."""
    if cancelled:
        return None
    return planned if notified is None else min(planned, notified)


def explain_deadline(filing: Filing, deadline: Deadline, in_time: bool | None) -> list[Explained]:
    """届出期限の説明."""
    article = ARTICLES[filing]
    steps = [
        Explained("nominal_date", "14日目", deadline.nominal, Unit.DATE, f"{article}、{_FIRST_DAY_NOT_COUNTED}"),
        Explained("deadline", "届出期限", deadline.deadline, Unit.DATE, _CLOSED_DAYS),
        Explained("moved", "閉庁日による繰下げ", deadline.moved, Unit.BOOL, _CLOSED_DAYS),
    ]
    return steps + _in_time(in_time, article)


def explain_special(special: SpecialMovingIn, in_time: bool | None) -> list[Explained]:
    """特例転入の期限の説明."""
    article = ARTICLES[Filing.SPECIAL_MOVING_IN]
    steps = [
        Explained("nominal_date", "住み始めた日から14日目", special.nominal, Unit.DATE, article),
        Explained("nominal_date_30", "転出予定日から30日目", special.nominal_from_planned, Unit.DATE, article),
        Explained("deadline", "届出期限（早いほう）", special.deadline, Unit.DATE, _CLOSED_DAYS),
    ]
    return steps + _in_time(in_time, article)


def explain_support(period: SupportPeriod) -> list[Explained]:
    """支援措置の期間の説明."""
    following = period.extended()
    return [
        Explained("start_date", "支援措置の開始日", period.start, Unit.DATE, _SUPPORT),
        Explained("end_date", "支援措置の終了日", period.end, Unit.DATE, _SUPPORT),
        Explained("extension_from", "延長の申出ができる日", period.extension_from, Unit.DATE, _SUPPORT),
        Explained("next_period.start_date", "延長後の開始日", following.start, Unit.DATE, _SUPPORT),
        Explained("next_period.end_date", "延長後の終了日", following.end, Unit.DATE, _SUPPORT),
    ]


def explain_removal(planned: date, notified: date | None, removed: date | None) -> list[Explained]:
    """消除日の説明."""
    return [
        Explained("planned_date", "転出予定年月日", planned, Unit.DATE, _REMOVAL),
        Explained("confirmed_date", "転入通知の転入日", notified, Unit.DATE, "住民基本台帳法第9条第1項"),
        Explained("removal_date", "消除日", removed, Unit.DATE, _REMOVAL),
    ]


def _in_time(in_time: bool | None, article: str) -> list[Explained]:
    return [] if in_time is None else [Explained("in_time", "期限内の届出", in_time, Unit.BOOL, article)]
