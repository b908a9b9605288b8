"""番号と名寄せの画面: inquiry by number, the tree of a 宛名, reveal, candidates, links."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.nonresident_registry import perms, queries
from kokunen.nonresident_registry.choices import LinkState
from kokunen.nonresident_registry.services import merging
from kokunen.nonresident_registry.services import numbers as number_services
from kokunen.nonresident_registry.services.authenticity import BasicItems, check_authenticity
from kokunen.nonresident_registry.web.forms import BindForm, ChangeNumberForm, CheckForm, LinkForm, ReasonForm
from kokunen.nonresident_registry.web.views import band_of, tabs_of

_PURPOSE = "number_management"


@page(permission=perms.NUMBER_MANAGE, purpose=_PURPOSE, personal=True)
def inquiry(request: StaffRequest) -> HttpResponse:
    """番号の照会 (S5-4): by 個人番号, 法人番号 or 宛名番号; the number comes by POST and is never sent back."""
    found, error = None, None
    if request.method == "POST":
        try:
            found = queries.find_by_number(context=request.access_context, text=request.POST.get("q", ""))
        except InputError as refused:
            error = refused
        if found and len(found) == 1:
            return HttpResponseRedirect(reverse("nonresident_registry:numbers", args=[found[0].atena_number]))
    context = {"found": found, "error": error}
    return render(request, "nonresident_registry/inquiry.html", context, status=422 if error else 200)


@page(permission=perms.NUMBER_MANAGE, purpose=_PURPOSE, personal=True)
def numbers(request: StaffRequest, atena_number: str) -> HttpResponse:
    """番号の木: bindings, checks, parent and children; binding and checking below."""
    act = request.POST.get("act", "")
    bind = BindForm(request.POST if act == "bind" else None, prefix="bind")
    check = CheckForm(request.POST if act == "check" else None, prefix="check")
    change = ChangeNumberForm(request.POST if act == "change" else None, prefix="change")
    chosen: Form | None = {"bind": bind, "check": check, "change": change}.get(act)
    if chosen is not None and chosen.is_valid():
        try:
            _carry_out(request, atena_number, act, chosen)
        except KokunenError as refused:
            add_error(chosen, refused, "number_kind")
        else:
            return HttpResponseRedirect(reverse("nonresident_registry:numbers", args=[atena_number]))
    tree = queries.get_number_tree(context=request.access_context, atena_number=atena_number)
    nodes = (tree, *tree.children)
    subject = next(node.subject for node in nodes if node.subject.atena_number == atena_number)
    steps = queries.get_steps(context=request.access_context, atena_number=atena_number)
    context = {
        "tree": tree,
        "nodes": nodes,
        "person": band_of(subject),
        "tabs": [] if subject.is_resident else tabs_of(atena_number, request.portal.permissions),
        "bind": bind,
        "check": check,
        "change": change if _holds_a_number(nodes, atena_number) else None,
        "reveal": ReasonForm(),
        "steps": steps,
        "atena_number": atena_number,
        "may_reveal": perms.NUMBER_REVEAL in request.portal.permissions,
    }
    status = 422 if chosen is not None and chosen.errors else 200
    return render(request, "nonresident_registry/numbers.html", context, status=status)


def _holds_a_number(nodes: Sequence[queries.NumberNode], atena_number: str) -> bool:
    own = next(node for node in nodes if node.subject.atena_number == atena_number)
    return any(line.until is None for line in own.bindings)


def _carry_out(request: StaffRequest, atena_number: str, act: str, form: Form) -> None:
    sent = form.cleaned_data
    if act == "bind":
        number_services.register_number(
            context=request.access_context,
            atena_number=atena_number,
            number=sent["number"],
            number_kind=sent["number_kind"],
            source=sent["source"],
            same_person=sent["same_person"],
        )
        messages.success(request, "番号を登録しました。真正性の確認をしてください。")
        return
    if act == "change":
        number_services.change_number(
            context=request.access_context,
            atena_number=atena_number,
            number=sent["number"],
            number_kind=sent["number_kind"],
            source=sent["source"],
        )
        messages.success(request, "番号を変更しました。新しい番号の真正性を確認してください。")
        return
    obtained = None
    if sent["name"]:
        obtained = BasicItems(sent["name"], sent["name_kana"], sent["birth_date"], sent["sex"] or "0", sent["address"])
    done = check_authenticity(
        context=request.access_context,
        atena_number=atena_number,
        number_kind=sent["number_kind"],
        means=sent["means"],
        obtained=obtained,
    )
    messages.info(request, f"確認の結果: {done.get_result_display()}")


@page(permission=perms.NUMBER_REVEAL, purpose=_PURPOSE, personal=True)
@require_POST
def reveal(request: StaffRequest, atena_number: str, number_kind: str) -> HttpResponse:
    """番号の表示: once, for the reason given; the page is not kept."""
    digits = number_services.reveal_number(
        context=request.access_context,
        atena_number=atena_number,
        number_kind=number_kind,
        reason=request.POST.get("reason", ""),
    )
    subject = queries.find_subject(atena_number)
    shown = " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))
    context = {"shown": shown, "person": band_of(subject) if subject else None, "atena_number": atena_number}
    return render(request, "nonresident_registry/reveal.html", context)


@page(permission=perms.MERGE_DECIDE, purpose=_PURPOSE, personal=True)
def proposals(request: StaffRequest) -> HttpResponse:
    """名寄せ候補の一覧: strongest first."""
    lines, following = queries.find_proposals(context=request.access_context, after=request.GET.get("after", ""))
    asked = queries.find_links(context=request.access_context, states=(LinkState.ASKED, LinkState.ENDING))
    context = {"lines": lines, "following": following, "asked": asked}
    return render(request, "nonresident_registry/proposals.html", context)


@page(permission=perms.MERGE_DECIDE, purpose=_PURPOSE, personal=True)
def proposal(request: StaffRequest, proposal_id: int) -> HttpResponse:
    """名寄せ候補: both records side by side, the reasons item by item, and the decision."""
    line = queries.get_proposal_line(context=request.access_context, proposal_id=proposal_id)
    both = (line.first, line.second)
    may_lead = [subject for subject in both if subject.is_resident] or list(both)
    choices = [(s.atena_number, f"{s.name}（{s.atena_number}）") for s in may_lead]
    act = request.POST.get("act", "")
    link = LinkForm(request.POST if act == "link" else None, prefix="link", choices=choices)
    other = ReasonForm(request.POST if act == "different" else None, prefix="different")
    chosen: Form | None = {"link": link, "different": other}.get(act)
    if chosen is not None and chosen.is_valid():
        try:
            if act == "link":
                parent = link.cleaned_data["parent"]
                child = next(s.atena_number for s in both if s.atena_number != parent)
                merging.ask_link(
                    context=request.access_context,
                    parent=parent,
                    child=child,
                    reason=link.cleaned_data["reason"],
                    proposal=line.proposal,
                )
                messages.success(request, "名寄せを申請しました。別の職員の承認で有効になります。")
            else:
                merging.decide_different(
                    context=request.access_context, proposal_id=proposal_id, words=other.cleaned_data["reason"]
                )
                messages.success(request, "別人として記録しました。")
        except KokunenError as refused:
            add_error(chosen, refused, "reason")
        else:
            return HttpResponseRedirect(reverse("nonresident_registry:proposals"))
    context = {"line": line, "both": both, "link": link, "different": other}
    status = 422 if chosen is not None and chosen.errors else 200
    return render(request, "nonresident_registry/proposal.html", context, status=status)


_STEPS: dict[str, tuple[Callable[..., object], str]] = {
    "approve": (merging.approve_link, "名寄せを承認しました。"),
    "approve_end": (merging.approve_unlink, "名寄せを解除しました。"),
}


@page(permission=perms.MERGE_DECIDE, purpose=_PURPOSE, personal=True)
@require_POST
def step(request: StaffRequest, link_id: int) -> HttpResponse:
    """名寄せの承認・差戻し・解除."""
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")
    if act in _STEPS:
        service, words = _STEPS[act]
        service(context=request.access_context, link_id=link_id)
    elif act == "end":
        merging.ask_unlink(context=request.access_context, link_id=link_id, reason=reason)
        words = "解除を申請しました。別の職員の承認で解除されます。"
    else:
        merging.reject_link(context=request.access_context, link_id=link_id, words=reason)
        words = "差し戻しました。"
    messages.success(request, words)
    return HttpResponseRedirect(reverse("nonresident_registry:links"))


@page(permission=perms.MERGE_DECIDE, purpose=_PURPOSE, personal=True)
def links(request: StaffRequest) -> HttpResponse:
    """名寄せの一覧: what waits for approval and what is in force."""
    states = (LinkState.ASKED, LinkState.ENDING, LinkState.LIVE)
    lines = queries.find_links(context=request.access_context, states=states)
    context = {"lines": lines, "me": request.access_context.staff_number, "states": LinkState}
    return render(request, "nonresident_registry/links.html", context)
