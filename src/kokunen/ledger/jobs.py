"""日次処理 (台帳): the checkpoint of the day."""

from __future__ import annotations

from kokunen.ledger import checkpoints


def daily_checkpoint() -> int:
    """検印: seal, sign and hand over to the second custodian; the number of the newest checkpoint."""
    return checkpoints.take().statement.number


DAILY = (daily_checkpoint,)
