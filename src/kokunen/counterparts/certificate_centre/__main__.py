"""証明書交付センターのプロセスを動かす — ``python -m kokunen.counterparts.certificate_centre --data DIR --port N``."""

from __future__ import annotations

import sys

from ..framework.process import run
from .service import CertificateCentre

if __name__ == "__main__":
    sys.exit(run(CertificateCentre))
