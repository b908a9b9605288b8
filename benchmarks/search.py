"""検索: 40 officers search the big city at once, ledger entry included, beside a model registry's `icontains`."""

from __future__ import annotations

import multiprocessing
import random
import statistics
import threading
import time
from collections.abc import Sequence

from benchmarks import _city
from kokunen.commands.bench import Figure

OFFICERS, SERVERS, SEARCHES = 40, 2, 25
THINKING_SECONDS = 1.0
_RIVAL_PARTS = ("田", "佐藤", "山本", "ヤマ", "タナカ")


def measure() -> list[Figure]:
    """Median and 99th percentile of a first page of mixed searches, page 1,000 beside page 1, and the rival's mean."""
    _city.use()
    terms = _terms()
    with multiprocessing.get_context("spawn").Pool(SERVERS) as pool:
        share = OFFICERS // SERVERS
        spans = [
            span for part in pool.starmap(_serve, [(terms, share, seed) for seed in range(SERVERS)]) for span in part
        ]
    rival = _rival()
    spans.sort()
    median, p99 = statistics.median(spans) * 1000, spans[int(len(spans) * 0.99)] * 1000
    first, far = _pages()
    name = "icontains in a contact table of the same size"
    return [
        Figure("search_median", "ms", median, 20, "less", name, rival * 1000),
        Figure("search_p99", "ms", p99, 80, "less", name, rival * 1000),
        Figure("search_page_1000", "ms", far, max(20.0, 1.5 * first), "less", "page 1", first),
    ]


def _terms() -> list[str]:
    """What officers type: parts of names of the city's own people (one, two, more characters; kana), dates, numbers."""
    from django.db import connections

    with connections["resident_registry"].cursor() as cursor:
        cursor.execute(
            "select name, name_kana, birth_date, atena_number from resident_version tablesample system (1) "
            "where upper_inf(recorded_period) limit 400"
        )
        people = cursor.fetchall()
    chance = random.Random(1)
    terms: list[str] = []
    for name, kana, birth, number in people:
        family, _, given = name.partition("　")
        family_kana, _, given_kana = kana.partition("　")
        kinds = (family[:1], family[:2], family, given, name, family_kana[:2], family_kana, given_kana, kana)
        terms += [term for term in chance.sample(kinds, 4) if term]
        terms += [birth.strftime("%Y/%m/%d"), number]
    chance.shuffle(terms)
    return terms


def _context(number: int):  # type: ignore[no-untyped-def]
    from kokunen.ledger.access import AccessContext

    return AccessContext(f"b{number:03}", "1101", "resident_inquiry", screen="bench", terminal=f"B-{number:03}")


def _search(term: str, number: int, after: str = ""):  # type: ignore[no-untyped-def]
    from kokunen.resident_registry import queries
    from kokunen.resident_registry.perms import Sight

    return queries.find_residents(context=_context(number), text=term, after=after, sight=Sight())


def _serve(terms: Sequence[str], officers: int, seed: int) -> list[float]:
    """One server process with its share of the officers; every answer's seconds."""
    from kokunen.config.collector import keep_out_of_the_way

    _city.use()
    keep_out_of_the_way()  # as the web server does
    spans: list[float] = []

    def officer(number: int) -> None:
        from django.db import connections

        chance = random.Random(seed * 1000 + number)
        for _ in range(SEARCHES + 2):
            time.sleep(chance.random() * 2 * THINKING_SECONDS)
            began = time.perf_counter()
            _search(chance.choice(terms), number)
            spans.append(time.perf_counter() - began)
        connections.close_all()

    threads = [threading.Thread(target=officer, args=(number,)) for number in range(officers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return spans[2 * officers :]  # the first of each opens the connection and warms the statistics


def _pages() -> tuple[float, float]:
    """Milliseconds of page 1 and of page 1,000 of one very frequent part."""
    after, spans = "", []
    for _ in range(1000):
        began = time.perf_counter()
        result = _search("タ", 0, after)
        spans.append((time.perf_counter() - began) * 1000)
        if not result.next_cursor:
            break
        after = result.next_cursor
    return statistics.median(spans[:20]), statistics.median(spans[-20:])


def _rival() -> float:
    """Mean seconds of the rival at the same number of rows."""
    from django.db import connections

    from benchmarks import _contacts  # a model: only importable once the settings stand

    with connections["resident_registry"].cursor() as cursor:
        cursor.execute("select name, name_kana, town || lot || building from resident_version limit 60000")
        people = cursor.fetchall()
    _contacts.make_table()
    _contacts.insert(people)
    _contacts.fill_up(_city.RESIDENTS)
    return statistics.mean(_contacts.search(part) for part in _RIVAL_PARTS)
