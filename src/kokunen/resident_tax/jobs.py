"""日次処理と随時処理: what a day brings by itself, and what the chief of the section starts; safe to run again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kokunen.common_platform.operations.business_calendar import Cycle, RunRule
from kokunen.common_platform.operations.executing import EndedWithWarning, StepContext
from kokunen.common_platform.operations.nets import Net, Step
from kokunen.common_platform.operations.runs import request_run
from kokunen.ledger.access import AccessContext, system_context

if TYPE_CHECKING:
    from kokunen.resident_tax.models import TaxRun

ASSESSMENT, SURVEY = "TXR010", "TXR020"
"""当初課税, 課税状況調: begun from the screens, worked on by the queue."""


def exchange_with_payers() -> str:
    """年金特別徴収の送受信: files that wait go out, files that came are applied; a failing line is told."""
    from kokunen.resident_tax.services.exchange import exchange
    from kokunen.resident_tax.wiring import carrier

    line = carrier()
    try:
        done = exchange(line, system_context("tax-line"))
    finally:
        line.close()
    return f"sent {done.sent}, refused {done.refused}, taken {done.taken}, applied {done.applied} {done.trouble}"


def hand_over(net: str, run_id: int, context: AccessContext) -> None:
    """処理を任せる: the queue works on the run from its checkpoint; what dies there begins again behind it."""
    parameters = {"run": run_id, "staff": context.staff_number, "office": context.office_code}
    request_run(net, by=context.staff_number, terminal=context.terminal, parameters=parameters)


def assess_city(step: StepContext) -> str:
    """当初課税: chunk by chunk; every chunk is a transaction with its checkpoint."""
    from kokunen.resident_tax.services import assessing

    run_id, context = int(step.parameters["run"]), _context(step, "当初課税")

    def moved(run: TaxRun) -> bool:
        step.save_checkpoint(done=run.done)
        step.progress(run.done, run.total)
        return step.is_wanted

    try:
        run = assessing.carry_on(run_id, context=context, moved=moved)
    except Exception as error:
        assessing.stopped(run_id, _words(error))
        raise
    return _ended(run)


def count_survey(step: StepContext) -> str:
    """課税状況調の集計: chunk by chunk from the checkpoint."""
    from kokunen.resident_tax.services import assessing, statistics

    run_id, context = int(step.parameters["run"]), _context(step, "課税状況調の集計")
    try:
        run = statistics.carry_on(run_id, context=context, chunks=1)
        while run.ended_at is None and step.is_wanted:
            step.save_checkpoint(done=run.done)
            step.progress(run.done, run.total)
            run = statistics.carry_on(run_id, context=context, chunks=1)
    except Exception as error:
        assessing.stopped(run_id, _words(error))
        raise
    step.progress(run.done, run.total)
    return _ended(run)


def _context(step: StepContext, screen: str) -> AccessContext:
    staff, office = str(step.parameters["staff"]), str(step.parameters["office"])
    return AccessContext(staff, office, "tax_assessment", screen=screen)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}。運用担当に連絡し、原因を除いてから再開してください"


def _ended(run: TaxRun) -> str:
    from kokunen.resident_tax.services.assessing import stopped

    if run.ended_at is None:
        stopped(run.pk, "運用担当が中止しました。再開すると続きから行います")
        raise EndedWithWarning("中止されました")
    return f"{run.done}人"


DAILY = (exchange_with_payers,)
"""What the daily process runs."""


def _on_request(code: str, label: str, function: str) -> Net:
    step = Step(code, label, f"{__name__}.{function}", lock=f"resident_tax.{function}")
    return Net(code, label, "resident_tax", (step,), RunRule(Cycle.ON_REQUEST), expected_minutes=10, uses_snapshot=True)


NETS = (
    _on_request(ASSESSMENT, "当初課税", "assess_city"),
    _on_request(SURVEY, "課税状況調の集計", "count_survey"),
)
"""What the section starts from its screens."""
