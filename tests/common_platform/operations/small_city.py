"""試験用の小さな市: two real processes under the real supervisor. Run as a program by test_supervisor.py.

    python small_city.py DATA PORT [--fail-to-prepare | --prepare-for-ever | --copied | --impatient]

The processes write the order of their ends to ``DATA/ends.txt``. ``READY`` on standard output says that all are up.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kokunen.common_platform.operations.processes import CARRYING, LAST, WEB, Answers, Beats, ProcessPlan
from kokunen.common_platform.operations.run_folder import RunFolder
from kokunen.common_platform.operations.supervisor import StepFailed, Supervisor
from kokunen.kernel.errors import KokunenError

_END = """
def end(name):
    with open(DATA + "/ends.txt", "a") as file:
        file.write(name + "\\n")
    raise SystemExit(0)
"""

_WORKER = """
import signal, threading, sys
from pathlib import Path
from kokunen.common_platform.operations import heartbeat
DATA = sys.argv[1]
stopping = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopping.set())
while not stopping.is_set():
    heartbeat.beat("worker", Path(DATA) / "run")
    stopping.wait(0.1)
end("worker")
"""

_WEB = """
import http.server, signal, sys
DATA = sys.argv[1]
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "15")
        self.end_headers()
        self.wfile.write(b'{"ready": true}')
signal.signal(signal.SIGTERM, lambda *_: end("web"))
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Page).serve_forever()
"""


def main(data: str, port: str, wish: str = "") -> int:
    """Run the small city until it is told to stop."""
    run = Path(data) / "run"
    patience = 2.0 if wish == "--impatient" else 300.0
    plans = [
        ProcessPlan(
            "worker", "作業", ("-c", _END + _WORKER, data), Beats("worker"), stop_turn=LAST, silent_seconds=patience
        ),
        ProcessPlan(WEB, "画面", ("-c", _END + _WEB, data, port), Answers(int(port))),
    ]
    if wish == "--copied":
        daemon = ("-m", "small_daemon", data)
        plans.append(ProcessPlan("copy", "写し", daemon, Beats("copy"), stop_turn=CARRYING, copied=True))

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def prepare() -> None:
        if wish == "--fail-to-prepare":
            supervisor.run_step(["-c", "import sys; print('壊れた準備', file=sys.stderr); sys.exit(5)"])
        elif wish == "--prepare-for-ever":
            supervisor.run_step(["-c", "import signal; print('PREPARING', flush=True); signal.pause()"])

    supervisor = Supervisor(RunFolder(run), plans, None, Path(data) / "logs", int(port), say)
    try:
        supervisor.run(prepare, lambda state: print("READY", state.address, flush=True))
    except (KokunenError, StepFailed) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
