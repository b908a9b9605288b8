"""照会: one read is one transaction with its ledger entry; without the entry there is no answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

from kokunen.common_platform.operations import clock
from kokunen.common_platform.records import search
from kokunen.kernel.errors import InputError
from kokunen.law.engine.steps import Explained
from kokunen.law.rules.resident_tax import TaxYear
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.resident_tax import resident_view
from kokunen.resident_tax.choices import ChangeState, RunState
from kokunen.resident_tax.models import (
    PensionWithholding,
    TaxChange,
    TaxDecision,
    TaxDocument,
    TaxDocumentFault,
    TaxDocumentFile,
    TaxRun,
)
from kokunen.resident_tax.resident_view import Resident
from kokunen.resident_tax.services import computing
from kokunen.resident_tax.withholding_queries import withholding_of

USING = "resident_tax"
INCOME_ITEMS = ("R10 所得情報",)
PAGE = 50
TARGET = search.SearchTarget(
    resident_view.VIEW,
    kana=("kana_key", "kana_alt_key", "alias_kana_key"),
    names=("name_key", "alias_name_key"),
)
_KINDS = {
    "name": search.KeyKind.KANJI,
    "kana": search.KeyKind.KANA,
    "birth": search.KeyKind.DATE,
    "number": search.KeyKind.NUMBER,
}
_ATENA = 15


@contextmanager
def looked_at(
    context: AccessContext,
    dataset: str,
    atena_numbers: Sequence[str],
    *,
    items: Sequence[str] = INCOME_ITEMS,
    act: Act = Act.VIEW,
    serial: str | None = None,
) -> Iterator[None]:
    """閲覧: the entry is written before anything is read."""
    with transaction.atomic(using=USING):
        record(USING, context, act=act, dataset=dataset, atena_numbers=atena_numbers, items=items, serial=serial)
        yield


@dataclass(frozen=True, slots=True)
class Found:
    """検索結果: what the key was taken for, the residents, the key of the next page, the total (None = many)."""

    kind_ja: str
    rows: tuple[Resident, ...]
    next_key: str
    total: int | None


def search_people(text: str, *, context: AccessContext, kind: str = "", after: str = "") -> Found:
    """検索する: rows in the order exact, prefix, part. Raises InputError when it cannot be a key."""
    query = search.read_query(text, clock.today(), _KINDS.get(kind))
    if query.kind is search.KeyKind.NUMBER:
        if len(query.digits) != _ATENA:
            raise InputError(
                f"{len(query.digits)}桁の番号では検索できません",
                field="q",
                code="invalid_format",
                hint="氏名・カナ・生年月日・宛名番号（15桁）で検索してください。",
            )
        numbers, following, total = [query.digits], "", 1
    else:
        page = search.find(USING, TARGET, query, cursor=search.Cursor.decode(after) if after else None)
        numbers = [hit.atena_number for hit in page.hits]
        following, total = (page.next_cursor.encode() if page.next_cursor else ""), page.total  # type: ignore[assignment]
    with looked_at(context, "個人の検索", numbers, items=("R1 基本情報",), act=Act.SEARCH):
        residents = resident_view.by_numbers(numbers)
        rows = tuple(residents[number] for number in dict.fromkeys(numbers) if number in residents)
        return Found(search.KEY_KIND_JA[query.kind], rows, following, total)


@dataclass(frozen=True, slots=True)
class PersonTax:
    """個人の課税: the person, the decision in force, its history, the documents and the changes of a tax year."""

    resident: Resident
    tax_year: int
    years: tuple[int, ...]
    decision: TaxDecision | None
    history: tuple[TaxDecision, ...]
    documents: tuple[TaxDocument, ...]
    changes: tuple[TaxChange, ...]
    steps: tuple[Explained, ...]
    withholding: PensionWithholding | None = None

    @property
    def values(self) -> dict[str, Any]:
        """計算の結果: value of every step by name."""
        return {step.name: step.value for step in self.steps}


def get_person(atena_number: str, tax_year: int, *, context: AccessContext) -> PersonTax:
    """個人照会: with every step of the decision in force. Raises InputError for an unknown number."""
    with looked_at(context, f"個人住民税の照会（{tax_year}年度）", [atena_number]):
        resident = resident_view.find(atena_number)
        if resident is None:
            raise InputError(
                "この宛名番号の方は見つかりません",
                field="atena_number",
                code="not_found",
                hint="検索からやり直してください。",
            )
        own = {"atena_number": atena_number, "tax_year": tax_year}
        history = tuple(TaxDecision.objects.filter(**own).order_by("-version"))
        current = next((one for one in history if one.recorded_period.upper is None), None)
        years = TaxDecision.objects.filter(atena_number=atena_number).values_list("tax_year", flat=True)
        return PersonTax(
            resident,
            tax_year,
            tuple(sorted({*years, tax_year})),
            current,
            history,
            tuple(TaxDocument.objects.filter(**own).select_related("replaced_by").order_by("received_on", "id")),
            tuple(TaxChange.objects.filter(**own).order_by("-proposed_at")),
            tuple(steps_of(current)) if current else (),
            withholding_of(atena_number, tax_year),
        )


def steps_of(decision: TaxDecision) -> list[Explained]:
    """なぜ: computed again from the stored inputs."""
    return computing.explain(decision.atena_number, decision.inputs, decision.tax_year)


def waiting_changes(*, context: AccessContext) -> list[tuple[TaxChange, Resident | None]]:
    """承認待ちの更正"""
    rows = list(TaxChange.objects.filter(state=ChangeState.PROPOSED).select_related("before").order_by("proposed_at"))
    numbers = [row.atena_number for row in rows]
    with looked_at(context, "承認待ちの更正", numbers):
        people = resident_view.by_numbers(numbers)
        return [(row, people.get(row.atena_number)) for row in rows]


def get_change(change_id: int, *, context: AccessContext) -> tuple[TaxChange, Resident]:
    """更正1件: with the person. Raises InputError when there is none."""
    change = TaxChange.objects.select_related("before", "after").filter(pk=change_id).first()
    if change is None:
        raise InputError("この更正はありません", field="change", code="not_found", hint="一覧を開き直してください。")
    with looked_at(context, "更正の照会", [change.atena_number]):
        resident = resident_view.find(change.atena_number)
        if resident is None:
            raise InputError("この方は見つかりません", field="change", code="not_found")
        return change, resident


def files() -> list[TaxDocumentFile]:
    """取込の一覧, newest first."""
    return list(TaxDocumentFile.objects.order_by("-read_at")[:PAGE])


def faults(file_id: int) -> tuple[TaxDocumentFile, list[TaxDocumentFault]]:
    """補正リスト: the faults of a file by record number."""
    file = TaxDocumentFile.objects.filter(pk=file_id).first()
    if file is None:
        raise InputError("このファイルはありません", field="file", code="not_found")
    return file, list(file.faults.order_by("record_number", "id")[:1_000])


def runs() -> list[TaxRun]:
    """一括処理の一覧, newest first."""
    return list(TaxRun.objects.order_by("-started_at")[:20])


@dataclass(frozen=True, slots=True)
class HomeFigures:
    """業務メニューの数字"""

    changes: int
    faults: int
    stopped: int


def home_figures() -> HomeFigures:
    """業務メニューの数字: counts name nobody."""
    return HomeFigures(
        TaxChange.objects.filter(state=ChangeState.PROPOSED).count(),
        TaxDocumentFile.objects.filter(refused__gt=0, read_at__date__gte=clock.today().replace(day=1)).count(),
        TaxRun.objects.filter(state=RunState.STOPPED).count(),
    )


CHECK_KINDS = {
    "over_income": "所得が上限を超える",
    "claims_too": "扶養されていて、他の人を扶養している",
    "dead": "所得の年の前に死亡している",
    "unknown": "住民記録にない",
    "age": "区分と年齢が合わない",
    "apart": "同居と申告し、世帯が別である",
    "employee": "専従者であり、他の人を扶養している",
}
"""扶養の突合: what is looked for over the whole city, with its words."""

CHECKS_SQL = """
with c as (
    select c.*, r.birth_date, r.removed_on, r.status, r.household_number, n.total_income
    from dependant_claim c
    left join integrated.resident_tax__resident r on r.atena_number = c.dependant_atena_number
    left join tax_decision n on n.atena_number = c.dependant_atena_number and n.tax_year = c.tax_year
        and upper_inf(n.recorded_period)
    where c.tax_year = %(year)s and upper_inf(c.recorded_period)
), found as (
    select 'over_income' as what, claimant_atena_number as claimant, dependant_atena_number as dependant,
        '合計所得金額 ' || to_char(total_income, 'FM999,999,999,999') || '円' as detail
        from c where total_income > %(limit)s and kind not in ('21', '22')
    union all select 'claims_too', c.claimant_atena_number, c.dependant_atena_number, '' from c
        where c.kind not in ('21', '22')
            and exists (select 1 from c o where o.claimant_atena_number = c.dependant_atena_number)
    union all select 'dead', claimant_atena_number, dependant_atena_number, '死亡 ' || removed_on from c
        where status = '3' and removed_on < make_date(%(year)s - 1, 1, 1)
    union all select 'unknown', claimant_atena_number, dependant_atena_number, '' from c where birth_date is null
    union all select 'age', claimant_atena_number, dependant_atena_number, '生年月日 ' || birth_date from c
        where (kind = '11') <> (birth_date > %(b16)s) and kind not in ('01', '02', '21', '22') or
        (kind = '14') <> (birth_date <= %(b19)s and birth_date > %(b23)s) and kind not in ('01', '02', '21', '22') or
        (kind in ('02', '15', '16')) <> (birth_date <= %(b70)s) and kind not in ('21', '22')
    union all select 'apart', c.claimant_atena_number, c.dependant_atena_number, '' from c
        join integrated.resident_tax__resident p on p.atena_number = c.claimant_atena_number
        where c.lives_together and c.household_number is not null and p.household_number <> c.household_number
            and c.kind not in ('21', '22')
    union all select 'employee', claimant_atena_number, dependant_atena_number, '' from c
        where kind in ('21', '22') and exists (
            select 1 from c o where o.claimant_atena_number = c.dependant_atena_number and o.kind not in ('21', '22'))
)
"""


@dataclass(frozen=True, slots=True)
class CheckRow:
    """突合の一行: who claims whom, what is wrong, in figures."""

    what: str
    claimant: Resident | None
    claimant_number: str
    dependant: Resident | None
    dependant_number: str
    detail: str


def check_values(tax_year: int) -> dict[str, Any]:
    """突合の値: limits and days of birth of a tax year."""
    law = TaxYear(tax_year)
    ages = {f"b{age}": law.born_until(age) for age in (16, 19, 23, 70)}
    return {"year": tax_year, "limit": law.amount("person_income_limit"), **ages}


def check_counts(tax_year: int) -> dict[str, int]:
    """突合の件数 over the city by kind; counts name nobody."""
    with connections[USING].cursor() as cursor:
        cursor.execute(f"{CHECKS_SQL} select what, count(*) from found group by what", check_values(tax_year))
        counted = dict(cursor.fetchall())
    return {what: counted.get(what, 0) for what in CHECK_KINDS}


def check_rows(tax_year: int, what: str, *, context: AccessContext, after: str = "") -> list[CheckRow]:
    """突合の一覧 of one kind, by the 宛名番号 of the claimed person (``after`` the last one seen)."""
    if what not in CHECK_KINDS:
        raise InputError("突合の種類を選んでください", field="what", code="invalid_value")
    with transaction.atomic(using=USING), connections[USING].cursor() as cursor:
        cursor.execute(
            f"{CHECKS_SQL} select claimant, dependant, detail from found where what = %(what)s "
            "and dependant > %(after)s order by dependant limit %(page)s",
            {**check_values(tax_year), "what": what, "after": after, "page": PAGE},
        )
        found = cursor.fetchall()
        numbers = list(dict.fromkeys(number for row in found for number in row[:2]))
        record(USING, context, act=Act.VIEW, dataset="扶養の突合", atena_numbers=numbers, items=INCOME_ITEMS)
        people = resident_view.by_numbers(numbers)
    return [CheckRow(what, people.get(one), one, people.get(other), other, detail) for one, other, detail in found]
