"""当初課税の速さ: from the documents of a loaded city to decisions stored and published, and its largest memory."""

from __future__ import annotations

import resource
import sys
import time

from kokunen.ledger.access import AccessContext

RESIDENTS_OF_THE_GOAL, SECONDS_OF_THE_GOAL = 600_000, 180


def run(residents: int, tax_year: int = 2026) -> dict[str, float]:
    """当初課税を計る over a city that is loaded already: seconds, people a second, peak memory in GiB."""
    from kokunen.resident_tax.services import assessing

    chief = AccessContext("system:bench", "3010", "tax_assessment", screen="benchmark")
    began = time.perf_counter()
    assessing.take_taxpayers(tax_year=tax_year, context=chief)
    started = assessing.start(tax_year=tax_year, context=chief)
    done = assessing.carry_on(started.pk, context=chief)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
    return {
        "residents": residents,
        "decisions": done.totals["people"],
        "seconds": round(seconds, 1),
        "seconds_for_600000": round(seconds * RESIDENTS_OF_THE_GOAL / residents, 1),
        "peak_gib": round(peak, 2),
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(run(int(sys.argv[1])))
