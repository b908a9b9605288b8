"""署名: keys that sign checkpoints and receipts (RSA 3072, PKCS#1 v1.5 with SHA-256).

RSA because a verifier of a few lines of Python's standard library can check it: whoever holds a disclosure needs no
program of ours. The city's key lies in the key folder, the second custodian's in the custodian's own folder.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from kokunen.kernel.errors import InputError

_BITS = 3072


@dataclass(frozen=True, slots=True)
class PublicKey:
    """公開鍵: modulus and exponent; `key_id` is the beginning of the hash of the modulus."""

    n: int
    e: int

    @property
    def key_id(self) -> str:
        """Sixteen hexadecimal digits that name the key."""
        return hashlib.sha256(self.n.to_bytes(_BITS // 8, "big")).hexdigest()[:16]

    def verifies(self, statement: str, signature: bytes) -> bool:
        """Did this key sign just this text?"""
        key = rsa.RSAPublicNumbers(self.e, self.n).public_key()
        try:
            key.verify(signature, statement.encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    def as_dict(self) -> dict[str, str]:
        """For keys.json."""
        return {"key_id": self.key_id, "n": f"{self.n:x}", "e": str(self.e)}


class SigningKey:
    """署名鍵"""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self._key = key
        numbers = key.public_key().public_numbers()
        self.public = PublicKey(numbers.n, numbers.e)

    def sign(self, statement: str) -> bytes:
        """Signature over the text in UTF-8."""
        return self._key.sign(statement.encode(), padding.PKCS1v15(), hashes.SHA256())


@lru_cache(maxsize=16)
def load_key(path: Path, may_create: bool) -> SigningKey:
    """The key in that file (0600). A missing one is made when `may_create` (demo), else InputError."""
    if not path.exists():
        if not may_create:
            raise InputError(
                f"署名鍵「{path.name}」がありません。鍵フォルダに置いてから起動してください", field=path.name
            )
        _create(path)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise InputError(f"署名鍵「{path.name}」は RSA の鍵ではありません", field=path.name)
    return SigningKey(key)


def _create(path: Path) -> None:
    """Two processes that ask at the same moment get one key: the file is linked into place complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    pem = rsa.generate_private_key(65537, _BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
