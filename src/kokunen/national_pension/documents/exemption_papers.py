"""免除の申請書: applications as the data of the layout. Every value is text, ready to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from kokunen.common_platform.printing import Blank
from kokunen.kernel.wareki import format_wareki
from kokunen.national_pension.documents.rendering import render, render_run
from kokunen.national_pension.exemption_choices import RESULT_WORDS
from kokunen.national_pension.models import ExemptionApplication
from kokunen.national_pension.resident_view import Resident


def exemption_forms(
    applications: Sequence[ExemptionApplication], *, resident: Resident, number: str, serial: str, at: datetime
) -> bytes:
    """申請書: one page an application. The address of a protected person is not printed."""
    data = {
        "forms": [_form(one) for one in applications],
        **_person(resident, number),
        "serial": serial,
        "serial_line": f"発行番号 {serial}",
        "printed": _printed(at),
    }
    return render("exemption_form.typ", data, at)


def exemption_run(
    applications: Sequence[tuple[ExemptionApplication, Resident, str]], *, serial: str, at: datetime
) -> bytes:
    """申請書の一括印刷: a page an application (with resident and 基礎年金番号), set once and filled in."""
    return print_run([run_page(_person(who, number), _form(one), serial) for one, who, number in applications], at=at)


def print_run(pages: Sequence[Mapping[str, Any]], *, at: datetime) -> bytes:
    """一括印刷: the pages of `run_page` as one file."""
    return render_run("exemption_run.typ", "国民年金 免除等申請書", {"sets": pages, "printed": _printed(at)}, at)


def run_page(person: Mapping[str, str], form: Mapping[str, Any], serial: str) -> dict[str, Any]:
    """一括印刷の1枚: what differs from person to person is filled in; long words set a page of their own."""
    return {
        **{name: _filled(value, _ROOM[name]) for name, value in person.items()},
        **form,
        "receipt": Blank(form["receipt"]),
        "persons": [
            [row[0], _filled(row[1], _NAME), *(_filled(row[at], _AMOUNT) for at in (2, 3)), *row[4:]]
            for row in form["persons"]
        ],
        "serial": Blank(serial),
    }


_ROOM = {"name": 28, "kana": 40, "birth": 13, "number": 12, "address": 36, "phone": 13}
"""字数: what each cell of the form takes in one line."""
_NAME, _AMOUNT = 11, 13


def _filled(words: str, room: int) -> str:
    return Blank(words) if len(words) <= room else words


def _person(resident: Resident, number: str) -> dict[str, str]:
    return {
        "name": resident.name,
        "kana": resident.name_kana,
        "birth": resident.birth_text or format_wareki(resident.birth_date),
        "number": f"{number[:4]}-{number[4:]}" if number else "（個人番号による届出）",
        "address": "（支援措置により記載しません）" if resident.protected else resident.full_address,
        "phone": "" if resident.protected else resident.telephone,
    }


def _printed(at: datetime) -> str:
    return f"{format_wareki(at.date())} {at:%H:%M}"


def _form(one: ExemptionApplication) -> dict[str, Any]:
    judgement = one.judgement
    return {
        "title": one.receipt.get_kind_display(),
        "receipt": one.receipt.receipt_number,
        "received": format_wareki(one.receipt.received_on),
        "cycle": str(judgement.get("cycle", "")),
        "income_label": str(judgement.get("income", "")),
        "months": f"{_month(one.first_month)} から {_month(one.last_month)} まで",
        "wished": "、".join(RESULT_WORDS[kind] for kind in RESULT_WORDS if kind in one.wished) or "指定なし",
        "ground": one.get_special_ground_display(),
        "continues": "希望する" if one.continue_wished else "希望しない",
        "school": one.school,
        "persons": [
            [
                row["who"],
                row["name"],
                row["income"] or "―",
                row["base"] or "―",
                row["dependants"] or "―",
                row["ground"] or row["status"],
                row["source"],
            ]
            for row in judgement.get("persons", ())
        ],
        "segments": [
            f"{_dashed(row['first'])} 〜 {_dashed(row['last'])}（{row['months']}か月） {row['word']}"
            for row in judgement.get("segments", ())
        ],
        "missing": list(one.receipt.missing_papers),
    }


def _dashed(month: str) -> str:
    return _month(date.fromisoformat(f"{month}-01"))


def _month(day: Any) -> str:
    return "" if day is None else format_wareki(day).removesuffix("1日")
