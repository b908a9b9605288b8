"""個人照会: 40 officers open complete person screens at once, session, rights, ledger and page included."""

from __future__ import annotations

import multiprocessing
import random
import statistics
import threading
import time
from collections.abc import Sequence

from benchmarks import _city
from kokunen.commands.bench import Figure

OFFICERS, SERVERS, VISITS = 40, 2, 20
THINKING_SECONDS = 1.5


def measure() -> list[Figure]:
    """Median and 99th percentile of the server's time for the screen of one person."""
    _city.use()
    from kokunen.common_platform.portal import demo

    demo.create_accounts()
    people = _people()
    with multiprocessing.get_context("spawn").Pool(SERVERS) as pool:
        share = OFFICERS // SERVERS
        spans = [
            span for part in pool.starmap(_serve, [(people, share, seed) for seed in range(SERVERS)]) for span in part
        ]
    spans.sort()
    return [
        Figure("person_screen_median", "ms", statistics.median(spans) * 1000, 75, "less"),
        Figure("person_screen_p99", "ms", spans[int(len(spans) * 0.99)] * 1000, 150, "less"),
    ]


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


def _serve(people: Sequence[str], officers: int, seed: int) -> list[float]:
    """One server process with its share of the officers; every answer's seconds."""
    _city.use()
    from django.conf import settings

    ready = threading.Barrier(officers)  # the morning's sign-in is another figure
    settings.PORTAL_SESSIONS_PER_STAFF = OFFICERS * 2  # one account stands for all officers
    spans: list[float] = []

    def officer(number: int) -> None:
        from django.db import connections
        from django.test import Client

        from kokunen.common_platform.portal import demo

        chance = random.Random(seed * 1000 + number)
        client = Client(SERVER_NAME="127.0.0.1")
        signed_in = client.post("/sign-in", {"number": "nenkin1", "password": demo.PASSWORD})
        if signed_in.status_code != 302:
            raise RuntimeError(f"the sign-in answered {signed_in.status_code}")
        client.get("/pension/", {"q": "", "purpose": "pension_qualification"})
        ready.wait()
        for visit in range(VISITS + 2):
            time.sleep(chance.random() * 2 * THINKING_SECONDS)
            began = time.perf_counter()
            answer = client.get(f"/pension/people/{chance.choice(people)}/")
            if answer.status_code != 200:
                raise RuntimeError(f"the screen answered {answer.status_code}")
            if visit > 1:  # the first ones open the connection and compile the templates
                spans.append(time.perf_counter() - began)
        connections.close_all()

    threads = [threading.Thread(target=officer, args=(number,)) for number in range(officers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(spans) != officers * VISITS:
        raise RuntimeError(f"{len(spans)} of {officers * VISITS} screens were answered")
    return spans
