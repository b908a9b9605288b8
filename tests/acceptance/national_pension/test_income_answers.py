"""所得情報の提供 (S1-5): every line answered once with its code, a broken or repeated file refused whole."""

from __future__ import annotations

from datetime import date

import pytest
from tests.national_pension.services.test_exemptions import declare
from tests.national_pension.support import Register, give_number, last_entry

from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-5")]


@pytest.fixture
def answering() -> AccessContext:
    """回答する職員"""
    return AccessContext("2001", "1101", "pension_income_answer", screen="試験", terminal="T-01")


@pytest.fixture
def people(city: Register) -> dict[str, str]:
    """六人: declared, silent, taxed elsewhere, by name only, two of one name, and a number with another birth date."""
    kana = {
        "declared": "ア",
        "silent": "イ",
        "elsewhere": "ウ",
        "named": "エ",
        "twin": "オ",
        "twin2": "オ",
        "other": "カ",
    }
    found = {key: city.resident(date(1985, 4, 1), name_kana=f"{word}　タロウ") for key, word in kana.items()}
    for place, key in enumerate(("declared", "silent", "elsewhere", "other"), start=1):
        give_number(found[key], f"100000000{place}")
    declare(found["declared"], 2026, 1_234_567, general_dependants=1, social_insurance_deduction=80_000)
    declare(found["named"], 2026, 0)
    declare(found["silent"], 2026, None)
    declare(found["elsewhere"], 2026, None, state="5")
    return found


def _file(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("cp932")


def _refused_in_ledger(dataset: str, code: str) -> None:
    """The last entry says that the file was refused, by whom it was tried, and why."""
    act, told, detail = last_entry()
    assert (act, told, detail["code"]) == ("refuse", dataset, code) and detail["reason"]


GOOD = (
    "1,1000000001,ア タロウ,19850401,1,2026,1",
    "2,1000000002,イ タロウ,19850401,1,2026,1",
    "3,1000000003,ウ タロウ,19850401,2,2026,1",
    "4,,エ　タロウ,19850401,3,2026,2",
    "5,,オ タロウ,19850401,1,2026,2",
    "6,1000000004,カ タロウ,19850402,1,2026,2",
    "7,9999999999,ダレ カ,19700101,1,2026,2",
)


def test_どの行にも一度だけ区分をつけて回答する(people: dict[str, str], answering: AccessContext) -> None:
    from kokunen.ledger.history import find_entries_of_person
    from kokunen.national_pension.services.income_answers import answer_file, layout

    done = answer_file(content=_file(*GOOD), filename="irai.csv", context=answering)
    lines = bytes(done.answer).decode("cp932").split("\r\n")[:-1]
    codes = [line.split(",")[7] for line in lines]
    assert codes == ["1", "2", "3", "1", "5", "5", "4"]
    assert done.requests == 7 and done.counts == {"1": 2, "2": 1, "3": 1, "4": 1, "5": 2}
    first = dict(zip(layout()["answer"], lines[0].split(",")[8:], strict=True))
    assert first["total_income"] == "1234567" and first["social_insurance_deduction"] == "80000"
    assert set(lines[1].split(",")[8:]) == {""}, "未申告 is never zero"
    assert lines[3].split(",")[8] == "0", "declared nothing to tax is zero"
    told = find_entries_of_person(people["declared"], context=answering)[0]
    assert told.dataset == "所得情報の提供（日本年金機構）" and told.act == "export"


def test_同じファイルは二度回答しない(people: dict[str, str], answering: AccessContext) -> None:
    from kokunen.national_pension.models import IncomeAnswer
    from kokunen.national_pension.services.income_answers import answer_file

    answer_file(content=_file(*GOOD), filename="irai.csv", context=answering)
    with pytest.raises(Conflict, match="令和8年11月24日に読み込み、回答しています"):
        answer_file(content=_file(*GOOD), filename="copy.csv", context=answering)
    assert IncomeAnswer.objects.count() == 7
    _refused_in_ledger("所得情報の提供", "income_request_once")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("".join(f"{line}\n" for line in GOOD).encode(), "1行目: 文字コードがUnicode"),
        ("\ufeff1,1000000001,ア タロウ,19850401,1,2026,1\r\n".encode("utf-16"), "1行目: 文字コードがUnicode"),
        (_file(GOOD[0]) + b"2,,\x83\xff,19850401,1,2026,1\r\n", "2行目: Shift_JIS（CP932）として読めない"),
        (b"", "1件もありません"),
    ],
    ids=["UTF-8", "UTF-16", "壊れた文字", "空"],
)
def test_文字コードの違うファイルは断り何も残さない(
    people: dict[str, str], answering: AccessContext, content: bytes, told: str
) -> None:
    from kokunen.national_pension.models import IncomeAnswer, IncomeRequestFile
    from kokunen.national_pension.services.income_answers import answer_file

    with pytest.raises(InputError, match=told):
        answer_file(content=content, filename="irai.csv", context=answering)
    assert not IncomeAnswer.objects.exists() and not IncomeRequestFile.objects.exists()
    _refused_in_ledger("所得情報の提供", "broken_file")


def test_進み具合が段階ごとに出て_待つ人に見える(people: dict[str, str], answering: AccessContext) -> None:
    from kokunen.national_pension.services.income_answers import answer_file

    told: list[tuple[str, int, int]] = []
    answer_file(content=_file(*GOOD), filename="irai.csv", context=answering, progress=lambda *step: told.append(step))
    assert [stage for stage, _, _ in told] == [
        "依頼を読んでいます",
        "依頼を登録しています",
        "対象者を探しています",
        "回答を作成しています",
        "閲覧記録を残しています",
    ]
    assert told[-1][1] == told[-1][2] == 4, "four people were found, each once in the ledger"


def test_番号がなければ氏名と生年月日で探し_どちらで見つけたかが残る(
    people: dict[str, str], answering: AccessContext
) -> None:
    from kokunen.national_pension.models import IncomeAnswer
    from kokunen.national_pension.services.income_answers import answer_file

    answer_file(content=_file(*GOOD), filename="irai.csv", context=answering)
    found = {one.line_number: (one.matched_by, one.atena_number) for one in IncomeAnswer.objects.all()}
    assert found[1] == ("number", people["declared"]) and found[4] == ("name", people["named"])
    assert found[5] == ("unsure", "") and found[6] == ("unsure", "") and found[7] == ("", "")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("2,1000000002,イ タロウ,19850401,1,2026", "2行目: 項目が6個です"),
        ("2,10000,イ タロウ,19850401,1,2026,1", "2行目: 基礎年金番号"),
        ("2,1000000002,イ タロウ,19850230,1,2026,1", "2行目: 生年月日"),
        ("2,1000000002,イ タロウ,19850401,9,2026,1", "2行目: 続柄区分"),
        ("1,1000000002,イ タロウ,19850401,1,2026,1", "依頼連番1が2回"),
    ],
)
def test_壊れた行があれば行番号と理由を示し何も残さない(
    people: dict[str, str], answering: AccessContext, line: str, told: str
) -> None:
    from kokunen.national_pension.models import IncomeAnswer, IncomeRequestFile
    from kokunen.national_pension.services.income_answers import answer_file

    with pytest.raises(InputError, match=told):
        answer_file(content=_file(GOOD[0], line, GOOD[2]), filename="irai.csv", context=answering)
    assert not IncomeAnswer.objects.exists() and not IncomeRequestFile.objects.exists()
    _refused_in_ledger("所得情報の提供", "broken_file")


def test_画面から読み込み回答ファイルを取り出す(people: dict[str, str], sign_in) -> None:  # type: ignore[no-untyped-def]
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = sign_in("nenkin9")
    broken = client.post("/pension/income/", {"file": SimpleUploadedFile("a.csv", _file("x"))})
    assert broken.status_code == 422 and "1行目" in broken.content.decode()
    done = client.post("/pension/income/", {"file": SimpleUploadedFile("irai.csv", _file(*GOOD))})
    assert done.status_code == 302
    page = client.get("/pension/income/").content.decode()
    assert "未申告 1" in page and "取り出す" in page
    import re

    (address,) = re.findall(r"/pension/income/\d+/answer\.csv", page)
    assert client.get(address).content.count(b"\r\n") == 7
    assert sign_in("nenkin1").get("/pension/income/").status_code == 403
