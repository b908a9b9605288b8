"""閲覧記録の点検: seeded anomalies are found, a normal week raises none, an unsigned review becomes overdue."""

from __future__ import annotations

from datetime import date

import pytest
from tests.common_platform.access_history.support import look_at
from tests.common_platform.safeguards.conftest import officer

from kokunen.kernel.errors import NotAllowed

pytestmark = pytest.mark.control("CTL-055")
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)
AUDITOR = officer("kansa1", "audit", "1010")
SELF, SPOUSE, NAMESAKE, GUARDED, OTHER = (f"10000000000000{n}" for n in (4, 5, 6, 7, 8))


@pytest.fixture
def week(city_database, admin_connection, first):
    """A city of five people and a way to date the looks of the test into the week."""
    from kokunen.common_platform.portal.demo import create_accounts
    from kokunen.common_platform.safeguards.services.register import open_entry

    create_accounts()
    required = admin_connection.execute(
        "select attname from pg_attribute "
        "where attrelid = 'integrated.resident'::regclass and attnum > 0 and attnotnull"
    ).fetchall()
    for number, name, household, protected in (
        (SELF, "江口　冬", "H1", False),
        (SPOUSE, "江口　夏", "H1", False),
        (NAMESAKE, "江口　遠", "H2", False),
        (GUARDED, "青木　守", "H3", True),
        (OTHER, "山田　花", "H4", False),
    ):
        row = {column: "" for (column,) in required}
        row |= {"atena_number": number, "name": name, "household_number": household, "protected": protected}
        row |= {"version": 1, "published_at": "2026-01-01", "birth_date": "1980-01-01", "resident_since": "2000-01-01"}
        row |= {"address_since": "2000-01-01", "destination_abroad": False}
        names = [column for column in row if (column,) in required]
        admin_connection.execute(
            f"insert into integrated.resident ({', '.join(names)}) values ({', '.join(['%s'] * len(names))})",
            [row[name] for name in names],
        )
    open_entry("staff_person", title="nenkin1", content={"staff": "nenkin1"}, atena_number=SELF, context=first)

    def looked(*atena: str, at: str = "2026-11-18 10:00+09", staff: str = "nenkin1", **more) -> None:
        look_at(*atena, staff=staff, **more)
        with admin_connection.transaction():
            admin_connection.execute("set local session_replication_role = replica")
            admin_connection.execute(
                "update ledger.entry set recorded_at = %s where entry_id = (select max(entry_id) from ledger.entry)",
                [at],
            )

    return looked


def _found(first: date = MONDAY, until: date = SUNDAY) -> set[tuple[str, str, str]]:
    from kokunen.common_platform.safeguards.services.log_review import find_anomalies

    return {(one.rule, one.staff_number, one.atena_number) for one in find_anomalies(first, until, context=AUDITOR)}


def test_仕込んだ閲覧は規則ごとに見つかる(week) -> None:
    week(SELF)
    week(SPOUSE)
    week(NAMESAKE)
    week(GUARDED)
    week(OTHER, at="2026-11-18 22:30+09", staff="nenkin2", case_id="K1")
    week(OTHER, at="2026-11-21 10:00+09", staff="nenkin9", case_id="K1")  # a Saturday
    assert _found() == {
        ("本人の記録", "nenkin1", SELF),
        ("家族の記録", "nenkin1", SPOUSE),
        ("同姓の人", "nenkin1", NAMESAKE),
        ("支援措置の人", "nenkin1", GUARDED),
        ("時間外", "nenkin2", ""),
        ("時間外", "nenkin9", ""),
    }


def test_ふつうの週には何も出ない(week) -> None:
    week(OTHER)
    week(NAMESAKE, case_id="20260001")  # a namesake at the counter, with a case
    week(GUARDED, case_id="20260002")
    week(SELF, at="2026-11-25 10:00+09")  # another week
    assert _found() == set()


def test_量の外れと案件のない閲覧が見つかる(week, monkeypatch) -> None:
    from kokunen.common_platform.safeguards.services import log_review

    small = {"review_least_people": 10, "review_factor": 3, "review_without_case": 8}
    known = log_review.parameter
    monkeypatch.setattr(log_review, "parameter", lambda name: small.get(name) or known(name))
    crowd = [f"2000000000000{n:02}" for n in range(12)]
    for staff in ("nenkin2", "nenkin9", "online1"):
        week(crowd[0], staff=staff, case_id="K")
    week(*crowd[:12])
    assert _found() == {("量の外れ", "nenkin1", ""), ("案件のない閲覧", "nenkin1", "")}


def test_点検は週に一つ作られ署名がなければ超過になる(week, monkeypatch) -> None:
    from kokunen.common_platform.safeguards import queries
    from kokunen.common_platform.safeguards.services import log_review
    from kokunen.common_platform.safeguards.services.register import act, open_entry

    week(SELF)
    assert log_review.open_due_weeks() == 1
    assert log_review.open_due_weeks() == 0
    [shown] = queries.find_entries("log_review", context=AUDITOR).rows
    assert shown.entry.content["findings"] == ["本人の記録 1件"]
    with pytest.raises(NotAllowed, match="画面から登録できません"):
        open_entry("log_review", title="x", content={}, context=AUDITOR)
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-12-09")
    assert [one.is_overdue for one in queries.find_overdue(["log_review"])] == [True]
    act(shown.entry.number, "sign_off", content={"note": "本人から事情を聞いた"}, context=AUDITOR)
    assert queries.find_overdue(["log_review"]) == []
