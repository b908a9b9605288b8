"""資格の説明 (explaining): the changes of a qualification as steps and as sentences for the screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kokunen.kernel.eras import format_wareki, format_year_month
from kokunen.law.engine.months import first_day, month_text
from kokunen.law.engine.steps import Explained, Unit
from kokunen.law.rules.qualification._state import day_of_age, legal_ages, next_day
from kokunen.law.rules.qualification.types import Change, Kind, Qualification
from kokunen.law.rules.qualification.words import REASON_LABELS, TYPE_LABELS

_AGE_ARTICLE = "年齢計算ニ関する法律、民法第143条"
_MONTHS_ARTICLE = "国民年金法第11条"
_TYPE_MONTHS_ARTICLE = "国民年金法第11条の2"
_DAY_LABELS = {Kind.ACQUISITION: "資格取得日", Kind.TYPE_CHANGE: "種別変更日", Kind.LOSS: "資格喪失日"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """説明: the figures in order of computation and the same as sentences, one for each change."""

    steps: tuple[Explained, ...]
    sentences: tuple[str, ...]


def explain(qualification: Qualification, birth_date: date) -> Explanation:
    """資格の履歴を説明する."""
    steps = (*_ages(birth_date), *_changes(qualification), *_months(qualification))
    return Explanation(steps, tuple(sentence(change) for change in qualification.changes))


def explain_change(change: Change) -> Explanation:
    """一件の異動を説明する: what an officer sees beside the work item."""
    return Explanation(tuple(_change(change, "")), (sentence(change),))


def sentence(change: Change) -> str:
    """異動一件の文: which day, by what law, and which months."""
    day, reason = format_wareki(change.day), REASON_LABELS[change.reason]
    if change.kind is Kind.TYPE_CHANGE and change.before is not None and change.after is not None:
        what = f"{reason}により、{day}に{TYPE_LABELS[change.before]}から{TYPE_LABELS[change.after]}へ種別が変わります"
    elif change.after is not None:
        what = f"{reason}により、{day}に{TYPE_LABELS[change.after]}の資格を取得します"
    else:
        assert change.before is not None
        fact = format_wareki(change.effect_on)
        when = (
            f"{fact}の{reason}により、その翌日の{day}"
            if change.day == next_day(change.effect_on)
            else f"{reason}により、{day}"
        )
        what = f"{when}に{TYPE_LABELS[change.before]}の資格を喪失します"
    return f"{what}（{change.article}）。{_months_sentence(change)}"


def _months_sentence(change: Change) -> str:
    parts = []
    if change.before is not None:
        if change.last_month is not None:
            parts.append(f"{TYPE_LABELS[change.before]}の最後の月は{_month_ja(change.last_month)}")
        else:
            parts.append(f"{TYPE_LABELS[change.before]}となる月はなく")
    if change.after is not None and change.first_month is not None:
        parts.append(f"{TYPE_LABELS[change.after]}の最初の月は{_month_ja(change.first_month)}")
    article = _TYPE_MONTHS_ARTICLE if change.kind is Kind.TYPE_CHANGE else _MONTHS_ARTICLE
    return (
        f"{'、'.join(parts)}です（{article}）。"
        if change.last_month or change.after
        else "被保険者となる月はありません。"
    )


def _month_ja(month: int) -> str:
    return format_year_month(first_day(month))


def _ages(birth_date: date) -> Iterator[Explained]:
    for age in legal_ages():
        if (day := day_of_age(birth_date, age)) is not None:
            yield Explained(f"reached_{age}_on", f"{age}歳到達日", day, Unit.DATE, _AGE_ARTICLE)


def _changes(qualification: Qualification) -> Iterator[Explained]:
    if qualification.periods and qualification.periods[0].acquisition_reason == "carried_in":
        first = qualification.periods[0]
        yield Explained("carried_in.type", "履歴の初日の種別", TYPE_LABELS[first.type], Unit.TEXT)
        yield Explained("carried_in.acquired_on", "履歴の初日", first.acquired_on, Unit.DATE)
    for index, change in enumerate(qualification.changes):
        yield from _change(change, f"changes[{index}].")


def _change(change: Change, prefix: str) -> Iterator[Explained]:
    gained, lost = change.after, change.before
    reason = REASON_LABELS[change.reason]
    yield Explained(f"{prefix}reason", "異動の理由", reason, Unit.TEXT, change.article)
    yield Explained(f"{prefix}effect_on", "異動の原因の日", change.effect_on, Unit.DATE, change.article)
    if lost is not None:
        yield Explained(f"{prefix}before", "前の種別", TYPE_LABELS[lost], Unit.TEXT, change.article)
    if gained is not None:
        yield Explained(f"{prefix}after", "後の種別", TYPE_LABELS[gained], Unit.TEXT, change.article)
    yield Explained(f"{prefix}day", _DAY_LABELS[change.kind], change.day, Unit.DATE, change.article)
    months = _TYPE_MONTHS_ARTICLE if change.kind is Kind.TYPE_CHANGE else _MONTHS_ARTICLE
    if lost is not None:
        last = None if change.last_month is None else month_text(change.last_month)
        yield Explained(f"{prefix}last_month", f"{TYPE_LABELS[lost]}の最後の月", last, Unit.YEAR_MONTH, months)
    if gained is not None and change.first_month is not None:
        first = month_text(change.first_month)
        yield Explained(f"{prefix}first_month", f"{TYPE_LABELS[gained]}の最初の月", first, Unit.YEAR_MONTH, months)


def _months(qualification: Qualification) -> Iterator[Explained]:
    for index, item in enumerate(qualification.month_ranges):
        label, name = TYPE_LABELS[item.type], f"month_ranges[{index}]"
        yield Explained(
            f"{name}.from", f"{label}の月（はじめ）", month_text(item.first), Unit.YEAR_MONTH, _MONTHS_ARTICLE
        )
        yield Explained(f"{name}.to", f"{label}の月（おわり）", month_text(item.last), Unit.YEAR_MONTH, _MONTHS_ARTICLE)
        yield Explained(f"{name}.months", f"{label}の月数", item.months, Unit.MONTH, _MONTHS_ARTICLE)
    for insured, months in qualification.month_counts.items():
        label = f"{TYPE_LABELS[insured]}の月数の合計"
        yield Explained(f"month_counts.{insured}", label, months, Unit.MONTH, _MONTHS_ARTICLE)
