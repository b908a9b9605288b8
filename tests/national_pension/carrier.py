"""年金機構への窓口 of a test: the real gateway, over a data folder that the test names."""

from __future__ import annotations

import os
from pathlib import Path

from kokunen.counterparts.jps.gateway import JpsGateway


def writer() -> JpsGateway:
    """The gateway over KOKUNEN_TEST_CARRIER."""
    return JpsGateway(Path(os.environ["KOKUNEN_TEST_CARRIER"]))
