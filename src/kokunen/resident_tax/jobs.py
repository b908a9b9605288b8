"""日次処理: what a day brings by itself; safe to run again."""

from __future__ import annotations

from kokunen.ledger.access import system_context


def exchange_with_payers() -> str:
    """年金特別徴収の送受信: files that wait go out, files that came are applied; a failing line is told."""
    from kokunen.resident_tax.services.exchange import exchange
    from kokunen.resident_tax.wiring import carrier

    line = carrier()
    try:
        done = exchange(line, system_context("tax-line"))
    finally:
        line.close()
    return f"sent {done.sent}, refused {done.refused}, taken {done.taken}, applied {done.applied} {done.trouble}"


DAILY = (exchange_with_payers,)
"""What the daily process runs."""
