"""住民基本台帳の記録: one file an aggregate."""

from __future__ import annotations

from kokunen.resident_registry.models.certificate import CertificateIssue, CertificateVoid, SupportLift
from kokunen.resident_registry.models.consistency import ConsistencyCheck, ConsistencyDifference
from kokunen.resident_registry.models.event import EventPerson, ResidentEvent
from kokunen.resident_registry.models.household import EditingClaim, Household
from kokunen.resident_registry.models.lines import (
    ArrivedMessage,
    ArrivedRecord,
    KioskRequest,
    LineCondition,
    OutgoingMessage,
)
from kokunen.resident_registry.models.numbering import ResidentCodeAssignment, ResidentCodeStock
from kokunen.resident_registry.models.pension_entry import PensionEntry
from kokunen.resident_registry.models.provisional import ProvisionalEntry
from kokunen.resident_registry.models.resident import CONTENT_FIELDS, ResidentVersion
from kokunen.resident_registry.models.search_name import SearchName
from kokunen.resident_registry.models.support import SupportMeasure

#: データベースの別名 of this subsystem.
ALIAS = "resident_registry"

__all__ = [
    "ALIAS",
    "CONTENT_FIELDS",
    "ArrivedMessage",
    "ArrivedRecord",
    "CertificateIssue",
    "CertificateVoid",
    "ConsistencyCheck",
    "ConsistencyDifference",
    "EditingClaim",
    "EventPerson",
    "Household",
    "KioskRequest",
    "LineCondition",
    "OutgoingMessage",
    "PensionEntry",
    "ProvisionalEntry",
    "ResidentCodeAssignment",
    "ResidentCodeStock",
    "ResidentEvent",
    "ResidentVersion",
    "SearchName",
    "SupportLift",
    "SupportMeasure",
]
