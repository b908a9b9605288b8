"""住基ネットのプロセスを動かす — ``python -m kokunen.counterparts.juki_cs --data DIR --port N``."""

from __future__ import annotations

import sys

from ..framework.process import run
from .service import ResidentNetwork

if __name__ == "__main__":
    sys.exit(run(ResidentNetwork))
