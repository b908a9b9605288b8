"""別添2: the diff of two versions, and the classifier on the 61 rows that the city filed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kokunen.assessment.changes import AFTER, BEFORE, Significance, apply, diff, missing_reasons, needs_reason
from kokunen.assessment.document import (
    Document,
    Leaf,
    canonical,
    draft_reasons,
    historical_rows,
    is_starred,
    load_document,
)

pytestmark = pytest.mark.control("CTL-004")
ROWS = historical_rows()
OLD, NEW = load_document(), load_document("next-draft")


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_六十一行の星印を再現する(row) -> None:
    assert is_starred(row["target"]) is row["starred_item"]


def test_理由を求めるのは事後に出した星印の十行だけ() -> None:
    asked = {row["id"] for row in ROWS if needs_reason(row["target"], row["timing"])}
    numbers = (1, 6, 9, 13, 18, 19, 24, 37, 54, 56)
    assert asked == {f"A2.row{number:02}" for number in numbers}
    assert len(ROWS) == 61 and sum(row["starred_item"] for row in ROWS) == 14


def test_版の差は行になり行から新しい版に戻れる() -> None:
    changes = diff(OLD, NEW)
    assert [change.leaf_id for change in changes if change.new is None] == []
    again = apply(changes, OLD, NEW.edition)
    assert {i: canonical(leaf.content) for i, leaf in again.leaves.items()} == {
        i: canonical(leaf.content) for i, leaf in NEW.leaves.items()
    }
    back = diff(NEW, OLD)
    assert {c.leaf_id for c in back} == {c.leaf_id for c in changes}
    removed = next(change for change in back if change.leaf_id == "A1.basic.15")
    assert (removed.before, removed.after) == ("個人番号", "削除")
    assert diff(OLD, OLD) == []


def test_行は変わった所だけを示す() -> None:
    changes = {change.leaf_id: change for change in diff(OLD, NEW)}
    methods = changes["II.3.acquisition_methods"]
    assert methods.before == "（略）\n[ ]電子記録媒体(フラッシュメモリを除く。)\n（略）"
    assert methods.after == "（略）\n[○]電子記録媒体(フラッシュメモリを除く。)\n（略）"
    assert methods.place.endswith("3. 特定個人情報の入手・使用－②入手方法")
    assert changes["A1.basic.15"].after == "（追加）\n個人番号"


def _with(leaf_id: str, **content: object) -> Document:
    leaf = OLD.leaves[leaf_id]
    return Document("x", {**OLD.leaves, leaf_id: replace(leaf, content={**leaf.content, **content})})


@pytest.mark.parametrize(
    ("leaf_id", "value", "expected"),
    [
        ("I.6.head_title", "年金課長", Significance.NOT_STARRED),
        ("II.3.purpose", f"{OLD.value('II.3.purpose')}。",
         Significance.FORMAL),
        ("II.3.purpose", "収納の督促のため", Significance.SUBSTANTIVE),
        ("II.2.subject_scope", ["被保険者または受給権者及びその世帯員"], Significance.FORMAL),
        ("II.4.outsourced", "委託する", Significance.SUBSTANTIVE),
    ],
)  # fmt: skip
def test_重要な変更の見立て(leaf_id, value, expected) -> None:
    [change] = diff(OLD, _with(leaf_id, value=value))
    assert change.significance is expected


def test_条項ずれだけなら形式的な変更と見立てる() -> None:
    leaf = Leaf("I.4.x", (), "法令上の根拠", "text", {"value": "番号法第9条第1項 別表第一の31の項"})
    after = replace(leaf, content={"value": "番号法第9条第1項 別表の46の項"})
    base = Document("a", {"I.4.x": leaf})
    [change] = diff(base, Document("b", {"I.4.x": after}))
    assert change.significance is Significance.FORMAL


def test_理由の欠けた行があれば公表を止める() -> None:
    changes = diff(OLD, NEW)
    proposed = {i: {**d, "decided_by": "kanri1"} for i, d in draft_reasons().items()}
    assert missing_reasons(changes, proposed) == []
    for change in changes:
        without = {i: d for i, d in proposed.items() if i != change.leaf_id}
        [words] = missing_reasons(changes, without)
        assert change.place in words
    blank = {**proposed, "II.5.performed": {"timing": AFTER, "reason": " "}}
    assert "説明がありません" in missing_reasons(changes, blank)[0]


def test_重要な変更を事後にするには判断した職員が要る() -> None:
    changes = diff(OLD, _with("II.4.outsourced", value="委託する"))
    late = {"II.4.outsourced": {"timing": AFTER, "reason": "急いだ"}}
    assert "重要な変更の見込み" in missing_reasons(changes, late)[0]
    first = {"II.4.outsourced": {"timing": BEFORE, "reason": "委託の開始"}}
    assert missing_reasons(changes, first) == []
