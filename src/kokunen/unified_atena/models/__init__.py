"""団体内統合宛名の記録: one file an aggregate."""

from __future__ import annotations

from kokunen.unified_atena.models.linking import AtenaLink, LinkHold, NumberPeriod, UnifiedPerson
from kokunen.unified_atena.models.provision import ProvisionRecord, RebuildReport
from kokunen.unified_atena.models.sending import (
    ArrivedFile,
    Inquiry,
    LineCondition,
    Reconciliation,
    SendBatch,
    SendItem,
    UnmappedCharacter,
)

#: データベースの別名 of this subsystem.
ALIAS = "unified_atena"

__all__ = [
    "ALIAS",
    "ArrivedFile",
    "AtenaLink",
    "Inquiry",
    "LineCondition",
    "LinkHold",
    "NumberPeriod",
    "ProvisionRecord",
    "RebuildReport",
    "Reconciliation",
    "SendBatch",
    "SendItem",
    "UnifiedPerson",
    "UnmappedCharacter",
]
