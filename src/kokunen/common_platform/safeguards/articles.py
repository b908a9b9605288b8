"""法令上の根拠: is a legal basis named with statute and article, and in today's numbering?"""

from __future__ import annotations

import re
import unicodedata

from kokunen.assessment.document import Document
from kokunen.common_platform.safeguards.procedures import parameter

_OLD_TABLE = re.compile(r"別表第[一二]")
_ROW = re.compile(r"別表(?:第[一二])?の?\s*(\d+)\s*(?:の項|項)")
_ARTICLE = re.compile(r"(法|条例|規則|命令|令).*?第?\s*\d+\s*条|(法|条例|規則|命令|令)第?\d+条")


def problems(basis: str) -> list[str]:
    """What is wrong with a legal basis, in words; empty when it can stand."""
    text = unicodedata.normalize("NFKC", basis)
    found = []
    if not _ARTICLE.search(text):
        found.append("法令の名と条がありません")
    old: dict[str, str] = parameter("old_rows")
    if _OLD_TABLE.search(text):
        found.append("「別表第一・第二」は令和6年5月より前の表です。いまの別表の項に改めてください")
    for row in _ROW.findall(text):
        if row in old:
            found.append(f"別表の{row}の項は、番号が改まり{old[row]}の項になりました")
    return found


def check_document(document: Document) -> dict[str, list[str]]:
    """評価書の根拠: what is wrong with the legal basis of each provision and transfer, by leaf."""
    found = {}
    for leaf_id in document.leaves:
        if leaf_id.startswith("II.5.") and leaf_id.endswith(".legal_basis"):
            value = document.value(leaf_id)
            words = "、".join(map(str, value)) if isinstance(value, list) else str(value or "")
            if wrong := problems(words):
                found[leaf_id] = wrong
    return found
