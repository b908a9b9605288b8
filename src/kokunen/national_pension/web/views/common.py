"""画面の共通部分: the band of the person, the tabs, steps as the screens show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.access import StaffRequest
from kokunen.kernel.errors import InputError
from kokunen.kernel.wareki import format_wareki, parse_date
from kokunen.national_pension.catalogue import counter_forms
from kokunen.national_pension.choices import LOSS_REASONS, SEXES, SHORT_TYPE_LABELS, NoticeKind
from kokunen.national_pension.forms_of_law import OFFERED_FORMS
from kokunen.national_pension.handlers.registry import handler_of
from kokunen.national_pension.queries.persons import Person
from kokunen.national_pension.services import claims

PURPOSE = "pension_qualification"
CLAIM_FORMS = frozenset(NoticeKind(code) for code in claims.KINDS)
"""裁定請求: their estimate comes before the reception."""
REPORT_PURPOSE = "pension_report"


def band_of(person: Person) -> dict[str, Any]:
    """人の帯: who is on the desk, with what is insured today and the marks."""
    resident = person.resident
    marks: list[tuple[str, str]] = []
    if resident.protected:
        marks.append(("支援措置", "bad"))
    if resident.is_foreign:
        marks.append(("外国人", "info"))
    if resident.status == "3":
        marks.append(("死亡", "warn"))
    elif not resident.is_living_here:
        marks.append(("除票", "warn"))
    elif resident.departure_on and resident.departure_on >= clock.today():
        marks.append((f"転出予定 {format_wareki(resident.departure_on)}", "warn"))
    current = person.current
    state = person.current_words
    if current is not None:
        state += f"（{format_wareki(current.acquired_on)}から）"
        if current.lost_on:
            state += f" {format_wareki(current.lost_on)}に{LOSS_REASONS.label(current.loss_reason)}で喪失予定"
    return {
        "name": resident.name,
        "kana": resident.name_kana,
        "birth_ja": resident.birth_text or format_wareki(resident.birth_date),
        "age": person.age,
        "sex_ja": SEXES.label(resident.sex),
        "atena_number": resident.atena_number,
        "marks": marks,
        "extra": [("基礎年金番号", person.basic_pension_number or "なし"), ("現在", state)],
    }


def tabs_of(atena_number: str) -> list[tuple[str, str, str]]:
    """見出し札 of a person."""
    names = (
        ("overview", "概要", "person"),
        ("qualification", "資格", "qualification"),
        ("exemptions", "免除", "exemptions"),
        ("household", "世帯・所得", "household"),
        ("claims", "裁定請求", "claims"),
        ("talks", "相談・照会", "talks"),
        ("history", "履歴", "history"),
    )
    return [(code, words, reverse(f"national_pension:{name}", args=[atena_number])) for code, words, name in names]


_ANYBODY = "0" * 15  # no 宛名番号: its check digit would be another


def notice_entries(atena_number: str, purpose: str = "") -> SafeString:
    """届書の入口: the card of the forms that may be begun for a person, by task; the group of `purpose` stands open."""
    card = _entries_card(ENTRIES_OF_PURPOSE.get(purpose, ""))
    return mark_safe(card.replace(_ANYBODY, escape(atena_number)))


@lru_cache(maxsize=8)
def _entries_card(opened: str) -> str:
    """届書の入口 of anybody: the same thirty links for every person but for the number, so they are written once."""
    context = {"entries": _entries(), "entries_open": opened}
    return render_to_string("national_pension/_entries.html", context)


def _entries() -> list[tuple[str, list[tuple[str, str]]]]:
    """届書の入口 of anybody: (heading, [(words, address)])."""
    found: dict[str, list[tuple[str, str]]] = {}
    for form in counter_forms():
        found.setdefault(_HEADINGS[form.task], []).append(
            (form.kind.label, form_address(form.kind, _ANYBODY, estimate=False))
        )
    return list(found.items())


_HEADINGS = {
    "T1": "資格・氏名・住所",
    "T2": "記録・付加・再交付",
    "T3": "記録・付加・再交付",
    "T4": "記録・付加・再交付",
    "T5": "免除・猶予",
    "T6": "免除・猶予",
    "T7": "給付の請求",
    "T8": "給付の請求",
}


ENTRIES_OF_PURPOSE = {"pension_exemption": _HEADINGS["T5"], "pension_benefit": _HEADINGS["T7"]}
"""利用目的ごとに初めから開いておく届書の組"""


def form_address(kind: NoticeKind, atena_number: str, *, estimate: bool = True) -> str:
    """届書の入口: the sitting for exemptions, the estimate for claims if wanted, an own screen, or the common one."""
    if kind in (NoticeKind.EXEMPTION, NoticeKind.STUDENT):
        sitting = reverse("national_pension:exemption_new", args=[atena_number])
        return f"{sitting}?scheme=student" if kind is NoticeKind.STUDENT else sitting
    if estimate and kind in CLAIM_FORMS:
        return reverse("national_pension:claim", args=[atena_number, str(kind)])
    own = handler_of(kind).screen
    if own:
        return reverse(own, args=[atena_number])
    name = "notice_new" if kind in OFFERED_FORMS else "form_new"
    return reverse(f"national_pension:{name}", args=[atena_number, str(kind)])


def advice_links(lines: Iterable[Mapping[str, str]], atena_number: str) -> list[dict[str, str]]:
    """あわせて確認 with the address that begins each form, for this person."""
    return [
        {**line, "url": form_address(NoticeKind(line["form"]), atena_number) if line.get("form") else ""}
        for line in lines
    ]


_UNITS = {"month": "か月", "person": "人", "day": "日", "yen": "円"}


def steps_shown(steps: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """判断の過程 as sentences with their article, in the order of thinking."""
    shown = []
    for step in steps:
        value = step["value"]
        if value is None:
            words = "なし"
        elif step["unit"] == "date":
            words = format_wareki(date.fromisoformat(str(value)))
        elif step["unit"] == "year_month":
            words = month_ja(str(value))
        else:
            words = f"{value}{_UNITS.get(str(step['unit']), '')}"
        shown.append((f"{step['label_ja']}: {words}", str(step.get("article") or "")))
    return shown


def month_ja(month: str | None) -> str:
    """年月: 2026-10 → 令和8年10月."""
    if not month:
        return "なし"
    return format_wareki(date.fromisoformat(f"{month}-01")).removesuffix("1日")


def plan_shown(plan: Mapping[str, Any]) -> dict[str, Any]:
    """処理案 as rows for the screen: what ends, what begins, first and last months."""
    endings = [
        {
            "type": one["insured_type_ja"],
            "day": format_wareki(date.fromisoformat(one["lost_on"])),
            "reason": one["loss_reason_ja"],
            "month": month_ja(one["last_month"]),
        }
        for one in plan.get("endings", ())
    ]
    beginnings = [
        {
            "type": one["insured_type_ja"],
            "day": format_wareki(date.fromisoformat(one["acquired_on"])),
            "reason": one["acquisition_reason_ja"],
            "month": month_ja(one["first_month"]),
            "joins": one["joins"],
        }
        for one in plan.get("beginnings", ())
    ]
    expected = plan.get("expected_end_on")
    return {
        "endings": endings,
        "beginnings": beginnings,
        "sentences": plan.get("sentences", []),
        "article": plan.get("article", ""),
        "expected_end": format_wareki(date.fromisoformat(expected)) if expected else "",
        "expected_end_reason": plan.get("expected_end_reason_ja", ""),
        "fingerprint": plan.get("fingerprint", ""),
    }


def known_on_of(request: StaffRequest) -> tuple[date | None, str]:
    """基準日 of the request, and what was wrong with it in words."""
    text = request.GET.get("known_on", "").strip()
    if not text:
        return None, ""
    try:
        day = parse_date(text, clock.today())
    except InputError as error:
        return None, str(error)
    return (None, "") if day >= clock.today() else (day, "")


def period_rows(person: Person) -> list[dict[str, Any]]:
    """資格の履歴 as rows: latest first."""
    return [
        {
            "period": period,
            "type": SHORT_TYPE_LABELS[period.insured_type],
            "planned": period.acquired_on > clock.today(),
            "ends_later": bool(period.lost_on and period.lost_on > clock.today()),
        }
        for period in reversed(person.periods)
    ]
