"""日次処理 (保護措置): review of last week, keys of files whose time is over, people back after a restore."""

from __future__ import annotations

from kokunen.common_platform.safeguards.rules import retention_rules
from kokunen.common_platform.safeguards.services import deletion, envelopes, log_review


def open_log_reviews() -> int:
    """閲覧記録の点検: the entry of the week before, once."""
    return log_review.open_due_weeks()


def forget_file_keys() -> int:
    """持ち出したファイルの鍵: those whose days are over."""
    return envelopes.forget_expired()


def find_people_back_after_restore() -> int:
    """復旧後の再削除: a run that waits for its approval, for each rule by which somebody is back."""
    return sum(deletion.reopen_after_restore(code) is not None for code in retention_rules())


DAILY = (open_log_reviews, forget_file_keys, find_people_back_after_restore)
