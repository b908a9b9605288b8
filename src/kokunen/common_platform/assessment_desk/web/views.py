"""評価書の画面"""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kokunen.assessment import consistency, figures, presentation, queries
from kokunen.assessment.changes import AFTER, BEFORE, SIGNIFICANCE_JA, missing_reasons
from kokunen.assessment.document import PUBLISHED_EDITION, Document, load_document
from kokunen.assessment.file_register import entry_of
from kokunen.assessment.flows import Policy, compile_policy
from kokunen.assessment.models import ThresholdJudgement
from kokunen.assessment.services import versions
from kokunen.common_platform.assessment_desk import documents, perms, safeguards, storage
from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.queries import staff_names
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import WarekiDateField
from kokunen.common_platform.portal.web.responses import pdf
from kokunen.common_platform.safeguards.queries import serious_incident

_NAMES = {
    "national_pension": "国民年金システム",
    "resident_registry": "既存住民基本台帳システム（市民課）",
    "resident_tax": "個人住民税システム（市民税課）",
    "unified_atena": "団体内統合宛名システム",
    "nonresident_registry": "住登外管理システム",
    "default": "共通基盤（閲覧記録の点検）",
}


class NewDraftForm(forms.Form):
    """案の名前"""

    edition = forms.RegexField(
        label="版の名前",
        regex=r"[0-9A-Za-z-]{1,40}",
        help_text="半角の英数字とハイフン。例 2027-04-01",
        error_messages={"invalid": "半角の英数字とハイフンで入力してください。例 2027-04-01"},
    )


class PublishForm(forms.Form):
    """発効日"""

    effective_on = WarekiDateField(label="発効日")


@page(public=True)
def assessment(request: HttpRequest) -> HttpResponse:
    """評価書: what the city has published, for everybody."""
    if request.GET.get("format") == "pdf":
        return pdf(documents.form(), "assessment.pdf")
    in_force, document = queries.version_in_force(), queries.document_in_force()
    shown = {
        "title": document.value("cover.title"),
        "published": date.fromisoformat(str(document.value("cover.published"))),
        "effective_on": in_force.effective_on if in_force else None,
        "sections": presentation.sections(document),
        "appendix1": presentation.appendix1(document),
        "appendix2": presentation.appendix2(in_force),
        "published_versions": queries.find_published(),
        "first_published": date.fromisoformat(PUBLISHED_EDITION),
    }
    return render(request, "assessment_desk/assessment.html", shown)


@page(public=True)
def file_register(request: HttpRequest) -> HttpResponse:
    """個人情報ファイル簿 (個人情報保護法75条): made from the assessment in force, for everybody."""
    facts = entry_of(queries.document_in_force())
    return render(request, "assessment_desk/file_register.html", {"facts": facts})


@page(permission=perms.DESK_VIEW)
def desk(request: StaffRequest) -> HttpResponse:
    """机: live figures beside declared ones, what does not agree, open flows now and in the draft, versions."""
    document, draft_document = queries.document_in_force(), load_document("next-draft")
    now, then = compile_policy(document), compile_policy(draft_document)
    found = queries.find_versions()
    names = staff_names(number for one in found for number in (one.drafted_by, one.approved_by))
    listed = [(one, names.get(one.drafted_by, ""), names.get(one.approved_by, "")) for one in found]
    shown = {
        "document": document,
        "figures": figures.compare(document, figures.live_counts()),
        "judgement": ThresholdJudgement.objects.first(),
        "findings": [
            (one.words, [presentation.place_words(document, leaf) for leaf in one.where])
            for one in consistency.check(document)
        ],
        "flows": _flows(now, then, document),
        "views": storage.view_state(),
        "incidents": serious_incident(),
        "incidents_declared": document.value("III.7.risk1.serious_incident"),
        "versions": listed,
        "form": NewDraftForm(),
        "may_draft": perms.VERSION_DRAFT in request.portal.permissions,
    }
    return render(request, "assessment_desk/desk.html", shown)


@page(permission=perms.DESK_VIEW)
def form_with_figures(request: StaffRequest) -> HttpResponse:
    """様式3の控え: the form with the counts of this moment beside the declared ones."""
    compared = figures.compare(queries.document_in_force(), figures.live_counts())
    rows = [
        {
            "label": figure.label,
            "count": f"{figure.count:,}",
            "declared": figure.declared,
            "verdict": "記載を外れる" if not figure.fits else "上限に近い" if figure.near_end else "一致",
        }
        for figure in compared
    ]
    return pdf(documents.form(figures=rows), "assessment-figures.pdf")


@page(permission=perms.DESK_VIEW)
def controls(request: StaffRequest) -> HttpResponse:
    """保護措置: each promise of the assessment with its tests and its dated checks."""
    rows = safeguards.find_controls()
    held = sum(row.state != "missing" for row in rows)
    document = queries.document_in_force()
    placed = [
        (row, "、".join(presentation.place_words(document, one) for one in row.place.split(", "))) for row in rows
    ]
    return render(request, "assessment_desk/controls.html", {"rows": placed, "held": held})


@page(permission=perms.VERSION_DRAFT)
@require_POST
def draft(request: StaffRequest) -> HttpResponse:
    """案を作る"""
    form = NewDraftForm(request.POST)
    if not form.is_valid():
        return render(request, "assessment_desk/draft.html", {"form": form}, status=422)
    made = versions.draft_from_program(form.cleaned_data["edition"], context=request.access_context)
    return redirect("assessment_desk:version", made.edition)


@page(permission=perms.DESK_VIEW)
def version(request: StaffRequest, edition: str) -> HttpResponse:
    """版: its rows of 別添2, each with timing and reason."""
    found = queries.get_version(edition)
    changes = queries.find_changes(found)
    names = staff_names(
        (found.drafted_by, found.approved_by, *(one.get("decided_by", "") for one in found.decisions.values()))
    )
    rows = [
        {
            "change": change,
            "proposal": SIGNIFICANCE_JA[change.significance],
            "decision": found.decisions.get(change.leaf_id, {}),
            "decided_by": names.get(found.decisions.get(change.leaf_id, {}).get("decided_by", ""), ""),
        }
        for change in changes
        if change.leaf_id != "cover.published"
    ]
    held = request.portal.permissions
    open_version = found.state != "published"
    shown = {
        "version": found,
        "drafted_by": names.get(found.drafted_by, ""),
        "approved_by": names.get(found.approved_by, ""),
        "rows": rows,
        "missing": missing_reasons(changes, found.decisions) if open_version else [],
        "timings": (BEFORE, AFTER),
        "may_decide": open_version and perms.VERSION_DRAFT in held,
        "may_publish": open_version and perms.VERSION_PUBLISH in held,
        "form": PublishForm(initial={"effective_on": clock.today()}),
    }
    return render(request, "assessment_desk/version.html", shown)


@page(permission=perms.VERSION_DRAFT)
@require_POST
def decide(request: StaffRequest, edition: str) -> HttpResponse:
    """提出時期と説明を決める"""
    leaf = request.POST.get("leaf", "")
    versions.decide(
        edition,
        leaf,
        timing=request.POST.get("timing", ""),
        reason=request.POST.get("reason", ""),
        context=request.access_context,
    )
    return redirect("assessment_desk:version", edition)


@page(permission=perms.VERSION_PUBLISH)
@require_POST
def approve(request: StaffRequest, edition: str) -> HttpResponse:
    """承認する"""
    versions.approve(edition, context=request.access_context)
    return redirect("assessment_desk:version", edition)


@page(permission=perms.VERSION_PUBLISH)
@require_POST
def publish(request: StaffRequest, edition: str) -> HttpResponse:
    """公表する"""
    form = PublishForm(request.POST)
    if not form.is_valid():
        return render(request, "assessment_desk/draft.html", {"form": form}, status=422)
    versions.publish(edition, effective_on=form.cleaned_data["effective_on"], context=request.access_context)
    return redirect("assessment_desk:version", edition)


def _flows(now: Policy, then: Policy, document: Document) -> list[dict[str, object]]:
    """Every flow of the version in force or of the draft, with where it is open."""
    both = {**then.flows, **now.flows}
    return [
        {
            "source": _NAMES.get(flow.source, flow.source),
            "recipient": _NAMES.get(flow.recipient, flow.recipient),
            "channel": flow.channel,
            "basis": "、".join(presentation.place_words(document, one) for one in flow.basis),
            "now": flow_id in now.flows,
            "then": flow_id in then.flows,
        }
        for flow_id, flow in sorted(both.items())
    ]
