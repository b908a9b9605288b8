"""相談・照会のはたらき: what is noted stays, a slip goes its way once, wrong spans are refused at the field."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.national_pension.support import Register

from kokunen.kernel.errors import Conflict, InputError
from kokunen.law.engine.months import parse_month
from kokunen.law.rules.benefits.monthly_record import MonthState, Span
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-2")]
TALK = {"channel": "counter", "subject": "老齢", "asked": "いつから受けられますか", "answered": "65歳の翌月分からです"}


def span(first: str, last: str, state: str, **more: object) -> Span:
    return Span(parse_month(first), parse_month(last), MonthState(state), **more)  # type: ignore[arg-type]


def test_相談票と確認した記録が人の画面に出る(city: Register, officer: AccessContext) -> None:
    from kokunen.national_pension.queries.consultations import latest_record, marks_of, talks_of
    from kokunen.national_pension.queries.persons import get_person, grid_of
    from kokunen.national_pension.services.consultations import Talk, note_record, note_talk

    atena = city.resident(date(1990, 3, 20))
    note_talk(atena_number=atena, talk=Talk(**TALK), context=officer)
    note_record(
        atena_number=atena,
        seen_on=date(2026, 11, 24),
        spans=[span("2010-03", "2020-03", "paid"), span("2020-04", "2021-03", "half_exemption")],
        context=officer,
    )
    assert talks_of(atena, context=officer).notes[0].asked == TALK["asked"]
    grid = grid_of(get_person(atena, context=officer), marks=marks_of(latest_record(atena)))
    assert (grid.months_of_kind["納"], grid.months_of_kind["半"]) == (121, 12)
    april = next(year for year in grid.years if year["label"] == "R2年度")["cells"][0]  # type: ignore[index]
    assert "社会保険オンライン" in april["title"] and "令和8年11月24日" in april["title"]


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([span("2010-03", "2020-03", "paid"), span("2020-03", "2020-04", "unpaid")], "2020-03が2つの期間"),
        ([span("2020-03", "2010-03", "paid")], "終わりの月が始まりの月より前"),
        ([span("1961-03", "1962-03", "paid")], "昭和36年4月より前"),
        ([span("2010-03", "2020-03", "unpaid", additional=True)], "付加は納付した月だけ"),
        ([], "1行以上"),
    ],
    ids=["重なり", "逆順", "制度の前", "付加", "空"],
)
def test_読めない記録は残らない(city: Register, officer: AccessContext, spans: list[Span], words: str) -> None:
    from kokunen.national_pension.models import RecordNote
    from kokunen.national_pension.services.consultations import note_record

    atena = city.resident(date(1990, 3, 20))
    with pytest.raises(InputError, match=words):
        note_record(atena_number=atena, seen_on=date(2026, 11, 24), spans=spans, context=officer)
    assert not RecordNote.objects.exists()


def test_照会票は主管課から年金事務所へ一度だけ送られ回答される(
    city: Register, officer: AccessContext, second_officer: AccessContext
) -> None:
    from kokunen.national_pension.queries.consultations import open_slips, talks_of
    from kokunen.national_pension.services.consultations import answer, ask, send_slips
    from kokunen.national_pension.services.inquiry_prints import print_slips

    atena = city.resident(date(1990, 3, 20))
    slip = ask(atena_number=atena, question="平成3年3月の納付を確認してください", context=officer)
    assert send_slips(slip_ids=[slip.pk], context=second_officer) == 1
    with pytest.raises(Conflict, match="送付する照会票がありません"):
        send_slips(slip_ids=[slip.pk], context=second_officer)
    sheet = print_slips(office_name="国民年金課", context=second_officer)
    printed = "".join("".join(one.extract_text() for one in PdfReader(BytesIO(sheet.content)).pages).split())
    assert "平成3年3月の納付を確認してください" in printed and "基礎年金番号なし" in printed and "本町" not in printed
    answer(slip_id=slip.pk, words="納付済みです", context=second_officer)
    with pytest.raises(Conflict, match="回答を待つ照会票がありません"):
        print_slips(office_name="国民年金課", context=second_officer)
    with pytest.raises(Conflict, match="回答済"):
        answer(slip_id=slip.pk, words="もう一度", context=second_officer)
    assert open_slips(context=officer) == []
    assert talks_of(atena, context=officer).slips[0].answer == "納付済みです"
