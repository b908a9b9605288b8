"""所得情報の提供 (S1-5): a request file in, every line answered once, the answer file out — one transaction for all.

Nothing half-done remains: a broken line refuses the whole file with its number and reason, a file that was read
before is refused by its hash. People are found by 基礎年金番号 with the same birth date, else by kana and birth date;
whoever is not certain is 同定保留, never a guess, and whoever did not declare is 未申告, never zero.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

import polars as pl
from django.db import connections

from kokunen.assessment.flows import MEDIUM, SERVICE
from kokunen.assessment.gateway import admit_inbound, admit_outbound
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension.exchange_files import BrokenFile, Fault, read_table
from kokunen.national_pension.models import IncomeRequestFile
from kokunen.national_pension.services.common import USING, one_case

Progress = Callable[[str, int, int], None]
"""進み具合: stage in words, done, of how many."""

ITEMS = ("R1 基本情報", "R10 所得情報")
_LEDGER_PEOPLE = 5_000
__all__ = ["BrokenFile", "Fault", "answer_file", "layout", "read_requests"]
_RESIDENT, _INCOME = "integrated.national_pension__resident", "integrated.national_pension__income"


@lru_cache(maxsize=1)
def layout() -> dict[str, Any]:
    """様式: columns of request and answer."""
    import yaml

    text = files("kokunen.national_pension").joinpath("income_answer_layout.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def _silent(_stage: str, _done: int, _total: int) -> None:
    return None


@one_case("所得情報の提供")
def answer_file(
    *, content: bytes, filename: str, context: AccessContext, progress: Progress = _silent
) -> IncomeRequestFile:
    """依頼に回答する: reads, finds, answers and keeps the evidence. Conflict for a file that was answered before,
    `BrokenFile` with the lines for one that cannot be read, NotAllowed unless the assessment declares both ways.
    """
    admit_inbound(SERVICE, MEDIUM, context=context)
    admit_outbound(SERVICE, MEDIUM, context=context)
    digest = sha256(content).hexdigest()
    before = IncomeRequestFile.objects.filter(sha256=digest).first()
    if before is not None:
        raise Conflict(
            f"この依頼ファイルは{format_wareki(before.answered_at.date())}に読み込み、回答しています",
            code="income_request_once",
            hint="一覧から前の回答を確かめてください。",
        )
    progress("依頼を読んでいます", 0, 0)
    requests = read_requests(content)
    stored = IncomeRequestFile.objects.create(
        sha256=digest,
        filename=filename[:100],
        requests=requests.height,
        answered_at=clock.now(),
        answered_by=context.staff_number,
        answer=b"",
        answer_sha256="",
    )
    progress("依頼を登録しています", 0, requests.height)
    _store(stored.pk, requests)
    progress("対象者を探しています", 0, requests.height)
    _find_people(stored.pk)
    _answer(stored.pk)
    progress("回答を作成しています", 0, requests.height)
    answer = _answer_bytes(stored.pk)
    stored.answer, stored.answer_sha256 = answer, sha256(answer).hexdigest()
    stored.counts = _counts(stored.pk)
    stored.save(update_fields=["answer", "answer_sha256", "counts"])
    _enter_ledger(stored, context, progress)
    return stored


def read_requests(content: bytes) -> pl.DataFrame:
    """依頼を読む: one row a line, checked against the layout; `BrokenFile` with every line that is wrong."""
    table = read_table(content, layout(), columns=layout()["request"], name="依頼ファイル")
    return table.with_columns(pl.col("birth_date").str.to_date("%Y%m%d"), pl.col("tax_year").cast(pl.Int64))


def _store(file_id: int, requests: pl.DataFrame) -> None:
    names = ["line_number", *(column["name"] for column in layout()["request"])]
    rows = requests.select(pl.lit(file_id).alias("file_id"), *names)
    buffer = io.BytesIO()
    rows.with_columns(atena_number=pl.lit(""), matched_by=pl.lit(""), code=pl.lit("")).write_csv(
        buffer, include_header=False, null_value="\\N", quote_style="non_numeric"
    )
    listed = ", ".join([*rows.columns, "atena_number", "matched_by", "code"])
    with connections[USING].cursor() as cursor:
        statement = f"copy national_pension.income_answer ({listed}) from stdin (format csv, null '\\N')"
        with cursor.cursor.copy(statement) as copy:
            copy.write(buffer.getvalue())


_BY_NUMBER = f"""
update national_pension.income_answer a
   set atena_number = case when found.fits then found.atena_number else '' end,
       matched_by = case when found.fits then 'number' else 'unsure' end
  from (select r.line_number, min(n.atena_number) as atena_number,
               count(distinct n.atena_number) = 1 and bool_and(p.birth_date = r.birth_date) as fits
          from national_pension.income_answer r
          join national_pension.pension_number n
            on n.number = r.number and upper(n.recorded_period) is null and n.role in ('primary', 'duplicate', 'old')
          join {_RESIDENT} p on p.atena_number = n.atena_number
         where r.file_id = %s and r.number <> ''
         group by r.line_number) as found
 where a.file_id = %s and a.line_number = found.line_number
"""
_BY_NAME = f"""
update national_pension.income_answer a
   set atena_number = case when found.people = 1 then found.atena_number else '' end,
       matched_by = case when found.people = 1 then 'name' else 'unsure' end
  from (select r.line_number, min(p.atena_number) as atena_number, count(*) as people
          from national_pension.income_answer r
          join {_RESIDENT} p
            on p.birth_date = r.birth_date
           and translate(p.name_kana, '　 ', '') = translate(normalize(r.kana, nfkc), '　 ', '')
         where r.file_id = %s and r.matched_by = ''
         group by r.line_number) as found
 where a.file_id = %s and a.line_number = found.line_number
"""
_CODES = f"""
update national_pension.income_answer a
   set code = case when a.matched_by = 'unsure' then '5'
                   when a.atena_number = '' then '4'
                   when i.state in ('1', '2', '3') then '1'
                   when i.state = '5' then '3'
                   else '2' end
  from national_pension.income_answer r
  left join {_INCOME} i on i.atena_number = r.atena_number and i.tax_year = r.tax_year
 where a.file_id = %s and r.id = a.id
"""


def _find_people(file_id: int) -> None:
    with connections[USING].cursor() as cursor:
        # the lines were copied in a moment ago and have no statistics yet: a nested loop over the city would be chosen
        cursor.execute("set local enable_nestloop = off")
        cursor.execute(_BY_NUMBER, [file_id, file_id])
        cursor.execute(_BY_NAME, [file_id, file_id])


def _answer(file_id: int) -> None:
    with connections[USING].cursor() as cursor:
        cursor.execute(_CODES, [file_id])


def _answer_bytes(file_id: int) -> bytes:
    """回答ファイル: every line of the request once, in its order; figures only where the code is 回答."""
    form = layout()
    asked = [
        "to_char(a.birth_date, 'YYYYMMDD')" if column["name"] == "birth_date" else f"a.{column['name']}"
        for column in form["request"]
    ]
    figures = [f"case when a.code = '1' then i.{name} end" for name in form["answer"]]
    statement = (
        f"copy (select {', '.join([*asked, 'a.code', *figures])} from national_pension.income_answer a "
        f"left join {_INCOME} i on i.atena_number = a.atena_number and i.tax_year = a.tax_year "
        f"where a.file_id = {int(file_id)} order by a.line_number) to stdout (format csv)"
    )
    parts = []
    with connections[USING].cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for part in copy:
            parts.append(bytes(part))
    text = b"".join(parts).decode("utf-8").replace("\n", form["newline"])
    return text.encode(form["encoding"], errors="replace")


def _counts(file_id: int) -> dict[str, int]:
    with connections[USING].cursor() as cursor:
        cursor.execute(
            "select code, count(*) from national_pension.income_answer where file_id = %s group by code order by code",
            [file_id],
        )
        return {str(code): int(count) for code, count in cursor.fetchall()}


def _enter_ledger(stored: IncomeRequestFile, context: AccessContext, progress: Progress) -> None:
    """閲覧記録: everybody whose income was told, by name, in entries of some thousands."""
    with connections[USING].cursor() as cursor:
        cursor.execute(
            "select distinct atena_number from national_pension.income_answer "
            "where file_id = %s and atena_number <> ''",
            [stored.pk],
        )
        people = [str(row[0]) for row in cursor.fetchall()]
    for start in range(0, max(len(people), 1), _LEDGER_PEOPLE):
        record(
            USING,
            context.for_case(f"I{stored.pk}"),
            act=Act.EXPORT,
            dataset="所得情報の提供（日本年金機構）",
            atena_numbers=people[start : start + _LEDGER_PEOPLE],
            items=ITEMS,
            detail={"sha256": stored.sha256, "requests": stored.requests},
        )
        progress("閲覧記録を残しています", min(start + _LEDGER_PEOPLE, len(people)), len(people))
