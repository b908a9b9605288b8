"""方針: each leaf of the assessment that says what may be done, changed one at a time, changes just what it governs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from itertools import product
from typing import Any

import pytest

from kokunen.assessment.bearing import bearing_leaves
from kokunen.assessment.document import Document, load_document
from kokunen.assessment.flows import MEDIUM, PAPER, SERVICE, Policy, check_consumption, compile_policy, load_policy
from kokunen.kernel.errors import NotAllowed

PUBLISHED, DRAFT = load_document(), load_document("next-draft")
POLICY = load_policy()


def _with(leaf_id: str, **content: Any) -> Policy:
    leaf = PUBLISHED.leaves[leaf_id]
    leaves = {**PUBLISHED.leaves, leaf_id: replace(leaf, content={**leaf.content, **content})}
    return compile_policy(Document(PUBLISHED.edition, leaves))


def _without(leaf_id: str) -> Policy:
    return compile_policy(Document(PUBLISHED.edition, {i: v for i, v in PUBLISHED.leaves.items() if i != leaf_id}))


def _changed(policy: Policy) -> set[str]:
    return {f.name for f in fields(Policy) if getattr(policy, f.name) != getattr(POLICY, f.name)}


def _minus(values: Any, one: Any) -> list[Any]:
    return [value for value in values if value != one]


def _mutations() -> Iterator[tuple[str, Callable[[], Policy], set[str], Callable[[Policy], object]]]:
    """(name, the changed policy, what of it may differ, what must be gone): one of each policy-bearing choice."""
    sources = PUBLISHED.leaves["II.3.sources"].content
    for box in sources["value"]:
        yield f"入手元 {box}", lambda b=box: _with("II.3.sources", value=_minus(sources["value"], b)), {"flows"}, len
        for party in sources["details"].get(box, ()):
            kept = {**sources["details"], box: _minus(sources["details"][box], party)}
            yield f"入手元 {party}", lambda k=kept: _with("II.3.sources", details=k), {"flows"}, len
    for leaf_id, what in (
        ("II.3.acquisition_methods", "flows"),
        ("II.5.performed", "flows"),
        ("II.5.provision1.method", "flows"),
        ("II.5.transfer1.method", "flows"),
        ("II.3.using_departments", "departments"),
        ("II.3.use", "purposes"),
    ):
        for one in PUBLISHED.value(leaf_id):
            kept_values = _minus(PUBLISHED.value(leaf_id), one)
            yield f"{leaf_id} {str(one)[:30]}", lambda i=leaf_id, v=kept_values: _with(i, value=v), {what}, len
    for leaf_id, value, what in (
        ("II.5.provision1.recipient", "税務署", "flows"),
        ("II.5.provision1.legal_basis", [], "flows"),
        ("II.5.provision1.information", None, "flows"),
        ("II.5.transfer1.recipient", "税務署", "flows"),
        ("II.5.transfer1.legal_basis", [], "flows"),
        ("II.5.transfer1.information", None, "flows"),
        ("II.3.user_count", "10人未満", "users"),
        ("I.1.subjects", "30万人以上", "subjects"),
        ("II.2.recorded_items_count", "100項目以上", "item_count"),
        ("II.4.outsourced", "委託する", "is_outsourced"),
        ("I.5.performed", "実施する", "uses_network"),
        ("III.3.risk2.authentication", "行っていない", "has_authentication"),
    ):
        yield f"{leaf_id} → {value}", lambda i=leaf_id, v=value: _with(i, value=v), {what}, len
    for number in (2, 4, 5, 6):
        leaf_id = f"I.2.system{number}.connections"
        kept_systems = _minus(PUBLISHED.value(leaf_id), "庁内連携システム")
        yield f"{leaf_id}", lambda i=leaf_id, v=kept_systems: _with(i, value=v), {"flows"}, len
    for number in (2, 4, 6, 7):
        leaf_id = f"I.2.system{number}.connections"
        yield f"{leaf_id} その他", lambda i=leaf_id: _with(i, other_text=""), {"lines"}, len
    leaf_id = "I.2.system2.connections"
    no_net = _minus(PUBLISHED.value(leaf_id), "住民基本台帳ネットワークシステム")
    yield f"{leaf_id} 住基ネット", lambda: _with("I.2.system2.connections", value=no_net), {"lines"}, len
    for number, name in ((2, "法務省との連携機能"), (2, "戸籍システムへの連携"), (6, "年金特別徴収管理機能")):
        leaf_id = f"I.2.system{number}.functions"
        kept_functions = [one for one in PUBLISHED.value(leaf_id) if one["name"] != name]
        yield f"{leaf_id} {name}", lambda i=leaf_id, v=kept_functions: _with(i, value=v), {"lines"}, len
    basis = PUBLISHED.value("I.4.legal_basis")
    for row in basis["rows"]:
        kept_rows = {**basis, "rows": _minus(basis["rows"], row)}
        yield f"番号の利用 {row['row']}", lambda v=kept_rows: _with("I.4.legal_basis", value=v), {"number_rows"}, len
    groups = PUBLISHED.value("II.2.main_items")
    for name, group in groups.items():
        for option in group["options"]:
            ticked = group["checked"]
            now = _minus(ticked, option) if option in ticked else [*ticked, option]
            value = {**groups, name: {**group, "checked": now}}
            yield f"記録項目の区分 {option}", lambda v=value: _with("II.2.main_items", value=v), {"categories"}, len
    for leaf in PUBLISHED.record_items():
        yield f"別添1 {leaf.leaf_id}", lambda i=leaf.leaf_id: _without(i), {"items"}, len


MUTATIONS = list(_mutations())


@pytest.mark.control("CTL-010")
@pytest.mark.control("CTL-011")
@pytest.mark.control("CTL-030")
@pytest.mark.control("CTL-031")
@pytest.mark.control("CTL-036")
@pytest.mark.control("CTL-040")
@pytest.mark.control("CTL-083")
@pytest.mark.parametrize(("mutated", "expected"), [(m[1], m[2]) for m in MUTATIONS], ids=[m[0] for m in MUTATIONS])
def test_評価書の一つの記載を変えるとその働きだけが変わる(mutated, expected) -> None:
    assert _changed(mutated()) == expected


BEARING = bearing_leaves(PUBLISHED)
NAMES = " ".join(name for name, *_ in MUTATIONS)
SPOKEN_OF = {"II.3.sources": "入手元", "I.4.legal_basis": "番号の利用", "II.2.main_items": "記録項目の区分"}
TRIED = {leaf_id for leaf_id in BEARING if SPOKEN_OF.get(leaf_id, leaf_id) in NAMES}
"""What `kokunen coverage --leaves` counts."""


def test_方針を担う記載はほとんどすべて試される() -> None:
    """95 % of the leaves without which, or with another option of which, the policy is another one."""
    assert len(BEARING) > 80
    assert len(TRIED) / len(BEARING) >= 0.95, set(BEARING) - TRIED


PARTIES = [
    "本人又は本人の代理人",
    "日本年金機構",
    "resident_registry",
    "resident_tax",
    "生活福祉1課",
    "税務署",
    "ねんきんネット",
]
CHANNELS = [
    PAPER, MEDIUM, "フラッシュメモリ", "電子メール", "専用線", "庁内連携システム",
    "情報提供ネットワークシステム", "社会保険オンラインシステム",
]  # fmt: skip
OPEN_IN = {
    ("本人又は本人の代理人", PAPER),
    ("日本年金機構", PAPER),
    ("日本年金機構", "社会保険オンラインシステム"),
    ("resident_registry", "庁内連携システム"),
    ("resident_tax", "庁内連携システム"),
    ("生活福祉1課", PAPER),
}
OPEN_OUT = {("日本年金機構", MEDIUM), ("resident_registry", "庁内連携システム")}


@pytest.mark.control("CTL-010")
@pytest.mark.control("CTL-034")
@pytest.mark.control("CTL-038")
@pytest.mark.parametrize(("party", "channel"), list(product(PARTIES, CHANNELS)))
def test_宣言した相手と方法だけが開いている(party, channel) -> None:
    for declared, check in ((OPEN_IN, POLICY.check_inbound), (OPEN_OUT, POLICY.check_outbound)):
        if (party, channel) in declared:
            check(party, channel)
        else:
            with pytest.raises(NotAllowed, match="評価書は"):
                check(party, channel)


@pytest.mark.control("CTL-011")
@pytest.mark.control("CTL-081")
def test_公表版は媒体による入手と紙の提供を許さず案は許す() -> None:
    draft = compile_policy(DRAFT)
    with pytest.raises(NotAllowed):
        POLICY.check_inbound(SERVICE, MEDIUM)
    with pytest.raises(NotAllowed):
        POLICY.check_outbound(SERVICE, PAPER)
    draft.check_inbound(SERVICE, MEDIUM)
    draft.check_outbound(SERVICE, PAPER)
    assert not POLICY.declares("R1/個人番号") and draft.declares("R1/個人番号")
    assert "健康・医療関係情報" not in POLICY.categories and "健康・医療関係情報" in draft.categories


@pytest.mark.control("CTL-033")
@pytest.mark.control("CTL-035")
@pytest.mark.parametrize(
    ("flow", "publisher", "consumer", "items", "words"),
    [
        ("flow.out2", "national_pension", "resident_registry", [("diagnosis", None)], "diagnosis"),
        ("flow.out2", "national_pension", "resident_registry", [("koseki", "戸籍")], "koseki"),
        ("flow.in4", "resident_tax", "national_pension", [], "使えません"),
        ("flow.out2", "national_pension", "resident_tax", [], "使えません"),
        ("flow.in1", "resident_registry", "national_pension", [], "使えません"),
        ("flow.in99", "resident_registry", "national_pension", [], "ありません"),
        ("flow.in6.1", "resident_registry", "national_pension", [], "使えません"),
    ],
)
def test_宣言にない連携は列の名を挙げて断る(flow, publisher, consumer, items, words) -> None:
    with pytest.raises(NotAllowed, match=words):
        check_consumption(POLICY, publisher=publisher, consumer=consumer, flow_id=flow, dataset="d", items=items)


@pytest.mark.control("CTL-031")
def test_使用部署でない所は断る() -> None:
    POLICY.check_department("芝支所")
    with pytest.raises(NotAllowed, match="使用部署ではありません"):
        POLICY.check_department("戸塚支所")
