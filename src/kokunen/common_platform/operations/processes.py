"""プロセス一覧: which processes make up a running city, in the order in which they start.

They stop in turns, all of one turn at a time: first nobody can change anything any more (screens), then the daemons
that talk to outside parties end their round in hand, then what was changed is carried to its readers (integration),
and the sealer is last, so that every look made today stands sealed in the ledger.
"""

from __future__ import annotations

import http.client
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Protocol

from . import heartbeat

HOST = "127.0.0.1"
WEB = "web"
PENSION_RECORDS = "pension-records"

COUNTERPARTS: Mapping[str, str] = {
    "jps": "日本年金機構",
    "juki_cs": "住基ネット",
    "moj": "法務省",
    "koseki": "戸籍附票",
    "certificate_centre": "証明書交付センター",
    "eltax": "eLTAX",
    "intermediate_server": "中間サーバー",
    "terminal_controller": "年金事務所の端末制御装置",
}
"""Outside parties of the demo city: package below ``kokunen.counterparts`` and name."""

JOB_WORKERS = 2
"""Workers of one machine; one of them leads, and when it dies the other takes over."""

SCREENS, ROUNDS, CARRYING, LAST = range(4)
"""Turns of the stop."""

_FIRST_COUNTERPART_PORT = 10  # after PORT_BASE; the database has PORT_BASE itself
_PORTS_PER_COUNTERPART = 5
_PROBE_SECONDS = 2.0


class Readiness(Protocol):
    """起動の確認: how the supervisor learns that a process does its work."""

    def is_ready(self, run_dir: Path) -> bool:
        """True once the process works."""


@dataclass(frozen=True)
class Beats:
    """鼓動で確かめる: the process has beaten since it was started."""

    process: str

    def is_ready(self, run_dir: Path) -> bool:
        """True while the last beat is recent."""
        return heartbeat.is_fresh(self.process, run_dir)


@dataclass(frozen=True)
class Answers:
    """応答で確かめる: the process answers ``GET path`` on its port; ``statuses`` empty accepts any answer."""

    port: int
    path: str = "/healthz"
    statuses: tuple[int, ...] = ()

    def is_ready(self, run_dir: Path) -> bool:
        """True when the process answers now."""
        status, _ = ask(self.port, self.path)
        return status is not None and (not self.statuses or status in self.statuses)


@dataclass(frozen=True)
class ProcessPlan:
    """プロセスの計画: what to start, how to see that it works, how long it may take to end by itself.

    ``copied``: started as a copy of the supervisor's program with the house loaded (``forking``), not as a new one.
    ``stop_turn``: processes of a lower turn have ended before those of a higher one are asked to.
    ``silent_seconds``: a process that lives but has not beaten for so long hangs: it is ended and started again.
    """

    name: str
    label: str
    arguments: tuple[str, ...]
    readiness: Readiness
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_seconds: float = 20.0
    stop_turn: int = SCREENS
    copied: bool = False
    silent_seconds: float = 300.0  # far longer than any round of work: what is only slow must not be ended

    @property
    def command(self) -> list[str]:
        """The command line: every process of the house runs in the interpreter that runs the supervisor."""
        return [sys.executable, *self.arguments]

    @property
    def beats(self) -> bool:
        """True when the process is watched by its heartbeat."""
        return isinstance(self.readiness, Beats)


def _counterpart_ports(web_port: int, port_base: int) -> Iterator[int]:
    """First port of each outside party: a party has a few in a row, none of them the port of the screens."""
    return (
        port
        for port in count(port_base + _FIRST_COUNTERPART_PORT, _PORTS_PER_COUNTERPART)
        if web_port not in range(port, port + _PORTS_PER_COUNTERPART)
    )


def city_processes(
    data_dir: Path, web_port: int, port_base: int, counterparts: Sequence[str], records_port: int
) -> list[ProcessPlan]:
    """The processes of a city beside its database. ``counterparts``: names out of ``COUNTERPARTS``."""
    return [
        _daemon("ledger-sealer", "閲覧記録の封印", "kokunen.ledger.sealer", turn=LAST),
        _daemon("integration-worker", "庁内連携", "kokunen.common_platform.integration.worker", turn=CARRYING),
        *(
            _daemon(name, f"ジョブの作業{number}", "kokunen.common_platform.operations.worker", name)
            for number, name in enumerate((f"job-worker-{n}" for n in range(1, JOB_WORKERS + 1)), 1)
        ),
        _daemon("registry-lines", "住民記録の回線", "kokunen.resident_registry.lines"),
        _daemon("certificate-kiosk", "コンビニ交付の窓口", "kokunen.resident_registry.kiosk"),
        _daemon("unified-lines", "中間サーバーの回線", "kokunen.unified_atena.lines"),
        *(
            _counterpart(name, data_dir, port)
            for name, port in zip(COUNTERPARTS, _counterpart_ports(web_port, port_base), strict=False)
            if name in counterparts
        ),
        ProcessPlan(
            PENSION_RECORDS,
            "社会保険オンライン",
            (
                "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(records_port),
                "--workers", "1", "--blocking-threads", "4", "--workers-kill-timeout", "10", "--no-ws",
                "kokunen.pension_records.wsgi:application",
            ),
            Answers(records_port, statuses=(200,)),
            {"DJANGO_SETTINGS_MODULE": "kokunen.pension_records.settings"},
        ),
        ProcessPlan(
            WEB,
            "画面",
            (
                "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(web_port),
                "--workers", "2", "--blocking-threads", "4", "--workers-kill-timeout", "10", "--no-ws",
                "kokunen.config.wsgi:application",
            ),
            Answers(web_port),
        ),
    ]  # fmt: skip


def _daemon(name: str, label: str, module: str, *arguments: str, turn: int = ROUNDS) -> ProcessPlan:
    """A daemon of the house; it beats under its own name."""
    return ProcessPlan(name, label, ("-m", module, *arguments), Beats(name), stop_turn=turn, copied=True)


def _counterpart(name: str, data_dir: Path, port: int) -> ProcessPlan:
    place = data_dir / "counterparts" / name
    return ProcessPlan(
        f"counterpart-{name}",
        COUNTERPARTS[name],
        ("-m", f"kokunen.counterparts.{name}", "--data", str(place), "--port", str(port)),
        Answers(port, statuses=(200,)),
        stop_turn=LAST,
    )


def ask(port: int, path: str) -> tuple[int | None, object]:
    """Status and JSON body of ``GET path`` on loopback; (None, None) when nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=_PROBE_SECONDS)
    try:
        connection.request("GET", path, headers={"Accept": "application/json"})
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException):
        return None, None
    finally:
        connection.close()
    try:
        return response.status, json.loads(body)
    except ValueError:
        return response.status, None
