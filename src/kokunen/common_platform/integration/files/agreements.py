"""連携の取決め: who hands over what to whom, by which key, when, and within which limits; data, not program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers import AtenaNumber
from kokunen.law.strict_yaml import load

Judge = Callable[[dict[str, str]], str]
IN, OUT = "in", "out"


@dataclass(frozen=True, slots=True)
class Agreement:
    """連携の取決め: who hands over which items under which key; ``judge`` gives "" or why a row is wrong.

    ``fewest``: below this share of the generation in force a full file is held; ``most_errors``: above this share of
    wrong rows the whole file is refused; ``view``: for what goes out, the subsystem whose declared view is handed over.
    """

    supplier: str
    dataset: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    judge: Judge = lambda _row: ""
    code: str = ""
    label_ja: str = ""
    partner_ja: str = ""
    user: str = ""
    direction: str = IN
    schedule_ja: str = ""
    fewest: float = 0.7
    most_errors: float = 0.01
    keep_days: int = 365
    view: str = ""

    def key_of(self, row: dict[str, str]) -> str:
        """The key of a row as text."""
        return "/".join(row[name] for name in self.key)

    @property
    def direction_ja(self) -> str:
        """受付 or 提供"""
        return "受付" if self.direction == IN else "提供"

    @property
    def fewer_percent(self) -> int:
        """How many per cent fewer rows are still taken."""
        return round((1 - self.fewest) * 100)


@cache
def agreements() -> dict[str, Agreement]:
    """取決めの一覧 by code."""
    path = Path(__file__).with_name("agreements.yaml")
    found = [_agreement(one) for one in load(path.read_text(encoding="utf-8"), path.name)]
    return {one.code: one for one in found}


def get_agreement(code: str) -> Agreement:
    """取決め: by code. Raises InputError for one that is not declared."""
    if (found := agreements().get(code)) is None:
        raise InputError(
            f"連携の取決め「{code[:40]}」はありません", "agreement", hint=f"使えるもの: {'、'.join(agreements())}"
        )
    return found


def agreement_of(supplier: str, dataset: str) -> Agreement:
    """取決め by which files of that supplier are taken. Raises InputError when there is none."""
    for one in agreements().values():
        if (one.direction, one.supplier, one.dataset) == (IN, supplier, dataset):
            return one
    raise InputError("この提供側とデータの取決めはありません", "agreement", hint="取決めの一覧を確かめてください。")


def _agreement(told: dict[str, Any]) -> Agreement:
    checks: dict[str, str] = told.get("columns", {})
    return Agreement(
        supplier=told["supplier"],
        dataset=told["dataset"],
        columns=tuple(checks),
        key=tuple(told.get("key", ())),
        judge=_judge_by(checks),
        code=told["code"],
        label_ja=told["label"],
        partner_ja=told["partner"],
        user=told["user"],
        direction=told["direction"],
        schedule_ja=told["schedule"],
        fewest=float(told.get("fewest", 0.7)),
        most_errors=float(told.get("most_errors", 0.01)),
        keep_days=int(told["keep_days"]),
        view=told.get("view", ""),
    )


def _judge_by(checks: dict[str, str]) -> Judge:
    if unknown := set(checks.values()) - set(_CHECKS):
        raise ValueError(f"agreements.yaml: unknown checks {', '.join(sorted(unknown))}")

    def judge(row: dict[str, str]) -> str:
        found = ((name, _CHECKS[check](row[name])) for name, check in checks.items())
        return next((f"{name}: {words}" for name, words in found if words), "")

    return judge


def _atena_number(text: str) -> str:
    return "" if AtenaNumber.judge(text).valid else "宛名番号の形か検査数字が違います"


def _date(text: str) -> str:
    try:
        return "" if date.fromisoformat(text).isoformat() == text else "日付の形が違います"
    except ValueError:
        return "日付の形が違います"


_CHECKS: dict[str, Callable[[str], str]] = {
    "atena_number": _atena_number,
    "date": _date,
    "date_or_empty": lambda text: _date(text) if text else "",
    "text": lambda _text: "",
}
"""What a column may be asked to be; the answer says what is wrong and never repeats the value."""
