"""中間サーバーのプロセスを動かす — ``python -m kokunen.counterparts.intermediate_server --data DIR --port N``."""

from __future__ import annotations

import sys

from ..framework.process import run
from .service import IntermediateServer

if __name__ == "__main__":
    sys.exit(run(IntermediateServer))
