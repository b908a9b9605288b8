"""外部機関の一覧 — which parties there are, and how each is started. Used by `kokunen up` and `kokunen counterpart`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from kokunen.kernel.errors import InputError

from .framework.control import ControlClient


@dataclass(frozen=True, slots=True)
class Party:
    """外部機関 — its name on the command line, its Japanese name, and the module that runs it."""

    name: str
    label: str
    module: str

    def folder(self, data: Path) -> Path:
        """Its own data folder, below the data folder of the embedded city."""
        return data / "counterparts" / self.name

    def command(self, data: Path, port: int) -> list[str]:
        """The command line of its process; it says ``{"ready": true, …}`` on standard output when it stands."""
        return [sys.executable, "-m", self.module, "--data", str(self.folder(data)), "--port", str(port)]

    def control(self, data: Path) -> ControlClient:
        """The way to its health and trouble commands."""
        return ControlClient(self.folder(data))


PARTIES = (Party("jps", "日本年金機構", "kokunen.counterparts.jps"),)


def find_party(name: str) -> Party:
    """The party of a name. Raises InputError for an unknown one, naming those that there are."""
    for party in PARTIES:
        if party.name == name:
            return party
    names = "・".join(party.name for party in PARTIES)
    raise InputError("このような外部機関はありません", field="party", hint=f"{names} のどれかを指定してください。")
