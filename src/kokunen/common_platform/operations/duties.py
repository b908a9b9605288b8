"""当番の仕事: short looks that the leader of the workers takes again and again (has a file come?), told by others.

A duty only looks and begins a net; the work itself is done in steps, where it is seen, held and begun again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

log = logging.getLogger("kokunen.operations.duties")

Duty = Callable[[], object]
_DUTIES: dict[str, Duty] = {}


def register_duty(name: str, duty: Duty) -> None:
    """当番の仕事を加える."""
    _DUTIES[name] = duty


def do_all() -> None:
    """一回り: one that fails is told in the log and leaves the others alone."""
    for name, duty in _DUTIES.items():
        try:
            duty()
        except Exception:
            log.exception("duty %s failed", name)
