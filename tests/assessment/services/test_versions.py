"""版を進める: a draft does nothing; two people; publication whole or not at all; then the policy is the new one."""

from __future__ import annotations

from datetime import date

import pytest

from kokunen.assessment.changes import AFTER, BEFORE
from kokunen.assessment.flows import MEDIUM, SERVICE
from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed
from kokunen.ledger.access import AccessContext

pytestmark = pytest.mark.control("CTL-004")
DRAFTER = AccessContext("nenkin9", "2010", "administration")
SECOND = AccessContext("kaiji1", "1010", "administration")
EDITION = "2027-04-01"


@pytest.fixture
def versions(city_database, monkeypatch):
    monkeypatch.setenv("KOKUNEN_TODAY", "2027-03-20")
    from kokunen.assessment.services import versions

    versions.draft_from_program(EDITION, context=DRAFTER)
    return versions


def _decide_all(versions, context=DRAFTER) -> None:
    from kokunen.assessment import queries
    from kokunen.assessment.document import draft_reasons

    proposed = draft_reasons()
    for change in queries.find_changes(queries.get_version(EDITION)):
        decision = proposed[change.leaf_id]
        versions.decide(EDITION, change.leaf_id, context=context, timing=decision["timing"], reason=decision["reason"])


@pytest.mark.control("CTL-011")
def test_案は何も変えず発効日に方針が替わる(versions, monkeypatch) -> None:
    from kokunen.assessment import queries

    _decide_all(versions)
    versions.approve(EDITION, context=SECOND)
    with pytest.raises(NotAllowed):
        queries.policy_in_force().check_inbound(SERVICE, MEDIUM)
    versions.publish(EDITION, effective_on=date(2027, 4, 1), context=SECOND)
    for today, is_open in (("2027-03-31", False), ("2027-04-01", True)):
        monkeypatch.setenv("KOKUNEN_TODAY", today)
        policy = queries.policy_in_force()
        assert policy.edition == (EDITION if is_open else "2025-12-26")
        if is_open:
            policy.check_inbound(SERVICE, MEDIUM)
        else:
            with pytest.raises(NotAllowed):
                policy.check_inbound(SERVICE, MEDIUM)
    assert queries.document_in_force().value("cover.published") == "2027-03-20"


def test_説明が一行でも欠ければ承認も公表もできない(versions, admin_connection) -> None:
    with pytest.raises(Conflict, match="足りない行"):
        versions.approve(EDITION, context=SECOND)  # 重要でないとした判断に、まだ職員がいない
    _decide_all(versions)
    admin_connection.execute(
        "update assessment.assessment_assessmentversion set decisions = decisions - 'II.5.performed'"
    )
    with pytest.raises(Conflict, match="提出時期（事前・事後）が決まっていません"):
        versions.approve(EDITION, context=SECOND)
    with pytest.raises(Conflict, match="承認されていません"):
        versions.publish(EDITION, effective_on=date(2027, 4, 1), context=SECOND)


@pytest.mark.parametrize("who", ["nenkin9", "nenkin2"])
def test_作った人も判断した人も承認できない(versions, who) -> None:
    _decide_all(versions, AccessContext("nenkin2", "2010", "administration"))
    with pytest.raises(NotAllowed, match="承認できません"):
        versions.approve(EDITION, context=AccessContext(who, "2010", "administration"))


def test_承認の後に改めれば承認は消える(versions) -> None:
    from kokunen.assessment import queries

    _decide_all(versions)
    versions.approve(EDITION, context=SECOND)
    versions.decide(EDITION, "II.5.performed", timing=AFTER, reason="書き直し", context=DRAFTER)
    assert queries.get_version(EDITION).state == "draft"
    versions.approve(EDITION, context=SECOND)
    versions.set_content(EDITION, "I.6.head_title", {"value": "年金課長"}, context=DRAFTER)
    with pytest.raises(Conflict):
        versions.publish(EDITION, effective_on=date(2027, 4, 1), context=SECOND)
    with pytest.raises(Conflict, match="－②所属長の役職名"):
        versions.approve(EDITION, context=SECOND)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"timing": "いつか", "reason": "x"}, "事前か事後"),
        ({"timing": BEFORE, "reason": " "}, "説明を入力"),
    ],
)
def test_決め方の誤りを断る(versions, arguments, words) -> None:
    with pytest.raises(InputError, match=words):
        versions.decide(EDITION, "II.5.performed", context=DRAFTER, **arguments)


def test_公表した版は所有者の更新も拒む(versions, admin_connection) -> None:
    import psycopg

    _decide_all(versions)
    versions.approve(EDITION, context=SECOND)
    with pytest.raises(InputError, match="発効日"):
        versions.publish(EDITION, effective_on=date(2027, 3, 19), context=SECOND)
    versions.publish(EDITION, effective_on=date(2027, 4, 1), context=SECOND)
    for statement in (
        "update assessment.assessment_assessmentversion set leaves = '[]'",
        "delete from assessment.assessment_assessmentversion",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="公表した評価書"):
            admin_connection.execute(statement)
    for change in (
        lambda: versions.decide(EDITION, "II.5.performed", timing=AFTER, reason="x", context=DRAFTER),
        lambda: versions.set_content(EDITION, "I.6.head_title", {"value": "x"}, context=DRAFTER),
        lambda: versions.draft_from_program(EDITION, context=DRAFTER),
    ):
        with pytest.raises(KokunenError):
            change()
    entries = admin_connection.execute("select count(*) from ledger.entry where dataset = '評価書の版'").fetchone()
    assert entries[0] > 20
