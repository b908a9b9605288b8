"""個人照会: 40 officers at their desks open complete person screens, from the web server as a city runs it.

The server is the one of the operation (`processes.plan`: worker processes, their threads, their connections), and each
officer is a browser of his own with a session of his own and one connection that stays open. 'At once' means that all
40 work through the same minutes: everyone takes a person, looks at the screen for up to three seconds (one and a half
in the mean), and takes the next, which makes some 26 complete screens a second; nobody waits for another. An officer's
time runs from the request to the last byte of the page, so it holds whatever the request had to wait for a free thread.
What the server itself worked on the screen (session, rights, statements, ledger entry, page) it says in
`Server-Timing`; the rest of the officer's time is waiting and the way, and is reported apart.
"""

from __future__ import annotations

import http.client
import random
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks import _city
from kokunen.commands.bench import Figure

OFFICERS, VISITS, FIRST = 40, 20, 4
THINKING_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Look:
    """1回の照会: the officer's seconds, and the seconds that the server worked on it."""

    seconds: float
    served: float


def measure() -> list[Figure]:
    """Median and 99th percentile of an officer's time, of the server's work in it, and of the waiting."""
    _city.use()
    people, cookies = _people(), _sign_in()
    with _web_server() as port:
        looks = _work(port, people, cookies)
    whole = sorted(one.seconds for one in looks)
    served = sorted(one.served for one in looks)
    waited = sorted(one.seconds - one.served for one in looks)
    return [
        Figure("person_screen_median", "ms", statistics.median(whole) * 1000, 75, "less"),
        Figure("person_screen_p99", "ms", _p99(whole), 150, "less"),
        Figure("person_screen_served_p99", "ms", _p99(served), 150, "less"),
        Figure("person_screen_waited_p99", "ms", _p99(waited), 75, "less"),
    ]


def _p99(ordered: Sequence[float]) -> float:
    return ordered[int(len(ordered) * 0.99)] * 1000


def _people() -> list[str]:
    """People with a qualification of their own, from all over the city."""
    from django.db import connections

    with connections["national_pension"].cursor() as cursor:
        cursor.execute(
            "select distinct q.atena_number from qualification_period q tablesample system (5) "
            "join integrated.national_pension__resident r using (atena_number) "
            "where upper_inf(q.recorded_period) and r.status = '1' limit 2000"
        )
        return [str(row[0]) for row in cursor.fetchall()]


def _sign_in() -> list[str]:
    """The morning's sign-in is another figure: one account stands for all officers, each with a session of his own."""
    from django.conf import settings
    from django.db import connections
    from django.test import Client

    from kokunen.common_platform.portal import demo

    demo.create_accounts()
    settings.PORTAL_SESSIONS_PER_STAFF = OFFICERS * 2
    cookies = []
    for _ in range(OFFICERS):
        client = Client(SERVER_NAME=_city_host())
        signed_in = client.post("/sign-in", {"number": "nenkin1", "password": demo.PASSWORD})
        if signed_in.status_code != 302:
            raise RuntimeError(f"the sign-in answered {signed_in.status_code}")
        client.get("/pension/", {"q": "", "purpose": "pension_qualification"})
        cookies.append("; ".join(f"{name}={one.value}" for name, one in client.cookies.items()))
    connections.close_all()
    return cookies


def _city_host() -> str:
    from kokunen.common_platform.operations.processes import HOST

    return HOST


@contextmanager
def _web_server() -> Iterator[int]:
    """画面のプロセス of the operation, with the command line of the operation."""
    from kokunen.common_platform.operations import processes
    from kokunen.config import environment

    port = int(_city.PORT_BASE) + 60
    base = int(_city.PORT_BASE)
    plans = processes.city_processes(environment.data_dir(), port, base, (), port + 1)
    plan = next(one for one in plans if one.name == processes.WEB)
    server = subprocess.Popen(plan.command, env={**_city.environment(), **plan.environment}, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not plan.readiness.is_ready(environment.data_dir()):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the web server did not start")
            time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait()


def _work(port: int, people: Sequence[str], cookies: Sequence[str]) -> list[Look]:
    looks: list[Look] = []
    troubles: list[str] = []

    def officer(number: int) -> None:
        chance = random.Random(number)
        desk = http.client.HTTPConnection(_city_host(), port, timeout=30)
        try:
            for visit in range(FIRST + VISITS):
                time.sleep(chance.random() * 2 * THINKING_SECONDS)
                look = _look(desk, chance.choice(people), cookies[number])
                if visit >= FIRST:  # the first ones open connections and compile the templates
                    looks.append(look)
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            troubles.append(f"officer {number}: {error!r}")
        finally:
            desk.close()

    threads = [threading.Thread(target=officer, args=(number,)) for number in range(OFFICERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles or len(looks) != OFFICERS * VISITS:
        raise RuntimeError(f"{len(looks)} of {OFFICERS * VISITS} screens were answered; {troubles[:3]}")
    return looks


def _look(desk: http.client.HTTPConnection, atena_number: str, cookie: str) -> Look:
    began = time.perf_counter()
    desk.request("GET", f"/pension/people/{atena_number}/", headers={"Cookie": cookie})
    answer = desk.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - began
    if answer.status != 200 or b"k-months" not in body:
        raise RuntimeError(f"the screen answered {answer.status} with {len(body)} bytes")
    timing = answer.headers.get("Server-Timing", "")
    return Look(seconds, float(timing.rpartition("dur=")[2]) / 1000)
