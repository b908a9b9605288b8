"""裁定請求の見込み: V08 to V11 with their figures; what is not the city's; what is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from tests.national_pension.support import Register

from kokunen.kernel.errors import InputError
from kokunen.law.engine.months import parse_month
from kokunen.law.rules.benefits.monthly_record import MonthState, Span
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-6"), pytest.mark.function("T7")]


def noted(atena: str, officer: AccessContext, *spans: tuple[str, str, str, Any]) -> None:
    from kokunen.national_pension.services.consultations import note_record

    note_record(
        atena_number=atena,
        seen_on=date(2026, 11, 24),
        spans=[
            Span(
                parse_month(first),
                parse_month(last),
                MonthState(state),
                more if isinstance(more, date) else None,
                more == "付加",
            )
            for first, last, state, more in spans
        ],
        context=officer,
    )


def examined(atena: str, kind: str, officer: AccessContext, about: str = "", said: Mapping[str, Any] | None = None):  # type: ignore[no-untyped-def]
    from kokunen.national_pension.services.claims import examine

    return examine(atena_number=atena, kind=kind, about=about, said=said or {}, context=officer)


def test_V09_老齢基礎年金は請求の年齢ごとに額が出る(city: Register, officer: AccessContext) -> None:
    atena = city.resident(date(1961, 11, 10))
    noted(
        atena,
        officer,
        ("1981-11", "1991-10", "paid", "付加"),
        ("1991-11", "2012-06", "paid", ""),
        ("2012-07", "2017-06", "full_exemption", ""),
        ("2017-07", "2018-10", "paid", ""),
        ("2018-11", "2021-10", "unpaid", ""),
    )
    found = examined(atena, "F20", officer)
    assert (found.verdict, found.pension_code) == ("likely", "1150")
    assert "令和8年12月" in found.sentence
    assert [one.yen for one in found.amounts] == [
        730_796 + 24_000,
        792_183 + 26_016,
        1_037_730 + 34_080,
        1_344_665 + 44_160,
    ]


def test_V09_繰下げと給付金は両立しない(city: Register, officer: AccessContext) -> None:
    atena = city.resident(date(1961, 11, 10))
    noted(atena, officer, ("1981-11", "2021-10", "paid", ""))
    found = examined(atena, "F20", officer, said={"deferring": True, "with_supplement": True})
    assert "どちらかを取り下げ" in found.warnings[0] and "supplement" not in found.also


def test_厚年の期間があれば年金事務所の案内票になる(city: Register, officer: AccessContext) -> None:
    from kokunen.national_pension.services.claims import print_sheet

    atena = city.resident(date(1961, 11, 10))
    noted(atena, officer, ("1981-11", "1991-10", "second", ""), ("1991-11", "2021-10", "paid", ""))
    assert examined(atena, "F20", officer).verdict == "not_city"
    sheet = print_sheet(atena_number=atena, kind="F20", said={}, office_name="国民年金課", context=officer)
    assert sheet.content.startswith(b"%PDF")


def test_V10_寡婦年金と死亡一時金の見込みが並ぶ(city: Register, officer: AccessContext) -> None:
    husband = city.resident(date(1963, 5, 20))
    city.dies(husband, date(2026, 11, 15))
    wife = city.resident(date(1965, 8, 30), sex="2", relationship="世帯主")
    noted(
        husband,
        officer,
        ("1983-05", "2014-04", "paid", ""),
        ("2014-05", "2018-04", "full_exemption", ""),
        ("2018-05", "2023-04", "unpaid", ""),
        ("2024-04", "2026-10", "paid", "付加"),
    )
    widow = examined(wife, "F23", officer, husband, {"married_on": date(1990, 6, 10)})
    assert (widow.verdict, widow.pension_code, widow.amounts[0].yen) == ("likely", "5950", 565_308)
    assert "令和8年12月から令和12年8月" in widow.sentence and "約2,119,905円" in widow.amounts[0].note
    lump = examined(wife, "F24", officer, husband)
    assert lump.amounts[0].yen == 270_000 and "令和10年11月15日" in lump.sentence
    survivor = examined(wife, "F22", officer, husband)
    assert survivor.verdict == "unlikely" and "子がいません" in survivor.reasons[0][0]


def test_V10_母の未支給は10月分(city: Register, officer: AccessContext) -> None:
    daughter = city.resident(date(1965, 8, 30))
    mother = city.resident(date(1938, 1, 5), household_number=city.rows[daughter]["household_number"])
    city.dies(mother, date(2026, 10, 20))
    found = examined(daughter, "F25", officer, mother, {"annual_amount": 600_000, "relation": "child"})
    assert (found.verdict, found.amounts[0].yen) == ("likely", 50_000)
    assert "順位 2" in found.reasons[0][0] and "同一世帯" in found.reasons[0][0]


def test_V11_障害基礎年金は直近1年の特例で満たす(city: Register, officer: AccessContext) -> None:
    atena = city.resident(date(1988, 4, 20))
    child = city.resident(date(2019, 9, 1), household_number=city.rows[atena]["household_number"], relationship="子")
    assert child
    noted(
        atena,
        officer,
        ("2008-04", "2012-03", "second", ""),
        ("2012-04", "2018-03", "unpaid", ""),
        ("2018-04", "2023-06", "full_exemption", ""),
        ("2023-07", "2023-12", "unpaid", ""),
        ("2024-01", "2024-06", "paid", ""),
        ("2024-07", "2024-12", "full_exemption", date(2025, 1, 20)),
        ("2025-01", "2026-06", "unpaid", ""),
        ("2026-07", "2026-11", "full_exemption", ""),
    )
    found = examined(atena, "F21", officer, said={"first_visit_on": date(2025, 2, 12)})
    assert (found.verdict, found.pension_code) == ("likely", "5350")
    assert [one.yen for one in found.amounts] == [1_302_925, 1_091_100]
    assert "123/201月（必要134月）" in found.reasons[0][0] and len(found.bad_months) == 78
    moved = examined(atena, "F21", officer, said={"first_visit_on": date(2010, 6, 1)})
    assert moved.verdict == "not_city" and "第2号" in moved.reasons[0][0]


@pytest.mark.function("T8")
def test_給付金は世帯の未申告を非課税とみなさない(city: Register, officer: AccessContext) -> None:
    atena = city.resident(date(1961, 11, 10))
    noted(atena, officer, ("1981-11", "2021-10", "paid", ""))
    found = examined(atena, "F28", officer)
    assert found.verdict == "unknown" and "未申告は非課税とはみなしません" in found.sentence


def test_確認した記録がなければ判定しない(city: Register, officer: AccessContext) -> None:
    atena = city.resident(date(1961, 11, 10))
    assert examined(atena, "F20", officer).verdict == "unknown"
    assert "死亡日" in examined(atena, "F23", officer).sentence


def test_知らない番号と自分自身は断る(city: Register, officer: AccessContext) -> None:
    atena = city.resident(date(1961, 11, 10))
    with pytest.raises(InputError, match="同じ人"):
        examined(atena, "F23", officer, atena)
    with pytest.raises(InputError, match="亡くなった方"):
        examined(atena, "F23", officer, "100000000000017")


def test_案内の質問はどこへも通じる() -> None:
    from kokunen.national_pension.claims.guide import questions

    asked = questions()
    assert next(iter(asked)) == "why"
    reached = {answer.next for question in asked.values() for answer in question.answers if answer.next}
    assert reached == set(asked) - {"why"}
