"""開示: the desk makes an envelope that proves itself; who may not, does not; a serial leads back to the officer."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile

import pytest
from tests.common_platform.access_history.support import client_of, look_at

ATENA = "000000000000019"


@pytest.fixture
def disclosed(city_database):
    look_at(ATENA, times=3)
    client = client_of("kaiji1")
    return client, client.post(f"/access-history/{ATENA}/disclosure")


@pytest.mark.control("CTL-056")
def test_開示一式は受け取った人が検証できる(disclosed, tmp_path, admin_connection) -> None:
    _, response = disclosed
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        archive.extractall(tmp_path)
    assert (tmp_path / "disclosure.pdf").read_bytes().startswith(b"%PDF")
    command = [sys.executable, "-I", "verifier.py", "disclosure.json", "keys.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    entries = json.loads((tmp_path / "disclosure.json").read_text(encoding="utf-8"))["entries"]
    assert [entry["act"] for entry in entries] == ["view", "view", "view", "print"]
    assert entries[-1]["staff_number"] == "kaiji1"
    assert entries[-1]["purpose"] == "disclosure"


@pytest.mark.control("CTL-056")
def test_開示書は読める文字と発行番号を持つ(disclosed, tmp_path) -> None:
    from pypdf import PdfReader

    _, response = disclosed
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        pdf = archive.read("disclosure.pdf")
        document = json.loads(archive.read("disclosure.json"))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    text = "".join(text.split())
    assert ATENA in text
    assert "4件" in text and "国民年金の資格に関する届出の受理" in text
    assert document["entries"][-1]["serial"] in text


@pytest.mark.control("CTL-056")
@pytest.mark.control("CTL-059")
def test_印刷物の番号から職員と端末と時刻に至る(disclosed) -> None:
    from kokunen.common_platform.access_history.queries import find_by_serial
    from kokunen.ledger.access import AccessContext

    _, response = disclosed
    serial = response.headers["Content-Disposition"].split('"')[1].removeprefix("disclosure-").removesuffix(".zip")
    auditor = AccessContext("kansa1", "1010", "audit")
    [row] = find_by_serial(serial, context=auditor).rows
    assert (row.entry.staff_number, row.entry.act) == ("kaiji1", "print")
    assert row.staff_name == "中里 奏"
    assert row.entry.terminal
    assert find_by_serial("20260101-1010-NOSUCH22", context=auditor).rows == ()


@pytest.mark.control("CTL-056")
@pytest.mark.parametrize("number", ["kansa1", "nenkin1", "shimin9", "kanri1"])
def test_開示担当でない職員は開示一式を作れない(city_database, admin_connection, number) -> None:
    look_at(ATENA)
    response = client_of(number).post(f"/access-history/{ATENA}/disclosure")
    assert response.status_code == 403
    [(count,)] = admin_connection.execute(
        "select count(*) from ledger.entry where act = 'refuse' and staff_number = %s", [number]
    ).fetchall()
    assert count == 1


def test_見られていない人の開示はその旨を告げる(city_database) -> None:
    response = client_of("kaiji1").post("/access-history/000000000000027/disclosure")
    assert response.status_code == 422
    assert "閲覧記録はありません" in response.content.decode()
