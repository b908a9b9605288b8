"""つなぎ口: who carries the report. The section knows the shape (`reporting_types.MediaWriter`), the settings name
the carrier.
"""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from kokunen.national_pension.reporting_types import MediaWriter


def media_writer() -> MediaWriter:
    """媒体の作り手: what `PENSION_MEDIA_WRITER` of the settings names, a function without arguments."""
    return cast(MediaWriter, import_string(settings.PENSION_MEDIA_WRITER)())
