"""帳票 (閲覧記録): the disclosure that the person concerned takes home."""

from __future__ import annotations

from kokunen.common_platform.access_history.documents.papers import disclosure_report

__all__ = ["disclosure_report"]
