"""一括印刷の処理: one of the processes that print a run — ``python -m kokunen.resident_tax.print_work RUN INDEX OF``.

Typesetting fills a core each; the job of the queue (:func:`kokunen.resident_tax.jobs.print_city`) starts as many of
these as there are cores, looks after them and takes them back when the run is cancelled.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

import django

log = logging.getLogger("kokunen.resident_tax")
PROCESSES = 2
PARTS_A_PROCESS = 40
"""分冊 that one process prints before it begins anew: the compiler keeps what it has seen, so memory stays bounded."""


_LOOK_SECONDS = 1.0
"""How often the job looks at the counts while the processes work."""


def look_after(run_id: int, staff_number: str, office_code: str, moved: Callable[[], bool]) -> bool:
    """印刷の処理を見守る: starts the processes and waits for their end; True when every one of them ended well.

    ``moved`` is called about once a second; when it says False (the run was cancelled) the processes are ended: the
    part one of them is at is undone with its transaction, those that are there stand. So it is when the waiting itself
    breaks off, so that no process goes on unseen.
    """
    own = [str(PROCESSES), staff_number, office_code]
    working = [
        subprocess.Popen([sys.executable, "-m", __name__, str(run_id), str(index), *own], stdin=subprocess.DEVNULL)
        for index in range(PROCESSES)
    ]
    try:
        for process in working:
            while process.poll() is None:
                if not moved():
                    return True
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK_SECONDS)
        return not any(process.returncode for process in working)
    finally:
        for process in working:
            if process.poll() is None:
                process.terminate()
            process.wait()


def main(arguments: list[str]) -> int:
    """One process: its share of the missing parts; a failure is told on the screen of the run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
    django.setup()
    from kokunen.kernel.errors import KokunenError
    from kokunen.ledger.access import AccessContext
    from kokunen.resident_tax.services import print_runs

    run_id, index, of = (int(value) for value in arguments[:3])
    context = AccessContext(arguments[3], arguments[4], "tax_assessment", screen="一括印刷")
    try:
        run = print_runs.carry_on(run_id, context=context, index=index, of=of, most=PARTS_A_PROCESS)
        more = any(number % of == index for number in print_runs.missing(run))
    except Exception as error:
        log.exception("print run %s stopped", run_id)
        # the text of another error may quote a path or a row of the register
        told = error.message if isinstance(error, KokunenError) else type(error).__name__
        print_runs.stopped(run_id, f"{told}。運用担当に連絡し、原因を除いてから続きから印刷してください")
        return 1
    if more:
        os.execv(sys.executable, [sys.executable, "-m", "kokunen.resident_tax.print_work", *arguments])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
