"""方針を担う記載: which leaves of the assessment govern what the program does, found by changing each of them.

A leaf bears policy when the compiled policy differs without it, or with another of its options. Nothing is listed by
hand: a leaf that a later program listens to is one of these from then on, and wants its test (tests/assessment).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from kokunen.assessment.document import Document, Leaf
from kokunen.assessment.flows import Policy, compile_policy


def bearing_leaves(document: Document) -> dict[str, tuple[str, ...]]:
    """Leaf → the parts of the policy that it moves, in the order of the form."""
    policy, found = compile_policy(document), {}
    for leaf_id, leaf in document.leaves.items():
        moved = {part for other in _others(document, leaf) for part in _differing(policy, compile_policy(other))}
        if moved:
            found[leaf_id] = tuple(sorted(moved))
    return found


def _others(document: Document, leaf: Leaf) -> Iterator[Document]:
    yield Document(document.edition, {i: one for i, one in document.leaves.items() if i != leaf.leaf_id})
    for option in leaf.options or () if isinstance(leaf.value, str) else ():
        if isinstance(option, str) and option != leaf.value:
            changed = replace(leaf, content={**leaf.content, "value": option})
            yield Document(document.edition, {**document.leaves, leaf.leaf_id: changed})


def _differing(one: Policy, other: Policy) -> set[str]:
    return {field.name for field in fields(Policy) if getattr(one, field.name) != getattr(other, field.name)}
