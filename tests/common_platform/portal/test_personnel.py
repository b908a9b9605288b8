"""人事ファイル: taken wholly or not at all, in force on its day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

pytestmark = [pytest.mark.function("S3-4"), pytest.mark.usefixtures("accounts")]

HEAD = "発令日,発令区分,職員番号,氏名,氏名カナ,職員区分,部署コード,役割\r\n"
GOOD = (
    "2027-04-01,採用,a001,新井 花,アライ ハナ,職員,2020,resident_officer\r\n"
    "2027-04-01,異動,nenkin2,,,,2020,resident_officer\r\n"
    "2027-04-01,退職,zei1,,,,,\r\n"
)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")


def _send(client: Client, text: str, act: str = "take") -> str:
    file = SimpleUploadedFile("jinji.csv", text.encode("utf-8-sig"))
    answer = client.post("/staff-file", {"file": file, "act": act}, follow=True)
    return answer.content.decode()


@pytest.mark.control("CTL-052")
def test_採用と異動と退職が発令日に効く(sign_in: Callable[..., Client]) -> None:
    from kokunen.common_platform.portal.models import OutboxFile, Staff
    from kokunen.common_platform.portal.queries import find_postings

    client = sign_in("kanri1")
    assert "誤り 0件" in _send(client, HEAD + GOOD, "look") and not Staff.objects.filter(number="a001").exists()
    assert "採用1人、異動1人、退職1人" in _send(client, HEAD + GOOD)

    def offices(number: str, day: date) -> list[str]:
        return [posting.office_id for posting in find_postings(Staff.objects.get(number=number).pk, day)]

    before, after = date(2027, 3, 31), date(2027, 4, 1)
    assert [offices(n, before) for n in ("a001", "nenkin2", "zei1")] == [[], ["2010"], ["3010"]]
    assert [offices(n, after) for n in ("a001", "nenkin2", "zei1")] == [["2020"], ["2020"], []]
    word = client.post(f"/my/outbox/{OutboxFile.objects.get().pk}").content.decode().strip().split(",")[2]
    assert Staff.objects.get(number="a001").check_password(word)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2027-04-31,異動,nenkin2,,,,2020,resident_officer", "日付ではありません"),
        ("2027-04-01,昇任,nenkin2,,,,2020,resident_officer", "採用・異動・退職"),
        ("2027-04-01,異動,nobody,,,,2020,resident_officer", "職員はいません"),
        ("2027-04-01,採用,nenkin1,甲 乙,コウ オツ,職員,2020,resident_officer", "既に使われています"),
        ("2027-04-01,異動,nenkin2,,,,9999,resident_officer", "部署コード"),
        ("2027-04-01,異動,nenkin2,,,,2020,king", "ないものがあります"),
        ("2027-04-01,異動,nenkin2,,,,3010,pension_officer", "使用部署"),
        ("2027-04-01,異動,nenkin2", "8個ではありません"),
    ],
    ids=["日付", "区分", "知らない職員", "使われた番号", "部署", "役割", "評価書", "項目数"],
)
def test_一行でも誤りがあれば何も取り込まない(sign_in: Callable[..., Client], line: str, words: str) -> None:
    from kokunen.common_platform.portal.models import Staff

    text = _send(sign_in("kanri1"), HEAD + GOOD.split("\r\n")[0] + "\r\n" + line + "\r\n")
    assert words in text
    assert not Staff.objects.filter(number="a001").exists()


def test_人事ファイルは管理者だけが扱う(sign_in: Callable[..., Client]) -> None:
    assert sign_in("nenkin9").get("/staff-file").status_code == 403
    assert "見出し" in _send(sign_in("kanri1"), "x,y\r\n")
