"""名寄せ: precision and recall of proposals above the review line against the generator's truth, time and memory."""

from __future__ import annotations

import resource
import time

from benchmarks._matching import city_rows, score
from kokunen.commands.bench import Figure
from kokunen.nonresident_registry.matching import model, pairs

RESIDENTS = 600_000
REVIEW_LINE = 0.9


def measure() -> list[Figure]:
    """The whole city at once."""
    rows, truth = city_rows(RESIDENTS)
    started = time.monotonic()
    known = pairs.people(rows)
    judged = model.judge(known, pairs.candidates(known)).pairs
    seconds = time.monotonic() - started
    precision, recall, _ = score(known, judged, truth, REVIEW_LINE)
    gibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
    return [
        Figure("名寄せの適合率", "", precision, 0.995, "more", "splink の既定", 0.996),
        Figure("名寄せの再現率", "", recall, 0.97, "more", "splink の既定", 0.91),
        Figure("名寄せの時間", "秒", seconds, 240, "less"),
        Figure("名寄せの記憶（市の生成を含む）", "GiB", gibibytes, 6, "less"),
    ]
