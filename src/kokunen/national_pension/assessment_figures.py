"""評価書の人数: how many people the pension file holds."""

from __future__ import annotations

from kokunen.assessment.figures import register
from kokunen.national_pension.models import QualificationPeriod


def people_in_file() -> int:
    """対象人数: people with at least one period, now or formerly. A number, nobody's data."""
    return QualificationPeriod.objects.values("atena_number").distinct().count()


register("I.1.subjects", "対象人数", people_in_file)
register("II.2.subject_count", "対象となる本人の数", people_in_file)
