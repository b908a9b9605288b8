"""法務省のプロセスを動かす — ``python -m kokunen.counterparts.moj --data DIR --port N``."""

from __future__ import annotations

import sys

from ..framework.process import run
from .service import Ministry

if __name__ == "__main__":
    sys.exit(run(Ministry))
