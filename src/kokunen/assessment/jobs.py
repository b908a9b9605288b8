"""日次処理 (評価書): the threshold judged anew each night, with a warning before a band ends."""

from __future__ import annotations

from kokunen.assessment import figures, queries, threshold
from kokunen.assessment.models import ThresholdJudgement
from kokunen.common_platform.operations import clock

_SUBJECTS, _HANDLERS = "I.1.subjects", "II.3.user_count"


def judge_threshold() -> str:
    """しきい値判断: today's counts against the assessment in force; one row a day, the last one counts."""
    document, counts = queries.document_in_force(), figures.live_counts()
    compared = figures.compare(document, counts)
    warnings = [
        f"{figure.label} {figure.count:,}: 記載「{figure.declared}」を外れています（{figure.actual_band}）"
        for figure in compared
        if not figure.fits
    ] + [
        f"{figure.label} {figure.count:,}: 記載「{figure.declared}」の上限に近づいています"
        for figure in compared
        if figure.near_end
    ]
    incident = document.value("III.7.risk1.serious_incident") == "発生あり"
    result = threshold.required(counts.get(_SUBJECTS, 0), counts.get(_HANDLERS, 0), incident)
    ThresholdJudgement.objects.update_or_create(
        day=clock.today(), defaults={"counts": counts, "result": result, "warnings": warnings}
    )
    return f"{result}, {len(warnings)} warnings"


DAILY = (judge_threshold,)
