"""戸籍附票のプロセスを動かす — ``python -m kokunen.counterparts.koseki --data DIR --port N``."""

from __future__ import annotations

import sys

from ..framework.process import run
from .service import DomicileRegister

if __name__ == "__main__":
    sys.exit(run(DomicileRegister))
