"""鍵置場: secrets of one installation, a file each, readable by its owner only.

A secret that is made here is made once, at random, and never leaves the key folder of its city: not into the
repository, not into a log.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

_LENGTH_BYTES = 24


def find_secret(folder: Path, name: str) -> str | None:
    """The secret kept in ``folder / name``, or None when there is none."""
    try:
        return (folder / name).read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


def ensure_secret(folder: Path, name: str) -> str:
    """The secret kept in ``folder / name``; a new random one is stored first when there is none.

    Two processes that ask at the same moment get the same answer: the file is linked into place complete, and the
    one that comes second reads what the first one wrote.
    """
    if (known := find_secret(folder, name)) is not None:
        return known
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".new-")  # mkstemp creates with mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(_LENGTH_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, folder / name)
    except FileExistsError:
        pass  # another process was first: its secret is the one that counts
    finally:
        os.unlink(draft)
    return (folder / name).read_text(encoding="ascii").strip()
