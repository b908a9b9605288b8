"""外部機関のプロセス: started on a free port below the ephemeral range, stopped or killed on demand."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.ports import reserve_port

from kokunen.counterparts.framework.control import ControlClient

SOURCES = Path(__file__).resolve().parents[2] / "src"


@dataclass(slots=True)
class PartyProcess:
    """A running party: started until it says that it is ready, stopped or killed on demand."""

    arguments: Sequence[str]
    data: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=reserve_port)
    process: subprocess.Popen[str] | None = None

    def start(self) -> dict[str, Any]:
        command = [sys.executable, *self.arguments, "--data", str(self.data), "--port", str(self.port)]
        environment = {**os.environ, "PYTHONPATH": str(SOURCES), **self.environment}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()  # ends when the process is ready, or has ended
        if not line:
            raise AssertionError(self.process.communicate()[1])
        ready: dict[str, Any] = json.loads(line)
        return ready

    @property
    def control(self) -> ControlClient:
        return ControlClient(self.data)

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.end()

    def kill(self) -> int:
        assert self.process is not None
        self.process.kill()
        return self.end()

    def end(self) -> int:
        """Wait for the end and give the exit status (minus the signal's number)."""
        assert self.process is not None
        self.process.communicate(timeout=60)
        return int(self.process.returncode)
