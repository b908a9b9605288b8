"""社会保険オンラインの表: forms and operators, credentials and sessions, inquiries and what they are compared with."""

from __future__ import annotations

from kokunen.pension_records.models.inquiry import DayCheck, Inquiry, OfficeLine, Slip
from kokunen.pension_records.models.operator import EnrolmentCode, Operator, RegistrationForm
from kokunen.pension_records.models.session import Challenge, Credential, TerminalSession

__all__ = [
    "Challenge",
    "Credential",
    "DayCheck",
    "EnrolmentCode",
    "Inquiry",
    "OfficeLine",
    "Operator",
    "RegistrationForm",
    "Slip",
    "TerminalSession",
]
