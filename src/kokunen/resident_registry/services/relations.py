"""続柄: what may be written (SPEC 1.1.11, `kokunen.law.rules.relationship`), told at the field when it may not."""

from __future__ import annotations

import re

from kokunen.kernel.errors import InputError
from kokunen.law.rules.relationship import Reason, check
from kokunen.resident_registry.choices import HEAD_RELATION


def relation_codes(text: str, field: str = "relationship") -> str:
    """続柄コード: codes head side first, joined by commas; "" for a relation that is left blank.

    Raises InputError for a word outside the list and for more than four generations (→ 縁故者).
    """
    text = normalise_relation(text)
    if not text:
        return ""
    judged = check(text)
    if judged.reason == Reason.TOO_MANY_GENERATIONS:
        raise InputError(
            f"続柄「{text}」は4世代を超えています。「縁故者」としてください",
            field,
            "too_many_generations",
            "続柄は「の」でつなぐ4語までです。",
        )
    if judged.reason is not None:
        raise InputError(
            f"続柄「{text}」は使えません。世帯主・夫・妻・子・父・母・兄・姉・弟・妹とその組合せ"
            "（例: 子の子、妻の母）、縁故者、同居人で入力してください",
            field,
            "invalid_value",
            "祖父は「父の父」、孫は「子の子」のように書きます。",
        )
    return ",".join(judged.codes)


def normalise_relation(text: str) -> str:
    """続柄の表記: full-width brackets, no spaces."""
    return re.sub(r"\s+", "", text).replace("(", "（").replace(")", "）")


def is_head_relation(text: str) -> bool:
    """世帯主であるか."""
    return normalise_relation(text) == HEAD_RELATION
