"""続柄: the legal words for everybody's relation to the head, for each head a household has had."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kokunen.city.composition import CHILDREN, Role
from kokunen.city.people import NOBODY, Society
from kokunen.city.randomness import Ints, Rng

WORD_CODES = {
    "世帯主": "02", "夫": "11", "妻": "12", "夫（未届）": "13", "妻（未届）": "14", "子": "20", "父": "51", "母": "52",
    "兄": "71", "弟": "74", "姉": "81", "妹": "84", "縁故者": "90", "同居人": "99",
}  # fmt: skip
"""続柄コード: storage code of each base word; a chain is the codes from the head's side, joined by a hyphen."""

_CHAINS = (
    "妻の子", "夫の子", "子の妻", "子の夫", "子の子", "妻の父", "妻の母", "夫の父", "夫の母",
    "子の子の子", "子の子の妻", "子の子の夫",
    "妻の兄", "妻の弟", "妻の姉", "妻の妹", "夫の兄", "夫の弟", "夫の姉", "夫の妹",
)  # fmt: skip
TEXTS = (*WORD_CODES, *_CHAINS)
CODES = tuple("-".join(WORD_CODES[word] for word in text.split("の")) for text in TEXTS)
_INDEX = {text: index for index, text in enumerate(TEXTS)}
UNMARRIED = {_INDEX["夫"]: _INDEX["夫（未届）"], _INDEX["妻"]: _INDEX["妻（未届）"]}
HEAD = _INDEX["世帯主"]


def relation_texts() -> pl.Series:
    return pl.Series(TEXTS)


def relation_codes() -> pl.Series:
    return pl.Series(CODES)


def relations(rng: Rng, society: Society) -> tuple[Ints, Ints]:
    """続柄の列: (under the head of today, under the head before); equal where the head never changed."""
    people, grid = society.people, society.grid
    spouse_word = np.where(people.sex == 1, _INDEX["夫"], _INDEX["妻"])
    head_sex = grid.sex[people.household, Role.HEAD]
    now = np.full(people.count, _INDEX["同居人"], dtype=np.int64)
    now[people.role == Role.HEAD] = HEAD
    now = np.where(people.role == Role.SPOUSE, spouse_word, now)
    now = np.where(np.isin(people.role, [int(role) for role in CHILDREN]), _INDEX["子"], now)
    now = np.where(people.step, np.where(head_sex == 1, _INDEX["妻の子"], _INDEX["夫の子"]), now)
    now[people.role == Role.FATHER] = _INDEX["父"]
    now[people.role == Role.MOTHER] = _INDEX["母"]
    now = np.where(people.role == Role.CHILD_SPOUSE, np.where(people.sex == 1, _INDEX["子の夫"], _INDEX["子の妻"]), now)
    now[np.isin(people.role, [int(Role.GRANDCHILD1), int(Role.GRANDCHILD2)])] = _INDEX["子の子"]
    now = np.where(people.role == Role.SIBLING, _sibling(society), now)
    kin = (people.role == Role.OTHER) & (rng.random(people.count) < 0.25)
    now[kin] = _INDEX["縁故者"]
    before = _before(society, now, spouse_word)
    return now, before


def _sibling(society: Society) -> Ints:
    people = society.people
    head_birth = society.grid.birth[people.household, Role.HEAD]
    older = people.birth < head_birth
    male = people.sex == 1
    return np.where(male, np.where(older, _INDEX["兄"], _INDEX["弟"]), np.where(older, _INDEX["姉"], _INDEX["妹"]))


def _before(society: Society, now: Ints, spouse_word: Ints) -> Ints:
    """Under the spouse who was head 妻 (夫) and 子; under the father who was head wife, child, child's family."""
    people, line = society.people, society.line
    head_before = line.head_before[people.household]
    under_spouse, under_father = head_before == Role.SPOUSE, head_before == Role.FATHER
    before = now.copy()
    before = np.where(under_spouse & (people.role == Role.SPOUSE), HEAD, before)
    before = np.where(under_spouse & (people.role == Role.HEAD), spouse_word, before)
    below = np.full(people.count, NOBODY, dtype=np.int64)
    below[people.role == Role.FATHER] = HEAD
    below[people.role == Role.MOTHER] = _INDEX["妻"]
    below[people.role == Role.HEAD] = _INDEX["子"]
    below = np.where(people.role == Role.SPOUSE, np.where(people.sex == 1, _INDEX["子の夫"], _INDEX["子の妻"]), below)
    below = np.where(np.isin(people.role, [int(role) for role in CHILDREN]), _INDEX["子の子"], below)
    return np.where(under_father & (below != NOBODY), below, before)


def print_order(society: Society) -> NDArray[np.int64]:
    """世帯内の順: head, spouse, children by birth, their families, parents, siblings, others; 1 is the first."""
    people = society.people
    group = np.array([0, 1, 2, 2, 2, 2, 5, 5, 3, 4, 4, 6, 7])[people.role]
    order = np.lexsort((np.arange(people.count), people.birth, group, people.household))
    ordered = people.household[order]
    starts = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    first = np.maximum.accumulate(np.where(starts, np.arange(people.count), 0))
    rank = np.empty(people.count, dtype=np.int64)
    rank[order] = np.arange(people.count) - first + 1
    return rank
