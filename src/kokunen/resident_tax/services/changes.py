"""更正: a later change of facts gives the new tax and the instalments left; another officer decides it.

The old decision stays as the version it was; 所得情報 follows in the same transaction
(地方税法17条の5, 320条, 321条の6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.law.rules import instalments
from kokunen.law.rules.instalments import spread
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax.choices import ChangeState, CollectionMethod, DecisionReason, TaxState
from kokunen.resident_tax.models import TaxChange, TaxDecision
from kokunen.resident_tax.services import assessing, computing
from kokunen.resident_tax.services.common import USING, lock_person, one_case
from kokunen.resident_tax.services.documents import checked


@dataclass(frozen=True, slots=True)
class Outcome:
    """変更後の税額: the row of the decision, its inputs, the instalments and what is to be paid back."""

    row: dict[str, Any]
    income: dict[str, Any]
    inputs: dict[str, Any]
    instalments: list[int]
    excess: int
    open_from: int
    frames: tuple[pl.DataFrame, pl.DataFrame]


def outcome(decision: TaxDecision, changed: Mapping[str, Any]) -> Outcome:
    """試算: what the tax would be with these facts instead; nothing is kept."""
    stated = checked(changed)
    facts = {**decision.inputs["facts"], **stated}
    facts = {name: value for name, value in facts.items() if not (name in stated and value in (0, False, ""))}
    inputs = {**decision.inputs, "facts": facts}
    if stated:
        facts.pop("undeclared", None)
    people, relatives = computing.frames_of(decision.atena_number, inputs)
    assessed = computing.assess(people, relatives, decision.tax_year)
    rows = computing.decisions(people, assessed, computing.inputs_of(people, relatives), decision.tax_year)
    income = computing.income_rows(assessed, decision.tax_year)
    row = rows.row(0, named=True)
    parts, excess, opened = _instalments(decision, row["total_tax"] or 0)
    return Outcome(row, income.row(0, named=True), inputs, parts, excess, opened, (rows, income))


def _instalments(decision: TaxDecision, total: int) -> tuple[list[int], int, int]:
    method = computing.METHODS[CollectionMethod(decision.method)]
    names, today = spread.columns(method), clock.today()
    dates = instalments.due_dates(method, decision.tax_year)
    opened = next((number for number, day in enumerate(dates, start=1) if day >= today), len(names))
    previous = decision.instalments or [0] * len(names)
    frame = pl.DataFrame(
        {"total": [total], "open_from": [opened]}
        | {f"previous[{index}]": [amount] for index, amount in enumerate(previous)}
    )
    found = instalments.evaluate(spread.change_rule(method, decision.tax_year), frame, [*names, "excess"])
    *parts, excess = (int(value) for value in found.row(0))
    return parts, excess, opened


@one_case("更正の起案")
def propose(
    *,
    atena_number: str,
    tax_year: int,
    changed: Mapping[str, Any],
    reason: DecisionReason,
    note: str,
    context: AccessContext,
) -> TaxChange:
    """更正を起案する: what is changed, why, and on what it rests."""
    lock_person(atena_number)
    decision = current(atena_number, tax_year)
    if not note.strip():
        raise InputError("変更の内容と確認した資料を入力してください", field="note", code="missing_field")
    if reason == DecisionReason.FIRST:
        raise InputError("更正の理由を選んでください", field="reason", code="invalid_value")
    found = outcome(decision, changed)
    if found.row["inputs_hash"] == decision.inputs_hash:
        raise Conflict("変更するところがありません", code="nothing_changed", hint="変更する項目を入力してください。")
    change = TaxChange.objects.create(
        atena_number=atena_number, tax_year=tax_year, before=decision, reason=reason, note=note.strip(),
        inputs=found.inputs, total_tax=found.row["total_tax"], instalments=found.instalments, excess=found.excess,
        open_from=found.open_from, proposed_by=context.staff_number, proposed_at=clock.now(),
    )  # fmt: skip
    _entry(change, context, "更正の起案", Act.REGISTER)
    return change


@one_case("更正の決定")
def approve(*, change_id: int, context: AccessContext) -> TaxDecision:
    """更正を決定する: by another officer; the new version is written and published."""
    change = _waiting(change_id)
    if change.proposed_by == context.staff_number:
        raise NotAllowed("起案した職員は決定できません", code="same_officer", hint="別の職員が決定してください。")
    lock_person(change.atena_number)
    before = current(change.atena_number, change.tax_year)
    if before.pk != change.before_id:
        raise Conflict(
            "起案の後に賦課決定が変わっています", code="decided_meanwhile", hint="差し戻して、起案し直してください。"
        )
    found = outcome(before, {name: _fact(change.inputs, name) for name in _differing(before.inputs, change.inputs)})
    rows, incomes = found.frames
    settled = "{" + ",".join(map(str, found.instalments)) + "}"
    rows = rows.with_columns(instalments=pl.lit(settled))
    assessing.store(rows, incomes, change.tax_year, DecisionReason(change.reason), context, change.note[:200])
    after = current(change.atena_number, change.tax_year)
    change.state, change.after = ChangeState.APPROVED, after
    change.instalments, change.excess, change.open_from = found.instalments, found.excess, found.open_from
    change.decided_by, change.decided_at = context.staff_number, clock.now()
    change.save()
    _entry(change, context, "更正の決定", Act.CORRECT)
    return after


@one_case("更正の差戻し")
def refuse(*, change_id: int, reason: str, context: AccessContext) -> TaxChange:
    """更正を差し戻す: with the reason."""
    change = _waiting(change_id)
    if not reason.strip():
        raise InputError("差戻しの理由を入力してください", field="reason", code="missing_field")
    change.state, change.refusal = ChangeState.REFUSED, reason.strip()
    change.decided_by, change.decided_at = context.staff_number, clock.now()
    change.save()
    _entry(change, context, "更正の差戻し", Act.CANCEL)
    return change


def current(atena_number: str, tax_year: int) -> TaxDecision:
    """現在の賦課決定; InputError when nothing was decided."""
    found = TaxDecision.objects.current().filter(atena_number=atena_number, tax_year=tax_year).first()
    if found is None:
        raise InputError(
            "この年度の賦課決定がありません", field="tax_year", code="not_found", hint="当初課税の後に行ってください。"
        )
    decision: TaxDecision = found
    return decision


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    old, new = before["facts"], after["facts"]
    return [name for name in {*old, *new} if old.get(name) != new.get(name) and name != "undeclared"]


def _fact(inputs: Mapping[str, Any], name: str) -> Any:
    """The fact as the change states it; what it does not state any more is nothing."""
    return inputs["facts"].get(name, 0)


def _waiting(change_id: int) -> TaxChange:
    change = TaxChange.objects.select_for_update().filter(pk=change_id, state=ChangeState.PROPOSED).first()
    if change is None:
        raise Conflict("この起案はすでに処理されています", code="not_waiting", hint="一覧を開き直してください。")
    return change


def _entry(change: TaxChange, context: AccessContext, dataset: str, act: Act) -> None:
    record(
        USING, context, act=act, dataset=dataset, atena_numbers=[change.atena_number], items=("R10 所得情報",),
        detail={"tax_year": change.tax_year, "reason": change.reason},
    )  # fmt: skip


def state_words(decision: TaxDecision) -> str:
    """課税の別 in words."""
    return TaxState(decision.state).label
