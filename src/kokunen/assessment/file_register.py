"""個人情報ファイル簿: the entry of 個人情報の保護に関する法律75条, from the assessment; nobody is in it."""

from __future__ import annotations

from typing import Any

from kokunen.assessment.document import Document


def entry_of(document: Document) -> list[tuple[str, str]]:
    """(label, words) in the order of the register."""
    return [
        ("個人情報ファイルの名称", _words(document.value("II.1.file"))),
        ("行政機関等の名称", _words(document.value("cover.body"))),
        ("利用に供される事務をつかさどる組織", _words(document.value("II.2.department"))),
        ("利用目的", _words(document.value("II.3.purpose"))),
        ("記録項目", "、".join(dict.fromkeys(str(leaf.value) for leaf in document.record_items()))),
        ("記録範囲", _words(document.value("II.2.subject_scope"))),
        ("記録情報の収集方法", _sources(document)),
        ("要配慮個人情報", "含む（障害の裁定請求に係る診断書情報）" if _has_diagnosis(document) else "含まない"),
        ("記録情報の経常的提供先", "、".join(_recipients(document)) or "なし"),
        ("開示請求等を受理する組織", _words(document.value("IV.1.office"))),
        ("不記載等", _words(document.value("IV.1.file_register_omission")) or "なし"),
    ]


def _sources(document: Document) -> str:
    content = document.content("II.3.sources")
    details = content.get("details") or {}
    return "、".join(
        f"{box}（{'、'.join(map(str, details[box]))}）" if details.get(box) else str(box)
        for box in content.get("value") or ()
    )


def _recipients(document: Document) -> list[str]:
    found = [
        document.value(leaf_id)
        for leaf_id in document.leaves
        if leaf_id.startswith("II.5.") and leaf_id.endswith(".recipient")
    ]
    return [str(one) for one in found if one]


def _has_diagnosis(document: Document) -> bool:
    return any("診断書" in str(leaf.value) for leaf in document.record_items())


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return "　".join(str(one) for one in value.values() if one)
    return "、".join(map(str, value)) if isinstance(value, list) else str(value or "")
