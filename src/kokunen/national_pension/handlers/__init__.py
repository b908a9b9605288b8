"""届書ごとの処理: what one form knows, checks and does beyond the common reception.

`base` is the common behaviour, `registry` says which form has its own. A form without an own handler is received,
checked against its fields, forwarded and closed by the common reception alone.
"""

from __future__ import annotations
