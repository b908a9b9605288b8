"""コンビニ交付の窓口: the process that answers 証明書交付センター.

python -m kokunen.resident_registry.kiosk
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from typing import Any

import django

PROCESS = "certificate-kiosk"
_BEAT_SECONDS = 1.0


def answer(kind: str, number: str, items: Mapping[str, Any]) -> Mapping[str, Any]:
    """電文に答える: what the carrier of the line calls for each message; gives the answer by name."""
    from django.db import connections

    from kokunen.resident_registry.services.kiosk import answer_request, note_result

    try:
        if kind == "1002":
            note_result(items["request"], items["printed"])
            return {"outcome": "noted"}
        found = answer_request(number, items)
        return {"outcome": found.outcome, "serial": found.serial, "words": found.words, "pdf": found.pdf}
    finally:
        connections.close_all()


def main() -> None:
    """入口."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
    django.setup()
    from django.conf import settings

    from kokunen.assessment.gateway import open_line
    from kokunen.common_platform.operations import heartbeat

    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    counter = open_line("resident_registry", "certificate_centre", settings.CERTIFICATE_COUNTER, answer)
    counter.start()
    while signal.sigtimedwait(ends, _BEAT_SECONDS) is None:
        heartbeat.beat(PROCESS)
    counter.stop()


if __name__ == "__main__":
    main()
