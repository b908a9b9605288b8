"""国籍の異動 (worked example S9): a pair of events on one 宛名番号, undone as one."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connections
from tests.resident_registry.factories import ALL, counter, family, household_now, newcomer, notice, now

from kokunen.kernel.errors import InputError
from kokunen.resident_registry import queries, services
from kokunen.resident_registry.choices import EventCode, FilingKind, ResidenceClass
from kokunen.resident_registry.models import EventPerson, ResidentEvent, ResidentVersion
from kokunen.resident_registry.perms import Sight
from kokunen.resident_registry.services.desk import content_of

pytestmark = [pytest.mark.usefixtures("city_database"), pytest.mark.function("S2-1"), pytest.mark.function("S2-3")]

VIETNAM = services.ForeignItems(
    nationality="ベトナム",
    residence_class=ResidenceClass.MID_TO_LONG_TERM,
    residence_status="技術・人文知識・国際業務",
    residence_period="3年",
    residence_expires_on=date(2028, 5, 1),
    card_number="AB12345678CD",
)
JAPANESE = services.JapaneseItems("青木　明", "アオキ　アキラ", "埼玉県川口市青木二丁目1番", "青木　明")


def foreign_family() -> tuple[str, str]:
    head, child = family(
        newcomer("NGUYEN VAN A", "グエン　ヴァン　ア", "1985-01-01", "1", "世帯主", foreign=VIETNAM),
        newcomer("川口　一郎", "カワグチ　イチロウ", "2010-04-04", "1", "子"),
        day="2015-05-01",
        code=EventCode.MOVE_IN,
    )
    return head, child


def naturalise(number: str, day: str = "2026-06-10") -> services.Receipt:
    return services.become_japanese(
        context=counter("resident_correction"),
        notice=notice(EventCode.NATURALISATION_ENTRY, day, filing_kind=FilingKind.NOTIFICATION),
        atena_number=number,
        items=JAPANESE,
        acknowledged=ALL,
    )


def test_S9_帰化は同じ宛名番号で_外国人住民となった日が住民となった日になる() -> None:
    head, child = foreign_family()
    code = now(head).resident_code
    naturalise(head)
    row = now(head)
    assert (row.resident_kind, row.name, row.nationality, row.residence_card_number) == ("1", "青木　明", "", "")
    assert (row.resident_since, row.resident_code, row.relationship) == (date(2015, 5, 1), code, "世帯主")
    assert now(child).head_name == "青木　明"
    assert len(household_now(row.household_number)) == 2


def test_S9_214と114が同じ異動日で記録され_人口は差し引き0になる() -> None:
    head, _ = foreign_family()
    naturalise(head)
    pair = ResidentEvent.objects.filter(code__in=["114", "214"]).order_by("pk")
    assert [(e.code, e.event_on) for e in pair] == [("214", date(2026, 6, 10)), ("114", date(2026, 6, 10))]
    kinds = {}
    for link in EventPerson.objects.filter(event__in=pair, is_subject=True).select_related("event"):
        row = ResidentVersion.objects.filter(atena_number=head, version_number=link.version_after).earliest(
            "recorded_period"
        )
        kinds[link.event.code] = (row.resident_kind, row.status)
    assert kinds == {"214": ("2", "4"), "114": ("1", "1")}
    with connections["resident_registry"].cursor() as cursor:
        cursor.execute(
            "select kind, reason_code from integrated.resident__change where atena_number = %s "
            "order by seq desc limit 1",
            [head],
        )
        assert cursor.fetchone() == ("update", "114")
    names = [line.event_name for line in queries.get_history(context=counter(), atena_number=head, sight=Sight())]
    assert names == ["帰化・国籍取得（日本人側）", "帰化・国籍取得（外国人側）", "転入（国内）"]


def test_帰化の取消しは_対の両方を取り消し_前の記録にもどす() -> None:
    head, child = foreign_family()
    before = {number: content_of(now(number)) for number in (head, child)}
    receipt = naturalise(head)
    removal = ResidentEvent.objects.get(code="214")
    with pytest.raises(InputError, match="対になる記載と一緒に取り消します"):
        services.cancel_event(context=counter("resident_correction"), event_id=removal.pk)
    services.cancel_event(context=counter("resident_correction"), event_id=receipt.event_id, acknowledged=ALL)
    assert {number: content_of(now(number)) for number in (head, child)} == before
    undone = ResidentEvent.objects.filter(cancels__isnull=False).order_by("pk")
    assert [(event.code, event.cancels_id) for event in undone] == [("291", receipt.event_id), ("191", removal.pk)]


def test_国籍喪失は_外国人住民となった日が喪失の日になり_60日を案内する() -> None:
    number = family(newcomer("川口　太郎", "カワグチ　タロウ", "1985-02-01", "1", "世帯主"))[0]
    receipt = services.become_foreign(
        context=counter("resident_correction"),
        notice=notice(EventCode.NATIONALITY_LOSS_ENTRY, "2026-11-02", filing_kind=FilingKind.NOTIFICATION),
        atena_number=number,
        items=services.ForeignItems("カナダ", ResidenceClass.NATIONALITY_LOSS_TRANSITION),
        acknowledged=ALL,
    )
    row = now(number)
    assert (row.resident_kind, row.nationality, row.residence_class) == ("2", "カナダ", "6")
    assert (row.resident_since, row.registered_domicile) == (date(2026, 11, 2), "")
    assert "sixty_days" in {found.code for found in receipt.follow_ups}
    assert ResidentEvent.objects.filter(code="215").count() == 1


@pytest.mark.parametrize(
    ("items", "field"),
    [
        (services.JapaneseItems("", "ア", "川口市", "青木"), "name"),
        (services.JapaneseItems("青木　明", "アオキ　アキラ", "", "青木"), "registered_domicile"),
    ],
)
def test_帰化の通知に足りない項目は_その欄で断り_何も残さない(items: services.JapaneseItems, field: str) -> None:
    head, _ = foreign_family()
    with pytest.raises(InputError) as refused:
        services.become_japanese(
            context=counter("resident_correction"),
            notice=notice(EventCode.NATURALISATION_ENTRY, "2026-06-10"),
            atena_number=head,
            items=items,
            acknowledged=ALL,
        )
    assert refused.value.field == field
    assert now(head).version_number == 1


def test_日本人の帰化と外国人の国籍喪失は断る() -> None:
    head, child = foreign_family()
    with pytest.raises(InputError, match="日本人の住民です"):
        naturalise(child)
    with pytest.raises(InputError, match="外国人住民です"):
        services.become_foreign(
            context=counter("resident_correction"),
            notice=notice(EventCode.NATIONALITY_LOSS_ENTRY, "2026-11-02"),
            atena_number=head,
            items=services.ForeignItems("カナダ", ResidenceClass.NATIONALITY_LOSS_TRANSITION),
        )
