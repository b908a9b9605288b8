"""裁定請求の受付 (S1-6, T7, T8): kept with what was examined; one of two; never what is not the city's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from tests.national_pension.services.test_claims import noted
from tests.national_pension.services.test_exemptions import declare
from tests.national_pension.support import Register

from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-6"), pytest.mark.function("T7")]
BANK = {"bank": "川口銀行 本店"}


def received(atena: str, kind: str, situation: str, data: Mapping[str, Any], officer: AccessContext, about: str = ""):  # type: ignore[no-untyped-def]
    from kokunen.national_pension.choices import NoticeKind
    from kokunen.national_pension.services.reception import Entry, receive

    entry = Entry(
        kind=NoticeKind(kind),
        situation=situation,
        data={**BANK, **data},
        received_on=date(2026, 11, 24),
        identity_document="my_number_card",
        about_atena_number=about,
    )
    return receive(atena_number=atena, entry=entry, context=officer)


@pytest.fixture
def couple(city: Register, officer: AccessContext) -> tuple[str, str]:
    """V10 の夫婦: the husband died on 15 November 2026."""
    husband = city.resident(date(1963, 5, 20))
    city.dies(husband, date(2026, 11, 15))
    wife = city.resident(date(1965, 8, 30), sex="2")
    noted(
        husband,
        officer,
        ("1983-05", "2014-04", "paid", ""),
        ("2014-05", "2018-04", "full_exemption", ""),
        ("2018-05", "2023-04", "unpaid", ""),
        ("2024-04", "2026-10", "paid", "付加"),
    )
    return husband, wife


def test_V10_寡婦年金を選ぶと死亡一時金は受け付けない(couple: tuple[str, str], officer: AccessContext) -> None:
    from kokunen.national_pension.models import ClaimExamination

    husband, wife = couple
    said = {"deceased_name": "川口　太郎", "died_on": "2026-11-15"}
    receipt = received(
        wife, "F23", "wife", said | {"married_on": "1990-06-10", "pension_code": "5950"}, officer, husband
    )
    kept = ClaimExamination.objects.get(receipt=receipt)
    assert (kept.claim_kind, kept.pension_code, kept.verdict) == ("04", "5950", "likely")
    assert kept.amounts[0]["yen"] == 565_308
    assert receipt.state == "20" and "戸籍の全部事項証明書" in receipt.missing_papers
    with pytest.raises((Conflict, InputError), match="国民年金法第52条の6"):
        received(wife, "F24", "survivor", said | {"relation": "1"}, officer, husband)


def test_V11_20歳前の年金コードは断り_厚年の初診日は年金事務所へ(city: Register, officer: AccessContext) -> None:
    atena = city.resident(date(1988, 4, 20))
    noted(atena, officer, ("2008-04", "2012-03", "second", ""), ("2012-04", "2026-11", "paid", ""))
    said = {"illness": "（傷病名）", "first_visit_on": "2025-02-12"}
    with pytest.raises((Conflict, InputError), match="年金コードは5350です"):
        received(atena, "F21", "on_day", said | {"pension_code": "6350"}, officer)
    with pytest.raises((Conflict, InputError), match="年金事務所で受け付ける請求です"):
        received(atena, "F21", "on_day", said | {"first_visit_on": "2010-06-01"}, officer)
    receipt = received(atena, "F21", "on_day", said | {"pension_code": "5350"}, officer)
    assert receipt.claim_examination.facts["first_visit_on"] == "2025-02-12"


@pytest.mark.function("T8")
def test_V09_老齢と給付金を一度に受け付ける(city: Register, officer: AccessContext) -> None:
    from kokunen.national_pension.queries.persons import claims_of

    atena = city.resident(date(1961, 11, 10))
    noted(atena, officer, ("1981-11", "2021-10", "paid", ""))
    received(atena, "F20", "normal", {"pension_code": "1150"}, officer)
    received(atena, "F28", "old_age", {"pension_code": "1150"}, officer)
    taken = {one.claim_kind: one.verdict for one in claims_of(atena, context=officer)}
    assert taken == {"01": "likely", "11": "unknown"}, "an undeclared household is never taken for untaxed"


def test_請求の見込みは台帳に残る(couple: tuple[str, str], officer: AccessContext, admin_connection: Any) -> None:
    from kokunen.national_pension.services.claims import examine

    husband, wife = couple
    examine(atena_number=wife, kind="F24", about=husband, said={}, context=officer)
    row = admin_connection.execute(
        "select atena_numbers, staff_number from ledger.entry where dataset = '死亡一時金の見込み'"
    ).fetchone()
    assert set(row[0]) == {husband, wife} and row[1] == "2001"


def _aged(city: Register, officer: AccessContext, **more: Any) -> str:
    """納付480月の65歳"""
    atena = city.resident(date(1961, 11, 10), **more)
    noted(atena, officer, ("1981-11", "2021-10", "paid", ""))
    return atena


@pytest.mark.function("T8")
@pytest.mark.parametrize(
    ("income", "state", "verdict", "told", "amount"),
    [
        (826_500, "3", "likely", "老齢年金生活者支援給付金の対象", 5_620),
        (876_500, "3", "likely", "補足的老齢年金生活者支援給付金の対象", 2_810),
        (926_501, "3", "unlikely", "支給されない見込み", None),
        (500_000, "1", "unlikely", "支給されない見込み", None),
    ],
    ids=["限度額以下", "補足的", "上限を超える", "課税世帯"],
)
def test_老齢の給付金は所得と世帯の課税で決まり_理由と月額が示される(
    city: Register, officer: AccessContext, income: int, state: str, verdict: str, told: str, amount: int | None
) -> None:
    from kokunen.national_pension.services.claims import examine

    atena = _aged(city, officer)
    declare(atena, 2026, income, state=state)
    said = {"situation": "old_age", "pension_and_income": income}
    found = examine(atena_number=atena, kind="F28", about="", said=said, context=officer)
    assert found.verdict == verdict and told in found.sentence and found.reasons
    assert [one.yen for one in found.amounts] == ([] if amount is None else [amount])
    if state == "1":
        assert any("課税されている方" in why for why, _ in found.reasons)


@pytest.mark.function("T8")
@pytest.mark.parametrize(
    ("situation", "income", "yen"),
    [("disability", 4_794_000, [7_025, 5_620]), ("survivor", 4_794_000, [5_620]), ("survivor", 4_794_001, [])],
    ids=["障害", "遺族", "限度額を1円超える"],
)
def test_障害と遺族の給付金は本人の所得だけで決まる(
    city: Register, officer: AccessContext, situation: str, income: int, yen: list[int]
) -> None:
    from kokunen.national_pension.services.claims import examine

    atena = _aged(city, officer)
    declare(atena, 2026, income)
    found = examine(atena_number=atena, kind="F28", about="", said={"situation": situation}, context=officer)
    assert [one.yen for one in found.amounts] == yen
    assert found.verdict == ("likely" if yen else "unlikely") and found.reasons
