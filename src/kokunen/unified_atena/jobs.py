"""日次処理: whoever is not linked yet is linked, and both sides say what they hold. Safe to run again."""

from __future__ import annotations

from kokunen.ledger.access import system_context


def link_the_city() -> int:
    """宛名紐付の自動作成: the whole city; after a migration everybody, on other days whoever the feed left out."""
    from kokunen.unified_atena.services.following import link_all

    return link_all()


def compare_with_the_server() -> int:
    """中間サーバーとの照合: asked for; returns the serial of the request."""
    from kokunen.unified_atena.services.reconciliation import ask_comparison

    return ask_comparison(system_context("団体内統合宛名 日次照合", "number_management")).batch.serial


DAILY = (link_the_city, compare_with_the_server)
"""日次処理: what the platform runs once a business day."""
