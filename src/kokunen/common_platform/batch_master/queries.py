"""世代の照会: generations and who holds them, for operators. No personal data."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from kokunen.common_platform.batch_master.models import Generation, GenerationUse

PAGE = 50


def find_generations(limit: int = PAGE) -> QuerySet[Generation]:
    """世代の一覧, newest first, with the number of runs that hold each (`holders`)."""
    held = Count("uses", filter=Q(uses__ended_at__isnull=True))
    return Generation.objects.annotate(holders=held).order_by("-pk")[:limit]


def find_uses(generation: int) -> QuerySet[GenerationUse]:
    """世代の使用: runs that saw this generation, latest first."""
    return GenerationUse.objects.filter(generation_id=generation).order_by("-last_opened_at")


def find_recent_uses(limit: int = PAGE) -> QuerySet[GenerationUse]:
    """最近の使用: runs of any generation, latest first."""
    return GenerationUse.objects.order_by("-last_opened_at")[:limit]
