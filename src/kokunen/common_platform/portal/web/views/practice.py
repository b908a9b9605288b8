"""入力の練習: every part of the screens with an invented person, for a clerk's first week and for builders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.services.drafts import draft_discard
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import ImpreciseDateField, KanaField, NumberField, WarekiDateField
from kokunen.kernel.calendar import filing_deadline
from kokunen.kernel.numbers import AtenaNumber
from kokunen.kernel.wareki import format_wareki

PERSON: dict[str, Any] = {
    "name": "練習 太郎",
    "kana": "レンシュウ タロウ",
    "birth_ja": "昭和60年5月12日",
    "age": 41,
    "sex_ja": "男",
    "atena_number": AtenaNumber.complete("99000000000001").value,
    "marks": [("練習用", "info")],
    "extra": [("現在", "第1号(令和3年4月1日から)")],
}
REASONS = [("abroad", "国外へ転出"), ("retired", "会社を退職"), ("other", "その他")]


class PracticeForm(forms.Form):
    """練習の届出"""

    event_on = WarekiDateField(
        label="異動日", latest="today", help_text="R8.11.24、081124、8/11/24、20261124、今日、-3 のどれでも読めます。"
    )
    birth = ImpreciseDateField(label="生年月日", required=False, help_text="分からない部分は - で: S55.4.-")
    kana = KanaField(label="氏名カナ", help_text="ひらがなや半角でも、カタカナに直ります。")
    number = NumberField(label="宛名番号", kind="atena", required=False, help_text="15桁。最後の桁が検査数字です。")
    reason = forms.ChoiceField(label="事由", choices=REASONS, widget=forms.RadioSelect)
    note = forms.CharField(label="備考", required=False, widget=forms.Textarea(attrs={"rows": 2}))


@page()
@require_http_methods(["GET", "POST"])
def practice(request: StaffRequest) -> HttpResponse:
    """入力の練習: nothing is registered"""
    form = PracticeForm(request.POST or None)
    done = request.method == "POST" and form.is_valid()
    if done:
        draft_discard(request.user, screen=request.access_context.screen, subject=PERSON["atena_number"])
    context = {
        "form": form,
        "done": done,
        "values": _read_back(form) if done else [],
        "person": PERSON,
        "tabs": [("input", "入力", reverse("portal:practice")), ("parts", "部品", reverse("portal:practice_parts"))],
    }
    return render(request, "portal/practice.html", context, status=422 if form.errors else 200)


@page(screen="portal.practice")
@require_POST
def practice_effects(request: StaffRequest) -> HttpResponse:
    """続いて起こること: what follows from the input so far, live"""
    form = PracticeForm(request.POST)
    form.is_valid()
    day = form.cleaned_data.get("event_on")
    deadline = filing_deadline(day) if day else None
    return render(request, "portal/practice_effects.html", {"day": day, "deadline": deadline, "today": clock.today()})


@page()
@require_http_methods(["GET"])
def practice_parts(request: StaffRequest) -> HttpResponse:
    """部品の見本"""
    rows = [
        ("練習 太郎", "レンシュウ タロウ", "S60.5.12", 3),
        ("見本 花子", "ミホン ハナコ", "S63.3.3", 2),
        ("例 一郎", "レイ イチロウ", "H30.7.7", 1),
    ]
    cells = [{"letter": w, "state": s, "title": t} for w, s, t in _MONTHS]
    context = {
        "person": PERSON,
        "rows": rows,
        "years": [{"label": "R7年度", "cells": cells}, {"label": "R8年度", "cells": list(reversed(cells))}],
        "legend": [
            ("納", "paid", "納付"),
            ("全", "exempt", "全額免除"),
            ("半", "partial", "一部免除"),
            ("未", "unpaid", "未納"),
        ],
        "steps": [
            ("会社を辞めた日の翌日に厚生年金の資格を失います。", "厚年法14条"),
            ("同じ日に第1号被保険者になります。", "国年法8条"),
        ],
        "tabs": [("input", "入力", reverse("portal:practice")), ("parts", "部品", reverse("portal:practice_parts"))],
    }
    return render(request, "portal/practice_parts.html", context)


_MONTHS = (
    *[("納", "paid", "納付済み")] * 4,
    *[("全", "exempt", "全額免除")] * 3,
    *[("半", "partial", "半額免除")] * 2,
    ("未", "unpaid", "未納"),
    ("可", "open", "まだ申請できます"),
    ("猶", "deferred", "納付猶予"),
)


def _read_back(form: PracticeForm) -> list[tuple[str, str]]:
    values = form.cleaned_data
    return [
        ("異動日", format_wareki(values["event_on"], weekday=True)),
        ("生年月日", str(values["birth"] or "")),
        ("氏名カナ", values["kana"]),
        ("宛名番号", values["number"]),
        ("事由", dict(REASONS)[values["reason"]]),
        ("備考", values["note"]),
    ]
