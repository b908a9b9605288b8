"""保護措置の台帳の表"""

from __future__ import annotations

from kokunen.common_platform.safeguards.models.output import FileKey, Output, PapersOfDay
from kokunen.common_platform.safeguards.models.register import DeletionCandidate, RegisterEntry, RegisterStep

__all__ = ["DeletionCandidate", "FileKey", "Output", "PapersOfDay", "RegisterEntry", "RegisterStep"]
