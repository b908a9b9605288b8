"""媒体の封印 — one encrypted image for one receiver; no mode without encryption exists (提供媒体の暗号化).

How an image is made, from the payload and a public label (who, to whom, which serial):

1. seed     = HMAC-SHA256(sender's media secret, SHA256(label) ‖ SHA256(payload))
2. content key, nonce and one-time X25519 key = HKDF-SHA256(seed) under three different names
3. the content key is wrapped (RFC 3394) under HKDF(X25519(one-time key, receiver's key))
4. AES-256-GCM(content key, nonce) over the payload, with the header as associated data
5. Ed25519 signature of the sender over everything before it

Why fixed nonces are safe here. A re-issue must give the same bytes, so nothing may be random. AES-GCM breaks when one
(key, nonce) pair meets two different (payload, associated data) pairs. Here key and nonce are a pseudo-random function
(keyed by a secret of 32 random bytes) of exactly that pair: the header consists of the label, which enters the seed,
and of the one-time public key and the wrapped key, which follow from the seed and from the receiver named in the label.
Two different inputs therefore get unrelated keys, and equal inputs get equal images, which tells an observer only that
they are equal - what a re-issue is meant to show. This is the argument behind synthetic-IV encryption (RFC 5297), with
the key varied together with the nonce, so that the usual limit on messages per GCM key does not arise either.

The receiver's private key is handed over to nobody and the medium carries no key that opens it: the key holder and the
key's id are named in the label so that both sides can look the key up in their own register.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from kokunen.kernel.errors import InputError

from .files import write_atomic

MAGIC = b"KOKUNEN-MEDIUM-1\n"
_SIGNATURE = 64
_MAXIMUM_HEADER = 65_536
MAXIMUM_PAYLOAD = 1 << 30  # far above a whole city's notices; the cipher takes less than 2 GiB at once


@dataclass(frozen=True, slots=True)
class PublicIdentity:
    """公開鍵の登録 — what one party knows of another; exchanged once, with fingerprints, apart from any medium."""

    party: str
    holder: str  # 鍵の保管責任者
    exchange_key: bytes
    signing_key: bytes

    @property
    def key_id(self) -> str:
        """鍵番号 — the first 16 hexadecimal digits of the SHA-256 of both public keys."""
        return hashlib.sha256(self.exchange_key + self.signing_key).hexdigest()[:16]

    def save(self, path: Path) -> None:
        """Write as JSON."""
        content = {
            "party": self.party,
            "holder": self.holder,
            "key_id": self.key_id,
            "exchange_key": _text(self.exchange_key),
            "signing_key": _text(self.signing_key),
        }
        write_atomic(path, json.dumps(content, ensure_ascii=False, indent=1).encode(), mode=0o644)

    @classmethod
    def load(cls, path: Path) -> PublicIdentity:
        """Read from JSON. Raises InputError when the file is missing or its key id does not fit."""
        try:
            content = json.loads(path.read_text())
            found = cls(
                content["party"], content["holder"], _bytes(content["exchange_key"]), _bytes(content["signing_key"])
            )
        except (OSError, ValueError, KeyError, TypeError):
            raise InputError(
                "相手方の公開鍵が登録されていません", field="key", hint="鍵の交換を済ませてから実行してください。"
            ) from None
        if found.key_id != content.get("key_id"):
            raise InputError("相手方の公開鍵と鍵番号が一致しません", field="key", hint="相手方に確かめてください。")
        return found


@dataclass(frozen=True, slots=True)
class Identity:
    """自機関の鍵 — one party's own keys and media secret; never leaves its owner's folder."""

    party: str
    holder: str
    exchange: X25519PrivateKey = field(repr=False)
    signing: Ed25519PrivateKey = field(repr=False)
    secret: bytes = field(repr=False)

    @classmethod
    def load_or_create(cls, path: Path, *, party: str, holder: str) -> Identity:
        """Read the keys, or make them on first use (readable by the owner only)."""
        if not path.exists():
            content = {
                "party": party,
                "holder": holder,
                "exchange": _text(_raw(X25519PrivateKey.generate())),
                "signing": _text(_raw(Ed25519PrivateKey.generate())),
                "secret": _text(os.urandom(32)),
            }
            write_atomic(path, json.dumps(content, ensure_ascii=False).encode())
        content = json.loads(path.read_text())
        return cls(
            content["party"],
            content["holder"],
            X25519PrivateKey.from_private_bytes(_bytes(content["exchange"])),
            Ed25519PrivateKey.from_private_bytes(_bytes(content["signing"])),
            _bytes(content["secret"]),
        )

    def public(self) -> PublicIdentity:
        """What others may know."""
        return PublicIdentity(
            self.party,
            self.holder,
            self.exchange.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
            self.signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
        )


def seal(payload: bytes, label: Mapping[str, Any], *, sender: Identity, receiver: PublicIdentity) -> bytes:
    """Seal ``payload`` for ``receiver``. The same payload, label and keys give the same bytes.

    ``label`` is public: it must hold nothing about a person. Keys of parties are added to it. Raises InputError for a
    payload beyond 1 GiB.
    """
    if len(payload) > MAXIMUM_PAYLOAD:
        raise InputError("媒体の中身が大きすぎます", field="size", code="too_large", hint="報告を分けてください。")
    full = {
        **label,
        "sender": sender.party,
        "sender_key": sender.public().key_id,
        "receiver": receiver.party,
        "receiver_key": receiver.key_id,
        "key_holder": receiver.holder,
        "size": len(payload),
    }
    seed = _seed(sender.secret, _canonical(full), payload)
    content_key, nonce = _derive(seed, "content key", 32), _derive(seed, "nonce", 12)
    one_time = X25519PrivateKey.from_private_bytes(_derive(seed, "one-time key", 32))
    one_time_public = one_time.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    shared = one_time.exchange(X25519PublicKey.from_public_bytes(receiver.exchange_key))
    wrapping = _wrapping_key(shared, one_time_public, receiver.exchange_key)
    header = _canonical(
        {
            "label": full,
            "nonce": _text(nonce),
            "one_time_key": _text(one_time_public),
            "wrapped_key": _text(aes_key_wrap(wrapping, content_key)),
        }
    )
    prefix = MAGIC + len(header).to_bytes(4, "big") + header
    body = prefix + AESGCM(content_key).encrypt(nonce, payload, prefix)
    return body + sender.signing.sign(body)


def read_label(image: bytes) -> dict[str, Any]:
    """The public label of an image, not yet verified. Raises InputError when it is no image or cut short."""
    label, _, _ = _split(image)
    return label


def unseal(image: bytes, *, receiver: Identity, sender: PublicIdentity) -> tuple[dict[str, Any], bytes]:
    """Verify and open an image; gives (label, payload). Raises InputError saying which check failed."""
    label, header, start = _split(image)
    if label.get("receiver_key") != receiver.public().key_id:
        raise InputError("この媒体は別の鍵で封印されています", field="receiver_key", hint="鍵番号を確かめてください。")
    if len(image) != start + int(label["size"]) + 16 + _SIGNATURE:
        raise InputError(
            "媒体の長さが違います（途中で切れているか余分があります）",
            field="size",
            hint="媒体を作り直してください。",
        )
    body, signature = image[:-_SIGNATURE], image[-_SIGNATURE:]
    try:
        Ed25519PublicKey.from_public_bytes(sender.signing_key).verify(signature, body)
        one_time_public = _bytes(header["one_time_key"])
        shared = receiver.exchange.exchange(X25519PublicKey.from_public_bytes(one_time_public))
        wrapping = _wrapping_key(shared, one_time_public, receiver.public().exchange_key)
        content_key = aes_key_unwrap(wrapping, _bytes(header["wrapped_key"]))
        payload = AESGCM(content_key).decrypt(_bytes(header["nonce"]), body[start:], body[:start])
    except (InvalidSignature, InvalidTag, InvalidUnwrap, KeyError, ValueError):
        raise InputError(
            "媒体の署名または暗号の検証に失敗しました（破損・改ざん）",
            field="signature",
            hint="媒体を作り直してください。",
        ) from None
    return label, payload


def _split(image: bytes) -> tuple[dict[str, Any], dict[str, Any], int]:
    begin = len(MAGIC) + 4
    broken = InputError("媒体イメージの形式ではありません", field="image", hint="正しい媒体かどうか確かめてください。")
    if len(image) < begin or not image.startswith(MAGIC):
        raise broken
    length = int.from_bytes(image[len(MAGIC) : begin], "big")
    if length > _MAXIMUM_HEADER or len(image) < begin + length:
        raise broken
    try:
        header = json.loads(image[begin : begin + length])
        label = header["label"]
        int(label["size"])
    except (ValueError, KeyError, TypeError):
        raise broken from None
    return label, header, begin + length


def _seed(secret: bytes, label: bytes, payload: bytes) -> bytes:
    message = hashlib.sha256(label).digest() + hashlib.sha256(payload).digest()
    return hmac.new(secret, message, hashlib.sha256).digest()


def _derive(seed: bytes, name: str, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=b"kokunen medium 1: " + name.encode()).derive(seed)


def _wrapping_key(shared: bytes, one_time_public: bytes, receiver_public: bytes) -> bytes:
    info = b"kokunen medium 1: wrapping key"
    return HKDF(hashes.SHA256(), 32, salt=one_time_public + receiver_public, info=info).derive(shared)


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _raw(key: X25519PrivateKey | Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
