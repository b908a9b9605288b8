"""裁定請求の審査: the facts are gathered once, examined by law and printed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import documents, income_view, resident_view
from kokunen.national_pension.claims import disability, old_age, survivors
from kokunen.national_pension.claims.base import Examination, Facts
from kokunen.national_pension.models import ClaimExamination, Receipt, RecordNote
from kokunen.national_pension.queries.common import mark_of
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services import claim_records
from kokunen.national_pension.services.common import USING, one_case
from kokunen.national_pension.services.consultations import span_of


@dataclass(frozen=True, slots=True)
class ClaimKind:
    """請求の種類: code T12, the form, who is looked at besides, what is asked, and the rules that examine it."""

    code: str
    form: str
    label: str
    asks: tuple[str, ...]
    examine: Callable[[Facts], Examination]
    of_death: bool = False


KINDS: dict[str, ClaimKind] = {
    one.form: one
    for one in (
        ClaimKind(
            "01", "F20", "老齢基礎年金", ("claim_age", "more_months", "deferring", "with_supplement"), old_age.old_age
        ),
        ClaimKind("02", "F21", "障害基礎年金", ("first_visit_on", "fixed_on", "late"), disability.disability),
        ClaimKind("03", "F22", "遺族基礎年金", ("died_on",), survivors.survivor, True),
        ClaimKind(
            "04",
            "F23",
            "寡婦年金",
            ("died_on", "married_on", "pension_received", "wife_early_pension"),
            survivors.widow,
            True,
        ),
        ClaimKind(
            "05",
            "F24",
            "死亡一時金",
            ("died_on", "pension_received", "survivor_payable"),
            survivors.lump_sum,
            True,
        ),
        ClaimKind(
            "06",
            "F25",
            "未支給年金",
            ("died_on", "annual_amount", "relation", "same_livelihood", "employee_pension"),
            survivors.unpaid,
            True,
        ),
        ClaimKind(
            "07",
            "F26",
            "特別障害給付金",
            ("group", "first_visit_on", "was_insured", "pension_received"),
            disability.special,
        ),
        ClaimKind("08", "F27", "老齢福祉年金", ("public_pension",), old_age.welfare),
        ClaimKind("11", "F28", "年金生活者支援給付金（老齢）", ("pension_and_income",), old_age.supplement),
    )
}
CHOICES = {"F23": "F24", "F24": "F23"}
"""選択: of these two only one is paid for one death (法52条の6)."""


def examine(
    *, atena_number: str, kind: str, about: str = "", said: Mapping[str, Any], context: AccessContext
) -> Examination:
    """見込みを示す: nothing is stored but the ledger entry (claimant, deceased, household where incomes count)."""
    return examine_again(atena_number=atena_number, kind=kind, about=about, said=said, context=context)[0]


@one_case("裁定請求の見込み")
def examine_again(
    *,
    atena_number: str,
    kind: str,
    about: str = "",
    said: Mapping[str, Any],
    context: AccessContext,
    shown: Collection[str] = (),
) -> tuple[Examination, str]:
    """見込みをもう一度示す, while something is typed or a slider moved, with its mark (`mark_of`).

    A slider that is moved looks at the same people again: what stands on the screen already, by a mark among `shown`,
    gets no second entry.
    """
    facts = facts_for(atena_number, kind, about, said)
    household = facts.household if facts.incomes else ()
    mark = mark_of(context, facts.on, kind, facts.claimant, facts.deceased, facts.spans, household, facts.incomes)
    if mark not in shown:
        _look(facts, KINDS[kind], context, Act.VIEW)
    return KINDS[kind].examine(facts), mark


def facts_for(atena_number: str, kind: str, about: str, said: Mapping[str, Any]) -> Facts:
    """事実を集める: four set-based reads. InputError for somebody the register does not know."""
    people = resident_view.by_numbers([one for one in (atena_number, about) if one])
    if atena_number not in people:
        raise InputError("この宛名番号の住民記録がありません", field="atena_number", code="not_found")
    if about and about not in people:
        raise InputError(
            "亡くなった方の宛名番号の住民記録がありません",
            field="about",
            code="not_found",
            hint="宛名番号（15桁）を確認してください。",
        )
    if about and about == atena_number:
        raise InputError("請求者と亡くなった方が同じ人です", field="about", code="inconsistent")
    claimant = people[atena_number]
    household = resident_view.household(claimant.household_number)
    of_death = KINDS[kind].of_death
    whose = about if of_death else atena_number
    note = RecordNote.objects.filter(atena_number=whose).order_by("-noted_at", "-id").first() if whose else None
    incomes = (
        income_view.by_person({atena_number, *(one.atena_number for one in household)})
        if _asks_incomes(kind, said)
        else {}
    )
    return Facts(
        claimant,
        people.get(about),
        [span_of(row) for row in note.spans] if note else [],
        said,
        [one for one in household if one.atena_number != atena_number],
        incomes,
        clock.today(),
    )


def claim_ages(birth: date) -> tuple[int, int]:
    """請求できる年齢: the earliest and latest age in months at which 老齢基礎年金 may begin, seen from today."""
    return old_age.ages(birth, clock.today())


def _asks_incomes(kind: str, said: Mapping[str, Any]) -> bool:
    """Incomes are read only for the claims that the law ties to them: 遺族基礎, 給付金 (asked for with 老齢 too)."""
    return kind in ("F22", "F28") or (kind == "F20" and bool(said.get("with_supplement")))


def keep(receipt: Receipt, said: Mapping[str, Any], context: AccessContext) -> ClaimExamination:
    """審査と裁定受付情報を受付とともに残す: in the reception's transaction."""
    kind = KINDS[str(receipt.kind)]
    facts = facts_for(receipt.atena_number, kind.form, receipt.about_atena_number, said)
    found = kind.examine(facts)
    claim_records.keep(receipt, kind.code, found.pension_code, context.staff_number)
    return ClaimExamination.objects.create(
        receipt=receipt,
        atena_number=receipt.atena_number,
        about_atena_number=receipt.about_atena_number,
        claim_kind=kind.code,
        pension_code=found.pension_code,
        verdict=found.verdict,
        reasons=[list(one) for one in found.reasons],
        facts={name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()},
        amounts=[one.as_json() for one in found.amounts],
        steps=[step.as_json() for step in found.steps],
        examined_at=clock.now(),
        examined_by=context.staff_number,
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """紙: the file and its serial."""

    filename: str
    content: bytes


@one_case("裁定請求の見込みの印刷")
def print_sheet(
    *,
    atena_number: str,
    kind: str,
    about: str = "",
    said: Mapping[str, Any],
    office_name: str,
    context: AccessContext,
) -> Sheet:
    """見込みの印刷: an estimate marked 概算, or, when the claim is not the city's, the sheet to hand over."""
    facts = facts_for(atena_number, kind, about, said)
    found = KINDS[kind].examine(facts)
    serial = printing.next_serial(context.office_code)
    _look(facts, KINDS[kind], context, Act.PRINT, serial)
    content = documents.claim_sheet(
        facts.claimant,
        KINDS[kind].label,
        found,
        office=office_name,
        staff=context.staff_number,
        serial=serial,
        at=clock.now(),
    )
    return Sheet(f"claim-{kind}-{serial}.pdf", content)


def _look(facts: Facts, kind: ClaimKind, context: AccessContext, act: Act, serial: str = "") -> None:
    people: list[Resident] = [facts.claimant, *([facts.deceased] if facts.deceased else [])]
    items = ["R1 基本情報", "R2 資格情報"]
    if facts.incomes:
        people += facts.household
        items.append("R10 所得情報")
    record(
        USING,
        context,
        act=act,
        dataset=f"{kind.label}の見込み",
        atena_numbers=[one.atena_number for one in people],
        items=tuple(items),
        serial=serial or None,
    )
