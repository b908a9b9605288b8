"""住民票コードの異動 (住基法30条の3, 30条の4): a new code on claim (334), a missing one ex officio (335)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry.choices import EventCode
from kokunen.resident_registry.services import numbering
from kokunen.resident_registry.services.desk import Desk
from kokunen.resident_registry.services.notice import Notice, Receipt, check_dates
from kokunen.resident_registry.services.writing import carry_out

CODE_EVENTS = frozenset({EventCode.CODE_CHANGE_ON_CLAIM, EventCode.CODE_ENTRY})


def give_resident_code(
    *,
    context: AccessContext,
    notice: Notice,
    atena_number: str,
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """住民票コードの変更・職権記載: drawn at random, nobody chooses digits; the old code is never used again.

    No reason need be given for a change (法30条の4). Refused when the stock is empty.
    """
    return carry_out(
        context=context,
        notice=notice,
        plan=partial(plan_resident_code, atena_number=atena_number),
        subjects=[atena_number],
        expected=expected,
        acknowledged=acknowledged,
    )


def plan_resident_code(desk: Desk, *, atena_number: str) -> None:
    """住民票コードの異動の判定."""
    code = desk.notice.code
    if code not in CODE_EVENTS:
        raise InputError(
            f"異動事由{code}は住民票コードの異動ではありません",
            "kind",
            "invalid_value",
            "異動事由を選び直してください。",
        )
    check_dates(desk.notice, desk.today)
    desk.open_people([atena_number])
    row = desk.living(atena_number)
    if code == EventCode.CODE_ENTRY and row.resident_code:
        raise InputError(
            f"{row.name}さんには住民票コードがすでに記載されています",
            "kind",
            "inconsistent",
            "変更するときは、本人の請求による変更（334）を選んでください。",
        )
    if code == EventCode.CODE_CHANGE_ON_CLAIM and not row.resident_code:
        raise InputError(
            f"{row.name}さんには住民票コードがまだ記載されていません",
            "kind",
            "inconsistent",
            "住民票コード職権記載（335）を選んでください。",
        )
    after = desk.revise(atena_number)
    desk.findings.follow_up("code_slip", "住民票コード通知票を交付してください（郵送は転送不要の扱い）")
    if not desk.for_real:
        return
    given = numbering.assign_resident_code(atena_number, desk.findings)
    if not given:
        raise InputError(
            "未使用の住民票コードがありません",
            "kind",
            "out_of_stock",
            "住基ネットから受領した後に登録してください。",
        )
    after.resident_code = given
