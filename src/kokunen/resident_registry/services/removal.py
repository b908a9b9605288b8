"""死亡・職権消除 (戸籍法86条, 94条; 令12条): people who are removed by what happened to them or by what was found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry.choices import EventCode, event_spec
from kokunen.resident_registry.services.desk import Desk
from kokunen.resident_registry.services.household_rules import look_after_those_who_stay
from kokunen.resident_registry.services.moving_out import MOVE_OUT_CODES, remove
from kokunen.resident_registry.services.notice import Notice, Receipt, check_dates, note_late_filing
from kokunen.resident_registry.services.relocation import note_order_of_events
from kokunen.resident_registry.services.writing import carry_out

EX_OFFICIO_REMOVALS = frozenset({EventCode.DISAPPEARANCE, EventCode.EX_OFFICIO_REMOVAL, EventCode.STATUS_LOSS})


def register_death(
    *,
    context: AccessContext,
    notice: Notice,
    atena_number: str,
    new_head: str | None = None,
    staying_relations: Mapping[str, str] | None = None,
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """死亡 (211): removed on the day of death, which may be unknown in part. The household is looked after at once."""
    if notice.code != EventCode.DEATH:
        raise InputError("異動事由が死亡ではありません", "code", "invalid_value", "異動事由を選び直してください。")
    plan = partial(plan_removal, atena_number=atena_number, new_head=new_head, staying_relations=staying_relations)
    return carry_out(
        context=context, notice=notice, plan=plan, subjects=[atena_number], expected=expected, acknowledged=acknowledged
    )


def remove_ex_officio(
    *,
    context: AccessContext,
    notice: Notice,
    atena_number: str,
    new_head: str | None = None,
    staying_relations: Mapping[str, str] | None = None,
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """職権消除 (212 失踪宣告, 213 実態調査, 216 在留資格喪失等)."""
    if notice.code not in EX_OFFICIO_REMOVALS:
        raise InputError(
            f"異動事由{notice.code}は職権消除ではありません", "code", "invalid_value", "異動事由を選び直してください。"
        )
    plan = partial(plan_removal, atena_number=atena_number, new_head=new_head, staying_relations=staying_relations)
    return carry_out(
        context=context, notice=notice, plan=plan, subjects=[atena_number], expected=expected, acknowledged=acknowledged
    )


def plan_removal(
    desk: Desk,
    *,
    atena_number: str,
    new_head: str | None = None,
    staying_relations: Mapping[str, str] | None = None,
) -> None:
    """消除の判定."""
    notice = desk.notice
    if event_spec(notice.code).removes_as is None or notice.code in MOVE_OUT_CODES:
        raise InputError(
            f"異動事由{notice.code}は消除ではありません", "code", "invalid_value", "異動事由を選び直してください。"
        )
    check_dates(notice, desk.today)
    note_late_filing(notice, desk.today, desk.findings)
    desk.open_people([atena_number])
    row = desk.living(atena_number)
    if notice.code == EventCode.STATUS_LOSS and not row.is_foreign:
        raise InputError(
            "在留資格喪失等による消除は外国人住民だけです", "code", "inconsistent", "異動事由を選び直してください。"
        )
    note_order_of_events(desk, [row])
    desk.revise(atena_number, notified_on=notice.filed_on(desk.today), filing_kind=notice.filing_kind)
    remove(desk, atena_number, code=notice.code, on=notice.event_on)
    look_after_those_who_stay(desk, row.household_number, new_head=new_head, relations=staying_relations)
    if notice.code == EventCode.DEATH:
        desk.findings.follow_up(
            "pension_death",
            "国民年金: 死亡による資格喪失のほか、未支給年金・死亡一時金・遺族基礎年金の請求を案内してください",
        )
        desk.findings.follow_up("card_return", "個人番号カード・印鑑登録証・在留カードなどの返納を案内してください")
