"""ファイル連携の画面: bad files with their reasons, a held generation taken by two officers or refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kokunen.common_platform.integration.files.agreements import get_agreement
from kokunen.common_platform.integration.files.formats import Control, FileName, write_file
from kokunen.common_platform.operations.clock import OFFICE_ZONE
from kokunen.kernel.numbers import AtenaNumber

pytestmark = pytest.mark.function("S3-1")
Desk = Callable[[str], Client]


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    from kokunen.common_platform.integration.files import inbox

    monkeypatch.setattr(inbox, "folder", lambda direction, one: tmp_path / direction / one.code)
    agreement = get_agreement("welfare_receipt")

    def lay(kind: str, seq: int, count: int) -> Path:
        name = FileName("020", "015", "welfare", kind, datetime(2026, 11, 24, 19, 0, seq, tzinfo=OFFICE_ZONE), seq)
        rows = [(AtenaNumber.complete(f"{n:014}").value, "2026-04-01", "") for n in range(1, count + 1)]
        return write_file(inbox.folder("in", agreement), name, agreement.columns, rows, (seq, seq))

    return lay


def test_悪いファイルは理由が見え_三割減は二人で決める(
    desk: Desk, drop: Callable[..., Path], admin_connection: Any
) -> None:
    from dataclasses import replace

    from kokunen.common_platform.integration.files.inbox import take_arrivals
    from kokunen.common_platform.integration.models import HandedOverRow, LinkageFile

    drop("F", 1, 20)
    drop("D", 3, 1)
    short, torn = drop("F", 4, 20), drop("F", 5, 20)
    told = Control.read(short.with_suffix(".ctl"))
    replace(told, rows=25).write(short.with_suffix(".ctl"))
    replace(told, sha256="0" * 64).write(torn.with_suffix(".ctl"))
    take_arrivals()
    drop("F", 1, 20)
    drop("F", 6, 13)
    take_arrivals()
    first, second = desk("unyo1"), desk("unyo2")
    text = first.get("/operations/files").content.decode()
    for words in (
        "件数が足りません: 制御ファイル 25 件、ファイル 20 件", "ハッシュ値が制御ファイルと合いません",
        "通番 1 は反映済みです", "通番 2 が届くまで保留します", "今の世代より 35% 少ないため保留しました",
        "30%を超える減少は保留", "生活保護システム",
    ):  # fmt: skip
        assert words in text
    assert HandedOverRow.objects.count() == 20

    held = LinkageFile.objects.get(seq=6)
    address = f"/operations/files/{held.pk}"
    assert "なくなる" in first.get(address).content.decode()
    assert first.post(address, {"act": "ask", "words": ""}).status_code == 422
    assert first.post(address, {"act": "ask", "words": "保護課に確認。廃止が重なった"}).status_code == 302
    assert "別の職員の承認待ち" in first.get(address).content.decode()
    assert first.post(address, {"act": "accept"}).status_code == 422
    assert held.name in second.get("/approvals").content.decode()
    assert "承認して反映する" in second.get(address).content.decode()
    assert second.post(address, {"act": "accept"}).status_code == 302
    assert HandedOverRow.objects.count() == 13
    assert LinkageFile.objects.get(seq=3).state == "skipped"  # the full file stands for it
    entries = admin_connection.execute(
        "select staff_number, detail->>'what' from ledger.entry where dataset = 'ファイル連携 welfare' "
        "and detail ? 'what' order by entry_id"
    ).fetchall()
    assert entries == [("unyo1", "保留の解除の申出"), ("unyo2", "保留の解除")]


def test_断れば前の世代のまま_権限のない人は決められない(desk: Desk, drop: Callable[..., Path]) -> None:
    from kokunen.common_platform.integration.files.inbox import take_arrivals
    from kokunen.common_platform.integration.models import HandedOverRow, LinkageFile
    from kokunen.common_platform.operations.models import NetRun

    drop("F", 1, 20)
    drop("F", 2, 5)
    take_arrivals()
    address = f"/operations/files/{LinkageFile.objects.get(seq=2).pk}"
    operator = desk("unyo1")
    for who, seen, done in (("kansa1", 200, 403), ("nenkin1", 403, 403)):
        client = desk(who)
        assert client.get(address).status_code == client.get("/operations/files").status_code == seen
        assert client.post(address, {"act": "refuse", "words": "x"}).status_code == done
        assert client.post("/operations/files", {"agreement": "welfare_receipt"}).status_code == done
    assert operator.post(address, {"act": "refuse", "words": ""}).status_code == 422
    assert operator.post(address, {"act": "explode", "words": "x"}).status_code == 422
    assert operator.post(address, {"act": "refuse", "words": "抽出の誤り"}).status_code == 302
    assert "職員が断りました: 抽出の誤り" in operator.get(address).content.decode()
    assert HandedOverRow.objects.count() == 20
    assert operator.get("/operations/files/999999").status_code == 404
    sent = {"agreement": "resident_to_pension", "act": "whole"}
    assert operator.post("/operations/files", sent).status_code == 302
    assert NetRun.objects.get().parameters == {"agreement": "resident_to_pension", "whole": True}
