"""日次処理: both sides say what they hold. Safe to run again: a second comparison of a day tells the same."""

from __future__ import annotations

from kokunen.ledger.access import system_context


def compare_with_the_server() -> int:
    """中間サーバーとの照合を求める; returns the serial of the request."""
    from kokunen.unified_atena.services.reconciliation import ask_comparison

    return ask_comparison(system_context("団体内統合宛名 日次照合", "number_management")).batch.serial


DAILY = (compare_with_the_server,)
"""日次処理: what the platform runs once a business day."""
