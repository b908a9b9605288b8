"""通知書・照会書: offered only where the record gives the reason, printed with a number, the look in the ledger."""

from __future__ import annotations

import io
from datetime import date

import pytest
from pypdf import PdfReader
from tests.resident_registry.desks import Desk, Entries
from tests.resident_registry.factories import ALL, counter, family, kawaguchi_family, newcomer, notice, now

from kokunen.kernel.errors import InputError
from kokunen.resident_registry import documents, services
from kokunen.resident_registry.choices import DestinationKind, EventCode, LetterKind, SupportKind, SupportReason
from kokunen.resident_registry.documents.letters import letters_of
from kokunen.resident_registry.perms import Sight

pytestmark = [pytest.mark.usefixtures("city_database"), pytest.mark.function("S2-5")]


def text_of(number: str, kind: LetterKind) -> str:
    made = documents.make_letter(context=counter(), atena_number=number, kind=kind, sight=Sight(protected=True))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages)
    assert made.serial in text
    return text.replace("　", "").replace(" ", "").replace("\n", "")


def test_記録に理由のある通知書だけが出て_内容は記録のとおりになる() -> None:
    people = kawaguchi_family()
    assert letters_of(now(people["taro"])) == []
    services.move_out(
        context=counter(), notice=notice(EventCode.MOVE_OUT, "2026-10-01", "2026-10-02"), movers=[people["jiro"]],
        departure=services.Departure("東京都北区王子一丁目", DestinationKind.DOMESTIC), acknowledged=ALL,
    )  # fmt: skip
    assert letters_of(now(people["jiro"])) == [LetterKind.ARRIVAL_INQUIRY]
    inquiry = text_of(people["jiro"], LetterKind.ARRIVAL_INQUIRY)
    for words in ("川口次郎", "東京都北区王子一丁目", "昭和63年6月6日", "令和8年10月1日", "9条1項", "市区町村長"):
        assert words in inquiry, words
    services.receive_arrival_notice(
        context=counter(), atena_number=people["jiro"], arrived_on=date(2026, 10, 1), destination="東京都北区王子"
    )
    with pytest.raises(InputError, match="出す理由がありません"):
        text_of(people["jiro"], LetterKind.ARRIVAL_INQUIRY)

    services.register_death(
        context=counter(), notice=notice(EventCode.DEATH, "2026-11-10"), atena_number=people["taro"], acknowledged=ALL
    )
    assert letters_of(now(people["hanako"])) == [LetterKind.HEAD_REQUEST]
    assert "14日以内に世帯主変更の届出" in text_of(people["hanako"], LetterKind.HEAD_REQUEST)
    services.remove_ex_officio(
        context=counter(), atena_number=people["tome"], acknowledged=ALL,
        notice=notice(EventCode.EX_OFFICIO_REMOVAL, "2026-11-12", filing_kind="4", remarks="実態調査による"),
    )  # fmt: skip
    assert LetterKind.EX_OFFICIO in letters_of(now(people["tome"]))
    letter = text_of(people["tome"], LetterKind.EX_OFFICIO)
    assert "実態調査による" in letter and "審査請求" in letter and "職権消除" in letter


def test_残る1人が世帯主になると世帯主変更通知書が出る() -> None:
    husband, wife = family(
        newcomer("青木　実", "アオキ　ミノル", "1950-01-01", "1", "世帯主"),
        newcomer("青木　春", "アオキ　ハル", "1951-01-01", "2", "妻"),
    )
    services.register_death(
        context=counter(), notice=notice(EventCode.DEATH, "2026-11-10"), atena_number=husband, acknowledged=ALL
    )
    assert letters_of(now(wife)) == [LetterKind.HEAD_CHANGED]
    assert "新しい世帯主青木春" in text_of(wife, LetterKind.HEAD_CHANGED)


def test_通知書の画面と権限と台帳(sign_in: Desk, ledger: Entries) -> None:
    hanako = kawaguchi_family()["hanako"]
    services.begin_support(
        context=counter("support_measure"),
        request=services.SupportRequest(
            hanako, [], SupportKind.FULL, SupportReason.STALKING, date(2026, 4, 1), date(2026, 4, 1)
        ),
    )
    path = f"/residents/{hanako}/letters"
    assert sign_in("nenkin1").get(path).status_code == 403
    assert sign_in("shimin1").get(path).status_code == 403
    assert ledger("refuse")[-1]["people"] == [hanako]
    page = sign_in("shimin9").get(path).content.decode()
    assert "支援措置期間終了通知" in page and f"{path}/65.pdf" in page
    printed = sign_in("shimin9").get(f"{path}/65.pdf")
    assert printed.status_code == 200 and printed.content.startswith(b"%PDF")
    entry = ledger("print")[-1]
    assert (entry["dataset"], entry["people"]) == ("支援措置期間終了通知", [hanako])
    assert sign_in("shimin9").get(f"{path}/61.pdf").status_code == 422
    assert sign_in("shimin9").get(f"{path}/99.pdf").status_code == 404
