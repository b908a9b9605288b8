"""検印と第二保管者: what the database owner rewrites or rolls back shows in what somebody else holds."""

from __future__ import annotations

import pytest

from kokunen.kernel.errors import Conflict

pytestmark = pytest.mark.control("CTL-054")
A, B = "000000000000019", "000000000000027"


def test_検印は署名され第二保管者が受領する(look, custodian_folder) -> None:
    from kokunen.ledger.checkpoints import take
    from kokunen.ledger.custody import city_key, second_custodian
    from kokunen.ledger.verification import verify

    for _ in range(300):
        look(A)
    look(A, B)
    checkpoint = take()
    assert (checkpoint.statement.number, checkpoint.statement.first, checkpoint.statement.last) == (1, 1, 301)
    assert checkpoint.statement.people == 2
    assert city_key().public.verifies(checkpoint.statement.text, checkpoint.signature)
    assert checkpoint.receipt is not None and checkpoint.receipt_signature is not None
    assert second_custodian().public.verifies(checkpoint.receipt, checkpoint.receipt_signature)
    assert take().statement.number == 1, "nothing new, no new checkpoint"
    look(B)
    assert take().statement.number == 2
    report = verify()
    assert report.findings == []
    assert (report.checkpoints, report.held) == (2, 2)


def test_全体の巻戻しは第二保管者の控えで分かる(look, as_owner) -> None:
    """The owner goes back to yesterday's consistent state: nothing inside the database is wrong."""
    from kokunen.ledger.checkpoints import take
    from kokunen.ledger.verification import verify

    look(A)
    take()
    look(B)
    take()
    as_owner(
        "delete from ledger.checkpoint where number = 2",
        "delete from ledger.subject where position = 2",
        "delete from ledger.person where person_id = 2",
        "delete from ledger.seal where position = 2",
        "delete from ledger.entry where entry_id = 2",
        "update ledger.writer set last_number = 1",
        "delete from ledger.people_bucket where bucket not in "
        "(select get_byte(token, 0) * 16 + get_byte(token, 1) / 16 from ledger.person)",
    )
    report = verify()
    assert report.findings == ["第二保管者が預かる検印 2 が台帳にありません（巻戻しの疑い）"]
    look(A)
    with pytest.raises(Conflict, match="枝分かれ"):
        take()


def test_全体を書き換えて検印をやり直しても控えと違う(look, as_owner, admin_connection) -> None:
    """The owner who also holds the city's key rewrites an entry, reseals everything and signs again."""
    from kokunen.ledger import checkpoints
    from kokunen.ledger.verification import verify

    look(A)
    checkpoints.take()
    as_owner(
        "truncate ledger.seal, ledger.subject, ledger.person, ledger.checkpoint, ledger.people_bucket",
        "update ledger.entry set staff_number = '9999'",
        "insert into ledger.unsealed select entry_id from ledger.entry",
    )
    with pytest.raises(Conflict, match="枝分かれ"):
        checkpoints.take()
    assert any("第二保管者の預かるものと違います" in finding for finding in verify().findings)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("update ledger.checkpoint set statement = replace(statement, 'people 1', 'people 2')", "署名が市の鍵"),
        ("update ledger.checkpoint set signature = '\\x00'", "署名が市の鍵"),
        ("update ledger.checkpoint set statement = 'x'", "文が読めません"),
        ("update ledger.checkpoint set last_position = 9", "文と台帳の記載が違います"),
        ("delete from ledger.checkpoint", "巻戻しの疑い"),
        ("update ledger.person set head = '\\x00'", "記録の並びと合いません"),
        ("update ledger.person set salt = salt || '\\x00'", "本人の印が違います"),
        ("update ledger.person set token = sha256(token)", "合いません"),
    ],
    ids=["件数の改変", "署名の偽造", "文の偽造", "範囲の改変", "検印の削除", "先端の改変", "塩の差替え", "印の差替え"],
)
def test_検印の偽造は見つかる(look, as_owner, statement, words) -> None:
    from kokunen.ledger.checkpoints import take
    from kokunen.ledger.verification import verify

    look(A)
    take()
    as_owner(statement)
    assert any(words in finding for finding in verify().findings), verify().findings


def test_保管者は続かない検印を受け取らない(look, custodian_folder) -> None:
    from dataclasses import replace

    from kokunen.ledger.checkpoints import take
    from kokunen.ledger.custody import city_key, second_custodian
    from kokunen.ledger.signing import load_key

    look(A)
    good = take().statement
    keeper = second_custodian()
    skipped = replace(good, number=3)
    other = replace(good, number=2, previous=bytes(32))
    for statement, key, words in (
        (skipped, city_key(), "続きません"),
        (other, city_key(), "巻戻し"),
        (replace(good, number=2, previous=good.digest), load_key(custodian_folder / "keys" / "x.pem", True), "市の鍵"),
    ):
        with pytest.raises(Conflict, match=words):
            keeper.take(statement.text, key.sign(statement.text))
    assert len(keeper.held()) == 1


def test_忘れた人は総当たりでも分からず台帳は検証できる(look, admin_connection) -> None:
    """P4: after retention nobody can say whose entries they were, and the log still verifies."""
    from django.db import connections, transaction

    from kokunen.ledger.checkpoints import take
    from kokunen.ledger.verification import verify

    look(A, text="山田")
    look(A, B)
    look(B)
    take()
    with transaction.atomic(using="ledger"), connections["ledger"].cursor() as cursor:
        cursor.execute("select forget_people(%s)", [[A]])
        assert cursor.fetchone() == (1,)
    look(B)
    take()
    assert verify().findings == []
    [(salts,)] = admin_connection.execute("select count(salt) from ledger.person").fetchall()
    assert salts == 1
    rows = admin_connection.execute("select to_jsonb(e)::text from ledger.entry e").fetchall()
    rows += admin_connection.execute("select to_jsonb(p)::text from ledger.person p").fetchall()
    rows += admin_connection.execute("select to_jsonb(s)::text from ledger.subject s").fetchall()
    assert not any(A in row or "山田" in row for (row,) in rows)
    # a dictionary of every number does not help: without its salt no token and no commitment can be made again
    [(found,)] = admin_connection.execute(
        "select count(*) from ledger.person p, unnest(%s::text[]) a where p.salt is null "
        "and p.token in (ledger.token_of('', a), ledger.token_of(coalesce(p.salt, ''), a))",
        [[A, B]],
    ).fetchall()
    assert found == 0


@pytest.mark.control("CTL-054")
def test_時計を戻した検印は保管者が受け取らず検証でも分かる(look, monkeypatch) -> None:
    from datetime import timedelta

    from kokunen.common_platform.operations import clock
    from kokunen.kernel.errors import Conflict
    from kokunen.ledger import checkpoints, verification

    look("100000000000004")
    checkpoints.take()
    look("100000000000004")
    earlier = clock.now() - timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: earlier)
    with pytest.raises(Conflict, match="時計の巻戻し"):
        checkpoints.take()
    assert any("時計の巻戻しの疑い" in words for words in verification.verify().findings)
