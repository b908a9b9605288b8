"""番号名寄 (S5-5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.nonresident_registry.factories import corporation, publish_resident, registered

from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.ledger.access import AccessContext
from kokunen.nonresident_registry import queries
from kokunen.nonresident_registry.models import AtenaVersion, MergeLink
from kokunen.nonresident_registry.models.atena import CURRENT
from kokunen.nonresident_registry.queries import resolve
from kokunen.nonresident_registry.services import merging

pytestmark = pytest.mark.function("S5-5")


@pytest.fixture
def merge(officer: AccessContext, second_officer: AccessContext) -> Any:
    """二人で名寄せする."""

    def go(parent: str, child: str) -> MergeLink:
        link = merging.ask_link(context=officer, parent=parent, child=child, reason="同一人")
        return merging.approve_link(context=second_officer, link_id=link.pk)

    return go


@pytest.fixture
def unmerge(officer: AccessContext, second_officer: AccessContext) -> Any:
    def go(link: MergeLink) -> MergeLink:
        merging.ask_unlink(context=officer, link_id=link.pk, reason="別人と判明")
        return merging.approve_unlink(context=second_officer, link_id=link.pk)

    return go


def test_Q6_住民への名寄せと解除は_元のとおりに戻る(
    officer: AccessContext, merge: Any, unmerge: Any, admin_connection: Any
) -> None:
    publish_resident("000000000000086")
    child = registered(officer)
    link = merge("000000000000086", child)
    assert resolve(child) == "000000000000086"
    assert not queries.get_record(context=officer, atena_number=child).row.is_listed
    published = "select parent_atena_number, is_current from integrated.atena_link where atena_number = %s"
    assert admin_connection.execute(published, [child]).fetchone() == ("000000000000086", True)
    unmerge(link)
    assert resolve(child) == child
    assert queries.get_record(context=officer, atena_number=child).row.status == "1"
    assert admin_connection.execute(published, [child]).fetchone() == ("", False)
    assert AtenaVersion.objects.filter(atena_number=child).count() >= 3
    steps = queries.get_steps(context=officer, atena_number=child)
    assert [step.get_state_display() for step in reversed(steps)] == [
        "名寄せの承認待ち",
        "有効",
        "解除の承認待ち",
        "解除",
    ]


def test_Q7_親が子になると孫は付け替わり_解除で戻る(
    officer: AccessContext, merge: Any, unmerge: Any, resident: Any
) -> None:
    first, second = registered(officer), registered(officer, town="別の町")
    merge(first, second)
    link = merge("000000000000078", first)
    assert resolve(second) == resolve(first) == "000000000000078"
    tree = queries.get_number_tree(context=officer, atena_number=second)
    assert [node.subject.atena_number for node in tree.children] == sorted([first, second])
    unmerge(link)
    assert (resolve(first), resolve(second)) == (first, first)


def test_Q8_循環_個人と法人_住民を子にすることを断る(officer: AccessContext, merge: Any, resident: Any) -> None:
    first, second, company = registered(officer), registered(officer, town="別の町"), corporation(officer)
    merge(first, second)
    with pytest.raises(Conflict, match="名寄せ元"):
        merging.ask_link(context=officer, parent=second, child=first, reason="逆")
    with pytest.raises(InputError, match="個人と法人"):
        merging.ask_link(context=officer, parent=company, child=first, reason="誤り")
    with pytest.raises(InputError, match="住民は名寄せ先"):
        merging.ask_link(context=officer, parent=first, child="000000000000078", reason="逆")
    with pytest.raises(Conflict, match="すでにあります"):
        merging.ask_link(context=officer, parent="000000000000078", child=second, reason="二重")


@pytest.mark.control("CTL-060")
def test_名寄せにも解除にも二人目の職員が要る(
    officer: AccessContext, second_officer: AccessContext, refusals: Any
) -> None:
    first, second = registered(officer), registered(officer, town="別の町")
    link = merging.ask_link(context=officer, parent=first, child=second, reason="同一人")
    assert resolve(second) == second
    with pytest.raises(NotAllowed, match="別の職員"):
        merging.approve_link(context=officer, link_id=link.pk)
    merging.approve_link(context=second_officer, link_id=link.pk)
    merging.ask_unlink(context=second_officer, link_id=link.pk, reason="別人")
    with pytest.raises(NotAllowed, match="別の職員"):
        merging.approve_unlink(context=second_officer, link_id=link.pk)
    assert resolve(second) == first
    assert [code for code, _ in refusals()] == ["two_officers"] * 2


def test_深さ1はデータベースも守る(officer: AccessContext, merge: Any) -> None:
    from django.db import IntegrityError
    from django.utils import timezone

    numbers = [registered(officer, town=f"町{n}") for n in range(3)]
    merge(numbers[0], numbers[1])
    with pytest.raises(IntegrityError, match="1段"):
        MergeLink.objects.create(
            parent=numbers[1], child=numbers[2], kind="1", state="2", reason="直接", asked_by="a",
            asked_at=timezone.now(), made_by="b",
        )  # fmt: skip


def test_別人と判断した組は_理由とともに残り再び並ばない(officer: AccessContext) -> None:
    first, second = registered(officer), registered(officer, birth_date=date(1991, 11, 5), town="別の町")
    merging.propose_by_number(first, [second])
    lines, _ = queries.find_proposals(context=officer)
    merging.decide_different(context=officer, proposal_id=lines[0].proposal.pk, words="双子の姉妹")
    assert queries.find_proposals(context=officer) == ([], "")
    with pytest.raises(Conflict):
        merging.decide_different(context=officer, proposal_id=lines[0].proposal.pk, words="もう一度")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_どの順に名寄せしても_解除はそのつど前の姿に戻す(
    officer: AccessContext, merge: Any, unmerge: Any, resident: Any, admin_connection: Any, seed: int
) -> None:
    import random

    people = ["000000000000078", *(registered(officer, town=f"町{n}") for n in range(5))]

    def shape() -> list[Any]:
        live = {row.atena_number: row.status for row in AtenaVersion.objects.filter(CURRENT)}
        told = admin_connection.execute(
            "select atena_number, parent_atena_number from integrated.atena_link where is_current order by 1"
        ).fetchall()
        return [[(number, resolve(number), live.get(number)) for number in people], told]

    choice, done = random.Random(seed), []
    for _ in range(40):
        parent, child = choice.sample(people, 2)
        before = shape()
        try:
            done.append((merge(parent, child), before))
        except (Conflict, InputError):
            assert shape() == before
    assert len(done) >= 3
    for link, before in reversed(done):
        unmerge(MergeLink.objects.get(child=link.child, parent=link.parent, state="2"))
        assert shape() == before
