#!/usr/bin/env python3
"""閲覧記録の開示の検証: checks a disclosure with nothing but Python's standard library. One file; copy it anywhere.

    python3 verifier.py DISCLOSURE.json KEYS.json [--checkpoints CUSTODIAN.jsonl]

KEYS.json holds the public keys of the city and of the second custodian; compare them with those the city publishes.
Exit status 0: everything below holds. 1: it does not, with the reason. 2: wrong usage.

What is checked, and what it proves:

1. The checkpoint is signed by the city and the second custodian has received just this one.
2. The person's token follows from 宛名番号 and salt, and stands once in the bucket that the checkpoint signs, with a
   count and a head. Exactly that many entries are shown, numbered from 1 without a hole, and folding them gives that
   head: none was left out, added, changed or reordered.
3. Each entry names the person (its commitment), and stands at its position in the log that a checkpoint signs: the
   auditor's log and the person's list are the same.
4. With --checkpoints (the custodian's own log): every checkpoint used is the one that the custodian holds, so that
   nobody was shown a log of their own.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from typing import Any

FORMAT = "kokunen disclosure 1"
BUCKETS = 4096
FIELDS = (
    "number", "taken-at", "first", "last", "root", "people", "people-root", "previous", "key",
)  # fmt: skip
TEXTS = (
    "entry_id", "recorded_at", "writer", "writer_number", "staff_number", "office_code", "purpose", "act", "dataset",
    "screen", "terminal", "case_id", "serial",
)  # fmt: skip
# DigestInfo of SHA-256 (RFC 8017 9.2)
_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


class Refused(Exception):
    """The disclosure does not prove what it claims; the text says why."""


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def need(condition: bool, words: str) -> None:
    if not condition:
        raise Refused(words)


def unhex(value: Any, length: int | None = 32) -> bytes:
    """Bytes of a lower-case hexadecimal text of just that length."""
    need(isinstance(value, str) and re.fullmatch(r"(?:[0-9a-f]{2})*", value) is not None, "16進の値が読めません")
    found = bytes.fromhex(value)
    need(length is None or len(found) == length, "値の長さが違います")
    return found


def whole(value: Any, low: int = 0) -> int:
    need(isinstance(value, int) and not isinstance(value, bool) and value >= low, "数が読めません")
    return int(value)


def signed_by(key: dict[str, str], text: str, signature: bytes) -> bool:
    """RSA PKCS#1 v1.5: the whole padded block is rebuilt and compared, so that no forged padding passes."""
    n, e = int(key["n"], 16), int(key["e"])
    length = (n.bit_length() + 7) // 8
    if length < 256 or e < 3 or len(signature) != length or int.from_bytes(signature, "big") >= n:
        return False
    tail = _DIGEST_INFO + sha(text.encode("utf-8"))
    block = b"\x00\x01" + b"\xff" * (length - len(tail) - 3) + b"\x00" + tail
    return pow(int.from_bytes(signature, "big"), e, n).to_bytes(length, "big") == block


def parse_statement(text: str) -> dict[str, Any]:
    lines = text.split("\n")
    need(lines[0] == "kokunen checkpoint 1" and lines[-1] == "", "検印の文の形が違います")
    pairs = [line.split(" ", 1) for line in lines[1:-1]]
    need(tuple(pair[0] for pair in pairs) == FIELDS and all(len(p) == 2 for p in pairs), "検印の文の形が違います")
    found: dict[str, Any] = {pair[0]: pair[1] for pair in pairs}
    for name in ("number", "first", "last", "people"):
        need(re.fullmatch(r"0|[1-9][0-9]*", found[name]) is not None, "検印の数が読めません")
        found[name] = int(found[name])
    for name in ("root", "people-root", "previous"):
        found[name] = unhex(found[name])
    need(found["first"] >= 1 and found["last"] >= found["first"], "検印の範囲が違います")
    return found


def check_checkpoint(number: int, entry: dict[str, Any], keys: dict[str, Any]) -> dict[str, Any]:
    text, receipt = entry["statement"], entry["receipt"]
    statement = parse_statement(text)
    need(statement["number"] == number, f"検印 {number} の番号が違います")
    need(signed_by(keys["city"], text, unhex(entry["signature"], None)), f"検印 {number} の市の署名が違います")
    wanted = "\n".join(
        (
            "kokunen receipt 1",
            f"number {number}",
            f"statement {sha(text.encode('utf-8')).hex()}",
            f"key {keys['custodian']['key_id']}",
            "",
        )
    )
    need(receipt == wanted, f"検印 {number} の受領書が、この検印のものではありません")
    signature = unhex(entry["receipt_signature"], None)
    need(signed_by(keys["custodian"], receipt, signature), f"検印 {number} の第二保管者の署名が違います")
    return statement


def inclusion_root(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """RFC 9162 2.1.3.2: the root that this path leads to; None when the path has the wrong length."""
    if index >= size:
        return None
    fn, sn, found = index, size - 1, leaf
    for step in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            found = sha(b"\x01" + step + found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = sha(b"\x01" + found + step)
        fn, sn = fn >> 1, sn >> 1
    return found if sn == 0 else None


def leaf_of(entry: dict[str, Any]) -> bytes:
    """The hash of an entry: every field with its length in front; people and detail as salted hashes only."""
    commitments = [unhex(value) for value in entry["commitments"]]
    need(commitments == sorted(set(commitments)), "記録の対象者の印の並びが違います")
    parts = [str(entry[name]) for name in TEXTS]
    parts.append(json.dumps(entry["items"], ensure_ascii=False, separators=(",", ":")))
    parts += [str(entry["subject_count"]), unhex(entry["detail_hash"]).hex(), sha(b"".join(commitments)).hex()]
    content = "".join(f"{len(part.encode('utf-8'))}:{part}," for part in parts)
    return sha(b"\x00" + content.encode("utf-8"))


def check_person(document: dict[str, Any], newest: dict[str, Any]) -> tuple[int, bytes, bytes]:
    """Count and head that the newest checkpoint signs for the person, and the token."""
    person, people = document["person"], document["people"]
    salt = unhex(person["salt"], None)
    need(len(salt) >= 16, "本人の塩が短すぎます")
    token = sha(b"\x05" + salt + str(person["atena_number"]).encode("utf-8"))
    members = [(unhex(t), whole(count, 1), unhex(head)) for t, count, head in people["bucket"]]
    need([m[0] for m in members] == sorted({m[0] for m in members}), "本人の組の並びが違います")
    content = b"".join(t + count.to_bytes(8, "big") + head for t, count, head in members)
    number = int.from_bytes(token[:2], "big") >> 4
    path = [unhex(value) for value in people["path"]]
    root = inclusion_root(sha(b"\x04" + content), number, BUCKETS, path)
    need(root == newest["people-root"], "本人の件数が、検印の定めるものではありません")
    mine = [member for member in members if member[0] == token]
    need(len(mine) == 1, "この宛名番号の人は、検印の定める本人の組にいません")
    return mine[0][1], mine[0][2], token


def check_entries(document: dict[str, Any], statements: dict[int, dict[str, Any]], newest: dict[str, Any]) -> None:
    count, head, folded = check_person(document, newest)  # folding begins at the person's token
    person, entries = document["person"], document["entries"]
    need(len(entries) == count, f"閲覧は {count} 件のはずですが、{len(entries)} 件しか示されていません"
         if len(entries) < count else f"閲覧は {count} 件のはずですが、{len(entries)} 件示されています")  # fmt: skip
    salt, atena = unhex(person["salt"], None), str(person["atena_number"])
    last = 0
    for number, entry in enumerate(entries, start=1):
        need(entry["number"] == number, f"{number} 番目の閲覧の番号が続いていません")
        commitment = sha(b"\x03" + salt + f"{atena}/{entry['entry_id']}".encode())
        need(commitment.hex() in entry["commitments"], f"{number} 番目の記録は、この人の閲覧ではありません")
        leaf = leaf_of(entry)
        folded = sha(b"\x02" + folded + leaf)
        position = whole(entry["position"], 1)
        need(position > last, f"{number} 番目の閲覧の順序が違います")
        last = position
        statement = statements.get(whole(entry["checkpoint"], 1))
        need(statement is not None, f"{number} 番目の閲覧の検印がありません")
        assert statement is not None
        first, size = statement["first"], statement["last"] - statement["first"] + 1
        need(first <= position <= statement["last"], f"{number} 番目の閲覧は、その検印の範囲にありません")
        root = inclusion_root(leaf, position - first, size, [unhex(step) for step in entry["path"]])
        need(root == statement["root"], f"{number} 番目の閲覧は、検印の定める台帳にありません")
    need(folded == head, "閲覧の並びが、検印の定める本人の先端に至りません")


def check_custodian(statements: dict[str, dict[str, Any]], lines: list[str]) -> None:
    """Each statement is the one that the custodian's own log has under that number, and the log is one chain."""
    held, previous = {}, bytes(32)
    for number, line in enumerate(lines, start=1):
        text = json.loads(line)["statement"]
        statement = parse_statement(text)
        need(statement["number"] == number and statement["previous"] == previous, "第二保管者の控えが続いていません")
        previous = sha(text.encode("utf-8"))
        held[str(number)] = text
    for key, entry in statements.items():
        need(held.get(key) == entry["statement"], f"検印 {key} は、第二保管者の控えと違います")


def verify(document: Any, keys: dict[str, Any], custodian: list[str] | None = None) -> int:
    """Number of entries proven complete. Raises Refused."""
    try:
        need(document["format"] == FORMAT, "この検証の知る書式ではありません")
        statements = {
            int(key): check_checkpoint(int(key), entry, keys) for key, entry in document["checkpoints"].items()
        }
        newest = statements.get(whole(document["checkpoint"], 1))
        need(newest is not None, "検印がありません")
        assert newest is not None
        need(newest["number"] == max(statements), "最も新しい検印ではありません")
        check_entries(document, statements, newest)
        if custodian is not None:
            check_custodian(document["checkpoints"], custodian)
        need(document["person"]["count"] == len(document["entries"]), "件数の記載が違います")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refused(f"書類の形が違います（{type(error).__name__}: {error}）") from error
    return len(document["entries"])


def main(arguments: list[str]) -> int:
    lines: list[str] | None = None
    if len(arguments) == 4 and arguments[2] == "--checkpoints":
        with open(arguments[3], encoding="utf-8") as file:
            lines = file.read().splitlines()
    elif len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with open(arguments[0], encoding="utf-8") as file:
        document = json.load(file)
    with open(arguments[1], encoding="utf-8") as file:
        keys = json.load(file)
    try:
        count = verify(document, keys, lines)
    except Refused as refused:
        print(f"検証できません: {refused}")
        return 1
    print(f"検証できました: 閲覧 {count} 件。欠け、追加、書換え、並べ替えはありません。")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
