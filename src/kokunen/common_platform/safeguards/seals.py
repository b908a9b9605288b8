"""封: what binds a row of a register to a key that the database does not hold.

Whoever owns the database can write a row; without the key he cannot seal it, and what acts on a row verifies the seal.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from kokunen.common_platform.safeguards.models import RegisterEntry, RegisterStep
from kokunen.config import keys


def key_for(purpose: str) -> bytes:
    """A key of its own for each purpose, drawn from the one secret of the registers."""
    return hmac.new(keys.secret("safeguards.key").encode(), purpose.encode(), hashlib.sha256).digest()


def seal_of_entry(entry: RegisterEntry) -> str:
    """The seal that this entry must carry."""
    return _seal(
        "entry",
        entry.kind,
        entry.number,
        entry.title,
        entry.content,
        entry.atena_number,
        entry.opened_on.isoformat(),
        entry.created_by,
        entry.office_code,
    )


def seal_of_step(number: str, before: str, step: RegisterStep) -> str:
    """The seal that this step must carry; `before` is the seal of the step (or entry) before it."""
    return _seal(
        "step",
        number,
        before,
        step.sequence,
        step.action,
        step.content,
        step.acted_on.isoformat(),
        step.signed_by,
        step.office_code,
        step.countersigns,
    )


def is_intact(entry: RegisterEntry, steps: list[RegisterStep]) -> bool:
    """Are the entry and every step what their signers sealed, in unbroken order?"""
    if not hmac.compare_digest(entry.seal, seal_of_entry(entry)):
        return False
    before = entry.seal
    for number, step in enumerate(steps, start=1):
        if step.sequence != number or not hmac.compare_digest(step.seal, seal_of_step(entry.number, before, step)):
            return False
        before = step.seal
    return True


def code_of(number: str, fingerprint: str) -> str:
    """使用の符号: what the holder of an approval types to use it; nobody can make it from the database alone."""
    return hmac.new(key_for("approval code"), f"{number}/{fingerprint}".encode(), hashlib.sha256).hexdigest()[:10]


def _seal(*parts: Any) -> str:
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(key_for("register seal"), text.encode(), hashlib.sha256).hexdigest()
