"""下書きの保存: half-typed work is kept on the server, for its officer alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from kokunen.common_platform.portal.models import Draft, Staff
from kokunen.kernel.errors import InputError

KEEP_DAYS = 14
_MOST_FIELDS, _LONGEST_VALUE = 200, 4000


def draft_save(staff: Staff, *, screen: str, subject: str, values: Mapping[str, str | list[str]]) -> Draft:
    """下書きを残す: the last state replaces the one before."""
    if not screen or len(screen) > 100 or len(subject) > 40:
        raise InputError("下書きの画面が分かりません", "screen", hint="画面を開き直してください。")
    if len(values) > _MOST_FIELDS or any(len(str(value)) > _LONGEST_VALUE for value in values.values()):
        raise InputError("下書きが大きすぎます", "values", hint="長い文章は短くしてから続けてください。")
    draft, _ = Draft.objects.update_or_create(
        staff=staff, screen=screen, subject=subject, defaults={"values": dict(values), "saved_at": timezone.now()}
    )
    return draft


def draft_discard(staff: Staff, *, screen: str, subject: str = "") -> None:
    """下書きを捨てる: what was registered needs none; services' views call it after success."""
    Draft.objects.filter(staff=staff, screen=screen, subject=subject).delete()


def drafts_expire() -> int:
    """古い下書きを消す: personal data are not kept on the chance (night work)."""
    limit = timezone.now() - timedelta(days=KEEP_DAYS)
    return Draft.objects.filter(saved_at__lt=limit).delete()[0]
