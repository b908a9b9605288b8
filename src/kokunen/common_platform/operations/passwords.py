"""鍵置場: generated passwords of a demo city, one file each, readable by its owner only.

A password is made once, at random, and never leaves the key folder of its city: not into the repository, not into
a log. In production the folder holds only the passwords of the subsystems that a machine serves.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

_LENGTH_BYTES = 24


def read_password(keys: Path, name: str) -> str | None:
    """The stored password ``name`` of this key folder, or None when there is none."""
    try:
        return _file(keys, name).read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


def ensure_password(keys: Path, name: str) -> str:
    """The stored password ``name``; a new random one is stored first when there is none.

    Two processes that ask at the same moment get the same answer: the file is linked into place complete, and the
    one that comes second reads what the first one wrote.
    """
    if (known := read_password(keys, name)) is not None:
        return known
    folder = _file(keys, name).parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".new-")  # mkstemp creates with mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(_LENGTH_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, _file(keys, name))
        except FileExistsError:
            return ensure_password(keys, name)
    finally:
        os.unlink(draft)
    return _file(keys, name).read_text(encoding="ascii").strip()


def _file(keys: Path, name: str) -> Path:
    return keys / "database" / f"{name}.password"
