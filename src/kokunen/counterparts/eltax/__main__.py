"""eLTAXのプロセスを動かす — ``python -m kokunen.counterparts.eltax --data DIR --port N``."""

from __future__ import annotations

import sys

from ..framework.process import run
from .service import Eltax

if __name__ == "__main__":
    sys.exit(run(Eltax))
