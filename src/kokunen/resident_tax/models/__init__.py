"""個人住民税の記録: one file an aggregate."""

from kokunen.resident_tax.models.decision import TaxChange, TaxDecision, Taxpayer, TaxRun
from kokunen.resident_tax.models.dependant import DependantClaim
from kokunen.resident_tax.models.document import TaxDocument, TaxDocumentFault, TaxDocumentFile, WithholdingAgent
from kokunen.resident_tax.models.income import AMOUNT_FIELDS, COUNT_FIELDS, KIND_FIELDS, IncomeRecord

ALIAS = "resident_tax"
"""データベースの別名."""

__all__ = [
    "ALIAS",
    "AMOUNT_FIELDS",
    "COUNT_FIELDS",
    "KIND_FIELDS",
    "DependantClaim",
    "IncomeRecord",
    "TaxChange",
    "TaxDecision",
    "TaxDocument",
    "TaxDocumentFault",
    "TaxDocumentFile",
    "TaxRun",
    "Taxpayer",
    "WithholdingAgent",
]
