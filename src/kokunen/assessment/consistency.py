"""整合の点検: what a version of the form says against itself. Finds, never repairs."""

from __future__ import annotations

from dataclasses import dataclass

from kokunen.assessment.document import Document
from kokunen.assessment.threshold import band
from kokunen.assessment.wording import printed

_NETWORK = "情報提供ネットワークシステム"


@dataclass(frozen=True, slots=True)
class Finding:
    """気付き: `rule` is stable, `where` are the leaves to look at."""

    rule: str
    where: tuple[str, ...]
    words: str


def check(document: Document) -> list[Finding]:
    """Everything that does not agree, in the order of the rules."""
    return [
        *_outsourcing(document),
        *_counts(document),
        *_network(document),
        *_items(document),
        *_wording(document),
    ]


def _outsourcing(document: Document) -> list[Finding]:
    if document.value("II.4.outsourced") != "委託しない":
        return []
    found = []
    if not document.value("III.4.not_outsourced"):
        words = "II.4 は「委託しない」ですが、III.4 の「委託しない」が選ばれていません"
        found.append(Finding("outsourcing_box", ("II.4.outsourced", "III.4.not_outsourced"), words))
    answered = [i for i, leaf in document.leaves.items() if i.startswith("III.4.risk1.") and leaf.value]
    if answered:
        words = "「委託しない」なら空欄となる III.4 の問に答えがあります"
        found.append(Finding("outsourcing_answers", tuple(answered), words))
    speaking = [
        i
        for i in ("cover.special_notes", "III.3.risk2.authentication_method")
        if "委託先" in str(document.value(i) or "")
    ]
    if speaking:
        words = "「委託しない」のに、委託先について述べた記載があります"
        found.append(Finding("outsourcing_words", tuple(speaking), words))
    return found


def _counts(document: Document) -> list[Finding]:
    found = []
    content = document.content("II.5.performed")
    for kind, key, name in (("provision", "provision_count", "提供先"), ("transfer", "transfer_count", "移転先")):
        described = len({i.split(".")[2] for i in document.leaves if i.startswith(f"II.5.{kind}")})
        if content.get(key) != described:
            stated = content.get(key) if content.get(key) is not None else "空欄"
            words = f"{name}の件数の記載（{stated}）と、記載された{name}（{described}件）が違います"
            found.append(Finding(f"{kind}_count", ("II.5.performed",), words))
    items = len(document.record_items())
    stated_band = band(document.value("II.2.recorded_items_count") or "")
    if not stated_band.holds(items):
        words = f"別添1は {items} 項目ですが、II.2④ は「{stated_band.text}」です"
        found.append(Finding("item_band", ("II.2.recorded_items_count",), words))
    return found


def _network(document: Document) -> list[Finding]:
    performs = document.value("I.5.performed") == "実施する"
    boxes = [not document.value(f"III.6.not_connected_{way}") for way in ("acquire", "provide")]
    ticked = [i for i in document.leaves if i.endswith(("methods", ".method")) if _NETWORK in (document.value(i) or ())]
    if not performs and (any(boxes) or ticked):
        words = "情報連携を「実施しない」のに、情報提供ネットワークシステムとの接続の記載があります"
        return [Finding("network", ("I.5.performed", *ticked), words)]
    return []


def _items(document: Document) -> list[Finding]:
    """Ticked categories need an item of 別添1, and items need their category."""
    groups = (document.value("II.2.main_items") or {}).values()
    ticked = {option for group in groups for option in group["checked"]}
    items = {str(leaf.value) for leaf in document.record_items()}
    wanted = {
        "個人番号": "個人番号" in items,
        "生活保護・社会福祉関係情報": any("生活保護" in item for item in items),
    }
    found = [
        Finding("category_without_item", ("II.2.main_items",), f"主な記録項目「{name}」に当たる項目が別添1にありません")
        for name, has in wanted.items()
        if name in ticked and not has
    ]
    if "診断書情報" in items and "健康・医療関係情報" not in ticked:
        words = "別添1に「診断書情報」がありますが、主な記録項目の「健康・医療関係情報」が選ばれていません"
        found.append(Finding("item_without_category", ("II.2.main_items",), words))
    return found


def _wording(document: Document) -> list[Finding]:
    text = printed(document.leaves["III.3.risk1.measures"])
    found = []
    if "国民年金に関する情報を保有しない" in text:
        words = "文字どおり読むと、国民年金の情報を持たないことになります（「以外」の脱落）"
        found.append(Finding("wording_holds", ("III.3.risk1.measures",), words))
    if "府内連携" in printed(document.leaves["III.2.risk1.measures"]):
        found.append(Finding("wording_typo", ("III.2.risk1.measures",), "「府内連携」は「庁内連携」の誤記です"))
    return found
