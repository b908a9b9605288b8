"""コード辞書: versions and days, a new edition by two officers, and a code in use that cannot go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.nonresident_registry.factories import registered

from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext

FIRST = AccessContext("unyo1", "1020", "administration", "試験", "T-1")
SECOND = AccessContext("kanri1", "1020", "administration", "試験", "T-2")
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def office_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from kokunen.common_platform.codes import queries

    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    queries.forget()
    yield
    queries.forget()


def _edition(content: str, dictionary: str = "nationalities", *, on: date = TODAY, whole: bool = False) -> Any:
    from kokunen.common_platform.codes.services import ask_edition, read_file

    rows = read_file(dictionary, content.encode())
    return ask_edition(
        context=FIRST, dictionary=dictionary, rows=rows, source="試験の版", effective_on=on, is_whole=whole
    )


def _approve(edition: Any) -> None:
    from kokunen.common_platform.codes.services import approve_edition

    approve_edition(context=SECOND, edition_id=edition.pk)


@pytest.mark.usefixtures("city_database")
@pytest.mark.function("S3-2")
@pytest.mark.parametrize(
    ("dictionary", "code", "words", "at_least"),
    [
        ("municipalities", "112038", "川口市", 1900),
        ("towns", "0001001", "", 300),
        ("relations", "20", "子", 14),
        ("reasons", "101", "転入（国内）", 50),
        ("nationalities", "VNM", "ベトナム", 180),
        ("residence_statuses", "301", "特別永住者", 30),
        ("characters", "髙", "高", 10),
    ],
)
def test_辞書は一か所から配られる(dictionary: str, code: str, words: str, at_least: int) -> None:
    from kokunen.common_platform.codes import queries

    assert len(queries.entries(dictionary)) >= at_least
    if words:
        assert queries.translate(dictionary, code) == words


def test_辞書は法と台帳のコードと一致する() -> None:
    """The same codes stand in the rules and in the register's choices; none is missing here."""
    import csv

    from kokunen.common_platform.codes.dictionaries import DATA
    from kokunen.law.rules.relationship.words import CODES
    from kokunen.resident_registry.choices import EventCode

    def read(name: str) -> dict[str, str]:
        with (DATA / name).open(encoding="utf-8") as file:
            return {row["code"]: row["label"] for row in csv.DictReader(file)}

    assert read("reasons.csv") == {str(code): str(label) for code, label in EventCode.choices}
    relations = read("relations.csv")
    assert set(relations) == set(CODES.values())
    assert all(CODES[label] == code for code, label in relations.items())


@pytest.mark.usefixtures("city_database")
@pytest.mark.function("S3-2")
def test_いつのコードかで答えが変わる() -> None:
    """浜松市 rearranged its wards on 2024-01-01."""
    from kokunen.common_platform.codes import queries

    assert queries.translate("municipalities", "221317", date(2023, 12, 31)) == "浜松市中区"
    assert queries.find("municipalities", "221317", date(2024, 1, 1)) is None
    assert queries.find("municipalities", "221384", date(2023, 12, 31)) is None
    assert queries.translate("municipalities", "221384") == "浜松市中央区"


@pytest.mark.usefixtures("city_database")
def test_知らないコードは推測しない() -> None:
    from kokunen.common_platform.codes import queries

    with pytest.raises(InputError, match="国籍・地域にコード「ZZZ」はありません"):
        queries.translate("nationalities", "ZZZ")
    with pytest.raises(InputError, match="コード辞書「planets」はありません"):
        queries.entries("planets")


@pytest.mark.usefixtures("city_database")
@pytest.mark.function("S3-2")
def test_新しい版は違いを示し別の職員の承認で適用日から効く() -> None:
    from kokunen.common_platform.codes import queries
    from kokunen.common_platform.codes.services import approve_edition, compare, read_file

    content = "code,label,kana\nVNM,ベトナム社会主義共和国,\nXYZ,新国,シンコク\nPHL,フィリピン,\n"
    found = compare("nationalities", read_file("nationalities", content.encode()), TODAY, is_whole=False)
    assert found.counts == {"added": 1, "changed": 1, "ended": 0, "same": 1}
    edition = _edition(content, on=date(2026, 12, 1))
    with pytest.raises(Conflict, match="別の職員"):
        approve_edition(context=FIRST, edition_id=edition.pk)
    _approve(edition)
    assert queries.translate("nationalities", "VNM", date(2026, 11, 30)) == "ベトナム"
    assert queries.translate("nationalities", "VNM", date(2026, 12, 1)) == "ベトナム社会主義共和国"
    assert queries.find("nationalities", "XYZ", TODAY) is None
    history = queries.find_history("nationalities", "VNM")
    assert [(row.label, row.edition.number) for row in history] == [("ベトナム社会主義共和国", 2), ("ベトナム", 1)]
    with pytest.raises(Conflict, match="適用済み"):
        _approve(edition)


@pytest.mark.usefixtures("city_database")
@pytest.mark.function("S3-2")
def test_使われているコードはなくせない() -> None:
    """Refused in the preview, and by the database whatever the program does."""
    from django.db.backends.postgresql.psycopg_any import DateRange

    from kokunen.common_platform.codes import queries
    from kokunen.common_platform.codes.models import CodeEdition, CodeEntry

    registered(AccessContext("atena1", "1020", "number_management"), municipality_code="112241")
    rows = queries.export("municipalities").splitlines()
    without = "\r\n".join(row for row in rows if not row.startswith("112241"))
    with pytest.raises(Conflict, match=r"使われているコードはなくせません: 112241（住登外者の住所）"):
        _edition(without, "municipalities", whole=True)
    entry = CodeEntry.objects.get(dictionary="municipalities", code="112241")
    entry.valid_period = DateRange(entry.valid_period.lower, TODAY, "[)")
    entry.ended_in = CodeEdition.objects.get(dictionary="municipalities")
    with pytest.raises(IntegrityError, match="112241 は使われています"), transaction.atomic():
        entry.save()
    unused = "\r\n".join(row for row in rows if not row.startswith("011011"))
    _approve(_edition(unused, "municipalities", whole=True))
    assert queries.find("municipalities", "011011") is None
    assert queries.find("municipalities", "112241") is not None


@pytest.mark.usefixtures("city_database")
def test_行は消せず書き換えられない() -> None:
    from kokunen.common_platform.codes.models import CodeEntry

    entry = CodeEntry.objects.get(dictionary="nationalities", code="VNM")
    entry.label = "別の名"
    with pytest.raises(IntegrityError, match="書き換えられません"), transaction.atomic():
        entry.save()
    with pytest.raises(IntegrityError, match="消せません"), transaction.atomic():
        CodeEntry.objects.filter(pk=entry.pk).delete()


@pytest.mark.usefixtures("city_database")
def test_書き出した辞書はそのまま取り込める() -> None:
    from kokunen.common_platform.codes import queries
    from kokunen.common_platform.codes.dictionaries import dictionaries
    from kokunen.common_platform.codes.services import compare, read_file

    for name in dictionaries():
        found = compare(name, read_file(name, queries.export(name).encode()), TODAY)
        assert (found.added, found.changed, found.ended) == ((), (), ()), name


@pytest.mark.parametrize(
    ("dictionary", "content", "said"),
    [
        ("nationalities", "code,name\nVNM,x\n", "見出しの列が違います"),
        ("nationalities", "code,label\nvn,x\n", "2行目: 国籍・地域コード「vn」の形が違います"),
        ("nationalities", "code,label\nVNM,x\nVNM,y\n", "3行目: コード「VNM」が2回あります"),
        ("nationalities", "code,label\nVNM,\n", "2行目: 名称は1文字から200文字"),
        ("nationalities", "code,label\n", "コードが1件もありません"),
        ("nationalities", 'code,label\nVNM,"x\n', "CSVの形が崩れています"),
        ("municipalities", "code,label,prefecture\n112039,x,埼玉県\n", "検査数字が違います"),
        ("municipalities", "code,label\n112038,x\n", "2行目: 都道府県がありません"),
        ("nationalities", "コード".encode("cp932"), "UTF-8ではありません"),
    ],
    ids=["見出し", "形", "重複", "名称なし", "空", "引用符", "検査数字", "必須", "文字コード"],
)
def test_悪いファイルは行と項目を告げて断る(dictionary: str, content: str | bytes, said: str) -> None:
    from kokunen.common_platform.codes.services import read_file

    with pytest.raises(InputError) as refused:
        read_file(dictionary, content if isinstance(content, bytes) else content.encode())
    assert said in str(refused.value)


@pytest.mark.usefixtures("city_database")
def test_変わらない版と二つ目の申請は断る() -> None:
    with pytest.raises(InputError, match="今の辞書と同じ"):
        _edition("code,label\nVNM,ベトナム\n")
    _edition("code,label\nXYZ,新国\n")
    with pytest.raises(Conflict, match="承認を待つ版がすでにあります"):
        _edition("code,label\nXYY,新国\n")
