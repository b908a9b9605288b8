"""取消し: exactly what an event caused is taken back; what was sent is withdrawn; history keeps all of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.national_pension.support import Register, insure, periods, put_on_roll

from kokunen.kernel.errors import Conflict, InputError, NotAllowed

if TYPE_CHECKING:
    from kokunen.ledger.access import AccessContext

pytestmark = [pytest.mark.function("S1-1"), pytest.mark.function("T1")]
OPEN = ("1", date(1994, 1, 14), None, "01", "")


def _states(atena: str) -> dict[str, str]:
    from kokunen.national_pension.models import WorkItem

    return dict(WorkItem.objects.filter(atena_number=atena).values_list("kind", "state"))


@pytest.fixture
def traveller(city: Register) -> str:
    """第1号被保険者 (V05)."""
    atena = city.resident(date(1974, 1, 15))
    insure(atena, "1", date(1994, 1, 14))
    put_on_roll(atena)
    return atena


def test_確定前の転出取消で事項が終わる(city: Register, traveller: str) -> None:
    seq = city.moves_abroad(traveller, date(2026, 12, 10))
    city.take()
    city.cancels_departure(traveller, seq, date(2026, 11, 24))
    city.take()
    assert _states(traveller) == {"loss_abroad": "undone", "undo": "confirmed"}
    assert periods(traveller) == [OPEN]


def test_同じ便で届いた転出と取消では何も残らない(city: Register, traveller: str) -> None:
    seq = city.moves_abroad(traveller, date(2026, 12, 10))
    city.cancels_departure(traveller, seq, date(2026, 11, 24))
    city.take()
    assert _states(traveller) == {"loss_abroad": "undone", "undo": "confirmed"}
    assert periods(traveller) == [OPEN]


def test_V05_確定した喪失と続く任意加入がともに元へ戻る(city: Register, traveller: str, officer: AccessContext) -> None:
    from kokunen.national_pension.choices import NoticeKind
    from kokunen.national_pension.models import QualificationPeriod, Receipt
    from kokunen.national_pension.services.notices import Paper, register

    seq = city.moves_abroad(traveller, date(2026, 12, 10))
    city.take()
    for kind, choice, on in (("F03", "abroad", date(2026, 12, 10)), ("F04", "apply", date(2026, 12, 11))):
        register(
            atena_number=traveller,
            paper=Paper(
                NoticeKind(kind),
                choice,
                on,
                date(2026, 11, 24),
                identity_document="my_number_card",
                attachments=("口座振替申出書",),
            ),
            context=officer,
        )
    assert [row[0] for row in periods(traveller)] == ["1", "6"]
    assert _states(traveller) == {"loss_abroad": "confirmed"}, "the notice has done what the item asked for"
    city.cancels_departure(traveller, seq, date(2026, 12, 8))
    city.take()
    assert periods(traveller) == [OPEN]
    assert set(Receipt.objects.values_list("state", flat=True)) == {"80"}
    assert QualificationPeriod.objects.filter(atena_number=traveller).count() == 4, "every version stays"


def test_送付済みの届書は取下げの事項になる(city: Register, traveller: str, officer: AccessContext) -> None:
    from kokunen.national_pension.choices import NoticeState
    from kokunen.national_pension.models import Receipt, WorkItem
    from kokunen.national_pension.services.receipt_flow import move
    from kokunen.national_pension.services.work_items import confirm

    seq = city.moves_abroad(traveller, date(2026, 11, 20))
    city.take()
    notice = confirm(item_id=WorkItem.objects.get().pk, context=officer)
    move(notice, NoticeState.SENT, staff_number="2001", sent_on=date(2026, 11, 24))
    city.event(
        traveller,
        "191",
        date(2026, 11, 24),
        cancels=seq,
        status="1",
        departure_code="",
        departure_on=None,
        destination="",
        destination_abroad=False,
    )
    city.take()
    assert periods(traveller) == [OPEN]
    item = WorkItem.objects.get(kind="withdrawal")
    told = confirm(item_id=item.pk, context=officer)
    assert (told.kind, told.state, told.content["withdraws"]) == ("F90", "40", notice.receipt_number)
    assert Receipt.objects.get(pk=notice.pk).state == "50"


def test_上に別の処理があれば自動では戻さず職員に示す(city: Register, traveller: str, officer: AccessContext) -> None:
    from kokunen.national_pension.models import WorkItem
    from kokunen.national_pension.services.work_items import confirm

    seq = city.moves_abroad(traveller, date(2026, 10, 1))
    city.take()
    confirm(item_id=WorkItem.objects.get().pk, context=officer)
    city.event(traveller, "103", date(2026, 11, 1), status="1")
    city.take()
    confirm(item_id=WorkItem.objects.get(kind="acquisition_abroad").pk, context=officer)
    before = periods(traveller)
    city.event(traveller, "191", date(2026, 11, 24), cancels=seq)
    city.take()
    assert periods(traveller) == before
    item = WorkItem.objects.get(kind="undo")
    assert item.state == "open" and "自動で元に戻せません" in item.summary


def test_窓口の誤りは理由を付けて取り消せる(city: Register, officer: AccessContext) -> None:
    from kokunen.national_pension.choices import NoticeKind
    from kokunen.national_pension.services.corrections import cancel_notice
    from kokunen.national_pension.services.notices import Paper, register

    atena = city.resident(date(1985, 5, 12))
    done = register(
        atena_number=atena,
        paper=Paper(
            NoticeKind.CHANGE_OF_KIND, "retired", date(2026, 10, 30), date(2026, 11, 24), identity_document="passport"
        ),
        context=officer,
    )
    with pytest.raises(InputError):
        cancel_notice(notice_id=done.notice.pk, reason=" ", context=officer)
    cancel_notice(notice_id=done.notice.pk, reason="別の方の届書", context=officer)
    assert periods(atena) == []
    with pytest.raises(Conflict):
        cancel_notice(notice_id=done.notice.pk, reason="もう一度", context=officer)


def test_訂正は別の職員の承認で新しい版になり過去の日の記録も見える(
    city: Register, officer: AccessContext, second_officer: AccessContext
) -> None:
    """V08: 1991-04-21 was the day the form came; 1991-03-31 is right."""
    from kokunen.national_pension.models import CorrectionProposal, QualificationPeriod, Receipt
    from kokunen.national_pension.services.corrections import Corrected, approve, propose

    atena = city.resident(date(1966, 9, 21))
    period = insure(atena, "1", date(1991, 4, 21), acquisition_reason="02")
    before = QualificationPeriod.objects.get(pk=period).recorded_period.lower
    right = Corrected("1", date(1991, 3, 31), "02", None, "")
    with pytest.raises(InputError):
        propose(period_id=period, corrected=right, reason="", evidence="領収証書", context=officer)
    proposal = propose(
        period_id=period, corrected=right, reason="厚年喪失日の誤り", evidence="領収証書", context=officer
    )
    assert periods(atena) == [("1", date(1991, 4, 21), None, "02", "")], "nothing changes before the approval"
    with pytest.raises(NotAllowed):
        approve(proposal_id=proposal.pk, context=officer)
    approve(proposal_id=proposal.pk, context=second_officer)
    assert periods(atena) == [("1", date(1991, 3, 31), None, "02", "")]
    then = QualificationPeriod.objects.known_on(before).get(atena_number=atena)
    assert then.acquired_on == date(1991, 4, 21)
    assert CorrectionProposal.objects.get().state == "approved"
    assert Receipt.objects.get().kind == "F09"
    with pytest.raises(InputError, match="20歳到達日"):
        early = Corrected("1", date(1986, 9, 1), "02", None, "")
        propose(
            period_id=QualificationPeriod.objects.current().get(atena_number=atena).pk,
            corrected=early,
            reason="試し",
            evidence="試し",
            context=officer,
        )


def test_重なりは画面の検査をすり抜けてもデータベースが断る(city: Register, officer: AccessContext) -> None:
    from django.db import transaction

    from kokunen.national_pension.choices import ActKind
    from kokunen.national_pension.deduction import Held
    from kokunen.national_pension.services.recording import replace_versions

    atena = city.resident(date(1985, 5, 12))
    insure(atena, "1", date(2005, 5, 11))
    with pytest.raises(Conflict, match="同じ期間の資格がすでに記録"), transaction.atomic(using="national_pension"):
        replace_versions(
            atena_number=atena,
            kind=ActKind.CORRECT,
            close=[],
            add=[Held("3", date(2020, 1, 1), "22")],
            source="correction",
            reason="試し",
            staff_number="2001",
        )
    assert periods(atena) == [("1", date(2005, 5, 11), None, "01", "")]
