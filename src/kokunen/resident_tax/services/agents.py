"""特別徴収義務者の管理: employers who withhold; registered with their number, corrected under it."""

from __future__ import annotations

from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax.models import WithholdingAgent
from kokunen.resident_tax.services.common import USING, one_case


@one_case("特別徴収義務者の登録")
def save(*, number: str, name: str, address: str, context: AccessContext) -> WithholdingAgent:
    """登録・訂正する: an employer of that number with the name and place that letters go to."""
    if not (number.isdigit() and len(number) <= 10):
        raise InputError("指定番号は10桁までの数字です", field="number", code="invalid_format")
    if not name.strip():
        raise InputError("名称を入力してください", field="name", code="missing_field")
    agent, made = WithholdingAgent.objects.update_or_create(
        number=number, defaults={"name": name.strip(), "address": address.strip()}
    )
    record(USING, context, act=Act.REGISTER if made else Act.CORRECT, dataset="特別徴収義務者", count=0,
           detail={"number": number})  # fmt: skip
    return agent
