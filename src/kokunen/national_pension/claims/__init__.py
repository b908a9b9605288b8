"""裁定請求の審査: what speaks for and against a claim, by law, month by month. The decision is the Service's.

`base` the shapes, one module a family of benefits, `guide` the questions that lead a visitor to the right procedure.
Nothing here writes; `handlers/claims.py` keeps the examination with the receipt.
"""

from __future__ import annotations
