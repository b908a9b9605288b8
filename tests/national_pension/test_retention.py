"""年次の削除: who is past retention goes everywhere, who is on hold stays, a rerun finds nobody, nobody comes back."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from tests.common_platform.safeguards.conftest import officer
from tests.national_pension.support import Register, insure, put_on_roll

from kokunen.kernel.errors import Conflict, InputError, NotAllowed

pytestmark = pytest.mark.control("CTL-092")
FIRST, SECOND = officer("nenkin9"), officer("kaiji1", "disclosure", "1010")
AS_OF = date(2026, 4, 1)


@pytest.fixture
def old_people(city: Register) -> list[str]:
    """Four people: two past retention (one dead, one of 76), one loss too young, one still insured."""
    people = []
    for birth, begins, ends, reason in (
        (date(1950, 1, 1), date(1990, 4, 1), date(2015, 5, 1), "01"),
        (date(1949, 1, 1), date(1990, 4, 1), date(2009, 1, 1), "02"),
        (date(1970, 1, 1), date(1990, 4, 1), date(2010, 1, 1), "02"),
        (date(1980, 1, 1), date(2000, 4, 1), None, ""),
    ):
        atena = city.resident(birth)
        put_on_roll(atena)
        insure(atena, "1", begins, ends, loss_reason=reason)
        people.append(atena)
    return people


def _run(context=FIRST, second=SECOND) -> str:
    from kokunen.common_platform.safeguards.services import deletion
    from kokunen.common_platform.safeguards.services.register import act

    number = deletion.preview("national_pension", as_of=AS_OF, context=context).number
    act(number, "approve", context=second)
    return number


def _stores(admin, atena: str) -> list[str]:
    """Tables of the pension file and of the integrated database in which the number stands anywhere."""
    found = []
    for schema in ("national_pension", "common_platform"):
        for (table,) in admin.execute("select tablename from pg_tables where schemaname = %s", [schema]).fetchall():
            sentence = f'select 1 from {schema}."{table}" t where to_jsonb(t)::text like %s limit 1'
            if admin.execute(sentence, [f"%{atena}%"]).fetchone():
                found.append(f"{schema}.{table}")
    if admin.execute("select 1 from integrated.pension_qualification where atena_number = %s", [atena]).fetchone():
        found.append("integrated.pension_qualification")
    return found


def test_期限を過ぎた人だけがどの表からも消え証明書が残る(old_people, admin_connection) -> None:
    from kokunen.common_platform.safeguards.services import deletion

    dead, old, young, insured = old_people
    number = _run()
    deletion.execute(number, context=FIRST)
    assert [_stores(admin_connection, one) for one in (dead, old)] == [[], []]
    assert all("national_pension.insured_person" in _stores(admin_connection, one) for one in (young, insured))
    proof = deletion.certificate(number)
    assert proof["people"] == 2 and proof["rows"]["insured_person"] == 2 and len(proof["tokens"]) == 64
    with pytest.raises(Conflict, match="承認された"):
        deletion.execute(number, context=FIRST)
    with pytest.raises(InputError, match="候補はありません"):
        deletion.preview("national_pension", as_of=AS_OF, context=FIRST)
    # the guards of the tables stand again
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        admin_connection.execute("delete from national_pension.insured_person")


def test_保留の人は残り承認の後の保留は削除を止める(old_people, admin_connection) -> None:
    from kokunen.common_platform.safeguards.services import deletion
    from kokunen.common_platform.safeguards.services.register import act, open_entry

    dead, old, *_ = old_people
    hold = open_entry("hold", title="開示請求", content={"reason": "開示請求"}, atena_number=dead, context=FIRST)
    number = _run()
    assert admin_connection.execute("select atena_number from common_platform.deletion_candidate").fetchall() == [
        (old,)
    ]
    open_entry("hold", title="訴訟", content={"reason": "訴訟"}, atena_number=old, context=FIRST)
    with pytest.raises(Conflict, match="保留された人が1人"):
        deletion.execute(number, context=FIRST)
    act(hold.number, "lift", content={"note": "決定した"}, context=SECOND)
    deletion.execute(_run(), context=FIRST)
    assert _stores(admin_connection, old) != [] and "national_pension.insured_person" not in _stores(
        admin_connection, dead
    )


def test_承認のない削除は断りデータベースも断る(old_people, admin_connection) -> None:
    from django.db import InternalError, ProgrammingError, connections

    from kokunen.common_platform.safeguards.services import deletion
    from kokunen.common_platform.safeguards.services.register import act

    number = deletion.preview("national_pension", as_of=AS_OF, context=FIRST).number
    with pytest.raises(Conflict, match="承認された"):
        deletion.execute(number, context=FIRST)
    with pytest.raises(NotAllowed, match="同じ職員"):
        act(number, "approve", context=FIRST)
    with (
        pytest.raises((ProgrammingError, InternalError), match="承認された年次の削除ではありません"),
        connections["national_pension"].cursor() as cursor,
    ):
        cursor.execute("select * from national_pension.delete_people(%s)", [number])
    act(number, "approve", context=SECOND)
    admin_connection.execute(
        "insert into common_platform.deletion_candidate (entry_id, atena_number) "
        "select entry_id, %s from common_platform.deletion_candidate limit 1",
        [old_people[3]],
    )
    with pytest.raises(Conflict, match="承認のときと違います"):
        deletion.execute(number, context=FIRST)


def test_消した人は遅れた連絡でも復旧した控えでも戻らない(old_people, city, admin_connection) -> None:
    from kokunen.common_platform.safeguards.services import deletion
    from kokunen.national_pension.retention import forgotten_among

    dead, old, *_ = old_people
    rows = admin_connection.execute("select * from national_pension.insured_person where atena_number = %s", [dead])
    names = [column.name for column in rows.description]
    kept = rows.fetchone()
    deletion.execute(_run(), context=FIRST)
    assert forgotten_among([dead, old, old_people[2]]) == {dead, old}
    city.event(dead, "301", date(2026, 11, 24), name="改名　太郎")
    city.moves_abroad(old, date(2026, 11, 24))
    city.take()
    assert [_stores(admin_connection, one) for one in (dead, old)] == [[], []]
    assert deletion.reopen_after_restore("national_pension") is None
    admin_connection.execute(  # as a restored backup would bring the row and lose the tokens of the database
        f"insert into national_pension.insured_person ({', '.join(names)}) values ({', '.join(['%s'] * len(names))})",
        kept,
    )
    with admin_connection.transaction():
        admin_connection.execute("set local session_replication_role = replica")
        admin_connection.execute("delete from national_pension.forgotten_person")
    again = deletion.reopen_after_restore("national_pension")
    assert again is not None and deletion.reopen_after_restore("national_pension").number == again.number
    from kokunen.common_platform.safeguards.services.register import act

    act(again.number, "approve", context=SECOND)
    deletion.execute(again.number, context=FIRST)
    assert "national_pension.insured_person" not in _stores(admin_connection, dead)
