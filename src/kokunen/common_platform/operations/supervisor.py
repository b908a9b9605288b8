"""見張り: starts the processes of a city, restarts what falls, and stops everything in order.

Signals are blocked and waited for in one place, so nothing is interrupted half way: Ctrl-C and SIGTERM mean "stop in
order", the end of a child means "look who it was". Children get a session of their own (the terminal's Ctrl-C goes to
the supervisor alone) and are told to end by the kernel should the supervisor ever be killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import psutil

from . import forking, heartbeat
from .embedded_postgres import Cluster, ClusterError
from .processes import ProcessPlan, ask
from .run_folder import CityState, ProcessState, RunFolder, born

log = logging.getLogger("kokunen.supervisor")

STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
_WAITED = STOP_SIGNALS | {signal.SIGCHLD}
_LOOK_SECONDS = 0.2  # while something is starting
_REST_SECONDS = 1.0
_FIRST_DELAY, _LONGEST_DELAY = 0.5, 30.0
_STEADY_SECONDS = 60.0  # a process that lived so long starts again without waiting
_LARGEST_LOG = 10_000_000
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


Process = subprocess.Popen[bytes] | forking.ForkedProcess


class Stopped(Exception):
    """停止の求め: the operator asked to stop while the city was being prepared."""


class StepFailed(Exception):
    """準備の失敗: a step before the start of the city failed; the step itself has said why on standard error."""


@dataclass
class Child:
    """子プロセス: a plan, the process that runs it now, and when it may be started again."""

    plan: ProcessPlan
    state: ProcessState
    process: Process | None = None
    started_at: float = 0.0
    delay: float = _FIRST_DELAY
    start_after: float = field(default=0.0)
    beat: float | None = None
    beat_seen: float = 0.0

    def is_silent(self, beat: float | None, now: float) -> bool:
        """No new beat for too long. Counted by the supervisor's looks (``now``, monotonic), not by the times of the
        beats: a machine that slept, or whose clock was put forward, has no silent processes."""
        if beat != self.beat:
            self.beat, self.beat_seen = beat, now
        return now - self.beat_seen > self.plan.silent_seconds


class Supervisor:
    """見張り番: one city's processes. ``run`` holds the city's lock until everything has been stopped."""

    def __init__(
        self,
        folder: RunFolder,
        plans: Sequence[ProcessPlan],
        cluster: Cluster | None,
        log_dir: Path,
        web_port: int,
        say: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._cluster = cluster
        self._log_dir = log_dir
        self._web_port = web_port
        self._say = say
        self._children = [
            Child(plan, ProcessState(plan.name, plan.label, beats=plan.beats, log=str(log_dir / f"{plan.name}.log")))
            for plan in plans
        ]
        self._stopping = False
        self._written = ""
        self._state = CityState(
            phase="preparing",
            address=f"http://127.0.0.1:{web_port}/",
            pid=os.getpid(),
            born=born(os.getpid()) or 0.0,
            database_port=cluster.port if cluster else None,
            processes=[child.state for child in self._children],
        )

    def run(self, prepare: Callable[[], None], when_ready: Callable[[CityState], None]) -> None:
        """Prepare, start, watch until told to stop, stop in order.

        ``prepare`` runs with the database up and may call ``run_step``; ``when_ready`` is called once, when every
        process is up. Raises Conflict when the city runs already, ClusterError or StepFailed when it cannot start.
        """
        with self._folder.lock():
            signal.pthread_sigmask(signal.SIG_BLOCK, _WAITED)
            try:
                self._clear_leftovers()
                self._write("preparing")
                if self._cluster:
                    self._say("データベースを起動しています")
                    self._cluster.start()
                prepare()
                self._watch(when_ready)
            except Stopped:
                pass
            finally:
                self._stop_everything()

    def run_step(self, arguments: Sequence[str], environment: dict[str, str] | None = None) -> None:
        """Run one step of the preparation to its end; its messages and progress go to standard error.

        Raises StepFailed when it fails and Stopped when the operator does not want to wait for it.
        """
        self._refuse_if_stopping()
        process = self._spawn([sys.executable, *arguments], environment or {}, out=sys.stderr.fileno())
        while process.poll() is None:
            self._wait(_REST_SECONDS)
            if self._stopping:
                process.terminate()
                self._end(process, time.monotonic() + 20.0)
                raise Stopped
        if process.returncode != 0:
            raise StepFailed(" ".join(arguments))

    # ---- watching ------------------------------------------------------------------------------------------------

    def _watch(self, when_ready: Callable[[CityState], None]) -> None:
        self._refuse_if_stopping()
        self._say("プロセスを起動しています")
        self._write("starting")
        if any(child.plan.copied for child in self._children):
            self._start_new_programs()
            forking.load_house()
        announced = False
        while not self._stopping:
            self._keep_database()
            for child in self._children:
                self._keep(child)
            all_up = all(child.state.state == "running" for child in self._children)
            self._write("ready" if announced and all_up else "starting")
            if all_up and not announced and self._whole_city_answers():
                announced = True
                self._write("ready")
                when_ready(self._state)
            self._wait(_REST_SECONDS if all_up and announced else _LOOK_SECONDS)

    def _start_new_programs(self) -> None:
        """Those that load by themselves do so while the supervisor loads what it will copy."""
        for child in self._children:
            if not child.plan.copied:
                self._keep(child)

    def _whole_city_answers(self) -> bool:
        return ask(self._web_port, "/healthz")[0] == 200

    def _keep_database(self) -> None:
        if self._cluster and not self._cluster.is_running():
            self._say("データベースが止まったため、起動し直します")
            try:
                self._cluster.start()
            except ClusterError as error:
                log.error("%s", error)

    def _keep(self, child: Child) -> None:
        """One look at one child: start it, see that it works, or note that it fell."""
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_after:
                self._start(child)
            return
        if child.process.poll() is not None:
            self._note_fall(child, now)
        elif child.plan.beats and child.is_silent(heartbeat.last(child.plan.name, self._folder.path), now):
            self._say(
                f"{child.plan.label}（{child.plan.name}）の鼓動が{child.plan.silent_seconds:g}秒ないため、終了させます。"
            )
            _kill_group(child.process.pid)  # its end is noted at the next look
        elif child.state.state == "starting" and child.plan.readiness.is_ready(self._folder.path):
            child.state.state = "running"

    def _start(self, child: Child) -> None:
        heartbeat.forget(child.plan.name, self._folder.path)
        with _open_log(Path(child.state.log)) as output:
            child.process = self._begin(child.plan, output.fileno())
        child.started_at = child.beat_seen = time.monotonic()
        child.beat = None
        child.state.pid, child.state.born = child.process.pid, born(child.process.pid)
        child.state.state = "starting"

    def _begin(self, plan: ProcessPlan, out: int) -> Process:
        if not plan.copied:
            return self._spawn(plan.command, dict(plan.environment), out)
        return forking.fork_module(plan.name, plan.arguments[1:], plan.environment, out, _in_child)

    def _note_fall(self, child: Child, now: float) -> None:
        assert child.process is not None
        if now - child.started_at > _STEADY_SECONDS:
            child.delay = _FIRST_DELAY
        self._say(
            f"{child.plan.label}（{child.plan.name}）が終了しました（状態 {child.process.returncode}）。"
            f"{child.delay:g}秒後に起動し直します。記録: {child.state.log}"
        )
        _kill_group(child.process.pid)  # what a fallen parent left behind would hold its port
        child.process = None
        child.start_after = now + child.delay
        child.delay = min(child.delay * 2, _LONGEST_DELAY)
        child.state.state, child.state.pid, child.state.born = "restarting", None, None
        child.state.restarts += 1

    # ---- stopping ------------------------------------------------------------------------------------------------

    def _stop_everything(self) -> None:
        """The opposite order of the start, the database last; a second Ctrl-C changes nothing."""
        self._stopping = True
        self._write("stopping")
        self._say("終了しています")
        for turn in sorted({child.plan.stop_turn for child in self._children}):
            self._stop_together([child for child in self._children if child.plan.stop_turn == turn])
            self._write("stopping")
        if self._cluster:
            self._cluster.stop()
        self._folder.clear()

    def _stop_together(self, children: Sequence[Child]) -> None:
        running = [(child.process, child.plan.stop_seconds) for child in children if child.process is not None]
        for process, _ in running:
            process.terminate()
        began = time.monotonic()
        for process, seconds in running:
            self._end(process, began + seconds)
        for child in children:
            child.process = None
            child.state.state = "stopped"

    def _end(self, process: Process, deadline: float) -> None:
        """Wait for the end of a process that was asked to, at most until ``deadline`` (monotonic)."""
        while process.poll() is None and time.monotonic() < deadline:
            self._wait(_LOOK_SECONDS)
        if process.poll() is None:
            log.warning("%s did not end in time and was killed", process.args)
        _kill_group(process.pid)
        process.wait()

    def _clear_leftovers(self) -> None:
        """End what a killed supervisor left running; its children normally end by themselves."""
        state = self._folder.read()
        if state is not None:
            end_leftovers(state)
        if self._cluster and self._cluster.running_port() not in (None, self._cluster.port):
            self._cluster.stop()

    # ---- small parts ---------------------------------------------------------------------------------------------

    def _wait(self, seconds: float) -> None:
        """Wait for the end of a child or the wish to stop, at most ``seconds``."""
        received = signal.sigtimedwait(_WAITED, seconds)
        if received is not None and received.si_signo in STOP_SIGNALS:
            self._stopping = True

    def _refuse_if_stopping(self) -> None:
        self._wait(0)
        if self._stopping:
            raise Stopped

    def _write(self, phase: str) -> None:
        self._state.phase = phase
        text = repr(self._state)
        if text != self._written:
            self._written = text
            self._folder.write(self._state)

    def _spawn(self, command: list[str], environment: dict[str, str], out: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, **environment},
            start_new_session=True,
            preexec_fn=_in_child,
        )


def end_leftovers(state: CityState) -> None:
    """End the processes of a city whose supervisor is gone, and their groups."""
    left = [psutil.Process(p.pid) for p in state.processes if p.pid is not None and p.is_alive]
    for process in left:
        process.terminate()
    _, stubborn = psutil.wait_procs(left, timeout=15)
    for process in stubborn:
        process.kill()
    for process in left:
        _kill_group(process.pid)
    psutil.wait_procs(stubborn, timeout=5)


def _in_child() -> None:
    """Between fork and exec: receive signals again, and end when the supervisor dies."""
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left in it
        os.killpg(pid, signal.SIGKILL)


def _open_log(path: Path) -> BinaryIO:
    """The log of a process, appended to; the previous one is kept when it has grown large."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists() and path.stat().st_size > _LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb")
