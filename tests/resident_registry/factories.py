"""試験の家族: people as a notice brings them. All names, numbers and addresses are invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from kokunen.kernel.addresses import Address
from kokunen.kernel.wareki import ImpreciseDate
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry import services
from kokunen.resident_registry.choices import EventCode, IdentityCheck, Sex
from kokunen.resident_registry.models import ResidentVersion
from kokunen.resident_registry.models.resident import CURRENT

AOKI = Address("112038", "0017002", "青木二丁目", "1番1号", "", "3320031")
SAIWAI = Address("112038", "0044003", "幸町三丁目", "5番12号", "さいわいハイツ201", "3320016")


def counter(purpose: str = "resident_notice", **more: Any) -> AccessContext:
    """市民課の窓口."""
    return AccessContext("9101", "1001", purpose, screen="試験", terminal="T-101", **more)


def newcomer(name: str, kana: str, birth: str, sex: str, relationship: str, **more: Any) -> services.Newcomer:
    """転入する人 with what most notices have."""
    items: dict[str, Any] = {
        "registered_domicile": "東京都北区王子本町一丁目15番",
        "registered_domicile_head": name,
        "previous_address": "東京都北区王子本町一丁目15番22号",
    }
    return services.Newcomer(
        name, kana, ImpreciseDate.of(date.fromisoformat(birth)), Sex(sex), relationship, **{**items, **more}
    )


def notice(code: EventCode, day: str, filed: str | None = None, **more: Any) -> services.Notice:
    """届出."""
    return services.Notice.on(
        code,
        date.fromisoformat(day),
        notified_on=date.fromisoformat(filed) if filed else None,
        identity_check=IdentityCheck.INDIVIDUAL_NUMBER_CARD,
        **more,
    )


def family(
    *people: services.Newcomer, day: str = "2020-04-01", address: Address = AOKI, code: EventCode = EventCode.MOVE_IN
) -> list[str]:
    """転入した世帯: moves the people in as one household and gives their 宛名番号 in order."""
    receipt = services.move_in(
        context=counter(),
        notice=notice(code, day),
        newcomers=people,
        destination=services.Destination(address=address),
        acknowledged=ALL,
    )
    return list(receipt.atena_numbers)


class _All(frozenset[str]):
    """すべての注意を確認済みにする."""

    def __contains__(self, item: object) -> bool:
        return True


ALL = _All()


def kawaguchi_family() -> dict[str, str]:
    """川口さん一家 of the worked examples S5 to S7: 太郎, 花子, 一郎, 次郎, トメ."""
    numbers = family(
        newcomer("川口　太郎", "カワグチ　タロウ", "1955-02-01", "1", "世帯主"),
        newcomer("川口　花子", "カワグチ　ハナコ", "1957-03-03", "2", "妻"),
        newcomer("川口　一郎", "カワグチ　イチロウ", "1985-04-04", "1", "子"),
        newcomer("川口　次郎", "カワグチ　ジロウ", "1988-06-06", "1", "子"),
        newcomer("川口　トメ", "カワグチ　トメ", "1930-05-05", "2", "母"),
    )
    return dict(zip(("taro", "hanako", "ichiro", "jiro", "tome"), numbers, strict=True))


def now(atena_number: str) -> ResidentVersion:
    """今の行."""
    return ResidentVersion.objects.get(CURRENT, atena_number=atena_number)


def household_now(household_number: str) -> list[ResidentVersion]:
    """今の世帯員."""
    rows = ResidentVersion.objects.filter(CURRENT, household_number=household_number, status="1")
    return list(rows.order_by("household_order"))
