"""500バイト記録の試験: what is written is read back; what is spoilt is told, never half read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kokunen.counterparts.eltax.describe import describe
from kokunen.counterparts.eltax.records import (
    PensionFile,
    PensionRecord,
    RecordError,
    layout,
    read,
    record_as_items,
    record_of_items,
    write,
)

pytestmark = pytest.mark.function("S6-8")
PERSON = PensionRecord(
    "1234567890", "1150", date(1950, 1, 1), "2", "カワグチ ハナコ", "川口　花子", "01",
    postal="3320001", address="川口市青木２−１−１", event_on=date(2026, 10, 15),
    amounts=(6_000, 6_000, 6_000, 0, 0, 0, 0, 1),
)  # fmt: skip
FILE = PensionFile("11203", "001", "01", date(2026, 7, 20), (PERSON, replace(PERSON, pension_number="2234567890")))


def test_書いたものは同じに読め_記録は500バイトである() -> None:
    content = write(FILE)
    assert len(content) == 4 * layout().size == 2_000
    assert read(content) == FILE and write(FILE) == content
    assert content[500:501] == b"2" and content[-500:-499] == b"3"
    assert content[-479:-470] == b"000000002" and content[-470:-459] == b"00000012000"


def test_位置は様式のとおりである() -> None:
    record = write(FILE)[500:1000]
    assert record[21:31] == b"1234567890" and record[38:46] == b"19500101" and record[46:47] == b"2"
    assert record[72:75] == b"\x1b$B" and record[125:128] == b"\x1b(B"
    assert record[394:405] == b"00000006000"


def test_JISにない文字はげたにし_濁点は一文字になる() -> None:
    odd = replace(PERSON, name="𠮷田　髙志", kana="カワグチ ヴァヂ")
    found = read(write(replace(FILE, records=(odd,)))).records[0]
    assert found.name == "〓田　〓志"
    assert write(replace(FILE, records=(odd,)))[547:549] == b"\xb6\xdc"
    assert found.kana.startswith("カワグチ")


def test_明細は平らな値に直して戻せる() -> None:
    assert record_of_items(record_as_items(PERSON)) == PERSON


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda content: content[:-1], "E01"),
        (lambda content: content[:500] + b"9" + content[501:], "E01"),
        (lambda content: content[:538] + b"19500231" + content[546:], "E01"),
        (lambda content: content[:572] + b"xxx" + content[575:], "E01"),
        (lambda content: content.replace(b"000000002", b"000000003"), "E02"),
        (lambda content: content.replace(b"00000012000", b"00000012001"), "E02"),
        (lambda content: b"", "E01"),
    ],
    ids=["長さ", "区分", "日付", "切替符号", "件数", "合計", "空"],
)
def test_壊れたファイルは理由を示して断る(spoil: object, code: str) -> None:
    with pytest.raises(RecordError) as told:
        read(spoil(write(FILE)))  # type: ignore[operator]
    assert told.value.code == code and "1234567890" not in told.value.message


def test_入らない額は断る() -> None:
    with pytest.raises(RecordError):
        write(replace(FILE, records=(replace(PERSON, amounts=(10**11,)),)))


def test_様式書は定義から作られたままである() -> None:
    document = Path(__file__).resolve().parents[3] / "docs" / "operations" / "eltax-layout.md"
    assert document.read_text(encoding="utf-8") == describe()
