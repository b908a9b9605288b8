"""ファイルの形: names, control files, CSV. No database."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kokunen.common_platform.operations.clock import OFFICE_ZONE
from kokunen.kernel.errors import InputError

_NAME = re.compile(
    r"(?P<supplier>[0-9A-Za-z]{1,10})_(?P<user>[0-9A-Za-z]{1,10})_(?P<dataset>[a-z][a-z0-9_]{0,49})_(?P<kind>[FD])_"
    r"(?P<at>\d{14})_(?P<seq>\d{6})\.csv"
)
FULL, DIFFERENCE = "F", "D"


@dataclass(frozen=True, slots=True)
class FileName:
    """ファイル名"""

    supplier: str
    user: str
    dataset: str
    kind: str
    at: datetime
    seq: int

    @classmethod
    def parse(cls, name: str) -> FileName:
        """Raises InputError for a name of another shape."""
        found = _NAME.fullmatch(name)
        if found is None:
            raise InputError(
                f"ファイル名「{name[:80]}」は決まった形ではありません",
                "name",
                hint="提供側_利用側_データ_F(全件)かD(差分)_年月日時分秒_6桁の通番.csv の形にしてください。",
            )
        parts = found.groupdict()
        at = datetime.strptime(parts["at"], "%Y%m%d%H%M%S").replace(tzinfo=OFFICE_ZONE)
        return cls(parts["supplier"], parts["user"], parts["dataset"], parts["kind"], at, int(parts["seq"]))

    def __str__(self) -> str:
        stamp = f"{self.at:%Y%m%d%H%M%S}"
        return f"{self.supplier}_{self.user}_{self.dataset}_{self.kind}_{stamp}_{self.seq:06}.csv"


@dataclass(frozen=True, slots=True)
class Control:
    """制御ファイル: what the file must be."""

    rows: int
    sha256: str
    first_seq: int
    last_seq: int
    encoding: str = "UTF-8"

    @classmethod
    def read(cls, path: Path) -> Control:
        """Raises InputError when it cannot be read."""
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                int(told["rows"]), str(told["sha256"]), int(told["first_seq"]), int(told["last_seq"]), told["encoding"]
            )
        except (OSError, ValueError, KeyError, TypeError):
            raise InputError("制御ファイルを読めません", "control", hint="提供側に送り直しを頼んでください。") from None

    def write(self, path: Path) -> None:
        """Written under another name and renamed: it appears whole."""
        told = {"rows": self.rows, "sha256": self.sha256, "first_seq": self.first_seq, "last_seq": self.last_seq}
        _write(path, json.dumps({**told, "encoding": self.encoding}).encode())


def write_file(
    folder: Path, name: FileName, columns: Sequence[str], rows: Iterable[Sequence[object]], feed: tuple[int, int]
) -> Path:
    """ファイルを書く: the CSV first and the control file last; ``feed`` is the first and last number it covers."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow(["" if value is None else value for value in row])
        count += 1
    content = text.getvalue().encode()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / str(name)
    _write(path, content)
    Control(count, hashlib.sha256(content).hexdigest(), *feed).write(path.with_suffix(".ctl"))
    return path


def read_rows(content: bytes, control: Control, columns: Sequence[str]) -> list[dict[str, str]]:
    """行を読む: hash, encoding, header and count must be those promised. Raises InputError that says which is not."""
    if control.encoding != "UTF-8":
        raise _refused(f"文字コード {control.encoding[:20]} は扱えません（UTF-8）", "encoding")
    if hashlib.sha256(content).hexdigest() != control.sha256:
        raise _refused("ハッシュ値が制御ファイルと合いません（途中で壊れたか、差し替えられています）", "hash")
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise _refused("CSVとして読めません", "csv") from None
    if not lines or lines[0] != list(columns):
        raise _refused(f"見出しが決まった項目（{'、'.join(columns)}）と違います", "header")
    if len(lines) - 1 != control.rows:
        raise _refused(f"件数が足りません: 制御ファイル {control.rows} 件、ファイル {len(lines) - 1} 件", "count")
    if any(len(line) != len(columns) for line in lines):
        raise _refused("項目の数が違う行があります", "columns")
    return [dict(zip(columns, line, strict=True)) for line in lines[1:]]


def _refused(message: str, code: str) -> InputError:
    return InputError(message, "file", code=code, hint="最後に反映した世代を使い続けます。提供側に連絡してください。")


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
