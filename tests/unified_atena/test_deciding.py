"""紐付の判断: one number for one person, and everything that does not fit waits. No database."""

from __future__ import annotations

from datetime import date

import pytest

from kokunen.unified_atena.choices import HoldReason, LinkMeans
from kokunen.unified_atena.deciding import Fact, Known, decide, new_name, representative

BORN = date(1970, 1, 1)
A, B, C = "000000000000078", "000009000000024", "000009000000016"
U, V = "100000000000015", "100000000000023"


def _facts(*facts: Fact) -> dict[str, Fact]:
    return {fact.atena_number: fact for fact in facts}


def _known(*links: tuple[str, str, str | None], means: LinkMeans = LinkMeans.NUMBER) -> Known:
    known = Known()
    for number, person, token in links:
        known.person_of[number], known.means_of[number] = person, means
        if token is not None:
            known.token_of[person], known.holder_of[token] = token, person
    return known


def test_確認済みの番号があれば付番される() -> None:
    done = decide([A], _facts(Fact(A, "t1", BORN)), Known())
    assert (done.created, done.linked) == (["t1"], [(A, new_name("t1"), LinkMeans.NUMBER)])


def test_番号のない人には付番しない() -> None:
    done = decide([A], _facts(Fact(A)), Known())
    assert (done.created, done.linked, done.held) == ([], [], {})


def test_同じ番号の宛名は同じ人に付く() -> None:
    done = decide([A, B], _facts(Fact(A, "t1", BORN, sex="1"), Fact(B, "t1", BORN, sex="0")), Known())
    assert done.created == ["t1"]
    assert done.linked == [(A, new_name("t1"), LinkMeans.NUMBER), (B, new_name("t1"), LinkMeans.NUMBER)]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (Fact(B, "t1", date(1971, 1, 1)), HoldReason.BIRTH),
        (Fact(B, "t1", BORN, sex="2"), HoldReason.SEX),
        (Fact(B, "t1", date(1971, 1, 1), birth_is_exact=False), None),
        (Fact(B, "t1", None), None),
    ],
    ids=["生年月日", "性別", "生年月日が不詳", "生年月日がない"],
)
def test_同じ番号で人が違えば誰も紐付けない(other: Fact, reason: HoldReason | None) -> None:
    """Worked example Q11: a number conflict is held, not linked."""
    done = decide([A, B], _facts(Fact(A, "t1", BORN, sex="1"), other), Known())
    if reason is None:
        assert not done.held and len(done.linked) == 2
    else:
        assert done.linked == [] and done.created == []
        assert done.held == {A: (reason, [B], []), B: (reason, [A], [])}


def test_すでに紐付いた人は後から来た合わない宛名に動かされない() -> None:
    facts = _facts(Fact(A, "t1", BORN), Fact(B, "t1", date(1971, 1, 1)))
    done = decide([A, B], facts, _known((A, U, "t1")))
    assert done.held == {B: (HoldReason.BIRTH, [A], [U])}
    assert done.linked == []


def test_番号が変わっても団体内統合宛名番号は変わらない() -> None:
    done = decide([A], _facts(Fact(A, "t2", BORN)), _known((A, U, "t1")))
    assert (done.renumbered, done.linked, done.created) == ([(U, "t2")], [], [])


def test_前の番号が別の宛名に残れば保留() -> None:
    facts = _facts(Fact(A, "t2", BORN), Fact(B, "t1", BORN))
    done = decide([A], facts, _known((A, U, "t1"), (B, U, "t1")))
    assert done.held == {A: (HoldReason.OTHERS_KEEP, [B], [U])}
    assert done.renumbered == []


def test_新しい番号が別の人のものなら保留() -> None:
    facts = _facts(Fact(A, "t2", BORN), Fact(B, "t2", BORN))
    done = decide([A], facts, _known((A, U, "t1"), (B, V, "t2")))
    assert done.held == {A: (HoldReason.ANOTHER, [B], [U, V])}


def test_番号が外れても団体内統合宛名番号は残り次の番号を待つ() -> None:
    known = _known((A, U, "t1"))
    assert decide([A], _facts(Fact(A)), known).renumbered == [(U, None)]
    assert decide([A], _facts(Fact(A, "t2")), known).renumbered == [(U, "t2")]


def test_名寄せ元は名寄せ先に従い解除で離れる() -> None:
    facts = _facts(Fact(A, "t1", BORN), Fact(C, parent=A))
    done = decide([C], facts, _known((A, U, "t1")))
    assert done.linked == [(C, U, LinkMeans.MERGE)]
    known = _known((A, U, "t1"))
    known.person_of[C], known.means_of[C] = U, LinkMeans.MERGE
    assert decide([C], _facts(Fact(A, "t1", BORN), Fact(C)), known).unlinked == [C]


def test_名寄せされた二人に別々の番号があれば保留() -> None:
    facts = _facts(Fact(A, "t1", BORN), Fact(C, "t2", BORN, parent=A))
    done = decide([A, C], facts, _known((A, U, "t1"), (C, V, "t2")))
    assert done.held == {C: (HoldReason.MERGED_TWO, [A], [U, V])}


def test_繰り返しても変わらない() -> None:
    facts = _facts(Fact(A, "t1", BORN), Fact(B, "t1", BORN))
    done = decide([A, B], facts, _known((A, U, "t1"), (B, U, "t1")))
    assert (done.created, done.linked, done.unlinked, done.renumbered, done.held) == ([], [], [], [], {})


def test_統合宛名フラグは住民が先() -> None:
    """標準 0320003: another work's record only when nobody is a resident."""
    resident, outside, gone = Fact(B, is_resident=True), Fact(A), Fact(C, is_listed=False)
    assert representative([outside, gone, resident]) == B
    assert representative([gone, outside]) == A
    assert representative([]) == ""
