"""模擬都市のパスキー: key pairs made from the city's own secret, so that an outside check can hold them too.

The private half is exported on purpose, in the form of the Chrome DevTools Protocol (`WebAuthn.addCredential`): whoever
has the list of demo accounts can load it into a virtual authenticator. No such key exists outside a demo city, and a
row that is marked as exported is refused there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from webauthn.helpers import encode_cbor

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186-5)


@dataclass(frozen=True, slots=True)
class DemoPasskey:
    """模擬都市のパスキー: same secret and name, same key."""

    secret: str
    name: str

    @property
    def credential_id(self) -> bytes:
        """パスキーの番号."""
        return self._derived("credential")

    @property
    def user_id(self) -> bytes:
        """利用者の符号: says nothing about the person."""
        return self._derived("user")[:16]

    @property
    def private_key(self) -> ec.EllipticCurvePrivateKey:
        """秘密鍵."""
        number = int.from_bytes(self._derived("key") + self._derived("more")[:8])
        return ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())

    @property
    def public_key(self) -> bytes:
        """公開鍵 in COSE (ES256), as a registration would have brought it."""
        point = self.private_key.public_key().public_numbers()
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})

    def export(self, host: str) -> dict[str, Any]:
        """書き出し: a `WebAuthn.Credential` for `WebAuthn.addCredential`."""
        key = self.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return {
            "credentialId": _text(self.credential_id),
            "isResidentCredential": True,
            "rpId": host,
            "privateKey": _text(key),
            "userHandle": _text(self.user_id),
            "signCount": 0,
        }

    def _derived(self, use: str) -> bytes:
        return hmac.new(self.secret.encode(), f"kokunen passkey {use} {self.name}".encode(), hashlib.sha256).digest()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
