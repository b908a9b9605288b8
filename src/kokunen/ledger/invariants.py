"""不変条件 (台帳): the chain, the writers' and the people's numbers, the checkpoints, the second custodian."""

from __future__ import annotations

from kokunen.common_platform.operations.invariants import Check, Outcome
from kokunen.ledger import verification


def ledger_is_whole() -> Outcome:
    """台帳の検証: everything that ``kokunen ledger verify`` looks at."""
    report = verification.verify()
    return Outcome(report.sealed + report.waiting, tuple(report.findings))


CHECKS = (Check("ledger.whole", "閲覧記録台帳に欠けも改変もない", ledger_is_whole),)
