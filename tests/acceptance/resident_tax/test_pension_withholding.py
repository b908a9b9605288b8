"""S6-8 年金特別徴収管理: 対象者情報 to 停止 with eLTAX as a process of its own, through every trouble of the line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from tests.resident_tax.support import TaxOffice, decision

from kokunen.kernel.names import search_key
from kokunen.ledger.access import AccessContext

pytestmark = pytest.mark.function("S6-8")


def _pensioner(number: int, name: str, kana: str, birth: str, **more: Any) -> dict[str, Any]:
    return {
        "payer": "001", "pension_number": f"{number:010}", "pension_code": "1150", "birth_date": birth, "sex": "1",
        "kana": kana, "name": name, "postal": "3320001", "address": "川口市青木２−１−１", "pension": 2_400_000,
        "care_premium": 60_000, **more,
    }  # fmt: skip


@pytest.fixture
def pensioners(city: TaxOffice, officer: AccessContext) -> dict[str, str]:
    """E08の年金夫婦の夫と、給与のある人、64歳の人、年金の小さい人."""

    def person(birth: date, name: str, kana: str) -> str:
        return city.resident(birth, name=name, name_kana=kana, kana_key=search_key(kana))

    people = {
        "plain": person(date(1955, 5, 1), "川口　一郎", "カワグチ　イチロウ"),
        "both": person(date(1956, 6, 1), "青木　二郎", "アオキ　ジロウ"),
        "young": person(date(1962, 4, 3), "芝　三郎", "シバ　サブロウ"),
        "small": person(date(1950, 1, 1), "鳩谷　四郎", "ハトガヤ　シロウ"),
    }
    city.document(people["plain"], "12", pension_receipts=2_400_000, social_insurance=150_000)
    city.document(people["both"], "12", pension_receipts=2_400_000, social_insurance=150_000)
    city.document(people["both"], "11", salary_receipts=3_000_000, main=True, payer_number="1000001")
    city.document(people["young"], "12", pension_receipts=2_400_000)
    city.document(people["small"], "12", pension_receipts=2_400_000)
    city.assess(officer)
    return people


PEOPLE = [
    _pensioner(1, "川口　一郎", "カワグチ　イチロウ", "1955-05-01"),
    _pensioner(2, "青木　二郎", "アオキ　ジロウ", "1956-06-01"),
    _pensioner(3, "芝　三郎", "シバ　サブロウ", "1962-04-03"),
    _pensioner(4, "鳩谷　四郎", "ハトガヤ　シロウ", "1950-01-01", pension=170_000),
    _pensioner(5, "誰か　五郎", "ダレカ　ゴロウ", "1950-01-01"),
]


def _go(party: Any, officer: AccessContext) -> Any:
    from kokunen.resident_tax.services.exchange import exchange

    return exchange(party.carrier, officer)


def _rows() -> dict[int, Any]:
    from kokunen.resident_tax.models import PensionWithholding

    return {int(row.pension_number): row for row in PensionWithholding.objects.filter(tax_year=2026)}


def _to_requested(party: Any, officer: AccessContext) -> None:
    from kokunen.resident_tax.services import withholding

    party.control.command("people", people=PEOPLE)
    party.control.work()
    _go(party, officer)
    withholding.plan(tax_year=2026, context=officer)
    withholding.request(tax_year=2026, context=officer)


def test_対象者情報から依頼_結果_徴収_停止まで(
    eltax: Callable[[str], Any], pensioners: dict[str, str], officer: AccessContext
) -> None:
    from kokunen.resident_tax.choices import StopReason
    from kokunen.resident_tax.services import withholding

    party = eltax("2026-07-10")
    party.control.command("people", people=PEOPLE)
    assert party.control.work()["candidates"] == 5
    done = _go(party, officer)
    assert (done.taken, done.applied) == (1, 1)
    assert [_rows()[n].state for n in (1, 5)] == ["9", "1"] and "合う方がいません" in _rows()[5].reason
    assert withholding.plan(tax_year=2026, context=officer) == {"eligible": 2, "not_eligible": 2}
    rows = _rows()
    assert "65歳" in rows[3].reason and "18万円" in rows[4].reason
    plain, total = rows[1], decision(pensioners["plain"]).total_tax
    assert plain.pension_tax == total and plain.rest == [0, 0, 0, 0]
    assert sum(plain.ordinary) + sum(plain.main) == total and plain.provisional == [0, 0, 0]
    both = rows[2]
    whole = decision(pensioners["both"])
    share = (whole.total_tax - 5_000) * 1_300_000 // whole.total_income // 100 * 100
    assert both.pension_tax == share and sum(both.rest) == whole.total_tax - share and len(both.rest) == 12
    assert withholding.request(tax_year=2026, context=officer) == 2
    assert [row.state for row in _rows().values()].count("4") == 2
    assert _go(party, officer).sent == 1
    assert party.control.state()["ordered"] == 2
    assert [_rows()[n].state for n in (1, 2)] == ["5", "5"]

    party = eltax("2026-11-05")
    party.control.work()
    _go(party, officer)
    assert _rows()[1].withheld == {"2026-10": plain.main[0]}
    file = withholding.stop(
        withholding_id=_rows()[1].pk, reason=StopReason.DEATH, stop_on=date(2026, 11, 4), context=officer
    )
    assert file.content_code == "41" and _rows()[1].state == "7"
    _go(party, officer)
    _go(party, officer)
    assert _rows()[1].state == "8"
    party = eltax("2026-12-20")  # sent in an odd month: the December payment is still withheld
    party.control.work()
    _go(party, officer)
    assert set(_rows()[1].withheld) == {"2026-10", "2026-12"}
    party = eltax("2027-02-20")
    party.control.work()
    _go(party, officer)
    assert set(_rows()[1].withheld) == {"2026-10", "2026-12"} and len(_rows()[2].withheld) == 3


def test_年金保険者が徴収できないときは理由が残り普通徴収に戻る(
    eltax: Callable[[str], Any], pensioners: dict[str, str], officer: AccessContext
) -> None:
    from kokunen.resident_tax.withholding_queries import schedule, withholding_of

    party = eltax("2026-07-10")
    _to_requested(party, officer)
    party.control.command("condition", pension_number="0000000001", condition="02")
    _go(party, officer)
    row = _rows()[1]
    assert (row.state, row.reason) == ("6", "差止")
    one = decision(pensioners["plain"])
    assert withholding_of(pensioners["plain"], 2026) is None
    assert [words for words, _ in schedule(one, None)] == ["普通徴収"]
    assert sum(amount for _, parts in schedule(one, None) for _, amount in parts) == one.total_tax


def test_翌年度は前年度の半分が仮徴収になる(
    eltax: Callable[[str], Any], pensioners: dict[str, str], city: TaxOffice, officer: AccessContext
) -> None:
    from kokunen.resident_tax.models import PensionWithholding
    from kokunen.resident_tax.services import withholding

    party = eltax("2026-07-10")
    _to_requested(party, officer)
    _go(party, officer)
    first = _rows()[1]
    city.document(pensioners["plain"], "12", year=2027, pension_receipts=2_400_000)
    party = eltax("2027-07-10")
    city.assess(officer, year=2027)
    party.control.work()
    _go(party, officer)
    withholding.plan(tax_year=2027, context=officer)
    later = PensionWithholding.objects.get(tax_year=2027, pension_number="0000000001")
    assert not later.first_year and later.ordinary == [0, 0]
    assert later.provisional == first.next_provisional and sum(later.provisional) == first.pension_tax // 200 * 100
    assert sum(later.provisional) + sum(later.main) == later.pension_tax


@pytest.mark.parametrize("trouble", ["fail", "garble", "repeat"])
def test_回線の障害では何も失わず二重にもならない(
    trouble: str, eltax: Callable[[str], Any], pensioners: dict[str, str], officer: AccessContext
) -> None:
    party = eltax("2026-07-10")
    _to_requested(party, officer)
    party.control.order(trouble)
    done = _go(party, officer)
    assert done.trouble and _rows()[1].state == "4"
    party.control.heal()
    _go(party, officer)
    assert party.control.state()["ordered"] == 2 and [_rows()[n].state for n in (1, 2)] == ["5", "5"]
    again = _go(party, officer)
    assert (again.sent, again.taken, again.applied) == (0, 0, 0)


def test_受付の途中で相手が落ちても依頼は一度だけ届く(
    eltax: Callable[[str], Any], pensioners: dict[str, str], officer: AccessContext
) -> None:
    party = eltax("2026-07-10")
    _to_requested(party, officer)
    party.control.order("die", at="decided")
    assert _go(party, officer).trouble
    party.restart()
    assert _go(party, officer).sent == 1
    assert party.control.state()["received"]["01"] == {"accepted": 1, "refused": 0}
    assert party.control.state()["repeats"] == 1 and _rows()[1].state == "5"


def test_拒否された依頼は依頼前に戻り_壊れたファイルは読めないと示す(
    eltax: Callable[[str], Any], pensioners: dict[str, str], officer: AccessContext
) -> None:
    from kokunen.resident_tax import withholding_queries
    from kokunen.resident_tax.services import withholding

    party = eltax("2026-07-10")
    _to_requested(party, officer)
    party.control.command("refuse", kind="01", code="E90")
    assert _go(party, officer).refused == 1
    assert _rows()[1].state == "3" and "受付を停止" in withholding_queries.files("3")[0].words
    withholding.request(tax_year=2026, context=officer)
    party.control.command("spoil", kind="00")
    done = _go(party, officer)
    assert done.sent == 1 and withholding_queries.file_counts().broken == 1
    assert "件数または合計" in withholding_queries.files("4")[0].words and len(_rows()) == 5


def test_照合できない方は職員が決め_転出と死亡は停止月が変わる(
    eltax: Callable[[str], Any], pensioners: dict[str, str], city: TaxOffice, officer: AccessContext
) -> None:
    from kokunen.kernel.errors import Conflict, InputError
    from kokunen.law.rules.resident_tax.withholding import ends_with_removal
    from kokunen.resident_tax.services import withholding

    party = eltax("2026-07-10")
    party.control.command("people", people=PEOPLE)
    party.control.work()
    _go(party, officer)
    row = _rows()[5]
    with pytest.raises(InputError, match="生年月日が対象者情報と違います"):
        withholding.match(withholding_id=row.pk, atena_number=pensioners["plain"], context=officer)
    withholding.match(withholding_id=row.pk, atena_number=pensioners["small"], context=officer)
    assert _rows()[5].state == "9"
    with pytest.raises(Conflict):
        withholding.match(withholding_id=row.pk, atena_number=pensioners["small"], context=officer)
    assert ends_with_removal(date(2027, 2, 1), died=False) == date(2027, 10, 1)
    assert ends_with_removal(date(2026, 5, 1), died=False) == date(2027, 4, 1)
    assert ends_with_removal(date(2026, 12, 1), died=False) == date(2027, 4, 1)
    assert ends_with_removal(date(2026, 11, 4), died=True) == date(2026, 12, 1)


def test_画面は送信待ち_送信済み_拒否を示し_係長だけが送る(
    eltax: Callable[[str], Any], pensioners: dict[str, str], officer: AccessContext,
    sign_in: Callable[[str], Client],
) -> None:  # fmt: skip
    party = eltax("2026-07-10")
    party.control.command("people", people=PEOPLE)
    party.control.work()
    chief, clerk = sign_in("zei9"), sign_in("zei1")
    assert clerk.post("/tax/withholding/act/", {"act": "exchange"}).status_code == 403
    assert sign_in("nenkin1").get("/tax/withholding/").status_code == 403
    for act, words in (("exchange", "受信 1件"), ("plan", "対象 2人"), ("request", "2人の依頼"), ("plan", "判定")):
        shown = chief.post("/tax/withholding/act/", {"act": act, "year": 2026}, follow=True).content.decode()
        assert words in shown, act
    assert "送信待ち 1件" in clerk.get("/tax/withholding/?year=2026").content.decode()
    listed = clerk.get("/tax/withholding/?year=2026&state=4").content.decode()
    assert "川口　一郎" in listed and "拒否 0件" in listed
    shown = chief.post("/tax/withholding/act/", {"act": "exchange", "year": 2026}, follow=True).content.decode()
    assert "送信 1件" in shown and "送信済み" in shown
    row = _rows()[1]
    stopped = chief.post(f"/tax/withholding/{row.pk}/", {"reason": "03", "stop_on": "R8.7.10"}, follow=True)
    assert "停止の通知" in stopped.content.decode() and _rows()[1].state == "7"
    with connections["ledger"].cursor() as cursor:
        cursor.execute("select count(*) from ledger.entry where dataset like '年金特別徴収%'")
        assert cursor.fetchone()[0] >= 4
