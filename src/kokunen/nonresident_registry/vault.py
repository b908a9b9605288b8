"""番号金庫: 個人番号 and 法人番号 sealed, found and stood for, without ever being readable in the database.

Three keys come from one secret of the installation (HKDF-SHA256): AES-256-GCM seals a number together with the 宛名番号
it belongs to, so a sealed number moved to another row does not open; a keyed hash finds an equal number (blind index);
another keyed hash stands for the number in what is published (token), so that a consumer can see that two records hold
one number without being able to look anything up here.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kokunen.kernel.errors import KokunenError

KEY_VERSION = 1
_NONCE = 12
_HASH_HEX = 32


class VaultDamaged(KokunenError):
    """番号が復号できない: another key, or the row was tampered with."""

    default_code = "vault_damaged"


class NumberVault:
    """番号金庫: one secret, three keys."""

    def __init__(self, secret: str) -> None:
        self._seal = AESGCM(_derive(secret, b"seal"))
        self._index_key = _derive(secret, b"index")
        self._token_key = _derive(secret, b"token")

    def seal(self, kind: str, atena_number: str, number: str) -> bytes:
        """封をする: nonce and sealed number."""
        nonce = os.urandom(_NONCE)
        return nonce + self._seal.encrypt(nonce, number.encode("ascii"), _label(kind, atena_number))

    def open(self, kind: str, atena_number: str, cipher: bytes) -> str:
        """封を開ける. Raises VaultDamaged when the seal does not fit this kind and 宛名番号."""
        try:
            return self._seal.decrypt(cipher[:_NONCE], cipher[_NONCE:], _label(kind, atena_number)).decode("ascii")
        except InvalidTag:
            raise VaultDamaged(
                "登録されている番号を読み取れません",
                "number",
                hint="番号金庫の鍵とデータベースの組を、システム管理者に確認してください。",
            ) from None

    def index(self, kind: str, number: str) -> str:
        """照合用の索引: 32 hexadecimal characters."""
        return self._keyed(self._index_key, kind, number)

    def token(self, kind: str, number: str) -> str:
        """連携用の符号: 32 hexadecimal characters, unrelated to the index for whoever has no key."""
        return self._keyed(self._token_key, kind, number)

    def seal_many(self, kind: str, rows: Iterable[tuple[str, str]]) -> list[tuple[bytes, str, str]]:
        """まとめて封をする: (宛名番号, number) rows as (cipher, index, token)."""
        return [(self.seal(kind, a, n), self.index(kind, n), self.token(kind, n)) for a, n in rows]

    @staticmethod
    def _keyed(key: bytes, kind: str, number: str) -> str:
        return hmac.new(key, f"{kind}:{number}".encode("ascii"), hashlib.sha256).hexdigest()[:_HASH_HEX]


def _derive(secret: str, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"kokunen number vault", info=use).derive(secret.encode())


def _label(kind: str, atena_number: str) -> bytes:
    return f"{kind}:{atena_number}".encode("ascii")


@lru_cache(maxsize=4)
def _vault(secret: str) -> NumberVault:
    return NumberVault(secret)


def the_vault() -> NumberVault:
    """この市の番号金庫: its secret is held by the processes of this subsystem only."""
    from kokunen.config import keys

    return _vault(keys.secret("number_vault.key"))
