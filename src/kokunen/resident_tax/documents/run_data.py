"""一括印刷の中身: letters of one part, from one read each of decisions, residents and withholding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections

from kokunen.common_platform.operations import clock
from kokunen.common_platform.printing import Blank
from kokunen.kernel.calendar import next_open_day
from kokunen.kernel.wareki import format_wareki
from kokunen.law.rules import instalments
from kokunen.law.rules.instalments import spread
from kokunen.resident_tax import resident_view
from kokunen.resident_tax.choices import PrintKind
from kokunen.resident_tax.documents.papers import FIGURES, OBJECTION, year_words
from kokunen.resident_tax.documents.slips import draw, lines_of, slip, yen
from kokunen.resident_tax.models import PrintedNotice, TaxDecision, WithholdingAgent
from kokunen.resident_tax.queries import CHECK_KINDS, CHECKS_SQL, check_values
from kokunen.resident_tax.resident_view import Resident

USING = "resident_tax"
LAYOUTS = {
    PrintKind.ORDINARY: "ordinary", PrintKind.EMPLOYER: "employer", PrintKind.EMPLOYEE: "employee",
    PrintKind.DECLARATION: "letter", PrintKind.INQUIRY: "letter",
}  # fmt: skip
TITLES = {
    PrintKind.ORDINARY: "市民税・県民税・森林環境税 税額決定通知書",
    PrintKind.EMPLOYER: "市民税・県民税・森林環境税 特別徴収税額の決定通知書（特別徴収義務者用）",
    PrintKind.EMPLOYEE: "市民税・県民税・森林環境税 特別徴収税額の決定通知書（納税義務者用）",
    PrintKind.DECLARATION: "市民税・県民税の申告のお願い",
    PrintKind.INQUIRY: "扶養親族等についての照会",
}
_TAX_WORDS = "市民税・県民税・森林環境税"
_ROWS_A_SHEET = 24


@dataclass(frozen=True, slots=True)
class Part:
    """分冊の中身: the document, its pages, the sum of the tax, whom it is about; ``copies``: letters of few shapes."""

    document: dict[str, Any]
    pages: int
    amount: int
    people: list[str]
    copies: bool


def part_of(kind: PrintKind, tax_year: int, notices: Sequence[PrintedNotice], serial: str, at: datetime) -> Part:
    """一分冊: ``notices`` in their order, none of them held."""
    sets, people = _MAKERS[kind](tax_year, notices)
    for one in sets:
        one["serial"] = Blank(serial)
    document = {
        "title": TITLES[kind], "kind": LAYOUTS[kind], "year": year_words(tax_year), "serial": serial,
        "dated": [at.year, at.month, at.day], "dated_words": format_wareki(at.date()), "mayor": "川口市長",
        "office": "理財部 市民税課", "tax_words": _TAX_WORDS, "objection": OBJECTION, "sets": sets,
    }  # fmt: skip
    pages, amount = sum(one["pages"] for one in sets), sum(one.amount for one in notices)
    return Part(document, pages, amount, people, kind in _COPIED)


# --- 普通徴収 -------------------------------------------------------------------------------------------------


def _ordinary(tax_year: int, notices: Sequence[PrintedNotice]) -> tuple[list[dict[str, Any]], list[str]]:
    decisions = TaxDecision.objects.defer("inputs").in_bulk([one.decision_id for one in notices if one.decision_id])
    people = resident_view.by_numbers([one.subject for one in notices])
    withheld = _withheld([one.subject for one in notices], tax_year)
    dates = instalments.due_dates("ordinary", tax_year)
    due_words = [format_wareki(day) for day in dates]
    sets: list[dict[str, Any]] = []
    for notice in notices:
        decision = decisions[notice.decision_id or 0]
        pension = withheld.get(notice.subject)
        amounts = _ordinary_amounts(decision, pension)
        schedule = [["納期", "税額", "納期限"]]
        schedule += [[spread.label("ordinary", i), Blank(yen(v)), due_words[i]] for i, v in enumerate(amounts) if v]
        if pension:
            schedule += _pension_lines(pension)
        sets.append(
            {
                **_to(people[notice.subject]), "number": Blank(f"{decision.pk:010}"),
                "sequence": Blank(f"{notice.sequence:07}"),
                "figures": [[label, Blank(yen(getattr(decision, name)))] for label, name in FIGURES],
                "schedule": schedule,
                "slips": [
                    slip(tax_year, f"{decision.pk:010}", index, amount, dates[index])
                    for index, amount in enumerate(amounts) if amount
                ],
            }
        )  # fmt: skip
    draw([part for one in sets for part in one["slips"]])
    for one in sets:
        one["pages"] = 2 if one["slips"] else 1
    return sets, [one.subject for one in notices]


def _ordinary_amounts(decision: TaxDecision, pension: Mapping[str, Any] | None) -> list[int]:
    if pension is None:
        return list(decision.instalments)
    rest = list(pension["rest"]) or [0] * 4
    for index, amount in enumerate(pension["ordinary"]):
        rest[index] += amount
    return rest


def _pension_lines(pension: Mapping[str, Any]) -> list[list[str]]:
    lines = []
    for months, name in ((("4月", "6月", "8月"), "provisional"), (("10月", "12月", "2月"), "main")):
        lines += [
            [f"年金から（{m}）", Blank(yen(v)), "年金の支払日"]
            for m, v in zip(months, pension[name], strict=False)
            if v
        ]
    return lines


def _withheld(subjects: Sequence[str], tax_year: int) -> dict[str, dict[str, Any]]:
    with connections[USING].cursor() as cursor:
        cursor.execute(
            "select atena_number, ordinary, provisional, main, rest from pension_withholding "
            "where tax_year = %s and atena_number = any(%s) and state in ('4', '5', '7')",
            [tax_year, list(subjects)],
        )
        names = ("ordinary", "provisional", "main", "rest")
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in cursor.fetchall()}


# --- 給与特別徴収 -----------------------------------------------------------------------------------------------------


def _employee(tax_year: int, notices: Sequence[PrintedNotice]) -> tuple[list[dict[str, Any]], list[str]]:
    decisions = TaxDecision.objects.defer("inputs").in_bulk([one.decision_id for one in notices if one.decision_id])
    people = resident_view.by_numbers([one.subject for one in notices])
    withheld = _withheld([one.subject for one in notices], tax_year)
    agents = WithholdingAgent.objects.in_bulk({one.payer_number for one in decisions.values()})
    sets = []
    for notice in notices:
        decision = decisions[notice.decision_id or 0]
        pension = withheld.get(notice.subject)
        agent = agents.get(decision.payer_number)
        sets.append(
            {
                **_to(people[notice.subject]), "number": Blank(f"{decision.pk:010}"),
                "sequence": Blank(f"{notice.sequence:07}"),
                "payer_number": Blank(decision.payer_number), "payer": Blank(agent.name if agent else "（名称未登録）"),
                "pages": 1,
                "figures": [[label, Blank(yen(getattr(decision, name)))] for label, name in FIGURES]
                + _from_pension(decision, pension),
                "schedule": _months(pension["rest"] if pension else decision.instalments),
            }
        )  # fmt: skip
    return sets, [one.subject for one in notices]


def _from_pension(decision: TaxDecision, pension: Mapping[str, Any] | None) -> list[list[str]]:
    if pension is None:
        return []
    return [["うち年金から差し引く額", Blank(yen((decision.total_tax or 0) - sum(pension["rest"])))]]


def _months(amounts: Sequence[int]) -> list[list[str]]:
    words = [spread.label("salary", index) for index in range(12)]
    money: list[str] = [Blank(yen(amount)) for amount in amounts] or [""] * 12
    return [words[:6], money[:6], words[6:], money[6:]]


_EMPLOYEES = """
select d.payer_number, r.name, d.atena_number, d.total_tax, coalesce(w.rest, d.instalments) as months
from tax_decision d join integrated.resident_tax__resident r on r.atena_number = d.atena_number
left join pension_withholding w on w.atena_number = d.atena_number and w.tax_year = d.tax_year
    and w.state in ('4', '5', '7')
where d.tax_year = %s and d.payer_number = any(%s) and d.method = '2' and upper_inf(d.recorded_period)
and d.total_tax > 0 order by d.payer_number, r.kana_sort, d.atena_number
"""


def _employer(tax_year: int, notices: Sequence[PrintedNotice]) -> tuple[list[dict[str, Any]], list[str]]:
    numbers = [one.subject for one in notices]
    agents = WithholdingAgent.objects.in_bulk(numbers)
    with connections[USING].cursor() as cursor:
        cursor.execute(_EMPLOYEES, [tax_year, numbers])
        rows = cursor.fetchall()
    employees: dict[str, list[tuple[Any, ...]]] = {}
    for payer, *rest in rows:
        employees.setdefault(payer, []).append(tuple(rest))
    sets = []
    for notice in notices:
        own, agent = employees.get(notice.subject, []), agents.get(notice.subject)
        head = ["氏名", "受給者番号", "年税額", "6月", "7月以降"]
        lines = [[name, atena[-8:], yen(sum(months)), yen(months[0]), yen(months[1])]
                 for name, atena, _total, months in own]  # fmt: skip
        sheets = [[head, *lines[i : i + _ROWS_A_SHEET]] for i in range(0, max(len(lines), 1), _ROWS_A_SHEET)]
        sums = [sum(months[index] for *_, months in own) for index in range(12)]
        sets.append(
            {
                "postal": "", "address": lines_of(agent.address) if agent else [],
                "name": agent.name if agent else "（名称未登録）",
                "payer_number": notice.subject, "people": f"{len(own):,}人", "total": yen(sum(sums)),
                "sheets": sheets, "schedule": _months(sums), "pages": len(sheets), "sequence": f"{notice.sequence:07}",
            }
        )  # fmt: skip
    return sets, [row[2] for row in rows]


# --- 手紙 -------------------------------------------------------------------------------------------------------------


def _declaration(tax_year: int, notices: Sequence[PrintedNotice]) -> tuple[list[dict[str, Any]], list[str]]:
    people = resident_view.by_numbers([one.subject for one in notices])
    limit = next_open_day(date(tax_year, 3, 15))  # a closed day moves it on (地方税法20条の5)
    by = f"{format_wareki(limit)}までに申告してください"
    if clock.today() > limit:
        by = f"申告の期限（{format_wareki(limit)}）は過ぎていますが、申告は今からでもできます。すぐに申告してください"
    income = year_words(tax_year - 1).removesuffix("年度") + "年"
    paragraphs = [
        (
            f"あなたの{income}中の所得について、市に資料が届いていません。所得がなかった方も、申告が必要です"
            f"（地方税法317条の2）。{by}。"
        ),
        (
            "申告がないと、所得が分からない（未申告）ものとして扱い、課税（非課税）証明書を交付できません。"
            "国民年金保険料の免除など、所得によって決まる手続もできません。"
        ),
        "所得がなかった方は、下の回答欄に記入し、この書面を市民税課へ返送するか、窓口へお出しください。",
        "すでに確定申告書または住民税申告書を出した方、給与支払報告書が出ている方は、行き違いですのでご容赦ください。",
    ]
    answer = [
        f"□ {income}中の所得はありません",
        "　　生活費　□ 親族の援助　□ 預貯金　□ 障害・遺族年金　□ その他（　　　　　　　　　　　）",
        "□ 所得がありました（源泉徴収票などを添えて、住民税申告書を出してください）",
        "氏名　　　　　　　　　　　　　　　　電話　　　　　　　　　　　　　　　　令和　　年　　月　　日",
    ]
    sets = [
        {**_to(people[one.subject]), "sequence": Blank(f"{one.sequence:07}"), "pages": 1, "paragraphs": paragraphs,
         "rows": [], "answer": answer}
        for one in notices
    ]  # fmt: skip
    return sets, [one.subject for one in notices]


def _inquiry(tax_year: int, notices: Sequence[PrintedNotice]) -> tuple[list[dict[str, Any]], list[str]]:
    subjects = [one.subject for one in notices]
    with connections[USING].cursor() as cursor:
        cursor.execute(
            f"{CHECKS_SQL} select claimant, dependant, what from found where claimant = any(%(subjects)s) "
            "order by claimant, dependant, what",
            {**check_values(tax_year), "subjects": subjects},
        )
        found = cursor.fetchall()
    people = resident_view.by_numbers({number for row in found for number in row[:2]} | set(subjects))
    rows: dict[str, list[list[str]]] = {}
    for claimant, dependant, what in found:
        who = people.get(dependant)
        rows.setdefault(claimant, [["扶養している方", "生年月日", "確認したいこと", "回答"]]).append(
            [who.name if who else dependant, format_wareki(who.birth_date) if who else "", CHECK_KINDS[what],
             "□ 申告のとおり　□ 取り消す"]
        )  # fmt: skip
    paragraphs = [
        (
            "あなたが申告した扶養親族等について、次のとおり確認が必要です。回答欄に印をつけ、この照会書を返送してください"
            "（地方税法298条）。回答がないときは、市の調査により扶養を認めないことがあります。"
        )
    ]
    answer = ["事情　　　　　　　　　　　　　　　　　　　　　　　　　　　　　　",
              "氏名　　　　　　　　　　　　　　電話　　　　　　　　　　　　　　令和　　年　　月　　日"]  # fmt: skip
    sets = [
        {**_to(people[one.subject]), "sequence": Blank(f"{one.sequence:07}"), "pages": 1, "paragraphs": paragraphs,
         "rows": rows.get(one.subject, []), "answer": answer}
        for one in notices
    ]  # fmt: skip
    return sets, sorted({number for row in found for number in row[:2] if number in people})


def _to(resident: Resident) -> dict[str, Any]:
    postal = f"{resident.postal_code[:3]}-{resident.postal_code[3:]}" if resident.postal_code else ""
    return {"postal": Blank(postal), "address": lines_of(resident.full_address), "name": Blank(resident.name)}


_MAKERS = {
    PrintKind.ORDINARY: _ordinary, PrintKind.EMPLOYER: _employer, PrintKind.EMPLOYEE: _employee,
    PrintKind.DECLARATION: _declaration, PrintKind.INQUIRY: _inquiry,
}  # fmt: skip
_COPIED = (PrintKind.ORDINARY, PrintKind.EMPLOYEE, PrintKind.DECLARATION)
"""Letters of the same few shapes; an employer's list and an inquiry have as many shapes as letters."""
