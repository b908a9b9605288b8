"""目録: what a generation holds, written beside its files and pinned by its hash in the database.

Shape of `manifest.json`: {"format": 1, "generation", "business_date", "cutoff_at", "datasets": {name: {"label",
"file", "rows", "version_total", "cutoff_seq", "bytes", "sha256", "columns": [{"name", "pg_type", "parquet_type",
"label"}]}}}. Times are ISO 8601 with offset, sizes are bytes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from kokunen.config import environment
from kokunen.kernel.errors import InputError

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """列: name, type in the database and in the file, Japanese label."""

    name: str
    pg_type: str
    parquet_type: str
    label: str


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """連携データ一つ分: file, rows, control total, feed number, hash, columns."""

    label: str
    file: str
    rows: int
    version_total: int
    cutoff_seq: int
    bytes: int
    sha256: str
    columns: tuple[ColumnFacts, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """目録"""

    generation: int
    business_date: str
    cutoff_at: str
    datasets: Mapping[str, DatasetFacts]

    def encode(self) -> bytes:
        """The bytes of manifest.json."""
        return orjson.dumps({"format": FORMAT, **asdict(self)}, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)

    @classmethod
    def decode(cls, content: bytes) -> Manifest:
        """Read manifest.json. Raises InputError for another format."""
        raw: dict[str, Any] = orjson.loads(content)
        if raw.pop("format", None) != FORMAT:
            raise InputError("バッチマスタの目録の形式が違います", "manifest", hint="新しい世代を作成してください。")
        datasets = {
            name: DatasetFacts(**{**facts, "columns": tuple(ColumnFacts(**column) for column in facts["columns"])})
            for name, facts in raw.pop("datasets").items()
        }
        return cls(**raw, datasets=datasets)


def root_folder() -> Path:
    """バッチマスタの置き場所 of this database: readable by the account of the city alone."""
    path = environment.data_dir() / "batch_master" / environment.database_address().name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.mkdir(exist_ok=True, mode=0o700)
    return path


def folder_of(generation: int) -> Path:
    """Folder of a READY generation."""
    return root_folder() / f"G{generation:06d}"


def building_folder_of(generation: int) -> Path:
    """Folder while it is being written: no reader looks there."""
    return root_folder() / f".G{generation:06d}.building"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def write_durably(path: Path, content: bytes) -> None:
    """Write a small file so that it is whole after a loss of power."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
