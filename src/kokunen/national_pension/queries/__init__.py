"""照会: every look at a person or a list, ledger entry first, in the same transaction.

`persons` one person and everything about him, `lists` work list, board, reports and the counts of the home page.
"""

from __future__ import annotations
