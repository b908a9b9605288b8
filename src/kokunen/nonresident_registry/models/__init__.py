"""住登外管理の記録: one file an aggregate."""

from __future__ import annotations

from kokunen.nonresident_registry.models.atena import CONTENT_FIELDS, CURRENT, AtenaVersion, RecordUse, SearchName
from kokunen.nonresident_registry.models.merging import MergeLink, MergeProposal, MergeStep
from kokunen.nonresident_registry.models.numbers import AuthenticityCheck, NumberBinding

#: データベースの別名 of this subsystem.
ALIAS = "nonresident_registry"

__all__ = [
    "ALIAS",
    "CONTENT_FIELDS",
    "CURRENT",
    "AtenaVersion",
    "AuthenticityCheck",
    "MergeLink",
    "MergeProposal",
    "MergeStep",
    "NumberBinding",
    "RecordUse",
    "SearchName",
]
