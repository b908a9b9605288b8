"""続柄の付け替え (relationship): families drawn at random keep their 続柄 right through changes of head."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokunen.kernel.errors import InputError
from kokunen.law.rules.relationship import Member, Proposal, Sex, Status, check, explain, propose

HEAD = Member("太郎", "世帯主", Sex.MALE, date(1955, 2, 1))
WIFE = Member("花子", "妻", Sex.FEMALE, date(1957, 3, 3))
SON = Member("一郎", "子", Sex.MALE, date(1985, 4, 4))
BRIDE = Member("幸子", "子の妻", Sex.FEMALE, date(1987, 4, 4))
GRANDCHILD = Member("翔", "子の子", Sex.MALE, date(2015, 4, 4))


def after(proposal: Proposal) -> list[str | None]:
    return [member.relation_after for member in proposal.members]


def test_子の配偶者と孫のつながりは推定して確認を求める() -> None:
    proposal = propose([HEAD, WIFE, SON, BRIDE, GRANDCHILD], "一郎")
    assert after(proposal) == ["父", "母", "世帯主", "妻", "子"]
    assert [member.needs_confirmation for member in proposal.members] == [False, False, False, True, True]
    assert "婚姻の相手" in proposal.members[3].note and "親子関係" in proposal.members[4].note
    assert proposal.print_order == ("一郎", "幸子", "翔", "太郎", "花子")


def test_子が二人いれば子の妻の夫は決められない() -> None:
    second = Member("次郎", "子", Sex.MALE, date(1988, 4, 4))
    proposal = propose([HEAD, WIFE, SON, second, BRIDE, GRANDCHILD], "一郎")
    assert after(proposal) == ["父", "母", "世帯主", "弟", "縁故者", "縁故者"]
    assert proposal.members[4].needs_confirmation and "つながりがわかりません" in proposal.members[4].note
    told = propose(
        [HEAD, WIFE, SON, second, replace(BRIDE, spouse="次郎"), replace(GRANDCHILD, parents=("次郎",))], "一郎"
    )
    assert after(told) == ["父", "母", "世帯主", "弟", "弟の妻", "弟の子"]
    assert not any(member.needs_confirmation for member in told.members[4:])


def test_記載順は家族ごとに並ぶ() -> None:
    second = Member("次郎", "子", Sex.MALE, date(1983, 4, 4))
    aunt = Member("雪子", "妹", Sex.FEMALE, date(1960, 1, 1))
    mother = Member("トメ", "母", Sex.FEMALE, date(1930, 1, 1))
    father = Member("茂", "父", Sex.MALE, date(1932, 1, 1), koseki_head=True)
    lodger = Member("健", "同居人", Sex.MALE, date(1920, 1, 1))
    other = Member("正", "縁故者", Sex.MALE, date(1921, 1, 1))
    household = [
        lodger,
        other,
        aunt,
        mother,
        father,
        GRANDCHILD,
        replace(BRIDE, spouse="一郎"),
        SON,
        second,
        WIFE,
        HEAD,
    ]
    order = propose(household, "太郎").print_order
    assert order == ("太郎", "花子", "次郎", "一郎", "幸子", "翔", "茂", "トメ", "雪子", "正", "健")
    gone = [replace(member, leaves=member.person == "一郎") for member in household]
    order = propose(gone, "太郎").print_order
    assert order == ("太郎", "花子", "次郎", "茂", "トメ", "雪子", "幸子", "翔", "正", "健")


def test_世帯主未設定では残る全員を確認する() -> None:
    proposal = propose([replace(HEAD, leaves=True), SON, WIFE])
    assert (proposal.status, proposal.new_head, proposal.notify) == (Status.NO_HEAD, None, "花子")
    assert after(proposal) == [None, "子", "妻"]
    assert proposal.print_order == ()
    nobody = propose([replace(HEAD, leaves=True)])
    assert (nobody.status, nobody.notify) == (Status.NO_HEAD, None)


def test_四世代を超える続柄は縁故者になる() -> None:
    line = [HEAD]
    for number in range(1, 6):
        line.append(
            Member(f"{number}代", "縁故者", Sex.MALE, date(1955 + 20 * number, 1, 1), parents=(line[-1].person,))
        )
    proposal = propose(line, "太郎")
    assert after(proposal)[1:] == ["子", "子の子", "子の子の子", "子の子の子の子", "縁故者"]
    assert [member.needs_confirmation for member in proposal.members] == [False] * 5 + [True]


def test_説明は全員の続柄とたどった人を示す() -> None:
    proposal = propose([replace(HEAD, leaves=True), WIFE, Member("トメ", "母", Sex.FEMALE, date(1930, 5, 5))], "花子")
    steps = {step.name: step.value for step in explain(proposal)}
    assert steps["members[2].relation_after"] == "夫の母"
    assert steps["members[2].path"] == "花子→太郎→トメ"
    assert steps["print_order"] == "花子、トメ"


@pytest.mark.parametrize(
    ("members", "new_head", "field", "code"),
    [
        ([HEAD], None, "new_head", "missing_field"),
        ([HEAD, WIFE], "次郎", "new_head", "invalid_value"),
        ([HEAD, replace(WIFE, leaves=True)], "花子", "new_head", "inconsistent"),
        ([HEAD, replace(WIFE, relation="孫")], "花子", "members[1].relation", "invalid_value"),
        ([HEAD, replace(WIFE, spouse="次郎")], "花子", "members[1].spouse", "invalid_value"),
        ([HEAD, replace(SON, parents=("太郎", "太郎"))], "一郎", "members[1].parents[1]", "inconsistent"),
    ],
)
def test_あり得ない世帯は項目を示して断る(members: list[Member], new_head: str | None, field: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        propose(members, new_head)
    assert (refused.value.field, refused.value.code) == (field, code)


# --- すべての家族に成り立つこと -------------------------------------------------------------------------------------


@st.composite
def families(draw: st.DrawFn) -> list[Member]:
    """A family grown from one couple, every tie told: parents always married, born in the order of their keys."""
    people: list[Member] = []

    def add(sex: Sex, parents: tuple[str, ...] = ()) -> str:
        number = len(people)
        key = f"{number:02d}"
        people.append(Member(key, "縁故者", sex, date(1930 + number * 3, 1, 1), parents))
        return key

    def marry(one: str, other: str) -> None:
        for index, member in enumerate(people):
            if member.person in (one, other):
                people[index] = replace(member, spouse=other if member.person == one else one)

    couples = [(add(Sex.MALE), add(Sex.FEMALE))]
    marry(*couples[0])
    for _ in range(draw(st.integers(0, 6))):
        parents = draw(st.sampled_from(couples))
        sex = draw(st.sampled_from(Sex))
        child = add(sex, parents)
        if draw(st.booleans()):
            spouse = add(Sex.FEMALE if sex is Sex.MALE else Sex.MALE)
            marry(child, spouse)
            couples.append((child, spouse))
    return people


def household(people: list[Member], head: str) -> list[Member]:
    """The same people with their 続柄 to ``head``."""
    seed = [replace(member, relation="世帯主" if member.person == head else "縁故者") for member in people]
    return [
        replace(member, relation=item.relation_after or "")
        for member, item in zip(seed, propose(seed, head).members, strict=True)
    ]


@settings(max_examples=200, deadline=None)
@given(families(), st.data())
def test_世帯主を替えても戻しても続柄は同じ(people: list[Member], data: st.DataObject) -> None:
    keys = [member.person for member in people]
    first, second = data.draw(st.sampled_from(keys)), data.draw(st.sampled_from(keys))
    proposal = propose(household(people, first), second)
    assert after(proposal) == [member.relation for member in household(people, second)]
    assert after(propose(household(people, second), first)) == [member.relation for member in household(people, first)]
    assert not any(member.needs_confirmation and member.relation_after != "縁故者" for member in proposal.members)


@settings(max_examples=200, deadline=None)
@given(families(), st.data())
def test_案はいつも記載できる世帯になる(people: list[Member], data: st.DataObject) -> None:
    leaving = data.draw(st.sets(st.sampled_from([member.person for member in people])))
    old_head = data.draw(st.sampled_from(people)).person
    members = [replace(member, leaves=member.person in leaving) for member in household(people, old_head)]
    staying = {member.person for member in members} - leaving
    new_head = data.draw(st.sampled_from(sorted(staying))) if staying else None
    if new_head is None and old_head not in leaving:
        return
    proposal = propose(members, new_head)
    relations = {m.person: m.relation_after for m in proposal.members if m.relation_after is not None}
    assert set(relations) == staying
    assert all(check(relation).valid for relation in relations.values())
    if new_head is not None:
        assert [person for person, relation in relations.items() if relation == "世帯主"] == [new_head]
        assert sorted(proposal.print_order) == sorted(staying) and proposal.print_order[0] == new_head
    shuffled = data.draw(st.permutations(members))
    again = propose(shuffled, new_head)
    assert {m.person: m.relation_after for m in again.members} == {m.person: m.relation_after for m in proposal.members}
    assert again.print_order == proposal.print_order
