"""制限: how long a terminal session lasts, and when somebody is taken to be trying numbers."""

from __future__ import annotations

IDLE_SECONDS = 5 * 60
"""無操作: the terminal stands at a counter, so shorter than the office's own screens."""
LIFETIME_SECONDS = 4 * 60 * 60
BLANK_SECONDS = 60
FAILURES = 5
"""続けて失敗: wrong sign-ins in a row; a supervisor lifts the stop."""
MISSES = 5
"""該当なしの連続: inquiries in a row that found nobody."""
INQUIRIES = 30
INQUIRIES_MINUTES = 60
COOKIE = "kokunen_terminal"
