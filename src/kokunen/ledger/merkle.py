"""木: the hash trees of the ledger (RFC 9162 shape), and the roots of 256 leaves each that make proofs quick.

Leaves are hashed with 0x00 in front, nodes with 0x01, so that neither can be passed off as the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

TILE = 256
BUCKETS = 4096  # people by the first 12 bits of their token
EMPTY = hashlib.sha256(b"").digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes; of none: the hash of nothing."""
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        # A last one without a neighbour moves up as it is: the same tree as splitting at the largest power of two.
        paired = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) & ~1 :]
    return level[0]


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Neighbours from leaf `index` up to the root."""
    found: list[bytes] = []
    level = list(leaves)
    while len(level) > 1:
        neighbour = index ^ 1
        if neighbour < len(level):
            found.append(level[neighbour])
        paired = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) & ~1 :]
        index //= 2
    return found


def tiles(leaves: Sequence[bytes]) -> list[bytes]:
    """Roots of each 256 leaves (the last of what remains)."""
    return [root(leaves[start : start + TILE]) for start in range(0, len(leaves), TILE)]


def bucket_of(token: bytes) -> int:
    """Bucket of a person's token."""
    return int.from_bytes(token[:2], "big") >> 4


def bucket_hash(people: Sequence[tuple[bytes, int, bytes]]) -> bytes:
    """Hash of a bucket: (token, count, head) of its people, in the order of the tokens."""
    content = b"".join(token + count.to_bytes(8, "big") + head for token, count, head in sorted(people))
    return hashlib.sha256(b"\x04" + content).digest()


EMPTY_BUCKET = bucket_hash([])
