"""期限: dues computed from the days of the steps, by the law of each procedure (parameters.yaml)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kokunen.common_platform.safeguards.models import RegisterEntry, RegisterStep
from kokunen.common_platform.safeguards.procedures import parameter
from kokunen.kernel.calendar import add_months, is_holiday, is_year_end_closure

MALICIOUS = "2"


@dataclass(frozen=True, slots=True)
class Due:
    """期限: the next thing that is due, and until when."""

    words: str
    on: date

    @property
    def label(self) -> str:
        """What the day is called: 決定の期限, but 有効期限 and 保存期間の満了 as they are."""
        return self.words if self.words.endswith(("期限", "満了")) else f"{self.words}の期限"


def rights_due(received_on: date, mended: Sequence[tuple[date, date | None]], extension: int = 0) -> date | None:
    """開示・訂正・利用停止の決定の期限: 30 days, the days of 補正 left out, plus an extension of 30 days at most.

    `mended` are (asked, mended) days; None while the request is open for 補正 and the clock stands still.
    """
    if any(end is None for _, end in mended):
        return None
    rest = sum(((end - start).days for start, end in mended if end is not None), 0)
    longest = int(parameter("rights_extension_days"))
    return received_on + timedelta(days=int(parameter("rights_days")) + rest + min(extension, longest))


def leak_warning(known_on: date) -> date:
    """速報を促す日: the learning day counts as day 1."""
    return known_on + timedelta(days=int(parameter("leak_warn_day")) - 1)


def leak_first_due(known_on: date) -> date:
    """速報の期限"""
    return known_on + timedelta(days=int(parameter("leak_first_day")) - 1)


def leak_final_due(known_on: date, types: Sequence[str]) -> date:
    """確報の期限: day 30 (60 when type 2 is among the types); a day of rest moves it to the next day that is none."""
    days = int(parameter("leak_final_days_malicious" if MALICIOUS in types else "leak_final_days"))
    day = known_on + timedelta(days=days - 1)
    while day.weekday() >= 5 or is_holiday(day) or is_year_end_closure(day):
        day += timedelta(days=1)
    return day


def box_due(fiscal_year: int, years: int) -> date:
    """保存期間の満了: counted from 1 April after the year in which the papers were completed."""
    return date(fiscal_year + 1 + years, 4, 1)


def due_of(rule: str, entry: RegisterEntry, steps: Sequence[RegisterStep]) -> Due | None:
    """The next due of an open entry by the rule of its register; None when nothing is due."""
    if rule.startswith("in_"):
        return Due("処理", entry.opened_on + timedelta(days=int(rule.split("_")[1])))
    return _RULES[rule](entry, steps) if rule else None


def _yearly(entry: RegisterEntry, steps: Sequence[RegisterStep]) -> Due:
    last = max((step.acted_on for step in steps), default=entry.opened_on)
    return Due("次の点検", add_months(last, 12))


def _valid_until(entry: RegisterEntry, steps: Sequence[RegisterStep]) -> Due:
    latest = [entry.content, *(step.content for step in steps if "valid_until" in step.content)][-1]
    return Due("有効期限", date.fromisoformat(latest["valid_until"]))


def _box(entry: RegisterEntry, _steps: Sequence[RegisterStep]) -> Due:
    return Due("保存期間の満了", box_due(int(entry.content["fiscal_year"]), int(entry.content["years"])))


def _medium(entry: RegisterEntry, steps: Sequence[RegisterStep]) -> Due:
    last = steps[-1] if steps else None
    if last is None or last.action in ("return", "seen"):
        day = last.acted_on if last else entry.opened_on
        return Due("棚卸し", day + timedelta(days=int(parameter("stock_days"))))
    if last.action == "received":
        return Due("消去", last.acted_on + timedelta(days=int(parameter("erase_days"))))
    if last.action == "lost":
        return Due("漏えい等の対応", last.acted_on)
    issued = max(step.acted_on for step in steps if step.action == "issue")
    return Due("返却", issued + timedelta(days=int(parameter("medium_days"))))


def _rights(entry: RegisterEntry, steps: Sequence[RegisterStep]) -> Due | None:
    if any(step.action == "decide" for step in steps):
        return None
    for step in steps:
        if step.action == "extend_long":
            return Due("残りの決定（特例延長）", date.fromisoformat(step.content["until"]))
    extension = sum(int(step.content["days"]) for step in steps if step.action == "extend")
    day = rights_due(entry.opened_on, mending(steps), extension)
    return Due("決定", day) if day else None


def mending(steps: Sequence[RegisterStep]) -> list[tuple[date, date | None]]:
    """補正: (asked, mended) days in order; the last end is None while it is open."""
    spans: list[tuple[date, date | None]] = []
    for step in steps:
        if step.action == "ask":
            spans.append((step.acted_on, None))
        elif step.action == "mended" and spans:
            spans[-1] = (spans[-1][0], step.acted_on)
    return spans


def _leak(entry: RegisterEntry, steps: Sequence[RegisterStep]) -> Due | None:
    known = date.fromisoformat(entry.content["known_on"])
    taken = {step.action: step for step in steps}
    types = list(taken["judge"].content["types"]) if "judge" in taken else []
    if "judge" in taken and not set(types) - {"0"}:
        return None
    if "report_first" not in taken and "report_final" not in taken:
        return Due("速報", leak_first_due(known))
    if "report_final" not in taken:
        return Due("確報", leak_final_due(known, types))
    return None


_RULES: dict[str, Callable[[RegisterEntry, Sequence[RegisterStep]], Due | None]] = {
    "yearly": _yearly,
    "valid_until": _valid_until,
    "box": _box,
    "medium": _medium,
    "rights": _rights,
    "leak": _leak,
}
