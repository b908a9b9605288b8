"""一括印刷: the letters of the whole city in the order of delivery, counted before and after.

``start`` fixes who gets a letter, in which order, and who is pulled out (支援措置, 死亡): from then on every letter has
its number. Parts of 100 letters are printed each in one transaction with its file, its digest and its entry in the
ledger, by as many processes as are given; a part that is missing is printed by the next call, one that is there is
not. ``reconcile`` holds the printed letters against the decisions in force.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from django.db import connections, transaction
from django.db.models import F

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.config import environment
from kokunen.kernel.errors import Conflict, InputError
from kokunen.law.rules.resident_tax import TaxYear, tax_years
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax.choices import PrintKind, Reply, RunState
from kokunen.resident_tax.documents import run_data
from kokunen.resident_tax.documents.slips import LAYOUT
from kokunen.resident_tax.models import PrintedNotice, PrintPart, PrintRun
from kokunen.resident_tax.queries import CHECKS_SQL, check_values
from kokunen.resident_tax.services.common import USING, one_case

SETS = 100
"""一分冊の通数."""

PER_DECISION = (PrintKind.ORDINARY, PrintKind.EMPLOYEE)

_ORDER = "r.postal_code, r.address, r.building, r.household_number, r.kana_sort, r.atena_number"
_HELD = """case when r.protected then '支援措置（送付先を確認）' when r.status = '3' then '死亡（相続人へ）'
    when r.postal_code = '' or r.address = '' then '住所がない' else '' end"""
_LETTERS = {
    PrintKind.ORDINARY: f"""
        select row_number() over (order by {_ORDER}), d.atena_number, d.id, d.total_tax, {_HELD}
        from tax_decision d join integrated.resident_tax__resident r on r.atena_number = d.atena_number
        where d.tax_year = %(year)s and d.method = '1' and d.total_tax > 0 and upper_inf(d.recorded_period)""",
    PrintKind.EMPLOYEE: f"""
        select row_number() over (order by d.payer_number, r.kana_sort, r.atena_number), d.atena_number, d.id,
            d.total_tax, {_HELD}
        from tax_decision d join integrated.resident_tax__resident r on r.atena_number = d.atena_number
        where d.tax_year = %(year)s and d.method = '2' and d.total_tax > 0 and upper_inf(d.recorded_period)""",
    PrintKind.EMPLOYER: """
        select row_number() over (order by d.payer_number), d.payer_number, null::bigint, sum(d.total_tax), ''
        from tax_decision d
        where d.tax_year = %(year)s and d.method = '2' and d.total_tax > 0 and upper_inf(d.recorded_period)
        group by d.payer_number""",
    PrintKind.DECLARATION: f"""
        select row_number() over (order by {_ORDER}), r.atena_number, null::bigint, 0, {_HELD}
        from integrated.resident_tax__resident r
        where r.status = '1' and r.birth_date <= %(adult)s and r.resident_since <= %(day)s
        and not exists (select 1 from tax_document x where x.tax_year = %(year)s and x.atena_number = r.atena_number)
        and not exists (select 1 from dependant_claim c where c.dependant_atena_number = r.atena_number
            and c.tax_year in (%(year)s, %(year)s - 1) and upper_inf(c.recorded_period))
        and not exists (select 1 from tax_document x where x.tax_year = %(year)s - 1
            and x.atena_number = r.atena_number and x.kind in ('11', '12', '21'))""",
    PrintKind.INQUIRY: f"""
        select row_number() over (order by {_ORDER}), r.atena_number, null::bigint, 0, {_HELD}
        from integrated.resident_tax__resident r where r.status = '1'
        and r.atena_number in (select claimant from found)""",
}
"""宛先: sequence, number of whom it goes to, decision, tax and why it is pulled out, for each kind."""


@one_case("一括印刷の開始")
def start(*, kind: PrintKind, tax_year: int, context: AccessContext) -> PrintRun:
    """一括印刷を始める: letters are listed and numbered; Conflict while a run of the kind is not finished."""
    if tax_year not in tax_years():
        raise InputError(f"{tax_year}年度の税法は登録されていません", field="tax_year", code="out_of_range")
    now = clock.now()
    run = PrintRun.objects.create(
        kind=kind, tax_year=tax_year, total=0, started_by=context.staff_number, started_at=now, moved_at=now
    )
    law = TaxYear(tax_year)
    values: dict[str, Any] = {"year": tax_year, "run": run.pk, "day": law.assessed_on,
                              "adult": law.born_until(18)}  # fmt: skip
    source = _LETTERS[kind]
    if kind == PrintKind.INQUIRY:
        source, values = f"{CHECKS_SQL}{source}", values | check_values(tax_year)
    with connections[USING].cursor() as cursor:
        cursor.execute(
            "insert into printed_notice (run_id, sequence, subject, decision_id, amount, held, reply, reply_note, "
            f"replied_by) select %(run)s, x.*, '', '', '' from ({source}) as x (sequence, subject, decision_id, "
            "amount, held)",
            values,
        )
        cursor.execute("select count(*), count(*) filter (where held <> '') from printed_notice where run_id = %s",
                       [run.pk])  # fmt: skip
        run.total, run.held = cursor.fetchone()
    if not run.total:
        raise Conflict("印刷する宛先がありません", code="nothing_to_print", hint="年度と帳票を確かめてください。")
    run.save()
    record(USING, context, act=Act.SYSTEM, dataset=f"一括印刷の開始（{run.get_kind_display()}）", count=run.total,
           detail={"tax_year": tax_year, "run": run.pk})  # fmt: skip
    return run


def parts_of(run: PrintRun) -> int:
    """分冊の数."""
    return -(-run.total // SETS)


def missing(run: PrintRun) -> list[int]:
    """まだない分冊."""
    done = set(PrintPart.objects.filter(run=run).values_list("number", flat=True))
    return [number for number in range(1, parts_of(run) + 1) if number not in done]


def carry_on(run_id: int, *, context: AccessContext, index: int = 0, of: int = 1, most: int | None = None) -> PrintRun:
    """一括印刷を進める: every missing part whose turn it is (``index`` of ``of`` processes); safe to call again."""
    run = PrintRun.objects.get(pk=run_id)
    own = [number for number in missing(run) if number % of == index]
    for number in own[:most]:
        print_part(run, number, context)
    return _finish(run_id)


def print_part(run: PrintRun, number: int, context: AccessContext) -> PrintPart | None:
    """一分冊を印刷する: file, digest, counts and ledger entry together; None when another process has made it."""
    with transaction.atomic(using=USING):
        with connections[USING].cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"print.{run.pk}.{number}"])
        if PrintPart.objects.filter(run=run, number=number).exists():
            return None
        first, last = (number - 1) * SETS + 1, min(number * SETS, run.total)
        letters = list(
            PrintedNotice.objects.filter(run=run, sequence__range=(first, last), held="").order_by("sequence")
        )
        serial, at = printing.next_serial(context.office_code), clock.now()
        name, digest, pages, amount, people = f"part-{number:05}.pdf", "", 0, 0, list[str]()
        if letters:
            part = run_data.part_of(PrintKind(run.kind), run.tax_year, letters, serial, at)
            setting = printing.render_copies if part.copies else printing.render
            content = setting(LAYOUT, part.document, at=at)
            pages, amount, people = _counted(content, part.pages), part.amount, part.people
            digest = hashlib.sha256(content).hexdigest()
            _write(folder(run.pk) / name, content)
        made = PrintPart.objects.create(
            run=run, number=number, first_sequence=first, last_sequence=last, sets=len(letters), pages=pages,
            amount=amount, serial=serial, file_name=name if letters else "", sha256=digest, made_at=at,
        )  # fmt: skip
        PrintedNotice.objects.filter(run=run, sequence__range=(first, last), held="").update(part=number)
        PrintRun.objects.filter(pk=run.pk).update(
            printed=F("printed") + len(letters), pages=F("pages") + pages, amount=F("amount") + amount,
            moved_at=at, state=RunState.RUNNING, problem="",
        )  # fmt: skip
        record(USING, context, act=Act.PRINT, dataset=run.get_kind_display(), atena_numbers=people,
               items=("R10 所得情報",), serial=serial, detail={"run": run.pk, "part": number})  # fmt: skip
        return made


def _counted(content: bytes, expected: int) -> int:
    """ページ数: as many as the letters need; a letter that ran over stops the print before it can shift the rest."""
    with pikepdf.open(BytesIO(content)) as document:
        pages = len(document.pages)
    if pages != expected:
        raise Conflict(
            f"ページ数が合いません（予定 {expected}、実際 {pages}）",
            code="pages",
            hint="長い宛名がないか確かめてください。",
        )
    return pages


def _finish(run_id: int) -> PrintRun:
    with transaction.atomic(using=USING):
        run = PrintRun.objects.select_for_update().get(pk=run_id)
        if run.state != RunState.DONE and not missing(run):
            run.state, run.ended_at, run.moved_at, run.problem = RunState.DONE, clock.now(), clock.now(), ""
            run.save()
        return run


def stopped(run_id: int, problem: str) -> None:
    """中断を記す: the reason in words; the parts that are there stand."""
    PrintRun.objects.filter(pk=run_id).exclude(state=RunState.DONE).update(
        state=RunState.STOPPED, problem=problem[:300], moved_at=clock.now()
    )


def folder(run_id: int) -> Path:
    """分冊の置き場: below the city's data, for its own account only."""
    place = environment.data_dir() / "prints" / f"run-{run_id:06}"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def _write(path: Path, content: bytes) -> None:
    waiting = path.with_suffix(".part")
    with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    waiting.replace(path)


def read_part(run_id: int, number: int, *, context: AccessContext) -> bytes:
    """分冊を開く: the file as it was printed, its digest checked; the look is entered."""
    with transaction.atomic(using=USING):
        part = PrintPart.objects.filter(run_id=run_id, number=number).first()
        if part is None or not part.file_name:
            raise InputError("この分冊はありません", field="part", code="not_found")
        record(USING, context, act=Act.PRINT, dataset="一括印刷の分冊", count=part.sets, serial=part.serial,
               items=("R10 所得情報",), detail={"run": run_id, "part": number})  # fmt: skip
        path = folder(run_id) / part.file_name
        content = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(content).hexdigest() != part.sha256:
            raise Conflict("分冊のファイルが印刷したときと違います", code="changed_file",
                           hint="この分冊をもう一度印刷してください。")  # fmt: skip
        return content


@dataclass(frozen=True, slots=True)
class Reconciled:
    """突合: letters listed = printed + pulled out + not yet printed, and what the decisions in force say today."""

    total: int
    printed: int
    held: int
    waiting: int
    printed_amount: int
    listed_amount: int
    changed: int
    missed: int
    files: int

    @property
    def agrees(self) -> bool:
        """すべて合う: nothing waits, nothing changed, nobody missed, every part has its file."""
        return not (self.waiting or self.changed or self.missed or self.files) and (
            self.total == self.printed + self.held
        )


_RECONCILE = """
select count(*), count(*) filter (where n.part is not null), count(*) filter (where n.held <> ''),
    count(*) filter (where n.part is null and n.held = ''),
    coalesce(sum(n.amount) filter (where n.part is not null), 0), coalesce(sum(n.amount), 0),
    count(*) filter (where n.decision_id is not null and not exists (
        select 1 from tax_decision d where d.id = n.decision_id and upper_inf(d.recorded_period)))
from printed_notice n where n.run_id = %(run)s
"""


def reconcile(run: PrintRun) -> Reconciled:
    """突合する: counts and sums; nobody is named."""
    with connections[USING].cursor() as cursor:
        cursor.execute(_RECONCILE, {"run": run.pk})
        total, printed, held, waiting, printed_amount, listed, changed = (int(value) for value in cursor.fetchone())
        missed = 0
        if run.kind in PER_DECISION:
            cursor.execute(
                f"select count(*) from ({_LETTERS[PrintKind(run.kind)]}) as x (sequence, subject, decision_id, amount, "
                "held) where not exists (select 1 from printed_notice n where n.run_id = %(run)s "
                "and n.decision_id = x.decision_id)",
                {"run": run.pk, "year": run.tax_year},
            )
            missed = int(cursor.fetchone()[0])
    place = folder(run.pk)
    names = PrintPart.objects.filter(run=run).exclude(file_name="").values_list("file_name", flat=True)
    lost = sum(not (place / name).exists() for name in names)
    return Reconciled(total, printed, held, waiting, int(printed_amount), int(listed), changed, missed, lost)


@one_case("照会の回答")
def reply(*, notice_id: int, answer: Reply, note: str, context: AccessContext) -> PrintedNotice:
    """照会の回答を記録する: what the letter brought; a denial is then drawn up as a change of the tax."""
    letter = PrintedNotice.objects.select_for_update().select_related("run").filter(pk=notice_id).first()
    if letter is None or letter.run.kind not in (PrintKind.INQUIRY, PrintKind.DECLARATION):
        raise InputError("この照会はありません", field="notice", code="not_found")
    if not note.strip():
        raise InputError("回答の内容を入力してください", field="note", code="missing_field")
    letter.reply, letter.reply_note = answer, note.strip()[:300]
    letter.replied_on, letter.replied_by = clock.today(), context.staff_number
    letter.save()
    record(USING, context, act=Act.REGISTER, dataset="照会の回答", atena_numbers=[letter.subject],
           items=("R10 所得情報",), detail={"answer": str(answer)})  # fmt: skip
    return letter


def letters(run_id: int, *, context: AccessContext, held: bool = False, after: int = 0) -> list[PrintedNotice]:
    """宛先の一覧 of a run by sequence; ``held``: only those that were pulled out."""
    with transaction.atomic(using=USING):
        rows = PrintedNotice.objects.filter(run_id=run_id, sequence__gt=after).select_related("run")
        found = list((rows.exclude(held="") if held else rows).order_by("sequence")[:50])
        record(USING, context, act=Act.VIEW, dataset="一括印刷の宛先",
               atena_numbers=[one.subject for one in found if one.run.kind != PrintKind.EMPLOYER])  # fmt: skip
        return found


def run_context(run: PrintRun) -> Mapping[str, Any]:
    """進み具合: what the screen shows of a run."""
    return {"run": run, "parts": parts_of(run), "done": run.printed + run.held if run.state == "3" else run.printed}
