"""日次処理と随時処理: what a day brings by itself, and what the chief of the section starts; safe to run again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kokunen.common_platform.operations.business_calendar import Cycle, RunRule
from kokunen.common_platform.operations.executing import EndedWithWarning, StepContext
from kokunen.common_platform.operations.nets import Net, Step
from kokunen.common_platform.operations.runs import request_run
from kokunen.kernel.errors import Conflict
from kokunen.ledger.access import AccessContext, system_context

if TYPE_CHECKING:
    from kokunen.resident_tax.models import TaxRun

ASSESSMENT, SURVEY, PRINT = "TXR010", "TXR020", "TXR030"
"""当初課税, 課税状況調, 一括印刷: begun from the screens, worked on by the queue."""


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


def print_city(step: StepContext) -> str:
    """一括印刷: the missing parts by several processes, then the counts held against the decisions.

    Where the worker dies the next one begins again: a part that is there is not printed twice, whoever is at it.
    """
    from kokunen.resident_tax import print_work
    from kokunen.resident_tax.choices import RunState
    from kokunen.resident_tax.models import PrintRun
    from kokunen.resident_tax.services import print_runs

    run_id, context = int(step.parameters["run"]), _context(step, "一括印刷")

    def moved() -> bool:
        run = PrintRun.objects.get(pk=run_id)
        step.save_checkpoint(printed=run.printed)
        step.progress(run.printed + run.held, run.total)
        return step.is_wanted

    well = print_work.look_after(run_id, context.staff_number, context.office_code, moved)
    moved()
    run = PrintRun.objects.get(pk=run_id)
    if not well:
        if run.state == RunState.RUNNING:  # a process that was killed could not say so
            print_runs.stopped(run_id, "印刷の処理が途中で終わりました。続きから印刷できます")
        raise Conflict(
            "印刷の処理が止まりました", code="print_stopped", hint="原因を除いてから、続きから印刷してください。"
        )
    if run.ended_at is None:
        print_runs.stopped(run_id, "運用担当が中止しました。続きから印刷できます")
        raise EndedWithWarning("中止されました")
    found = print_runs.reconcile(run)
    counts = f"宛先{found.total}通 = 印刷{found.printed}通 + 引き抜き{found.held}通、{run.pages}ページ"
    if not found.agrees:
        raise EndedWithWarning(f"突合が合いません: {counts}、一括印刷の画面で確かめてください")
    return counts


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
    _on_request(PRINT, "個人住民税の一括印刷", "print_city"),
)
"""What the section starts from its screens."""
