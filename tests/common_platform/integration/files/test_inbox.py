"""受付箱と送付箱: files are taken up by themselves and put away; what goes out is committed before it is seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kokunen.common_platform.integration.files.agreements import agreements, get_agreement
from kokunen.common_platform.integration.files.formats import FileName, write_file
from kokunen.common_platform.operations.clock import OFFICE_ZONE
from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers import AtenaNumber

pytestmark = pytest.mark.function("S3-1")
Drop = Callable[..., Path]


def _number(n: int) -> str:
    return AtenaNumber.complete(f"{n:014}").value


@pytest.fixture
def drop(city_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drop:
    """`drop("F", 1, range(10))` lays a file of 生活保護 into its folder."""
    from kokunen.common_platform.integration.files import inbox

    monkeypatch.setattr(inbox, "folder", lambda direction, one: tmp_path / "linkage" / direction / one.code)

    def lay(kind: str, seq: int, numbers: Any, **changes: str) -> Path:
        at = datetime(2026, 11, 24, 19, 0, seq % 60, tzinfo=OFFICE_ZONE)
        name = FileName("020", "015", "welfare", kind, at, seq)
        rows = [(_number(n), changes.get("started", "2026-04-01"), "") for n in numbers]
        agreement = get_agreement("welfare_receipt")
        return write_file(inbox.folder("in", agreement), name, agreement.columns, rows, (seq, seq))

    return lay


def test_取決めは値として読め_項目の検査を持つ() -> None:
    assert {one.direction for one in agreements().values()} == {"in", "out"}
    welfare = get_agreement("welfare_receipt")
    good = {"atena_number": _number(7), "started_on": "2026-04-01", "ended_on": ""}
    assert welfare.judge(good) == "" and welfare.fewer_percent == 30
    assert "検査数字" in welfare.judge({**good, "atena_number": "000000000000071"})
    assert "日付" in welfare.judge({**good, "ended_on": "R8.4.1"})
    with pytest.raises(InputError):
        get_agreement("nobody")


def test_届けば自動で始まり_保留は残し_済んだものは移す(drop: Drop, tmp_path: Path) -> None:
    from kokunen.common_platform.integration.files import inbox
    from kokunen.common_platform.integration.models import HandedOverRow, LinkageFile
    from kokunen.common_platform.operations.executing import work_through
    from kokunen.common_platform.operations.models import NetRun

    assert not inbox.call_for_arrivals()
    drop("F", 1, range(1, 11))
    drop("D", 3, [12])  # its predecessor has not come
    stray = tmp_path / "linkage/in/welfare_receipt/020_015_tax_F_20261124190000_000001.csv"
    stray.write_text("x")
    stray.with_suffix(".ctl").write_text("{}")
    assert inbox.call_for_arrivals() and not inbox.call_for_arrivals()
    run = work_through(NetRun.objects.get().pk, seconds=20)
    assert run.state == "well" and "保留 1 件" in run.steps.get().message
    assert dict(LinkageFile.objects.values_list("seq", "state")) == {1: "applied", 3: "held", 0: "refused"}
    names = {path.suffix: path.name for path in (tmp_path / "linkage/in/welfare_receipt").iterdir()}
    assert len(names) == 2 and all("000003" in name for name in names.values())
    assert not inbox.call_for_arrivals()  # what is held is not judged again and again

    drop("D", 2, [11])
    drop("F", 1, range(1, 11))  # the same once more
    inbox.take_arrivals()
    assert HandedOverRow.objects.count() == 12 and not list((tmp_path / "linkage/in/welfare_receipt").iterdir())
    assert sorted(LinkageFile.objects.values_list("seq", "state")) == [
        (0, "refused"), (1, "applied"), (1, "skipped"), (2, "applied"), (3, "applied"),
    ]  # fmt: skip


def test_提供は全件のあと差分_途中で落ちたものは渡っていない(
    drop: Drop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    from tests.nonresident_registry.factories import publish_resident

    from kokunen.common_platform.integration.files import inbox
    from kokunen.common_platform.integration.models import SentFile
    from kokunen.ledger.access import AccessContext

    officer = AccessContext("unyo1", "1020", "administration", "試験")
    agreement, out = get_agreement("resident_to_pension"), tmp_path / "linkage/out/resident_to_pension"
    publish_resident("000000000000078")
    first = inbox.send_file(agreement, whole=False, context=officer)
    assert (first.seq, first.kind, first.rows) == (1, "F", 1)

    def die(**_facts: object) -> None:
        raise RuntimeError("killed")

    publish_resident("000000000000086")
    with monkeypatch.context() as harm, pytest.raises(RuntimeError):
        harm.setattr(SentFile.objects, "create", die)
        inbox.send_file(agreement, whole=False, context=officer)
    assert len(list(out.glob("*.csv"))) == 1
    second = inbox.send_file(agreement, whole=False, context=officer)
    assert (second.seq, second.kind, second.rows) == (2, "D", 1)
    assert sorted(path.suffix for path in out.glob("*.c*")) == [".csv", ".csv", ".ctl", ".ctl"]
    assert not list((out / ".aside").iterdir())
    with pytest.raises(InputError):
        inbox.send_file(get_agreement("welfare_receipt"), whole=True, context=officer)

    for path in out.glob("*.c*"):
        os.utime(path, (0, 0))
    assert inbox.erase_old_files() == "4 個"
