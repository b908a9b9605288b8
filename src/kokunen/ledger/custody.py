"""第二保管者: keeps the city's checkpoints outside the database (行政管理課), in a folder with a key of its own.

The custodian takes a checkpoint only when it continues what it already holds: the next number, the hash of the one
before, a log that has not become shorter. It answers with a receipt of its own signature. A database that was rolled
back, rewritten or replaced cannot take back what lies here.

The folder is `KOKUNEN_CUSTODIAN`, by default `custodian` below the city's data; in production another department's
share, which the city's administrators may add to and not alter.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kokunen.config import environment, keys
from kokunen.kernel.errors import Conflict
from kokunen.ledger.signing import PublicKey, SigningKey, load_key
from kokunen.ledger.statements import Statement

_LOG = "checkpoints.jsonl"


@dataclass(frozen=True, slots=True)
class Held:
    """預かった検印: what the custodian has in its own log."""

    number: int
    statement: str
    signature: bytes
    receipt: str
    receipt_signature: bytes


def city_key() -> SigningKey:
    """The key that signs the city's checkpoints."""
    return load_key(keys.key_dir() / "ledger-checkpoint.pem", environment.is_demo())


class Custodian:
    """第二保管者: `folder` holds its log and, in `keys`, its key; `trusted` is the city's key it accepts."""

    def __init__(self, folder: Path, trusted: PublicKey) -> None:
        self.folder, self.trusted = folder, trusted
        folder.mkdir(parents=True, exist_ok=True)
        self._key = load_key(folder / "keys" / "custodian.pem", environment.is_demo())

    @property
    def public(self) -> PublicKey:
        """The key of its receipts."""
        return self._key.public

    def held(self) -> list[Held]:
        """Everything taken so far, in order."""
        return list(self._read())

    def take(self, statement: str, signature: bytes) -> tuple[str, bytes]:
        """Take a checkpoint; returns the receipt and its signature. The same one twice gets the same receipt.

        Raises Conflict when it does not continue what is held.
        """
        with self._alone():
            offered = Statement.parse(statement)
            held = self.held()
            for old in held:
                if old.number == offered.number:
                    if old.statement == statement:
                        return old.receipt, old.receipt_signature
                    raise Conflict(f"検印 {offered.number} は、既に預かったものと内容が違います（枝分かれ）")
            self._check(offered, signature, held)
            receipt = "\n".join(
                (
                    "kokunen receipt 1",
                    f"number {offered.number}",
                    f"statement {hashlib.sha256(statement.encode()).hexdigest()}",
                    f"key {self.public.key_id}",
                    "",
                )
            )
            receipt_signature = self._key.sign(receipt)
            self._append(Held(offered.number, statement, signature, receipt, receipt_signature))
            return receipt, receipt_signature

    def _check(self, offered: Statement, signature: bytes, held: list[Held]) -> None:
        if not self.trusted.verifies(offered.text, signature):
            raise Conflict(f"検印 {offered.number} の署名は市の鍵によるものではありません")
        last = Statement.parse(held[-1].statement) if held else None
        if offered.number != (last.number + 1 if last else 1):
            raise Conflict(f"検印 {offered.number} は、預かった {last.number if last else 0} 番に続きません")
        if last and offered.is_earlier_than(last):
            raise Conflict(f"検印 {offered.number} の日時が、預かった {last.number} 番より前です（時計の巻戻し）")
        if last and (offered.previous != last.digest or offered.last < last.last):
            raise Conflict(f"検印 {offered.number} は、預かった {last.number} 番の続きではありません（巻戻し）")

    def _append(self, held: Held) -> None:
        line = {
            "number": held.number,
            "statement": held.statement,
            "signature": held.signature.hex(),
            "receipt": held.receipt,
            "receipt_signature": held.receipt_signature.hex(),
        }
        with (self.folder / _LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _read(self) -> Iterator[Held]:
        path = self.folder / _LOG
        if not path.exists():
            return
        for line in path.read_text(encoding="utf-8").splitlines():
            row: dict[str, Any] = json.loads(line)
            yield Held(
                row["number"],
                row["statement"],
                bytes.fromhex(row["signature"]),
                row["receipt"],
                bytes.fromhex(row["receipt_signature"]),
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.folder / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def second_custodian() -> Custodian:
    """The custodian of this city."""
    place = os.environ.get("KOKUNEN_CUSTODIAN")
    return Custodian(Path(place) if place else environment.data_dir() / "custodian", city_key().public)
