"""媒体の中身のまとめ方の試験"""

from __future__ import annotations

import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokunen.counterparts.framework.package import pack, unpack
from kokunen.kernel.errors import InputError

NAMES = st.from_regex(r"[A-Z0-9]{1,8}\.CSV", fullmatch=True)


@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=4))
def test_まとめて開けば同じで_順序によらず同じバイトになる(files: dict[str, bytes]) -> None:
    data = pack(files)
    assert unpack(data) == files
    assert pack(dict(reversed(files.items()))) == data


def _archive(*entries: tarfile.TarInfo) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for entry in entries:
            archive.addfile(entry, io.BytesIO(b"x" * entry.size))
    return stream.getvalue()


def _entry(name: str, **changes: object) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = 1
    for key, value in changes.items():
        setattr(entry, key, value)
    return entry


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="空"),
        pytest.param(b"not an archive", id="別の形式"),
        pytest.param(pack({"A.CSV": b"x"})[:600], id="途中で切れた"),
        pytest.param(pack({"A.CSV": b"x"}) + b"\0", id="余分がある"),
        pytest.param(_archive(_entry("A.CSV", mtime=1)), id="時刻が入っている"),
        pytest.param(_archive(_entry("../A.CSV")), id="外のフォルダーを指す"),
        pytest.param(_archive(_entry("A", type=tarfile.SYMTYPE, linkname="/etc/passwd", size=0)), id="リンク"),
        pytest.param(_archive(_entry("A.CSV"), _entry("A.CSV")), id="同じ名前が2つ"),
    ],
)
def test_自分で作らないまとめ方は開かない(data: bytes) -> None:
    with pytest.raises(InputError):
        unpack(data)
