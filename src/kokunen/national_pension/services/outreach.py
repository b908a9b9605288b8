"""勧奨 (協力・連携): letters to 第1号 who are likely to be exempt, and what came of them, found from later receipts.

A candidate is insured as 第1号 today, has a known income within the full exemption's own limit (未申告 is never taken
for low), has no application of the cycle and no letter yet. Protected people get no letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connections

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.kernel.eras import format_fiscal_year
from kokunen.kernel.errors import Conflict, InputError
from kokunen.law.parameters import value_on
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import documents, income_view, resident_view
from kokunen.national_pension.choices import OutreachResult
from kokunen.national_pension.models import OutreachLetter
from kokunen.national_pension.services.common import USING, one_case

MOST = 500
_CANDIDATES = f"""
select q.atena_number
from qualification_period q
join {resident_view.VIEW} r on r.atena_number = q.atena_number and r.status = '1' and not r.protected
join {income_view.VIEW} i on i.atena_number = q.atena_number and i.tax_year = %(year)s and i.total_income is not null
where upper_inf(q.recorded_period) and q.valid_period @> %(today)s and q.insured_type = '1'
  and i.total_income <= %(base)s + %(each)s * (1 + coalesce(i.general_dependants, 0) + coalesce(i.young_dependants, 0)
      + coalesce(i.elderly_dependants, 0) + coalesce(i.specific_dependants, 0))
  and not exists (select 1 from outreach_letter o where o.atena_number = q.atena_number and o.cycle_year = %(year)s)
  and not exists (select 1 from receipt c where c.atena_number = q.atena_number and c.kind in ('F12', 'F13')
                  and c.received_on >= make_date(%(year)s, 7, 1) and c.state <> '80')
order by q.atena_number limit %(most)s
"""
_ANSWERED = """
update outreach_letter o set result = 'applied', result_on = c.received_on, result_note = '免除・猶予の申請を受付'
from (select l.id, min(r.received_on) as received_on from outreach_letter l
      join receipt r on r.atena_number = l.atena_number and r.received_on >= l.made_on -- earlier cycles are no answer
      where l.result in ('waiting', 'visited') and r.kind in ('F12', 'F13') and r.state <> '80' group by l.id) c
where c.id = o.id
"""


@dataclass(frozen=True, slots=True)
class Letters:
    """作成した勧奨状: how many, and the printed file."""

    count: int
    filename: str
    content: bytes


def cycle_year() -> int:
    """免除年度 of today: July to June."""
    today = clock.today()
    return today.year - (today.month < 7)


@one_case("勧奨状の作成")
def make_letters(*, context: AccessContext) -> Letters:
    """勧奨状を作る: up to MOST at a time, one a person and cycle; Conflict when nobody is left."""
    year, today = cycle_year(), clock.today()
    limit = value_on("exemption/income_limit", today)["full"]
    values = {"year": year, "today": today, "base": limit["base"], "each": limit["each"], "most": MOST}
    with connections[USING].cursor() as cursor:
        cursor.execute(_CANDIDATES, values)
        numbers = [row[0] for row in cursor.fetchall()]
    if not numbers:
        raise Conflict(
            "勧奨状を送る方はもういません", code="nothing", hint="翌年度の所得が届いてから作成してください。"
        )
    serial = printing.next_serial(context.office_code)
    OutreachLetter.objects.bulk_create(
        OutreachLetter(
            atena_number=number,
            cycle_year=year,
            basis="所得が全額免除の限度以下（本人）",
            serial=serial,
            made_on=today,
            made_by=context.staff_number,
        )
        for number in numbers
    )
    record(
        USING,
        context,
        act=Act.PRINT,
        dataset="勧奨状",
        atena_numbers=numbers,
        items=("R1 基本情報", "R2 資格情報", "R10 所得情報"),
        serial=serial,
    )
    residents = resident_view.by_numbers(numbers)
    content = documents.outreach_letters(
        [residents[number] for number in numbers], format_fiscal_year(year), serial, clock.now()
    )
    return Letters(len(numbers), f"outreach-{year}-{serial}.pdf", content)


def take_results() -> int:
    """結果を反映する: an application since the letter ends its waiting; safe to run again."""
    with connections[USING].cursor() as cursor:
        cursor.execute(_ANSWERED)
        return int(cursor.rowcount)


TOLD = (OutreachResult.VISITED, OutreachResult.DECLINED, OutreachResult.RETURNED)
"""職員が記入する結果; 申請 is found from the receipts."""


@one_case("勧奨の結果の記入")
def note_result(*, letter_id: int, result: str, on: date, note: str, context: AccessContext) -> OutreachLetter:
    """結果を記入する: 相談, 希望なし or 宛先不明, once; an application is found by itself."""
    letter = OutreachLetter.objects.select_for_update().filter(pk=letter_id).first()
    if letter is None:
        raise InputError("この勧奨状はありません", field="letter", code="not_found", hint="一覧を開き直してください。")
    if result not in TOLD:
        raise InputError("結果を選んでください", field="result", code="invalid_value")
    if letter.result == OutreachResult.APPLIED:
        raise Conflict("申請を受け付けた勧奨状です", code="already_decided", hint="結果は申請から反映されています。")
    if not letter.made_on <= on <= clock.today():
        raise InputError("結果の日は、作成日から今日までの日です", field="on", code="out_of_range")
    letter.result, letter.result_on, letter.result_note = result, on, note.strip()[:200]
    letter.save(update_fields=["result", "result_on", "result_note"])
    record(
        USING,
        context,
        act=Act.REGISTER,
        dataset="勧奨の結果",
        atena_numbers=[letter.atena_number],
        items=("R1 基本情報",),
    )
    return letter
