"""国民年金情報ファイル: the section's records, one file an aggregate.

`person` who is on the city's pension roll, `qualification` what the person was insured as, `acts` what officers and
the feed did to it, `receipts` what was received, `exemptions` 免除 and 付加, `continuation` 継続審査,
`welfare` 生活保護の通知, `income_answers` 所得情報の提供, `work`
what waits for an officer, `reports` what went to the Service and what came back, `handover` what the 市民課 was told
for the 行政欄.
"""

from __future__ import annotations

from kokunen.national_pension.models.acts import CorrectionProposal, QualificationAct, QualificationActLine
from kokunen.national_pension.models.claims import ClaimExamination, ClaimRecord
from kokunen.national_pension.models.consultation import ConsultationNote, InquirySlip, RecordNote
from kokunen.national_pension.models.continuation import ContinuationCase, ContinuationRun
from kokunen.national_pension.models.exemptions import (
    AdditionalPremiumPeriod,
    ExemptionApplication,
    ExemptionDecision,
    ExemptionPeriod,
)
from kokunen.national_pension.models.forgotten import ForgottenPerson
from kokunen.national_pension.models.handover import QualificationHandOver
from kokunen.national_pension.models.income_answers import IncomeAnswer, IncomeRequestFile
from kokunen.national_pension.models.outreach import OutreachLetter
from kokunen.national_pension.models.person import InsuredPerson, PensionNumber
from kokunen.national_pension.models.qualification import QualificationPeriod
from kokunen.national_pension.models.receipts import Receipt, ReceiptEntry, ReceiptPaper, ReceiptStep
from kokunen.national_pension.models.reports import (
    ReportBatch,
    ReportFile,
    ReportIssue,
    ReportLine,
    ReportResult,
    ReportResultLine,
)
from kokunen.national_pension.models.welfare import WelfareNotice
from kokunen.national_pension.models.work import WorkItem

__all__ = [
    "AdditionalPremiumPeriod",
    "ClaimExamination",
    "ClaimRecord",
    "ConsultationNote",
    "ContinuationCase",
    "ContinuationRun",
    "CorrectionProposal",
    "ExemptionApplication",
    "ExemptionDecision",
    "ExemptionPeriod",
    "ForgottenPerson",
    "IncomeAnswer",
    "IncomeRequestFile",
    "InquirySlip",
    "InsuredPerson",
    "OutreachLetter",
    "PensionNumber",
    "QualificationAct",
    "QualificationActLine",
    "QualificationHandOver",
    "QualificationPeriod",
    "Receipt",
    "ReceiptEntry",
    "ReceiptPaper",
    "ReceiptStep",
    "RecordNote",
    "ReportBatch",
    "ReportFile",
    "ReportIssue",
    "ReportLine",
    "ReportResult",
    "ReportResultLine",
    "WelfareNotice",
    "WorkItem",
]
