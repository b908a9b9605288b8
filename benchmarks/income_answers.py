"""所得情報の提供: a request file for many people, end to end (file in, file out, ledger), time and peak memory.

KOKUNEN_BENCH_REQUESTS (default 300000) moves the number of lines; there may be fewer residents than lines.
"""

from __future__ import annotations

import os
import resource
import time

from benchmarks import _city
from kokunen.commands.bench import Figure

REQUESTS = int(os.environ.get("KOKUNEN_BENCH_REQUESTS", "300000"))
_TAX_YEAR = 2026


def measure() -> list[Figure]:
    """Seconds and GiB of one whole file."""
    _city.use()
    from kokunen.common_platform.assessment_desk.demo import publish_next_version

    publish_next_version()  # the version that declares the medium of the requests
    from kokunen.ledger.access import AccessContext
    from kokunen.national_pension.services.income_answers import answer_file

    content = _file()
    context = AccessContext("b001", "2010", "pension_income_answer", screen="bench", terminal="B-001")
    began = time.perf_counter()
    done = answer_file(content=content, filename="bench.csv", context=context)
    seconds = time.perf_counter() - began
    if done.requests != REQUESTS or sum(done.counts.values()) != REQUESTS:
        raise RuntimeError("a line was not answered")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    scale = REQUESTS / 300_000
    return [
        Figure(f"income_answers_{REQUESTS}", "seconds", seconds, 60 * scale, "less"),
        Figure("income_answers_peak", "GiB (this process)", peak, 4, "less"),
    ]


def _file() -> bytes:
    """依頼ファイル: one line a resident with a number or a name, repeated with other relations when they run out; the
    first serial is of the moment, so that a second run is another file.
    """
    from django.db import connections

    with connections["national_pension"].cursor() as cursor:
        cursor.execute(
            "select coalesce(n.number, ''), translate(r.name_kana, '　', ' '), to_char(r.birth_date, 'YYYYMMDD') "
            "from integrated.national_pension__resident r left join pension_number n "
            "on n.atena_number = r.atena_number and upper_inf(n.recorded_period) and n.role = 'primary' "
            "where r.name_kana <> '' order by r.atena_number limit %s",
            [REQUESTS],
        )
        people = cursor.fetchall()
    begin = int(time.time()) % 100_000_000
    lines = []
    for place in range(REQUESTS):
        number, kana, birth = people[place % len(people)]
        relation = 1 + (place // len(people)) % 3
        lines.append(f"{begin + place},{number},{kana},{birth},{relation},{_TAX_YEAR},{1 + place % 2}\r\n")
    return "".join(lines).encode("cp932", errors="replace")
