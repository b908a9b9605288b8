"""ジョブネットの宣言: which work hangs together, on which days, in which order, in which hours.

A subsystem's ``jobs.py`` names its daily work in ``DAILY`` (functions, each safe to run again): that makes the net of
its day, one step a function, a failed step not stopping the others. ``NETS`` holds whatever else it declares. A net's
code is the system's two letters, D (daily), W, M, Y or R (on request) and a number, e.g. ``NPD010``.

A function may take ``day`` (the business date) and ``step`` (:class:`~.executing.StepContext`: parameters, checkpoint,
progress, log); what it returns is shown as the result of the step and so holds counts, never people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import time
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from kokunen.kernel.errors import InputError

from .business_calendar import Cycle, RunRule

LETTERS = {
    "default": "CP",
    "ledger": "LG",
    "assessment": "AS",
    "resident_registry": "RR",
    "unified_atena": "UA",
    "nonresident_registry": "NR",
    "resident_tax": "TX",
    "national_pension": "NP",
    "pension_records": "PR",
}
_REGISTER_FIRST = frozenset({"unified_atena", "nonresident_registry", "resident_tax", "national_pension"})
"""Subsystems whose day builds on the register of that day: who has left is removed first."""
_REGISTRY_NET = "RRD010"


@dataclass(frozen=True, slots=True)
class Step:
    """ジョブ: one function. ``after`` names steps of the same net that must have ended well (with ``go_on``: ended at
    all). ``lock``: steps of one name never run at the same time, in whatever net. ``file``: a pattern below the data
    folder; the step waits until a file of that name has arrived.
    """

    code: str
    label_ja: str
    function: str
    after: tuple[str, ...] = ()
    go_on: bool = False
    lock: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Net:
    """ジョブネット: ``at`` and ``until`` are the hours in which it may begin on its business day; ``after_nets`` are
    nets whose run of the same business day must have ended; ``expected_minutes`` is when it counts as late.
    """

    code: str
    label_ja: str
    subsystem: str
    steps: tuple[Step, ...]
    rule: RunRule = field(default_factory=RunRule)
    at: time = time(0, 5)
    until: time | None = None
    after_nets: tuple[str, ...] = ()
    expected_minutes: int = 60
    uses_snapshot: bool = False

    def __post_init__(self) -> None:
        known: set[str] = set()
        for step in self.steps:
            if step.code in known or (missing := set(step.after) - known):
                raise ValueError(f"net {self.code}: step {step.code} is double or comes before {missing or 'itself'}")
            known.add(step.code)

    def step(self, code: str) -> Step:
        """The step of that code."""
        return next(step for step in self.steps if step.code == code)


def path_of(function: Callable[..., object]) -> str:
    """Dotted path of a function, as a step names it."""
    return f"{function.__module__}.{function.__name__}"


def all_nets() -> dict[str, Net]:
    """ジョブネットの一覧: of every subsystem that this process serves, by code, in the order of the subsystem list."""
    from kokunen.config import environment
    from kokunen.config.subsystems import SUBSYSTEMS

    served = set(environment.served_subsystems())
    found: dict[str, Net] = {}
    for subsystem in SUBSYSTEMS:
        name = f"{subsystem.package}.jobs"
        if subsystem.alias in served and find_spec(subsystem.package) and find_spec(name):
            for net in _nets_of(subsystem.alias, subsystem.ja, import_module(name)):
                if found.setdefault(net.code, net) is not net:
                    raise ValueError(f"net {net.code} is declared twice")
    return found


def get_net(code: str) -> Net:
    """ジョブネット: by code. Raises InputError for a code that nobody declares."""
    nets = all_nets()
    if code not in nets:
        raise InputError(
            f"ジョブネット「{code}」はありません", "net", hint=f"使えるもの: {'、'.join(nets)}", code="unknown_net"
        )
    return nets[code]


def _nets_of(alias: str, ja: str, module: ModuleType) -> Iterable[Net]:
    daily: tuple[Callable[..., object], ...] = getattr(module, "DAILY", ())
    if daily:
        letters = LETTERS[alias]
        steps: list[Step] = []
        for number, function in enumerate(daily, start=1):
            before = (steps[-1].code,) if steps else ()
            code = f"{letters}D{number * 10:03d}"
            steps.append(Step(code, _label(function), path_of(function), after=before, go_on=True))
        yield Net(
            f"{letters}D010",
            f"{ja}の日次処理",
            alias,
            tuple(steps),
            RunRule(Cycle.EVERY_DAY),
            after_nets=(_REGISTRY_NET,) if alias in _REGISTER_FIRST else (),
        )
    yield from getattr(module, "NETS", ())


def _label(function: Callable[..., object]) -> str:
    """The Japanese term before the colon in the function's docstring."""
    first = (function.__doc__ or function.__name__).strip().split("\n")[0]
    return first.split(":")[0].split(" (")[0].strip(" .。")
