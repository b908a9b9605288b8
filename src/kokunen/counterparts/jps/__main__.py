"""日本年金機構のプロセスを動かす — ``python -m kokunen.counterparts.jps --data DIR --port N``."""

from __future__ import annotations

import sys

from ..framework.process import run
from .service import PensionService

if __name__ == "__main__":
    sys.exit(run(PensionService))
