"""端末制御装置のプロセスを動かす — ``python -m kokunen.counterparts.terminal_controller --data DIR --port N``."""

from __future__ import annotations

import sys

from ..framework.process import run
from .service import TerminalController

if __name__ == "__main__":
    sys.exit(run(TerminalController))
