"""媒体の中身のまとめ方 — the files of a medium as one deterministic archive (POSIX ustar, no times, no owners)."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping

from kokunen.kernel.errors import InputError


def pack(files: Mapping[str, bytes]) -> bytes:
    """Files by name, in order of name, as one archive; the same files give the same bytes."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size = len(files[name])
            entry.mode = 0o444
            archive.addfile(entry, io.BytesIO(files[name]))
    return stream.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Files of an archive. Raises InputError unless :func:`pack` would give exactly these bytes."""
    broken = InputError("媒体の中身のまとめ方が違います", field="package", hint="媒体を作り直してください。")
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for entry in archive:
                stream = archive.extractfile(entry) if entry.isreg() else None
                if stream is None or "/" in entry.name or entry.name in found:
                    raise broken
                found[entry.name] = stream.read()
    except (tarfile.TarError, EOFError):
        raise broken from None
    if pack(found) != data:
        raise broken
    return found
