"""ネットの一覧: each net with its last run, whether it is held, and its next day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from . import clock
from .business_calendar import next_run_day, runs_on
from .choices import RunState
from .models import NetHold, NetRun
from .nets import Net, all_nets


@dataclass(frozen=True, slots=True)
class NetRow:
    """一覧の一行."""

    net: Net
    last: NetRun | None
    hold: NetHold | None
    next_date: date | None

    @property
    def code(self) -> str:
        """ネットの番号"""
        return self.net.code

    @property
    def label_ja(self) -> str:
        """名称"""
        return self.net.label_ja

    @property
    def rule_ja(self) -> str:
        """運転日"""
        return self.net.rule.ja

    @property
    def state(self) -> str:
        """held while the net is held, else the state of its last run."""
        return str(RunState.HELD) if self.hold else (str(self.last.state) if self.last else str(RunState.NOT_RUN))

    @property
    def state_ja(self) -> str:
        """状態 in words"""
        return RunState(self.state).label

    @property
    def last_date(self) -> date | None:
        """業務日付 of the last run"""
        return self.last.business_date if self.last else None

    @property
    def ended_at(self) -> datetime | None:
        """When the last run ended."""
        return self.last.ended_at if self.last else None

    def as_dict(self) -> dict[str, Any]:
        """For ``kokunen jobs list --json``."""
        return {
            "net": self.code,
            "name": self.label_ja,
            "subsystem": self.net.subsystem,
            "rule": self.rule_ja,
            "at": f"{self.net.at:%H:%M}",
            "until": f"{self.net.until:%H:%M}" if self.net.until else None,
            "after": list(self.net.after_nets),
            "jobs": [{"job": s.code, "name": s.label_ja, "after": list(s.after)} for s in self.net.steps],
            "state": self.state,
            "held": self.hold.reason if self.hold else None,
            "last_run": None
            if self.last is None
            else {
                "run": self.last.pk,
                "business_date": self.last.business_date,
                "state": str(self.last.state),
                "started_at": self.last.started_at,
                "ended_at": self.last.ended_at,
                "message": self.last.message,
            },
            "next_date": self.next_date,
        }


def net_rows() -> list[NetRow]:
    """ネットの一覧, in the order of the house."""
    nets = all_nets()
    last = {run.net: run for run in NetRun.objects.order_by("net", "-id").distinct("net")}
    holds = {hold.net: hold for hold in NetHold.objects.all()}
    today = clock.today()
    return [
        NetRow(net, run := last.get(net.code), holds.get(net.code), _next(net, run, today)) for net in nets.values()
    ]


def _next(net: Net, last: NetRun | None, today: date) -> date | None:
    if runs_on(net.rule, today) and (last is None or last.business_date < today):
        return today
    return next_run_day(net.rule, today)
