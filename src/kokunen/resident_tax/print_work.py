"""一括印刷の処理: one of the processes that print a run — ``python -m kokunen.resident_tax.print_work RUN INDEX OF``.

Typesetting fills a core each; the screens start as many of these as there are cores and only look at the counts.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys

import django

log = logging.getLogger("kokunen.resident_tax")
PROCESSES = 2
PARTS_A_PROCESS = 40
"""分冊 that one process prints before it begins anew: the compiler keeps what it has seen, so memory stays bounded."""


def begin(run_id: int, staff_number: str, office_code: str) -> None:
    """印刷を始める: the processes go on beside the screens."""
    for index in range(PROCESSES):
        command = [sys.executable, "-m", __name__, str(run_id), str(index), str(PROCESSES), staff_number, office_code]
        subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL)


def main(arguments: list[str]) -> int:
    """One process: its share of the missing parts; a failure is told on the screen of the run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
    django.setup()
    from kokunen.ledger.access import AccessContext
    from kokunen.resident_tax.services import print_runs

    run_id, index, of = (int(value) for value in arguments[:3])
    context = AccessContext(arguments[3], arguments[4], "tax_assessment", screen="一括印刷")
    try:
        run = print_runs.carry_on(run_id, context=context, index=index, of=of, most=PARTS_A_PROCESS)
        more = any(number % of == index for number in print_runs.missing(run))
    except Exception as error:
        log.exception("print run %s stopped", run_id)
        print_runs.stopped(run_id, f"{type(error).__name__}: {error}"[:300])
        return 1
    if more:
        os.execv(sys.executable, [sys.executable, "-m", "kokunen.resident_tax.print_work", *arguments])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
