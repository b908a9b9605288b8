"""付番: 宛名番号 and 世帯番号 in sequence, 住民票コード at random from the stock (SPEC 1.1.13, 4.3.1)."""

from __future__ import annotations

from django.db import connections

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError
from kokunen.kernel.numbers import AtenaNumber, HouseholdNumber, ResidentCode
from kokunen.resident_registry.models import ALIAS, ResidentCodeAssignment, ResidentCodeStock
from kokunen.resident_registry.services.notice import Findings

LOW_STOCK = 100

_TAKE = """
delete from resident_code_stock where resident_code =
    (select resident_code from resident_code_stock order by random() limit 1 for update skip locked)
returning resident_code
"""
_COUNT = "select count(*) from (select 1 from resident_code_stock limit %s) t"


def next_atena_number() -> str:
    """宛名番号を付ける: the next in sequence; a number once drawn is never drawn again."""
    return AtenaNumber.complete(f"{_next('atena_number_seq'):014d}").value


def next_household_number() -> str:
    """世帯番号を付ける."""
    return HouseholdNumber.complete(f"{_next('household_number_seq'):014d}").value


def _next(sequence: str) -> int:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("select nextval(%s::regclass)", [sequence])
        return int(cursor.fetchone()[0])


def assign_resident_code(atena_number: str, findings: Findings) -> str:
    """住民票コードを付ける: an unused one at random; "" and an alert when the stock is empty."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_COUNT, [LOW_STOCK])
        left = int(cursor.fetchone()[0])
        cursor.execute(_TAKE)
        row = cursor.fetchone()
    if row is None:
        findings.alert(
            "code_stock_empty", "未使用の住民票コードがありません。住基ネットから受領した後に付番してください"
        )
        return ""
    if left < LOW_STOCK:
        findings.follow_up("code_stock_low", f"未使用の住民票コードが残り{left}件です。住基ネットから受領してください")
    code = str(row[0])
    ResidentCodeAssignment.objects.create(resident_code=code, atena_number=atena_number)
    return code


def take_over_resident_code(atena_number: str, code: str, field: str = "resident_code") -> str:
    """住民票コードを引き継ぐ: the code of the 転出証明書; one that belongs to someone else is refused."""
    value = ResidentCode.parse(code, lenient=True, field=field).value
    held = ResidentCodeAssignment.objects.filter(resident_code=value).first()
    if held is not None and held.atena_number != atena_number:
        raise InputError(
            "この住民票コードは、ほかの人に付番されています",
            field,
            "already_used",
            "転出証明書の番号を確認してください。同じ人が以前に住んでいたときは「再転入者」として前の宛名番号を選んでください。",
        )
    if held is None:
        ResidentCodeAssignment.objects.create(resident_code=value, atena_number=atena_number)
    return value


def register_stock(codes: list[str]) -> int:
    """住民票コードの在庫に加える: codes received from the CS; returns how many were new."""
    checked = [ResidentCode.parse(code, field="resident_code").value for code in codes]
    before = ResidentCodeStock.objects.filter(resident_code__in=checked).count()
    ResidentCodeStock.objects.bulk_create(
        (ResidentCodeStock(resident_code=code, received_on=clock.today()) for code in checked), ignore_conflicts=True
    )
    return len(set(checked)) - before
