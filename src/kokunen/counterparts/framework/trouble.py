"""故意の障害 — faults an operator orders so that the city's own answer to them can be seen and tested.

fail: the party is shut. delay: answers are held back for some seconds, or until heal when no number is given.
repeat: every answer goes out twice. garble: answers are damaged on the way. die: the process kills itself, once, at a
named point, which is what a power cut does. All but the last persist, over restarts too, until heal.
"""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass
from enum import StrEnum

from kokunen.kernel.errors import InputError

from .files import sync_folder, write_atomic
from .store import Store


class TroubleMode(StrEnum):
    """障害の種類"""

    FAIL = "fail"
    DELAY = "delay"
    REPEAT = "repeat"
    GARBLE = "garble"
    DIE = "die"


@dataclass(frozen=True, slots=True)
class Trouble:
    """障害の指示 — ``seconds`` belongs to delay (None: until heal), ``at`` to die (name of the point)."""

    mode: TroubleMode
    seconds: float | None = None
    at: str = ""


class Troubles:
    """障害の一覧 — kept in the party's own state; several can hold at once.

    The order to die stands in a file of its own: it must be used up for good at the instant of death, also when that
    instant lies inside a transaction which the death itself rolls back.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._death = store.path.with_name("die-at")
        self._released = threading.Event()

    def order(self, trouble: Trouble) -> None:
        """Let a trouble begin. Raises InputError for a delay below zero or a death at no point."""
        if trouble.seconds is not None and trouble.seconds < 0:
            raise InputError("遅延の秒数が負です", field="seconds", hint="0以上の秒数を指定してください。")
        if trouble.mode is TroubleMode.DIE:
            if not trouble.at:
                raise InputError("停止させる箇所の名前がありません", field="at", hint="箇所の名前を指定してください。")
            write_atomic(self._death, trouble.at.encode())
            return
        self._released.clear()
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO trouble (mode, seconds) VALUES (?, ?)", (trouble.mode.value, trouble.seconds)
            )

    def heal(self) -> None:
        """Let every trouble end."""
        self._death.unlink(missing_ok=True)
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM trouble")
        self.release()

    def release(self) -> None:
        """Let go every answer that is held back now."""
        self._released.set()

    def hold(self) -> None:
        """Hold the calling thread back while a delay holds: its seconds, or until heal."""
        delay = self.get(TroubleMode.DELAY)
        if delay is not None:
            self._released.wait(delay.seconds)

    def get(self, mode: TroubleMode) -> Trouble | None:
        """The trouble of this kind, or None."""
        row = self._store.row("SELECT * FROM trouble WHERE mode = ?", (mode.value,))
        return Trouble(mode, row["seconds"]) if row else None

    def has(self, mode: TroubleMode) -> bool:
        """Does a trouble of this kind hold now?"""
        return self.get(mode) is not None

    def names(self) -> list[str]:
        """Names of all troubles that hold, in alphabetical order."""
        names = [str(row["mode"]) for row in self._store.rows("SELECT mode FROM trouble")]
        return sorted([*names, TroubleMode.DIE.value] if self._death.exists() else names)

    def pass_point(self, name: str) -> None:
        """A named point of the work: the process dies here, by SIGKILL, if that was ordered. The order is used up."""
        if self._death.exists() and self._death.read_text() == name:
            self._death.unlink()
            sync_folder(self._death.parent)
            os.kill(os.getpid(), signal.SIGKILL)


def damage(data: bytes) -> bytes:
    """伝送中の破損 — the same data with one byte in the middle inverted; empty data stays empty."""
    if not data:
        return data
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]
