"""個人住民税の記録: one file an aggregate."""

from kokunen.resident_tax.models.decision import TaxChange, TaxDecision, Taxpayer, TaxRun
from kokunen.resident_tax.models.dependant import DependantClaim
from kokunen.resident_tax.models.document import TaxDocument, TaxDocumentFault, TaxDocumentFile, WithholdingAgent
from kokunen.resident_tax.models.income import AMOUNT_FIELDS, COUNT_FIELDS, KIND_FIELDS, IncomeRecord
from kokunen.resident_tax.models.printed import PrintedNotice, PrintPart, PrintRun
from kokunen.resident_tax.models.statistic import StatisticCell, StatisticPerson
from kokunen.resident_tax.models.withholding import PensionExchange, PensionWithholding

ALIAS = "resident_tax"
"""データベースの別名."""

__all__ = [
    "ALIAS",
    "AMOUNT_FIELDS",
    "COUNT_FIELDS",
    "KIND_FIELDS",
    "DependantClaim",
    "IncomeRecord",
    "PensionExchange",
    "PensionWithholding",
    "PrintPart",
    "PrintRun",
    "PrintedNotice",
    "StatisticCell",
    "StatisticPerson",
    "TaxChange",
    "TaxDecision",
    "TaxDocument",
    "TaxDocumentFault",
    "TaxDocumentFile",
    "TaxRun",
    "Taxpayer",
    "WithholdingAgent",
]
