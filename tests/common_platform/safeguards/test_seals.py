"""封と2人の署名: the same hand twice, a row written by the database's owner, a clock set back."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest

from kokunen.common_platform.safeguards.models.register import SECOND_HANDS
from kokunen.common_platform.safeguards.procedures import procedures
from kokunen.kernel.errors import Conflict, InputError, NotAllowed

pytestmark = pytest.mark.control("CTL-117")


def _medium(context):
    from kokunen.common_platform.safeguards.services.register import act, open_entry

    content = {"serial": "M-001", "type": "CD-R", "place": "金庫1"}
    entry = open_entry("medium", title="M-001", content=content, context=context)
    for action, more in (
        ("issue", {"purpose": "報告", "to": "nenkin1"}),
        ("write", {"key_id": "K1", "sha256": "a" * 64, "people": 3}),
        ("carry", {"case": "C-1", "key_holder": "nenkin9"}),
        ("hand_over", {"receiver": "年金事務所"}),
    ):
        act(entry.number, action, content=more, context=context)
    return entry


def test_2人目の署名を求める手続はデータベースの決まりと同じ() -> None:
    always = {
        code for procedure in procedures().values() for code, action in procedure.actions.items() if action.second_of
    }
    never = {
        code
        for procedure in procedures().values()
        for code, action in procedure.actions.items()
        if not action.second_of
    }
    assert set(SECOND_HANDS) == always - never


def test_同じ職員の2つ目の署名は断りデータベースも拒む(city_database, admin_connection, first, second) -> None:
    from kokunen.common_platform.safeguards.services.register import act

    entry = _medium(first)
    with pytest.raises(NotAllowed, match="同じ職員"):
        act(entry.number, "witness", context=first)
    for countersigns, error in ((4, "register_second_hand"), (None, "register_step_second_hand")):
        with pytest.raises(psycopg.errors.CheckViolation, match=error):
            admin_connection.execute(
                "insert into common_platform.register_step (entry_id, sequence, action, content, acted_on, signed_at, "
                "signed_by, office_code, countersigns, seal) "
                "values (%s, 5, 'witness', '{}', '2026-11-24', now(), 'nenkin1', '', %s, '')",
                [entry.pk, countersigns],
            )
    act(entry.number, "witness", context=second)
    refused = admin_connection.execute(
        "select detail->>'reason' from ledger.entry where act = 'refuse' and case_id = %s", [entry.number]
    ).fetchall()
    assert "同じ職員" in refused[0][0]


def test_所有者が書き足した署名は何も開かない(city_database, admin_connection, first, second) -> None:
    from kokunen.common_platform.safeguards.services.register import act

    entry = _medium(first)
    admin_connection.execute(
        "insert into common_platform.register_step (entry_id, sequence, action, content, acted_on, signed_at, "
        "signed_by, office_code, countersigns, seal) "
        "values (%s, 5, 'witness', '{}', '2026-11-24', now(), 'nenkin9', '2010', 4, %s)",
        [entry.pk, "f" * 64],
    )
    with pytest.raises(Conflict, match="署名したときと違います"):
        act(entry.number, "received", context=second)
    for statement in (
        "update common_platform.register_step set signed_by = 'x'",
        "delete from common_platform.register_entry",
        "truncate common_platform.register_step",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="変更も削除も"):
            admin_connection.execute(statement)


@pytest.mark.parametrize(
    "tamper",
    [
        'update common_platform.register_entry set content = content || \'{"place": "机"}\'',
        "update common_platform.register_step set signed_by = 'nenkin2' where sequence = 4",
        "update common_platform.register_step set acted_on = '2026-11-01' where sequence = 2",
        "delete from common_platform.register_step where sequence = 2",
    ],
)
def test_書き換えた記録は画面で分かる(city_database, admin_connection, first, tamper) -> None:
    from kokunen.common_platform.safeguards import queries

    entry = _medium(first)
    assert queries.get_shown(entry.number, context=first).is_intact
    with admin_connection.transaction():
        admin_connection.execute("set local session_replication_role = replica")
        admin_connection.execute(tamper)
    assert not queries.get_shown(entry.number, context=first).is_intact


def test_時計を戻しても前の手続より前の日にはできない(city_database, monkeypatch, first) -> None:
    from kokunen.common_platform.safeguards.services.register import act

    entry = _medium(first)
    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-20")
    with pytest.raises(InputError, match="前の手続の日から"):
        act(entry.number, "lost", content={"note": "x"}, context=first)
    with pytest.raises(InputError, match="前の手続の日から"):
        act(entry.number, "lost", content={"note": "x"}, context=first, acted_on=date(2026, 11, 25))


@pytest.mark.control("CTL-012")
def test_定められていない項目は黙って捨てず断り記録に残る(city_database, admin_connection, first) -> None:
    from kokunen.common_platform.safeguards.services.register import open_entry

    content = {"serial": "M-2", "type": "CD-R", "place": "金庫1", "hobby": "釣り"}
    with pytest.raises(InputError, match="定められていない項目"):
        open_entry("medium", title="M-2", content=content, context=first)
    rows = admin_connection.execute("select detail->>'field' from ledger.entry where act = 'refuse'").fetchall()
    assert rows == [("hobby",)]
    assert admin_connection.execute("select count(*) from common_platform.register_entry").fetchone() == (0,)
