"""国民年金の処理: one use case a function; acting officer and purpose required, one transaction, ledger entry
inside.
"""

from __future__ import annotations
