"""免除の申請: cycles in one sitting, incomes through the integrated database, months that belong to one kind."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from tests.national_pension.support import Register, give_number, insure, put_on_roll

from kokunen.kernel.errors import Conflict, InputError
from kokunen.law.rules.exemption import Ground, Kind
from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-4"), pytest.mark.function("T5")]


def declare(atena: str, tax_year: int, total: int | None, **more: Any) -> None:
    """個人住民税が公開する所得; None = 未申告."""
    from kokunen.common_platform.integration.publishing import ChangeNote, publish
    from kokunen.resident_tax.linkage import INCOME

    row = dict.fromkeys(INCOME.column_names)
    row |= {"atena_number": atena, "tax_year": tax_year, "state": "4" if total is None else "1", "total_income": total}
    with transaction.atomic(using="resident_tax"):
        publish("resident_tax", INCOME, [row | more], ChangeNote("register", None, date(tax_year, 6, 1)))


@pytest.fixture
def household(city: Register) -> dict[str, str]:
    """夫婦と母（世帯主）: the man out of work since 2024-11-30, the wife never declared (visitor 3)."""
    mother = city.resident(date(1961, 8, 8), name="川口　花子", sex="2")
    home = {"household_number": mother, "head_atena_number": mother, "head_name": "川口　花子"}
    man = city.resident(date(1993, 2, 10), relationship="子", **home)
    wife = city.resident(date(1994, 6, 6), relationship="子の妻", name="川口　春子", sex="2", **home)
    insure(man, "1", date(2024, 12, 1), acquisition_reason="02")
    give_number(man, "1234567890")
    put_on_roll(man)
    for year, total in ((2024, 3_000_000), (2025, 2_700_000), (2026, 0)):
        declare(man, year, total)
    for year, total, paid in ((2024, 600_000, 0), (2025, 1_100_000, 120_000), (2026, 700_000, 100_000)):
        declare(mother, year, total, social_insurance_deduction=paid)
    declare(wife, 2024, 300_000)
    declare(wife, 2025, None)
    return {"man": man, "wife": wife, "mother": mother}


@pytest.fixture
def exemption_officer() -> AccessContext:
    """免除の窓口"""
    return AccessContext("2001", "1101", "pension_exemption", screen="試験", terminal="T-01")


def _sitting(*keys: str, **more: Any):  # type: ignore[no-untyped-def]
    from kokunen.national_pension.services.exemptions import Sitting

    values = {"received_on": date(2026, 11, 24), "identity_document": "my_number_card"} | more
    return Sitting(keys, **values)


def _results(judged) -> list[list[tuple[str, str, str]]]:  # type: ignore[no-untyped-def]
    return [[(s.first, s.last, s.result) for s in one.segments] for one in judged]


LOST_JOB = {"applicant": (Ground("job_loss", day=date(2024, 11, 30)),)}
ALL = ("general-2024", "general-2025", "general-2026")


def test_三年度を一度に見込み_未申告は零円でない(household: dict[str, str], exemption_officer: AccessContext) -> None:
    from kokunen.national_pension.services.exemptions import desk, preview

    seen = desk(atena_number=household["man"], context=exemption_officer)
    assert [(cycle.key, cycle.span) for cycle in seen.cycles if cycle.key in ALL] == [
        ("general-2024", "令和6年12月から令和7年6月まで 7か月"),
        ("general-2025", "令和7年7月から令和8年6月まで 12か月"),
        ("general-2026", "令和8年7月から令和9年6月まで 12か月"),
    ]
    sitting = _sitting(*ALL, grounds=LOST_JOB)
    before = preview(seen, sitting)
    assert _results(before) == [
        [("2024-12", "2025-06", "full_exemption")],
        [("2025-07", "2026-06", "undetermined")],
        [("2026-07", "2027-06", "undetermined")],
    ]
    assert any("0円とはみなせません" in hint for hint in before[1].hints)
    declare(household["wife"], 2025, 650_000)
    declare(household["wife"], 2026, 720_000, social_insurance_deduction=215_000)
    now = desk(atena_number=household["man"], context=exemption_officer)
    after = preview(now, sitting)
    assert _results(after)[1:] == [
        [("2025-07", "2026-06", "deferral")],
        [("2026-07", "2027-06", "three_quarter_exemption")],
    ]
    assert any("「半額免除」" in hint for hint in after[1].hints), "the way without 納付猶予 is told"
    assert not after[0].may_continue and not after[2].may_continue
    crossed = frozenset(Kind) - {Kind.DEFERRAL}
    other = preview(now, _sitting(*ALL, grounds=LOST_JOB, wished=crossed))
    assert _results(other)[1] == [("2025-07", "2026-06", "half_exemption")]


def test_申請は年度ごとに受付となり裁定で免除期間になる(
    household: dict[str, str], exemption_officer: AccessContext
) -> None:
    from kokunen.national_pension.exemption_choices import ExemptionResult
    from kokunen.national_pension.services import exemption_periods
    from kokunen.national_pension.services.exemptions import apply, desk

    receipts = apply(
        atena_number=household["man"],
        sitting=_sitting(*ALL, grounds=LOST_JOB, papers=("離職票または雇用保険受給資格者証",), continue_wished=True),
        context=exemption_officer,
    )
    assert [receipt.kind for receipt in receipts] == ["F12"] * 3
    assert [receipt.state for receipt in receipts] == ["40"] * 3
    application = receipts[0].exemption_application
    assert application.expected_kind == "20" and not application.continue_wished
    assert application.judgement["persons"][1]["income"] == "300,000円"
    seen = desk(atena_number=household["man"], context=exemption_officer)
    assert not any(cycle.open_months for cycle in seen.cycles if cycle.key in ALL), "asked for already"
    with pytest.raises(InputError, match="申請できる月のない年度"):
        apply(atena_number=household["man"], sitting=_sitting(*ALL), context=exemption_officer)
    _sent(receipts[0])
    _decide(receipts[0].pk, ExemptionResult.GRANTED, "20", exemption_officer)
    held = exemption_periods.current(household["man"])
    assert [(row.kind, row.first_month, row.last_month) for row in held] == [
        ("20", date(2024, 12, 1), date(2025, 6, 1))
    ]
    with pytest.raises(Conflict, match="すでに記録"):
        _decide(receipts[0].pk, ExemptionResult.GRANTED, "20", exemption_officer)


def test_却下には理由が要り_却下された月は再申請できる(
    household: dict[str, str], exemption_officer: AccessContext
) -> None:
    from kokunen.national_pension.exemption_choices import ExemptionResult
    from kokunen.national_pension.services.exemptions import apply, desk

    (receipt,) = apply(atena_number=household["man"], sitting=_sitting("general-2026"), context=exemption_officer)
    _sent(receipt)
    with pytest.raises(InputError, match="却下の理由"):
        _decide(receipt.pk, ExemptionResult.REFUSED_INCOME, "", exemption_officer)
    _decide(receipt.pk, ExemptionResult.REFUSED_INCOME, "", exemption_officer, note="世帯主の所得が限度を超える")
    receipt.refresh_from_db()
    assert receipt.state == "90"
    seen = desk(atena_number=household["man"], context=exemption_officer)
    assert any(cycle.key == "general-2026" and len(cycle.open_months) == 12 for cycle in seen.cycles)


def test_学生と免除は別の紙_離職票がなければ不足書類になる(
    household: dict[str, str], exemption_officer: AccessContext
) -> None:
    from kokunen.national_pension.services.exemptions import apply

    with pytest.raises(InputError, match="分けて"):
        apply(
            atena_number=household["man"],
            sitting=_sitting("general-2026", "student-2026", school="市立商科大学", graduation=date(2028, 3, 1)),
            context=exemption_officer,
        )
    (receipt,) = apply(
        atena_number=household["man"], sitting=_sitting("general-2024", grounds=LOST_JOB), context=exemption_officer
    )
    assert receipt.state == "20" and receipt.missing_papers == ["離職票または雇用保険受給資格者証"]


def test_配偶者と世帯主の所得を見たことが台帳に残る(
    household: dict[str, str], exemption_officer: AccessContext
) -> None:
    from kokunen.ledger.history import find_entries_of_person
    from kokunen.national_pension.services.exemptions import desk

    desk(atena_number=household["man"], context=exemption_officer)
    for person in household.values():
        entry = find_entries_of_person(person, context=exemption_officer)[0]
        assert entry.dataset == "免除の審査（所得）" and "R10 所得情報" in entry.items


def _sent(receipt) -> None:  # type: ignore[no-untyped-def]
    """日本年金機構へ送付した."""
    from kokunen.national_pension.services import receipt_flow

    with transaction.atomic(using="national_pension"):
        receipt_flow.move(receipt, receipt_flow.NoticeState.SENT, staff_number="2001", sent_on=date(2026, 11, 24))


def _decide(receipt_id: int, result, kind: str, context: AccessContext, note: str = ""):  # type: ignore[no-untyped-def]
    from kokunen.national_pension.services.exemptions import take_result

    return take_result(
        receipt_id=receipt_id,
        result=result,
        kind=kind,
        first=None,
        last=None,
        decided_on=date(2026, 11, 24),
        note=note,
        context=context,
    )
