"""報告の媒体の内容: what the 媒体台帳 compares a writing with (see `safeguards/media.py`)."""

from __future__ import annotations

import re

from kokunen.common_platform.safeguards.media import MadeMedium, register_source
from kokunen.national_pension.choices import ReportState
from kokunen.national_pension.models import ReportBatch

_NUMBER = re.compile(r"R(\d{4})-(\d{3})")


def find_medium(number: str, sha256: str) -> MadeMedium | None:
    """報告の媒体 by its case number (R2026-007), else by the hash of its content; one that was discarded is none."""
    batches = ReportBatch.objects.exclude(state=ReportState.DISCARDED)
    written = _NUMBER.fullmatch(number.strip())
    if written:
        batch = batches.filter(fiscal_year=int(written[1]), serial=int(written[2])).first()
    else:
        batch = batches.filter(media_sha256=sha256.lower()).first() if sha256 else None
    if batch is None:
        return None
    return MadeMedium(f"R{batch.fiscal_year}-{batch.serial_text}", batch.media_sha256, batch.key_id, batch.line_count)


register_source(find_medium)
