"""子を分ける: daemons of the house that start as copies of the supervisor's program.

The house's modules take two seconds of one core to load. A city has a handful of daemons that all load the same ones:
the supervisor loads them once and each daemon is a copy of it, ready at once and sharing its memory.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence

_PR_SET_NAME = 15
_NAME_LENGTH = 15
_FIRST_FILE = 3  # above standard input, output and error
_libc = ctypes.CDLL(None, use_errno=True)


class ForkedProcess:
    """分けた子: the part of ``subprocess.Popen`` that the supervisor uses, for a process made by ``fork_module``."""

    def __init__(self, pid: int, args: Sequence[str]) -> None:
        self.pid, self.args = pid, list(args)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status (negative: the signal that ended it), None while it runs."""
        return self._wait(os.WNOHANG)

    def wait(self) -> int | None:
        """Wait for its end; the exit status."""
        return self._wait(0)

    def terminate(self) -> None:
        """Ask it to end."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)

    def _wait(self, options: int) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, options)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode


def load_house() -> None:
    """Load Django and the house's models, once, in the process that will be copied."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
    import django

    django.setup()
    gc.collect()
    gc.freeze()  # what is here now is never written to by the collector of a copy: it stays shared


def fork_module(
    name: str, command: Sequence[str], environment: Mapping[str, str], out: int, prepare_child: Callable[[], None]
) -> ForkedProcess:
    """Start a copy of this process, called ``name``, that runs ``main`` of a module and ends.

    ``command``: the module and its arguments, handed to ``main`` as a list where there are any. ``out``: the file that
    its standard output and error go to; no other open file of this process is seen by it. ``prepare_child`` runs in it
    first. The caller has loaded the house and runs one thread only.
    """
    module, *arguments = command
    pid = os.fork()
    if pid:
        return ForkedProcess(pid, command)
    status = 1
    try:
        _settle(name, command, environment, out)
        prepare_child()
        importlib.import_module(module).main(*([arguments] if arguments else []))
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _settle(name: str, command: Sequence[str], environment: Mapping[str, str], out: int) -> None:
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.closerange(_FIRST_FILE, os.sysconf("SC_OPEN_MAX"))  # the lock of the city is the supervisor's alone
    os.environ.update(environment)
    sys.argv = list(command)
    _libc.prctl(_PR_SET_NAME, name.encode()[:_NAME_LENGTH])
