"""国籍の異動 (戸籍法102条-103条): a foreign resident becomes Japanese or a Japanese one foreign, on the same 宛名番号.

In law one record is removed and another made (214 and 114, 215 and 115) on the same day. The place in the household,
address, birth, sex, 住民票コード and 個人番号 go on; 外国人住民となった日 becomes 住民となった日.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from kokunen.kernel.errors import InputError
from kokunen.kernel.names import check_kana
from kokunen.kernel.wareki import ImpreciseDate
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry.choices import EventCode, KanaStatus, ResidenceClass, ResidentKind
from kokunen.resident_registry.models import ResidentVersion
from kokunen.resident_registry.services.cancellation import PAIRS
from kokunen.resident_registry.services.desk import Desk
from kokunen.resident_registry.services.newcomers import ForeignItems, check_foreign, foreign_columns
from kokunen.resident_registry.services.notice import Notice, Receipt, check_dates
from kokunen.resident_registry.services.relocation import note_order_of_events
from kokunen.resident_registry.services.writing import carry_out


@dataclass(frozen=True, slots=True)
class JapaneseItems:
    """日本人の項目: what the notice of the 本籍地 says of the new 戸籍 (法9条2項)."""

    name: str
    name_kana: str
    registered_domicile: str
    registered_domicile_head: str


def become_japanese(
    *,
    context: AccessContext,
    notice: Notice,
    atena_number: str,
    items: JapaneseItems,
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """帰化・国籍取得 (114 with 214): `notice.event_on` is the day of the naturalisation or acquisition."""
    return carry_out(
        context=context,
        notice=notice.as_code(EventCode.NATURALISATION_ENTRY),
        plan=partial(plan_japanese, atena_number=atena_number, items=items),
        subjects=[atena_number],
        expected=expected,
        acknowledged=acknowledged,
    )


def plan_japanese(desk: Desk, *, atena_number: str, items: JapaneseItems) -> None:
    """帰化・国籍取得の判定."""
    before = _opened(desk, atena_number)
    if not before.is_foreign:
        raise InputError(
            f"{before.name}さんは日本人の住民です", "kind", "inconsistent", "国籍喪失かどうかを確認してください。"
        )
    for field, value, label in (
        ("name", items.name, "氏名"),
        ("name_kana", items.name_kana, "氏名の振り仮名"),
        ("registered_domicile", items.registered_domicile, "本籍"),
        ("registered_domicile_head", items.registered_domicile_head, "筆頭者"),
    ):
        if not value.strip():
            raise InputError(f"{label}が入力されていません", field, "missing_field", "通知のとおりに入力してください。")
    desk.revise(
        atena_number,
        resident_kind=ResidentKind.JAPANESE,
        name=items.name.strip(),
        name_kana=check_kana(items.name_kana, "name_kana"),
        kana_status=KanaStatus.BOTH,
        kana_confirmed=True,
        registered_domicile=items.registered_domicile.strip(),
        registered_domicile_head=items.registered_domicile_head.strip(),
        **_filed(desk),
        **foreign_columns(None),
    )
    _pair(desk)
    desk.findings.follow_up("card_return", "在留カードまたは特別永住者証明書の返納を案内してください")


def become_foreign(
    *,
    context: AccessContext,
    notice: Notice,
    atena_number: str,
    items: ForeignItems,
    name: str = "",
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """国籍喪失 (115 with 215): the person stays as 国籍喪失による経過滞在者 for 60 days unless `items` say otherwise.

    `name` is the name in Roman letters where the notice gives one; empty keeps the present name.
    """
    return carry_out(
        context=context,
        notice=notice.as_code(EventCode.NATIONALITY_LOSS_ENTRY),
        plan=partial(plan_foreign, atena_number=atena_number, items=items, name=name),
        subjects=[atena_number],
        expected=expected,
        acknowledged=acknowledged,
    )


def plan_foreign(desk: Desk, *, atena_number: str, items: ForeignItems, name: str = "") -> None:
    """国籍喪失の判定."""
    before = _opened(desk, atena_number)
    if before.is_foreign:
        raise InputError(
            f"{before.name}さんは外国人住民です", "kind", "inconsistent", "帰化・国籍取得かどうかを確認してください。"
        )
    check_foreign(items, "", desk.today)
    since: dict[str, Any] = {}
    if desk.notice.day > before.resident_since:  # 外国人住民となった日 = the later of both days (法30条の45)
        since = _day_columns("resident_since", desk.notice.event_on)
    after = desk.revise(
        atena_number,
        resident_kind=ResidentKind.FOREIGN,
        registered_domicile="",
        registered_domicile_head="",
        former_surname="",
        former_surname_kana="",
        kana_status=KanaStatus.NEITHER,
        **since,
        **_filed(desk),
        **foreign_columns(items),
    )
    if name.strip():
        after.name = name.strip()
    _pair(desk)
    if items.residence_class == ResidenceClass.NATIONALITY_LOSS_TRANSITION:
        desk.findings.follow_up(
            "sixty_days", "国籍喪失の日から60日を過ぎて在留するときは、在留資格の取得が必要です。案内してください"
        )


def _opened(desk: Desk, atena_number: str) -> ResidentVersion:
    check_dates(desk.notice, desk.today)
    desk.open_people([atena_number])
    before = desk.living(atena_number)
    note_order_of_events(desk, [before])
    return before


def _filed(desk: Desk) -> dict[str, Any]:
    return {"notified_on": desk.notice.filed_on(desk.today), "filing_kind": desk.notice.filing_kind}


def _day_columns(prefix: str, day: ImpreciseDate) -> dict[str, Any]:
    return {
        prefix: day.sortable,
        f"{prefix}_imprecise": day.is_imprecise,
        f"{prefix}_text": day.display if day.is_imprecise else "",
    }


def _pair(desk: Desk) -> None:
    """消除と記載を対にする. The head's name on the members' records follows when the household is settled."""
    desk.pair_with(PAIRS[desk.notice.code])
