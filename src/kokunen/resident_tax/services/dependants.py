"""扶養・専従者の管理: claims are registered and taken back one by one; the database refuses a second claimant."""

from __future__ import annotations

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from kokunen.common_platform.operations import clock
from kokunen.common_platform.records.models import recorded_from
from kokunen.kernel.errors import Conflict, InputError
from kokunen.law.rules.resident_tax import TaxYear, tax_years
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax import resident_view
from kokunen.resident_tax.choices import DependantKind, DisabilityKind
from kokunen.resident_tax.models import DependantClaim
from kokunen.resident_tax.services.common import USING, lock_person, one_case

EMPLOYEES = (DependantKind.BLUE_EMPLOYEE, DependantKind.WHITE_EMPLOYEE)
_AGES = {
    DependantKind.UNDER_16: (0, 15), DependantKind.AGE_16_TO_18: (16, 18), DependantKind.SPECIFIC: (19, 22),
    DependantKind.GENERAL: (23, 69), DependantKind.ELDERLY: (70, 150), DependantKind.ELDERLY_PARENT: (70, 150),
    DependantKind.ELDERLY_SPOUSE: (70, 150),
}  # fmt: skip
"""区分の年齢 on 31 December of the income year."""


@one_case("扶養・専従者の登録")
def claim(
    *,
    atena_number: str,
    dependant: str,
    tax_year: int,
    kind: DependantKind,
    context: AccessContext,
    disability: DisabilityKind = DisabilityKind.NONE,
    lives_together: bool = True,
) -> DependantClaim:
    """扶養・専従者を登録する. Raises InputError for an unknown person or an age that the kind does not have."""
    lock_person(atena_number)
    if tax_year not in tax_years():
        raise InputError(f"{tax_year}年度の税法は登録されていません", field="tax_year", code="out_of_range")
    if dependant == atena_number:
        raise InputError("本人を扶養にはできません", field="dependant", code="inconsistent",
                         hint="扶養される方の宛名番号を入力してください。")  # fmt: skip
    people = resident_view.by_numbers([atena_number, dependant])
    if dependant not in people:
        raise InputError("この宛名番号の方は見つかりません", field="dependant", code="not_found",
                         hint="宛名番号を確かめてください。")  # fmt: skip
    low, high = _AGES.get(kind, (0, 150))
    law, born = TaxYear(tax_year), people[dependant].birth_date
    if (born > law.born_until(low) and low) or born <= law.born_until(high + 1):
        raise InputError(
            f"区分「{kind.label}」は12月31日に{low}歳から{high}歳の方です", field="kind", code="inconsistent",
            hint="生年月日に合う区分を選んでください。",
        )  # fmt: skip
    if kind == DependantKind.ELDERLY_PARENT and not lives_together:
        raise InputError("同居老親等は同居している方だけです", field="lives_together", code="inconsistent")
    row = DependantClaim.objects.create(
        tax_year=tax_year, claimant_atena_number=atena_number, dependant_atena_number=dependant, kind=kind,
        disability=disability, lives_together=lives_together,
        valid_period=DateRange(date(tax_year, 6, 1), date(tax_year + 1, 6, 1)), recorded_period=recorded_from(),
        recorded_by=context.staff_number,
    )  # fmt: skip
    _entry(row, context, Act.REGISTER)
    return row


@one_case("扶養・専従者の取消")
def withdraw(*, claim_id: int, context: AccessContext) -> DependantClaim:
    """扶養・専従者を取り消す: the claim stays readable as what the office knew."""
    row: DependantClaim | None = DependantClaim.objects.select_for_update().filter(pk=claim_id).first()
    if row is None or row.recorded_period.upper is not None:
        raise Conflict("この申告はすでに取り消されています", code="withdrawn", hint="一覧を開き直してください。")
    row.close_record(clock.now())
    _entry(row, context, Act.CANCEL)
    return row


def _entry(row: DependantClaim, context: AccessContext, act: Act) -> None:
    record(
        USING, context, act=act, dataset="扶養・専従者", items=("R10 所得情報",),
        atena_numbers=[row.claimant_atena_number, row.dependant_atena_number], detail={"tax_year": row.tax_year},
    )  # fmt: skip
