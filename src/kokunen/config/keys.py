"""鍵とパスワード: secrets of this installation, one file each, readable by the owner alone.

In demo mode a missing secret is made at random; in production it must be given by the environment or by a file,
because a made-up secret there would mean that an operator forgot one.
"""

from __future__ import annotations

import os
from pathlib import Path

from kokunen.common_platform.operations.secret_files import ensure_secret
from kokunen.config import environment
from kokunen.kernel.errors import InputError


def key_dir() -> Path:
    """Folder of the secrets (0700)."""
    path = environment.data_dir() / "keys"
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def secret(name: str) -> str:
    """The secret of that name: environment first (KOKUNEN_SECRET_<NAME>), then its file, then (demo) made now."""
    variable = f"KOKUNEN_SECRET_{name.upper().replace('.', '_')}"
    if given := os.environ.get(variable):
        return given
    path = key_dir() / name
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    if not environment.is_demo():
        raise InputError(
            f"秘密「{name}」がありません。環境変数 {variable} か、鍵フォルダのファイル {name} で与えてください",
            field=name,
        )
    return ensure_secret(path.parent, name)


def role_password(role: str) -> str:
    """Password of a database role."""
    return secret(f"{role}.password")


def admin_password() -> str:
    """Password of the database administrator of the embedded cluster (production: in KOKUNEN_DATABASE_URL)."""
    return environment.database_address().admin_password or secret("postgres.password")
