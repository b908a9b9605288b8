"""誤りと注意 (domain file, section 12): every row of its table, each with its field and the clerk's words.

One city for the whole table: an error and an unanswered alert store nothing, so the cases cannot disturb each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from tests.resident_registry.factories import (
    ALL,
    AOKI,
    SAIWAI,
    counter,
    family,
    kawaguchi_family,
    newcomer,
    notice,
    now,
)

from kokunen.kernel.errors import KokunenError
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import (
    CertificateKind,
    DestinationKind,
    EventCode,
    IdentityCheck,
    RequestKind,
    ResidenceClass,
    SupportKind,
    SupportReason,
)
from kokunen.resident_registry.models import ResidentCodeStock, ResidentEvent, ResidentVersion
from kokunen.resident_registry.services.certificates import CertificateOrder, issue_certificate
from kokunen.resident_registry.services.notice import NeedsConfirmation

pytestmark = [pytest.mark.usefixtures("city_database"), pytest.mark.function("S2-1"), pytest.mark.function("S2-2"),
              pytest.mark.function("S2-3"), pytest.mark.function("S2-4"), pytest.mark.function("S2-5")]  # fmt: skip

CODE_OF_HANAKO, CODE_OF_JIRO, FREE = "12345678903", "31415926530", "99999999995"
TOMORROW = "2026-11-25"


@dataclass
class City:
    """川口さん一家, somebody protected next door, a removed man, a couple of foreigners."""

    people: dict[str, str]
    protected: str
    foreign: str

    @classmethod
    def build(cls) -> City:
        """Made in one go, before the table."""
        people = family(
            newcomer("川口　太郎", "カワグチ　タロウ", "1955-02-01", "1", "世帯主"),
            newcomer("川口　花子", "カワグチ　ハナコ", "1957-03-03", "2", "妻", resident_code=CODE_OF_HANAKO),
            newcomer("川口　一郎", "カワグチ　イチロウ", "1985-04-04", "1", "子"),
            newcomer("川口　次郎", "カワグチ　ジロウ", "1988-06-06", "1", "子", resident_code=CODE_OF_JIRO),
            newcomer("川口　トメ", "カワグチ　トメ", "1930-05-05", "2", "母"),
        )
        names = dict(zip(("taro", "hanako", "ichiro", "jiro", "tome"), people, strict=True))
        services.move_out(
            context=counter(), notice=notice(EventCode.MOVE_OUT, "2026-11-20"), movers=[names["jiro"]],
            departure=services.Departure("東京都北区", DestinationKind.DOMESTIC), acknowledged=ALL,
        )  # fmt: skip
        (protected,) = family(newcomer("幸　町子", "サイワイ　マチコ", "1990-01-01", "2", "世帯主"), address=SAIWAI)
        request = services.SupportRequest(
            protected, [], SupportKind.FULL, SupportReason.STALKING, date(2026, 4, 1), date(2026, 4, 1)
        )
        services.begin_support(context=counter("support_measure"), request=request)
        return cls(names, protected, _foreigner("2027-11-24"))


def _foreigner(expires: str, **more: Any) -> str:
    return family(_stranger(expires, **more), day="2026-10-20", code=EventCode.FOREIGN_MOVE_IN)[0]


def _stranger(expires: str, card: str = "AB12345678CD") -> services.Newcomer:
    items = services.ForeignItems(
        nationality="大韓民国", residence_class=ResidenceClass.MID_TO_LONG_TERM, residence_status="留学",
        residence_period="2年", residence_expires_on=date.fromisoformat(expires), card_number=card,
    )  # fmt: skip
    return newcomer(
        "LEE MINA", "", "1995-03-03", "2", "世帯主", registered_domicile="", registered_domicile_head="",
        previous_address="大韓民国", foreign=items,
    )  # fmt: skip


def _move_in(city: City, code: EventCode = EventCode.MOVE_IN, day: str = "2026-11-20", **more: Any) -> object:
    filed, household = more.pop("filed", None), more.pop("household", "")
    person = more.pop("person", None) or newcomer("青木　実", "アオキ　ミノル", "1980-05-05", "1", "世帯主")
    destination = services.Destination(household) if household else services.Destination(address=AOKI)
    return services.move_in(
        context=counter(), notice=notice(code, day, filed), newcomers=[replace(person, **more)],
        destination=destination,
    )  # fmt: skip


def _relocate(city: City, *movers: str, day: str = "2026-11-20", **more: Any) -> object:
    destination = more.pop("destination", services.Destination(address=SAIWAI))
    return services.relocate(
        context=counter(), notice=notice(EventCode.RELOCATION, day), movers=[city.people[name] for name in movers],
        destination=destination, **more,
    )  # fmt: skip


def _death(city: City, name: str, day: str = "2026-11-20", filed: str | None = None) -> object:
    return services.register_death(
        context=counter(), notice=notice(EventCode.DEATH, day, filed), atena_number=city.people[name]
    )


def _certificate(city: City, number: str) -> object:
    order = CertificateOrder(CertificateKind.PERSON, number, RequestKind.SELF, IdentityCheck.DRIVING_LICENCE)
    return issue_certificate(context=counter("resident_certificate"), order=order)


Case = tuple[str, Callable[[City], object], str, str]

#: 誤り: it cannot be registered. (what, act, field, words)
ERRORS: list[Case] = [
    ("住民票コードの検査数字", lambda c: _move_in(c, resident_code="12345678904"),
     "newcomers.0.resident_code", "検査用数字が合いません"),
    ("宛名番号の検査数字", lambda c: _move_in(c, atena_number="000000000000018"),
     "atena_number", "000000000000018の住民票はありません"),
    ("住民が使っている住民票コード", lambda c: _move_in(c, resident_code=CODE_OF_HANAKO),
     "newcomers.0.resident_code", "住民である川口　花子さん"),
    ("除票の人が使っている住民票コード", lambda c: _move_in(c, resident_code=CODE_OF_JIRO),
     "newcomers.0.atena_number", "再転入者として前の記録を選んでください"),
    ("同じ在留カード番号の人を新しい人として", lambda c: _move_in(c, EventCode.FOREIGN_MOVE_IN,
                                               person=_stranger("2027-11-24")),
     "newcomers.0.resident_code", "在留カード番号"),
    ("転入の異動日が先", lambda c: _move_in(c, day=TOMORROW), "event_on", "今日（令和8年11月24日）より後"),
    ("転居の異動日が先", lambda c: _relocate(c, "ichiro", day=TOMORROW), "event_on", "転出だけ"),
    ("死亡の異動日が先", lambda c: _death(c, "tome", TOMORROW), "event_on", "今日（令和8年11月24日）より後"),
    ("届出日が先", lambda c: _death(c, "tome", filed=TOMORROW), "notified_on", "届出日が今日"),
    ("2人目の世帯主", lambda c: _move_in(c, household=now(c.people["taro"]).household_number),
     "newcomers.0.relationship", "この世帯には世帯主がいます"),
    ("使えない続柄", lambda c: _move_in(c, relationship="孫"), "newcomers.0.relationship", "子の子"),
    ("世帯員の住所が世帯と違う", lambda c: services.join_household(
        context=counter(), notice=notice(EventCode.HOUSEHOLD_CHANGE, "2026-11-20"), movers=[c.people["ichiro"]],
        household_number=now(c.protected).household_number, relations={c.people["ichiro"]: "同居人"}),
     "household_number", "転居"),
    ("支援措置の人の証明書", lambda c: _certificate(c, c.protected), "", "この証明書は交付できません"),
    ("生年月日より前の死亡", lambda c: _death(c, "tome", "1930-05-04"), "event_on", "生年月日"),
    ("除票の人の死亡", lambda c: _death(c, "jiro"), "atena_number", "消除されています"),
    ("除票の人の転居", lambda c: _relocate(c, "jiro"), "movers", "消除されています"),
]  # fmt: skip

#: 注意: it may go on after the officer has looked. (what, act, code, words)
ALERTS: list[Case] = [
    ("世帯主がいなくなり2人以上残る", lambda c: _death(c, "taro"), "head_leaves", "3人が残ります"),
    ("氏名・性別・生年月日が同じ人", lambda c: _move_in(
        c, person=newcomer("川口　一郎", "カワグチ　イチロウ", "1985-04-04", "1", "世帯主")),
     "same_person_", "同じ人なら前の記録を選んでください"),
    ("前の異動より前の異動日", lambda c: _relocate(c, "ichiro", day="2019-04-01"), "earlier", "より前"),
    ("在留期間の満了が30日以内", lambda c: _move_in(
        c, EventCode.FOREIGN_MOVE_IN, person=_stranger("2026-12-24", "EF12345678GH")), "stay_expires_soon", "30日以内"),
    ("住民票コードの在庫が設定数を下回る", lambda c: _move_in(c), "code_stock_empty", "住民票コード"),
]  # fmt: skip


def test_12章の誤りは_その欄で窓口の言葉で断り_何も残さない() -> None:
    city = City.build()
    before = (ResidentEvent.objects.count(), ResidentVersion.objects.count())
    wrong = []
    for what, act, field, words in ERRORS:
        try:
            act(city)
        except NeedsConfirmation as asked:
            wrong.append((what, "only an alert", [alert.message for alert in asked.alerts]))
        except KokunenError as refused:
            if refused.field != field or words not in f"{refused.message}。{refused.hint}":
                wrong.append((what, refused.field, [refused.message, refused.hint]))
        else:
            wrong.append((what, "accepted", []))
    assert wrong == []
    assert (ResidentEvent.objects.count(), ResidentVersion.objects.count()) == before


def test_12章の注意は_確認を求め_確認すれば登録できる() -> None:
    city = City.build()
    assert not ResidentCodeStock.objects.exists()
    before = ResidentEvent.objects.count()
    wrong = []
    for what, act, code, words in ALERTS:
        try:
            act(city)
        except NeedsConfirmation as asked:
            if not any(code in alert.code and words in alert.message for alert in asked.alerts):
                wrong.append((what, [(alert.code, alert.message) for alert in asked.alerts]))
        except KokunenError as refused:
            wrong.append((what, [("error", refused.message)]))
        else:
            wrong.append((what, []))
    assert wrong == [] and ResidentEvent.objects.count() == before
    done = _relocate(city, "ichiro", day="2019-04-01", relations={city.people["ichiro"]: "世帯主"}, acknowledged=ALL)
    assert done.event_id  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("day", "words"), [("2027-02-27", ""), ("2027-02-28", "終了日 令和9年3月31日"), ("2027-04-01", "期間満了")],
    ids=["1か月より前", "1か月以内", "過ぎた"],
)  # fmt: skip
def test_12章の支援措置は_終わりの1か月前から_照会のたびに知らせる(
    office_day: Callable[[str], None], day: str, words: str
) -> None:
    from kokunen.resident_registry.perms import Sight
    from kokunen.resident_registry.queries import get_resident

    city = City.build()
    office_day(day)
    view = get_resident(context=counter("resident_inquiry"), atena_number=city.protected, sight=Sight(protected=True))
    marks = " ".join(text for text, _tone in view.marks)
    assert "支援措置" in marks and (words in marks if words else "終了" not in marks and "期間" not in marks), marks


def test_仮登録の内容では証明書が出ない(city_database: str) -> None:
    people = kawaguchi_family()
    from kokunen.resident_registry.services import provisional

    provisional.keep(
        context=counter(), screen="relocate", title="転居届", content={"address": ["幸町3-5-12"]},
        atena_number=people["jiro"], household_number=now(people["jiro"]).household_number,
    )  # fmt: skip
    from tests.resident_registry.services.test_certificates import issue, words

    assert words(issue(people["jiro"]))["住所"] == ["埼玉県川口市青木二丁目1番1号"]
