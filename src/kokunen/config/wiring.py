"""つなぎ: which outside party stands behind a shape that a subsystem only knows by its protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kokunen.config import environment

if TYPE_CHECKING:
    from kokunen.national_pension.reporting_types import MediaWriter


def pension_media_writer() -> MediaWriter:
    """年金機構への窓口 of this city's data folder."""
    from kokunen.counterparts.jps.gateway import JpsGateway

    return JpsGateway(environment.data_dir())
