"""ファイル連携の受付: whatever is wrong with a file is told, and the last good generation stays in force."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kokunen.common_platform.integration.files.formats import Control, FileName, write_file
from kokunen.common_platform.operations.clock import OFFICE_ZONE
from kokunen.kernel.errors import Conflict, InputError

pytestmark = pytest.mark.function("S3-1")

COLUMNS = ("atena_number", "started_on", "ended_on")


def _number(n: int) -> str:
    return f"{n:015}"


def _judge(row: dict[str, str]) -> str:
    return "" if len(row["atena_number"]) == 15 else "宛名番号の桁が違います"


@pytest.fixture
def agreement(city_database: str) -> Any:
    """生活保護 hands over who receives it."""
    from kokunen.common_platform.integration.files.agreements import Agreement

    return Agreement("020", "welfare", COLUMNS, ("atena_number",), _judge)


def _file(folder: Path, kind: str, seq: int, numbers: list[int], *, ended: str = "") -> Path:
    name = FileName("020", "015", "welfare", kind, datetime(2026, 11, 24, 19, 0, seq % 60, tzinfo=OFFICE_ZONE), seq)
    rows = [(_number(n), "2026-04-01", ended) for n in numbers]
    return write_file(folder, name, COLUMNS, rows, (seq, seq))


def _take(path: Path, agreement: Any) -> tuple[str, str]:
    from kokunen.common_platform.integration.files.taking import take

    file = take(path, agreement)
    return str(file.state), file.reason


def _in_force() -> int:
    from kokunen.common_platform.integration.files.taking import rows_in_force

    return rows_in_force("020", "welfare")


def _shorten(path: Path) -> None:
    content = path.read_bytes().split(b"\r\n")
    path.write_bytes(b"\r\n".join(content[:-2]) + b"\r\n")


def _resign(path: Path, **changes: Any) -> None:
    """The control file of what now lies there, with something else in it."""
    import hashlib
    from dataclasses import replace

    control = Control.read(path.with_suffix(".ctl"))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    replace(control, **{"sha256": sha256, **changes}).write(path.with_suffix(".ctl"))


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_shorten, "ハッシュ値"),
        (lambda path: (_shorten(path), _resign(path)), "件数が足りません: 制御ファイル 10 件、ファイル 9 件"),
        (lambda path: _resign(path, sha256="0" * 64), "ハッシュ値"),
        (lambda path: _resign(path, encoding="Shift_JIS"), "文字コード"),
        (lambda path: (path.write_bytes(path.read_bytes().replace(b"ended_on", b"end")), _resign(path)), "見出し"),
        (lambda path: (path.write_bytes(b"\xff\xfe\x00"), _resign(path)), "CSVとして読めません"),
        (lambda path: path.with_suffix(".ctl").write_text("{"), "制御ファイルを読めません"),
    ],
    ids=["途中で切れた", "件数不足", "ハッシュ違い", "文字コード", "見出し", "読めない", "制御ファイル"],
)
def test_壊れたファイルは理由を告げて受け付けない(agreement: Any, tmp_path: Path, harm: Any, words: str) -> None:
    assert _take(_file(tmp_path, "F", 1, list(range(10))), agreement) == ("applied", "")
    path = _file(tmp_path, "F", 2, list(range(10, 20)))
    harm(path)
    state, reason = _take(path, agreement)
    assert state == "refused" and words in reason
    assert _in_force() == 10


def test_重複と順序と三割減(agreement: Any, tmp_path: Path) -> None:
    from kokunen.common_platform.integration.files.taking import ask_release, release
    from kokunen.common_platform.integration.models import LinkageFile
    from kokunen.ledger.access import AccessContext

    first = _file(tmp_path, "F", 5, list(range(10)))
    assert _take(first, agreement)[0] == "applied"
    state, reason = _take(first, agreement)
    assert state == "skipped" and "反映済み" in reason

    # a difference that comes too early waits for the one before it, then both are in force
    state, reason = _take(_file(tmp_path, "D", 7, [10, 11]), agreement)
    assert (state, reason, _in_force()) == ("held", "通番 6 が届くまで保留します", 10)
    assert _take(_file(tmp_path, "D", 6, [12]), agreement)[0] == "applied"
    assert _in_force() == 13
    assert list(LinkageFile.objects.filter(seq=7).values_list("state", flat=True)) == ["applied"]

    # an older full file is not looked at; one with far fewer rows is held until an officer takes it
    assert _take(_file(tmp_path, "F", 4, [1]), agreement)[0] == "skipped"
    small = _file(tmp_path, "F", 8, list(range(9)))
    state, reason = _take(small, agreement)
    assert state == "held" and "31% 少ない" in reason
    held = LinkageFile.objects.get(seq=8)
    assert (_in_force(), held.compared) == (13, {"added": 0, "dropped": 4, "changed": 0})
    officer = AccessContext("unyo1", "1020", "administration", "試験")
    second = AccessContext("unyo2", "1020", "administration", "試験")
    with pytest.raises(Conflict, match="申出がありません"):
        release(held.pk, small, agreement, context=second)
    ask_release(held.pk, words="担当に電話で確認", context=officer)
    with pytest.raises(Conflict, match="別の職員"):
        release(held.pk, small, agreement, context=officer)
    assert release(held.pk, small, agreement, context=second).state == "applied"
    assert _in_force() == 9
    with pytest.raises(Conflict):
        release(held.pk, small, agreement, context=second)


def test_誤りの行は除き_多すぎれば全部を断る(agreement: Any, tmp_path: Path) -> None:
    from kokunen.common_platform.integration.models import LinkageFile

    name = FileName("020", "015", "welfare", "F", datetime(2026, 11, 24, 19, tzinfo=OFFICE_ZONE), 1)
    rows = [(_number(n), "2026-04-01", "") for n in range(200)]
    assert _take(write_file(tmp_path, name, COLUMNS, [*rows, ("123", "x", "")], (1, 1)), agreement)[0] == "warning"
    assert LinkageFile.objects.get().row_errors == [{"line": 202, "reason": "宛名番号の桁が違います"}]
    bad = FileName("020", "015", "welfare", "F", datetime(2026, 11, 24, 20, tzinfo=OFFICE_ZONE), 2)
    state, reason = _take(write_file(tmp_path, bad, COLUMNS, [*rows, *[("1", "", "")] * 5], (2, 2)), agreement)
    assert state == "refused" and "上限" in reason
    assert _in_force() == 200


def test_差分は加え変え消す_制御ファイルのないものは見ない(agreement: Any, tmp_path: Path) -> None:
    from kokunen.common_platform.integration.files.taking import take_folder
    from kokunen.common_platform.integration.models import HandedOverRow

    _file(tmp_path, "F", 1, [1, 2, 3])
    _file(tmp_path, "D", 2, [3, 4], ended="2026-10-31")
    name = FileName("020", "015", "welfare", "D", datetime(2026, 11, 24, 21, tzinfo=OFFICE_ZONE), 3)
    write_file(tmp_path, name, COLUMNS, [(_number(1), "", "")], (3, 3))
    late = _file(tmp_path, "D", 4, [9])
    late.with_suffix(".ctl").unlink()
    assert [file.state for file in take_folder(tmp_path, agreement)] == ["applied"] * 3
    rows = {row.key: row.items["ended_on"] for row in HandedOverRow.objects.all()}
    assert rows == {_number(2): "", _number(3): "2026-10-31", _number(4): "2026-10-31"}


@pytest.mark.parametrize("name", ["x.csv", "020_015_welfare_X_20261124190000_000001.csv", "../020_015_w_F_1_2.csv"])
def test_名前の形が違えば断る(name: str) -> None:
    with pytest.raises(InputError):
        FileName.parse(name)
