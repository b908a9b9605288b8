"""故意の障害の試験"""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kokunen.counterparts.framework.store import Store
from kokunen.counterparts.framework.trouble import Trouble, TroubleMode, Troubles, damage
from kokunen.kernel.errors import InputError


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "party.sqlite3", ())


def test_障害は直すまで続き_開き直しても残る(store: Store) -> None:
    troubles = Troubles(store)
    troubles.order(Trouble(TroubleMode.GARBLE))
    troubles.order(Trouble(TroubleMode.DELAY, 5.0))
    troubles.order(Trouble(TroubleMode.DIE, at="decided"))
    store.close()
    again = Troubles(Store(store.path, ()))
    assert again.names() == ["delay", "die", "garble"]
    assert again.get(TroubleMode.DELAY) == Trouble(TroubleMode.DELAY, 5.0)
    again.heal()
    assert again.names() == []
    assert not again.has(TroubleMode.GARBLE)


@pytest.mark.parametrize("trouble", [Trouble(TroubleMode.DELAY, -1), Trouble(TroubleMode.DIE)])
def test_意味のない指示は断る(store: Store, trouble: Trouble) -> None:
    with pytest.raises(InputError):
        Troubles(store).order(trouble)


def test_遅延は直せばすぐ終わる(store: Store) -> None:
    troubles = Troubles(store)
    troubles.order(Trouble(TroubleMode.DELAY))
    waiting = threading.Thread(target=troubles.hold)
    waiting.start()
    troubles.heal()
    waiting.join(30)
    assert not waiting.is_alive()
    troubles.hold()  # no delay any more: returns at once


def test_死ぬ箇所でない所は通り過ぎる(store: Store) -> None:
    troubles = Troubles(store)
    troubles.order(Trouble(TroubleMode.DIE, at="decided"))
    troubles.pass_point("taken")
    assert troubles.names() == ["die"]


def test_破損は必ず一バイトを変える() -> None:
    assert damage(b"") == b""
    assert damage(b"abc") == bytes([ord("a"), ord("b") ^ 0xFF, ord("c")])


def test_途中で失敗した取引は何も残さない(store: Store) -> None:
    assert store.next_number("x") == 1
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.next_number("x")
        raise ZeroDivisionError
    assert store.next_number("x") == 2


def test_様式が後から増えても前の記録は残る(tmp_path: Path) -> None:
    first = Store(tmp_path / "a.sqlite3", ("CREATE TABLE a (x)",))
    with first.transaction() as connection:
        connection.execute("INSERT INTO a VALUES (1)")
    first.close()
    second = Store(tmp_path / "a.sqlite3", ("CREATE TABLE a (x)", "ALTER TABLE a ADD y"))
    assert [tuple(row) for row in second.rows("SELECT x, y FROM a")] == [(1, None)]
