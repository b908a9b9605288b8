"""測定: kokunen bench: the figures of the house, each beside its rival.

A measurement is a file ``benchmarks/NAME.py`` of the repository with a function ``measure()`` that gives one ``Figure``
or several in a list.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from .console import ANSWER_IS_NO, JsonOption, say, table, write_json

_FOLDER = Path(__file__).resolve().parent.parent.parent.parent / "benchmarks"


@dataclass(frozen=True)
class Figure:
    """測った値: ``better`` says whether more or less is better; ``goal`` and ``rival_value`` are in ``unit``."""

    name: str
    unit: str
    value: float
    goal: float
    better: str  # "more" or "less"
    rival: str = ""
    rival_value: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times better than the rival; None without a rival."""
        if self.rival_value is None or not self.value or not self.rival_value:
            return None
        return self.value / self.rival_value if self.better == "more" else self.rival_value / self.value

    @property
    def met(self) -> bool:
        """True when the goal is reached."""
        return self.value >= self.goal if self.better == "more" else self.value <= self.goal

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        fields = asdict(self)
        order = ("name", "unit", "value", "rival", "rival_value", "ratio", "goal", "met", "better")
        return {key: {**fields, "ratio": self.ratio, "met": self.met}[key] for key in order}


def add_commands(app: typer.Typer) -> None:
    """Add ``bench`` to the command."""
    app.command("bench", rich_help_panel="測定")(bench)


def bench(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="測る項目（省略時はすべて）")] = None,
    json_output: JsonOption = False,
) -> None:
    """処理の速さを測り、比べる相手と目標に並べて示す。目標に届かなければ終了状態1。"""
    known = names()
    if name is not None and name not in known:
        raise typer.BadParameter(f"測定「{name}」はありません。使える名前: {', '.join(known) or 'なし'}")
    figures: list[Figure] = []
    for chosen in [name] if name else known:
        say(f"測定中: {chosen}")
        measured = _measurement(chosen)()
        figures += measured if isinstance(measured, list) else [measured]
    if json_output:
        documents = [figure.as_dict() for figure in figures]
        write_json(documents[0] if len(documents) == 1 else documents)
    else:
        table("測定", ["項目", "値", "比べる相手", "倍", "目標", "達成"], [_row(figure) for figure in figures])
    if not all(figure.met for figure in figures):
        raise typer.Exit(ANSWER_IS_NO)


def _row(figure: Figure) -> list[str]:
    return [
        figure.name,
        f"{figure.value:,.2f} {figure.unit}",
        figure.rival if figure.rival_value is None else f"{figure.rival} {figure.rival_value:,.2f}",
        "" if figure.ratio is None else f"{figure.ratio:.1f}",
        f"{figure.goal:,g}",
        "○" if figure.met else "×",
    ]


def names() -> list[str]:
    """Names of the figures that can be measured."""
    return sorted(path.stem for path in _FOLDER.glob("*.py") if not path.stem.startswith("_"))


def _measurement(name: str) -> Callable[[], Figure | list[Figure]]:
    if str(_FOLDER.parent) not in sys.path:
        sys.path.insert(0, str(_FOLDER.parent))  # a measurement shares its city and its rivals with the others
    module = importlib.import_module(f"benchmarks.{name}")
    measure: Callable[[], Figure | list[Figure]] = module.measure
    return measure
