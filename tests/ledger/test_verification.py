"""検証: every way of tampering with the ledger shows, the database owner's included."""

from __future__ import annotations

import pytest


@pytest.fixture
def sealed(city_database, context):
    """Thirty looks at three people, sealed."""
    from django.db import transaction

    from kokunen.ledger.access import Act
    from kokunen.ledger.recording import record
    from kokunen.ledger.sealer import seal_all

    for number in range(30):
        with transaction.atomic(using="national_pension"):
            record(
                "national_pension",
                context,
                act=Act.VIEW,
                dataset="個人照会",
                atena_numbers=[f"00000000000{number % 3}"],
                detail={"n": number},
            )
    assert seal_all() == 30


def _tamper(admin, *statements: str) -> None:
    """As the owner of the database would: triggers off, change, triggers on."""
    with admin.transaction():
        admin.execute("set local session_replication_role = replica")
        for statement in statements:
            admin.execute(statement)


@pytest.mark.control("CTL-054")
def test_手つかずの台帳は完全である(sealed) -> None:
    from kokunen.ledger.verification import verify

    report = verify()
    assert report.is_whole
    assert (report.sealed, report.waiting) == (30, 0)


@pytest.mark.control("CTL-054")
@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (["update ledger.entry set staff_number = '1234' where entry_id = 7"], "内容が封印した時と違います"),
        (["update ledger.entry set detail = '{}' where entry_id = 7"], "内容が封印した時と違います"),
        (["delete from ledger.entry where entry_id = 7"], "指す記録 7 がありません"),
        (["delete from ledger.seal where position = 7"], "7 番から 7 番までがありません"),
        (
            ["delete from ledger.seal where position = 30", "delete from ledger.entry where entry_id = 30"],
            "記録が足りません",
        ),
        (["update ledger.seal set leaf = '\\x00' where position = 7"], "鎖が切れています"),
        (["delete from ledger.subject where number = 3 and person_id = 1"], "記録が欠けています"),
        (
            [
                "delete from ledger.subject where person_id = 1 and number = 10",
                "update ledger.person set last_number = 9 where person_id = 1",
            ],
            "本人の記録に入っていません",
        ),
        (["delete from ledger.seal where position = 30"], "封印もされず"),
    ],
    ids=[
        "職員の書換え",
        "詳細の書換え",
        "記録の削除",
        "封印の削除",
        "末尾の抹消",
        "葉の差替え",
        "本人番号の穴",
        "本人の末尾",
        "末尾の封印",
    ],
)
def test_改ざんは見つかる(sealed, admin_connection, statements, words) -> None:
    from kokunen.ledger.verification import verify

    _tamper(admin_connection, *statements)
    report = verify()
    assert not report.is_whole
    assert any(words in finding for finding in report.findings), report.findings


def test_封印前に消された記録は書き手の番号の穴で分かる(city_database, context, admin_connection) -> None:
    from django.db import transaction

    from kokunen.ledger.access import Act
    from kokunen.ledger.recording import record
    from kokunen.ledger.sealer import seal_all
    from kokunen.ledger.verification import verify

    for _ in range(3):
        with transaction.atomic(using="national_pension"):
            record("national_pension", context, act=Act.VIEW, dataset="個人照会", atena_numbers=["000000000001"])
    _tamper(
        admin_connection,
        "delete from ledger.unsealed where entry_id = 2",
        "delete from ledger.entry where entry_id = 2",
    )
    seal_all()
    assert any("記録が足りません" in finding for finding in verify().findings)


def test_封印は続きから進み順序を変えない(sealed, context, admin_connection) -> None:
    from django.db import transaction

    from kokunen.ledger.access import Act
    from kokunen.ledger.recording import record
    from kokunen.ledger.sealer import seal_once
    from kokunen.ledger.verification import verify

    head = verify().head
    assert seal_once() == 0
    assert verify().head == head
    with transaction.atomic(using="resident_registry"):
        record("resident_registry", context, act=Act.SEARCH, dataset="検索", atena_numbers=["000000000001"])
    assert verify().waiting == 1
    assert seal_once(1) == 1
    report = verify()
    assert report.is_whole and report.sealed == 31 and report.head != head
