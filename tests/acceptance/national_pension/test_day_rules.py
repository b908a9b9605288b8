"""資格の日の規則 (Q1〜Q15): through the same services as at the counter, each with what is recorded afterwards."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.national_pension.support import Register, insure, periods, put_on_roll

from kokunen.kernel.errors import Conflict, InputError

if TYPE_CHECKING:
    from kokunen.ledger.access import AccessContext
    from kokunen.national_pension.models import WorkItem

pytestmark = [pytest.mark.function("S1-1"), pytest.mark.function("T1")]


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """業務日を動かす."""

    def set_to(day: date) -> None:
        monkeypatch.setenv("KOKUNEN_TODAY", day.isoformat())

    return set_to


def _register(atena: str, context: AccessContext, kind: str, choice: str, fact_on: date | None, **paper: object):  # type: ignore[no-untyped-def]
    from kokunen.common_platform.operations import clock
    from kokunen.national_pension.choices import NoticeKind
    from kokunen.national_pension.services.notices import Paper, register

    values = {"received_on": clock.today(), "identity_document": "my_number_card"} | paper
    return register(
        atena_number=atena,
        paper=Paper(kind=NoticeKind(kind), choice=choice, fact_on=fact_on, **values),  # type: ignore[arg-type]
        context=context,
    )


def _only_item(atena: str) -> WorkItem:
    from kokunen.national_pension.models import WorkItem

    return WorkItem.objects.get(atena_number=atena, state__in=("open", "planned"))


def _confirm(atena: str, context: AccessContext) -> None:
    from kokunen.national_pension.services.work_items import confirm

    confirm(item_id=_only_item(atena).pk, context=context)


@pytest.mark.parametrize(
    ("birth", "acquired", "first_month", "day"),
    [
        (date(2006, 12, 1), date(2026, 11, 30), "2026-11", date(2026, 11, 24)),
        (date(2006, 12, 2), date(2026, 12, 1), "2026-12", date(2026, 11, 24)),
        (date(2008, 2, 29), date(2028, 2, 28), "2028-02", date(2028, 2, 1)),
    ],
    ids=["Q1", "Q2", "Q3"],
)
def test_20歳到達(
    city: Register,
    officer: AccessContext,
    today,
    birth: date,
    acquired: date,
    first_month: str,
    day: date,  # type: ignore[no-untyped-def]
) -> None:
    from kokunen.national_pension.jobs import list_reached_20

    today(day)
    atena = city.resident(birth)
    assert list_reached_20().created == 1
    assert list_reached_20().created == 0, "a second run lists nobody twice"
    item = _only_item(atena)
    assert item.proposal["beginnings"][0]["first_month"] == first_month
    assert item.article == "国民年金法第8条第1号"
    _confirm(atena, officer)
    assert periods(atena) == [("1", acquired, None, "01", "")]


@pytest.mark.parametrize(
    ("birth", "lost", "last_month"),
    [
        (date(1966, 12, 1), date(2026, 11, 30), "2026-10"),
        (date(1966, 12, 2), date(2026, 12, 1), "2026-11"),
    ],
    ids=["Q4", "Q5"],
)
def test_60歳到達(city: Register, officer: AccessContext, birth: date, lost: date, last_month: str) -> None:
    from kokunen.national_pension.jobs import list_reached_60

    atena = city.resident(birth)
    insure(atena, "1", date(1990, 4, 1), acquisition_reason="02")
    assert list_reached_60().created == 1
    item = _only_item(atena)
    assert item.proposal["endings"][0]["last_month"] == last_month
    _confirm(atena, officer)
    assert periods(atena) == [("1", date(1990, 4, 1), lost, "02", "03")]


@pytest.mark.parametrize(
    ("worked_until", "acquired", "first_month"),
    [
        (date(2026, 10, 31), date(2026, 11, 1), "2026-11"),
        (date(2026, 10, 30), date(2026, 10, 31), "2026-10"),
    ],
    ids=["Q6", "Q7"],
)
def test_退職(city: Register, officer: AccessContext, worked_until: date, acquired: date, first_month: str) -> None:
    atena = city.resident(date(1986, 5, 10))
    insure(atena, "2", date(2015, 4, 1), acquisition_reason="21")
    done = _register(atena, officer, "F02", "retired", worked_until)
    assert periods(atena) == [
        ("2", date(2015, 4, 1), acquired, "21", "21"),
        ("1", acquired, None, "02", ""),
    ]
    assert done.plan.first_month == first_month
    # day after the event = day 1 (民法140条); Sunday 15 November moves to Monday (民法142条), Saturday the 14th
    # likewise
    assert done.notice.filing_due_on == date(2026, 11, 16)


@pytest.mark.parametrize(
    ("left", "lost", "last_month"),
    [(date(2026, 11, 20), date(2026, 11, 21), "2026-10"), (date(2026, 11, 30), date(2026, 12, 1), "2026-11")],
    ids=["Q8", "Q9"],
)
def test_海外転出(city: Register, officer: AccessContext, left: date, lost: date, last_month: str) -> None:
    atena = city.resident(date(1986, 5, 10))
    insure(atena, "1", date(2006, 5, 9))
    city.moves_abroad(atena, left)
    city.take()
    assert _only_item(atena).proposal["endings"][0]["last_month"] == last_month
    _confirm(atena, officer)
    assert periods(atena) == [("1", date(2006, 5, 9), lost, "01", "02")]


def test_Q10_海外転出の日に第3号になれば空白はない(city: Register, officer: AccessContext) -> None:
    from django.db import transaction

    from kokunen.national_pension.deduction import Fact, Subject, deduce
    from kokunen.national_pension.services.recording import apply_plan, current_held

    atena = city.resident(date(1986, 5, 10))
    insure(atena, "1", date(2006, 5, 9))
    day = date(2026, 11, 20)
    facts = [Fact("leave_japan", day), Fact("dependent_start", day, residence_exception=True)]
    plan = deduce(Subject(date(1986, 5, 10)), current_held(atena), facts, today=date(2026, 11, 24))
    with transaction.atomic(using="national_pension"):
        apply_plan(atena_number=atena, plan=plan, source="service", context=officer)
    assert periods(atena) == [("1", date(2006, 5, 9), day, "01", "06"), ("3", day, None, "22", "")]


def test_Q11_死亡(city: Register, officer: AccessContext) -> None:
    atena = city.resident(date(1986, 5, 10))
    insure(atena, "1", date(2006, 5, 9))
    done = _register(atena, officer, "F08", "death", date(2026, 11, 20), filer="family")
    assert periods(atena) == [("1", date(2006, 5, 9), date(2026, 11, 21), "01", "01")]
    assert done.plan.last_month == "2026-10"


def test_Q12_厚年取得の月は第2号の月(city: Register, officer: AccessContext) -> None:
    from kokunen.national_pension.queries.persons import get_person, grid_of

    atena = city.resident(date(1990, 3, 20))
    insure(atena, "1", date(2020, 4, 1), acquisition_reason="02")
    done = _register(atena, officer, "F03", "employed", date(2026, 11, 20))
    assert done.plan.last_month == "2026-10"
    assert periods(atena) == [
        ("1", date(2020, 4, 1), date(2026, 11, 20), "02", "04"),
        ("2", date(2026, 11, 20), None, "21", ""),
    ]
    year = grid_of(get_person(atena, context=officer)).years[-1]
    assert [cell["letter"] for cell in year["cells"]][:8] == ["1"] * 7 + ["2"]


def test_Q13_同じ月に取得して喪失した月は1か月(city: Register, officer: AccessContext, today) -> None:  # type: ignore[no-untyped-def]
    from kokunen.national_pension.queries.persons import get_person, grid_of

    today(date(2026, 11, 30))
    atena = city.resident(date(1990, 3, 20), announce="103", on=date(2026, 11, 5))
    city.take()
    _confirm(atena, officer)
    city.moves_abroad(atena, date(2026, 11, 25))
    city.take()
    _confirm(atena, officer)
    assert periods(atena) == [("1", date(2026, 11, 5), date(2026, 11, 26), "09", "02")]
    grid = grid_of(get_person(atena, context=officer))
    assert grid.months_of_kind["1"] == 1


def test_Q14_市外からの転入では資格は動かない(city: Register) -> None:
    from kokunen.national_pension.models import WorkItem
    from kokunen.national_pension.services.roll import current

    atena = city.resident(date(1990, 3, 20), status="2", removed_on=date(2020, 3, 1), removal_code="201")
    insure(atena, "1", date(2015, 4, 1))
    put_on_roll(atena)
    city.event(
        atena,
        "101",
        date(2026, 11, 10),
        status="1",
        removed_on=None,
        removal_code="",
        resident_since=date(2026, 11, 10),
    )
    city.take()
    assert periods(atena) == [("1", date(2015, 4, 1), None, "01", "")]
    assert not WorkItem.objects.exists()
    row = current(atena)
    assert row is not None
    assert (row.move_code, row.became_resident_on, row.on_roll) == ("01", date(2026, 11, 10), True)


def test_Q15_任意加入は申出の日から65歳まで(city: Register, officer: AccessContext, today) -> None:  # type: ignore[no-untyped-def]
    today(date(2026, 12, 10))
    atena = city.resident(date(1966, 12, 2))
    insure(atena, "1", date(1986, 12, 1), date(2026, 12, 1), loss_reason="03")
    done = _register(atena, officer, "F04", "apply", date(2026, 12, 10))
    assert periods(atena)[-1] == ("5", date(2026, 12, 10), None, "12", "")
    assert (done.plan.first_month, done.plan.expected_end_on) == ("2026-12", date(2031, 12, 1))


# --- wrong moves of the visitors --------------------------------------------------------------------------------------


def test_届書の取得日が法の日と違えば両方の日と条文を示して断る(city: Register, officer: AccessContext) -> None:
    """V01: 「10月は会社で払ったから11月1日」 is refused; overriding is not offered."""
    from kokunen.ledger.access import Act

    atena = city.resident(date(1985, 5, 12))
    with pytest.raises(InputError) as refused:
        _register(atena, officer, "F02", "retired", date(2026, 10, 30), stated_on=date(2026, 11, 1))
    assert refused.value.field == "stated_on"
    assert "令和8年10月31日" in str(refused.value) and "令和8年11月1日" in str(refused.value)
    assert periods(atena) == []
    assert _ledger_acts(atena) == [str(Act.REFUSE)]


def test_第1号のうちに任意加入は申し出られない(city: Register, officer: AccessContext) -> None:
    """V05: 任意 typed with today's date while still 1号."""
    atena = city.resident(date(1974, 1, 15))
    insure(atena, "1", date(1994, 1, 14))
    _register(atena, officer, "F03", "abroad", date(2026, 12, 10))
    with pytest.raises(InputError):
        _register(atena, officer, "F04", "apply", date(2026, 11, 24))
    done = _register(atena, officer, "F04", "apply", date(2026, 12, 11))
    assert done.plan.first_month == "2026-12"
    assert [row[0] for row in periods(atena)] == ["1", "6"]


def test_任意加入はさかのぼれない(city: Register, officer: AccessContext) -> None:
    """V08: 「9月20日から」 is refused with 附則5条."""
    atena = city.resident(date(1966, 9, 21))
    insure(atena, "1", date(1986, 9, 20), date(2026, 9, 20), loss_reason="03")
    with pytest.raises(InputError, match="附則第5条"):
        _register(atena, officer, "F04", "apply", date(2026, 9, 20))


def test_二重の取得は重なりとして断る(city: Register, officer: AccessContext) -> None:
    """V12: an acquisition for someone who is 1号 already."""
    atena = city.resident(date(1998, 1, 1))
    insure(atena, "1", date(2023, 5, 10), acquisition_reason="09")
    with pytest.raises((InputError, Conflict), match="すでに第1号"):
        _register(atena, officer, "F01", "from_abroad", date(2026, 11, 16))


def _ledger_acts(atena: str) -> list[str]:
    from django.db import connections

    with connections["ledger"].cursor() as cursor:
        cursor.execute("select act from ledger.entry where %s = any(atena_numbers) order by entry_id", [atena])
        return [row[0] for row in cursor.fetchall()]
