"""届出の画面: one view a paper; what happens in between stands in `desk_view`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kokunen.common_platform.portal.web import responses
from kokunen.common_platform.portal.web.access import StaffRequest, page
from kokunen.kernel.errors import KokunenError
from kokunen.resident_registry import documents, line_queries, perms, queries, services
from kokunen.resident_registry.choices import FilingKind, SupportKind, SupportReason
from kokunen.resident_registry.web import desk_view
from kokunen.resident_registry.web.band import band_of
from kokunen.resident_registry.web.forms import (
    BirthForm,
    DeathForm,
    HouseholdForm,
    MoveOutAbroadForm,
    MoveOutForm,
    NoticeForm,
    RelocationForm,
)
from kokunen.resident_registry.web.move_in_forms import (
    ExOfficioEntryForm,
    MoveInForm,
    PeopleFormSet,
    paper_of_certificate,
    people_of_certificate,
)
from kokunen.resident_registry.web.name_forms import AliasForm, FormerSurnameForm, KanaForm, NameForm
from kokunen.resident_registry.web.office_forms import (
    ArrivalForm,
    CancellationForm,
    CorrectionForm,
    NationalityForm,
    ReleaseForm,
    RemovalForm,
    ResidentCodeForm,
    RestorationForm,
    SupportForm,
)

NOTICE: dict[str, Any] = {"permission": perms.NOTICE_REGISTER, "purpose": "resident_notice", "personal": True}
OFFICE: dict[str, Any] = {"permission": perms.EX_OFFICIO_REGISTER, "purpose": "resident_correction", "personal": True}
SUPPORT: dict[str, Any] = {"permission": perms.SUPPORT_MANAGE, "purpose": "support_measure", "personal": True}
View = Callable[..., HttpResponse]


#: 除票の人にも登録できるもの.
_ALSO_REMOVED = frozenset({"restore", "correct", "arrival"})


def _notice(screen: str, form_class: type[NoticeForm], declared: dict[str, Any]) -> tuple[View, View]:
    """届出画面とその試算 of one paper."""

    def view(request: StaffRequest, atena_number: str) -> HttpResponse:
        desk = desk_view.open_person(request, atena_number)
        if screen not in _ALSO_REMOVED:
            desk_view.refuse_removed(request, desk)
        desk_view.take_provisional(request, desk, screen)
        form = desk_view.bind(request, form_class, desk)
        done = desk_view.settle(request, form, desk, screen) if request.method == "POST" else None
        preview_url = reverse(f"resident_registry:{screen}_preview", args=[atena_number])
        return done or desk_view.show(request, "resident_registry/notice.html", form, desk, preview_url=preview_url)

    def preview(request: StaffRequest, atena_number: str) -> HttpResponse:
        desk = desk_view.open_person(request, atena_number)
        return desk_view.try_out(request, desk_view.bind(request, form_class, desk, trying=True))

    view.__doc__ = f"{form_class.title}の画面."
    preview.__doc__ = f"{form_class.title}の試算."
    name = f"resident_registry.{screen}"
    return page(**declared, screen=name)(view), page(**declared, screen=f"{name}_preview")(preview)


move_out, move_out_preview = _notice("move_out", MoveOutForm, NOTICE)
move_out_abroad, move_out_abroad_preview = _notice("move_out_abroad", MoveOutAbroadForm, NOTICE)
relocate, relocate_preview = _notice("relocate", RelocationForm, NOTICE)
birth, birth_preview = _notice("birth", BirthForm, NOTICE)
death, death_preview = _notice("death", DeathForm, NOTICE)
household_change, household_change_preview = _notice("household_change", HouseholdForm, NOTICE)
remove, remove_preview = _notice("remove", RemovalForm, OFFICE)
correct, correct_preview = _notice("correct", CorrectionForm, OFFICE)


restore, restore_preview = _notice("restore", RestorationForm, OFFICE)
arrival, arrival_preview = _notice("arrival", ArrivalForm, NOTICE)
nationality, nationality_preview = _notice("nationality", NationalityForm, OFFICE)
name, name_preview = _notice("name", NameForm, OFFICE)
former_surname, former_surname_preview = _notice("former_surname", FormerSurnameForm, NOTICE)
alias, alias_preview = _notice("alias", AliasForm, NOTICE)
kana, kana_preview = _notice("kana", KanaForm, OFFICE)
resident_code, resident_code_preview = _notice("resident_code", ResidentCodeForm, NOTICE)


def _entry(screen: str, form_class: type[MoveInForm], declared: dict[str, Any]) -> tuple[View, View]:
    """人を記載する画面とその試算: as many people as the paper has; 1人追加 keeps what was typed."""

    def view(request: StaffRequest) -> HttpResponse:
        desk = desk_view.OnDesk()
        desk_view.take_provisional(request, desk, screen)
        people = PeopleFormSet(desk.kept, prefix="p") if desk.kept is not None else _people(request)
        form = desk_view.bind(request, form_class, desk, people=people)
        if request.method == "GET" and request.GET.get("certificate", "").isdigit():
            message = line_queries.find_certificate(
                context=request.access_context, message_id=int(request.GET["certificate"])
            )
            people = PeopleFormSet(prefix="p", initial=[people_of_certificate(one) for one in message.items["people"]])
            form = form_class(initial=paper_of_certificate(message.items), people=people)
        preview_url = reverse(f"resident_registry:{screen}_preview")
        shown = {"people": people, "preview_url": preview_url}
        if request.method == "POST" and request.POST.get("add_person"):
            form = form_class(initial=request.POST.dict(), people=people)
            return desk_view.show(request, "resident_registry/move_in.html", form, desk, status=200, **shown)
        valid = request.method != "POST" or people.is_valid()
        done = desk_view.settle(request, form, desk, screen, parts_valid=valid) if request.method == "POST" else None
        status = 422 if request.method == "POST" else 200  # a refusal may stand in the block of a person only
        return done or desk_view.show(request, "resident_registry/move_in.html", form, desk, status=status, **shown)

    def preview(request: StaffRequest) -> HttpResponse:
        people = PeopleFormSet(request.POST, prefix="p")
        form = desk_view.bind(request, form_class, desk_view.OnDesk(), trying=True, people=people)
        return desk_view.try_out(request, form, parts_valid=people.is_valid())

    view.__doc__ = f"{form_class.title}の画面."
    preview.__doc__ = f"{form_class.title}の試算."
    name = f"resident_registry.{screen}"
    return page(**declared, screen=name)(view), page(**declared, screen=f"{name}_preview")(preview)


def _people(request: StaffRequest) -> Any:
    """転入する人の欄: as many as were shown, and one more when asked for."""
    if request.method != "POST":
        return PeopleFormSet(prefix="p", initial=[{"relationship": "世帯主"}])
    if not request.POST.get("add_person"):
        return PeopleFormSet(request.POST, prefix="p")
    shown = int(request.POST.get("p-TOTAL_FORMS", "1") or 1)
    names = PeopleFormSet.form.base_fields
    typed = [{name: request.POST.get(f"p-{n}-{name}", "") for name in names} for n in range(shown)]
    last = typed[-1] if typed else {}
    typed.append({"domicile": last.get("domicile", ""), "domicile_head": last.get("domicile_head", "")})
    return PeopleFormSet(prefix="p", initial=typed)


move_in, move_in_preview = _entry("move_in", MoveInForm, NOTICE)
ex_officio_entry, ex_officio_entry_preview = _entry("ex_officio_entry", ExOfficioEntryForm, OFFICE)


# --- after registering -----------------------------------------------------------------------------------------------


@page(**NOTICE)
def event(request: StaffRequest, event_id: int) -> HttpResponse:
    """登録の結果: what was registered, 印刷, あわせて確認, 次の来庁者."""
    found = queries.get_event(
        context=request.access_context, event_id=event_id, sight=perms.sight_of(request.portal.permissions)
    )
    first = (*found.subjects, *found.followers)[0]
    context = {"found": found, "person": band_of(first), "number": first.row.atena_number}
    return render(request, "resident_registry/event.html", context)


@page(**NOTICE)
def receipt(request: StaffRequest, event_id: int) -> HttpResponse:
    """受付票の見本: the page with the made PDF; F8 prints it."""
    found = queries.get_event(
        context=request.access_context, event_id=event_id, sight=perms.sight_of(request.portal.permissions)
    )
    return render(request, "resident_registry/receipt.html", {"found": found})


@page(**NOTICE)
def receipt_pdf(request: StaffRequest, event_id: int) -> HttpResponse:
    """受付票 (PDF) with its serial number, which the ledger keeps."""
    made = documents.make_receipt(
        context=request.access_context,
        event_id=event_id,
        sight=perms.sight_of(request.portal.permissions),
        office_name=request.portal.office_name,
    )
    return responses.pdf(made.content, f"uketsuke-{event_id}.pdf")


@page(**OFFICE)
def cancel(request: StaffRequest, event_id: int) -> HttpResponse:
    """異動の取消し: what will come back is shown before it is registered."""
    sight = perms.sight_of(request.portal.permissions)
    found = queries.get_event(context=request.access_context, event_id=event_id, sight=sight)
    form = CancellationForm(request.POST if request.method == "POST" else None)
    refused: KokunenError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            receipt = services.cancel_event(
                context=request.access_context,
                event_id=event_id,
                notified_on=form.cleaned_data["notified_on"],
                filing_kind=FilingKind(form.cleaned_data["filing_kind"]),
                remarks=form.cleaned_data["remarks"],
                supervised=perms.may_handle_protected(request.portal.permissions),
                acknowledged=request.POST.getlist("ack"),
            )
            return HttpResponseRedirect(reverse("resident_registry:event", args=[receipt.event_id]))
        except KokunenError as error:
            refused = error
    context = {"found": found, "form": form, "refused": refused}
    wrong = refused is not None or (request.method == "POST" and bool(form.errors))
    return render(request, "resident_registry/cancel.html", context, status=422 if wrong else 200)


@page(**NOTICE)
def cancel_departure(request: StaffRequest, atena_number: str) -> HttpResponse:
    """転出取消: the plan is called off on request."""
    desk = desk_view.open_person(request, atena_number)
    assert desk.person is not None
    form = CancellationForm(request.POST if request.method == "POST" else None)
    refused: KokunenError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            receipt = services.cancel_departure(
                context=request.access_context,
                atena_numbers=[atena_number],
                notified_on=form.cleaned_data["notified_on"],
                remarks=form.cleaned_data["remarks"],
                supervised=perms.may_handle_protected(request.portal.permissions),
                acknowledged=request.POST.getlist("ack"),
            )
            return HttpResponseRedirect(reverse("resident_registry:event", args=[receipt.event_id]))
        except KokunenError as error:
            refused = error
    context = {"form": form, "refused": refused, "person": band_of(desk.person), "row": desk.person.row}
    wrong = refused is not None or (request.method == "POST" and bool(form.errors))
    return render(request, "resident_registry/cancel_departure.html", context, status=422 if wrong else 200)


# --- 支援措置 ---------------------------------------------------------------------------------------------------------


@page(**SUPPORT)
def support(request: StaffRequest, atena_number: str) -> HttpResponse:
    """支援措置: begin, extend or release, for the person on the desk and those with the person."""
    desk = desk_view.open_person(request, atena_number)
    assert desk.person is not None and desk.household is not None
    others = [(m.row.atena_number, m.row.name) for m in desk.household.members if m.row.atena_number != atena_number]
    act = request.POST.get("act", "")
    form = SupportForm(request.POST if act == "begin" else None, members=others)
    release = ReleaseForm(request.POST if act == "release" else None)
    refused: KokunenError | None = None
    try:
        if _support_done(request, act, atena_number, form, release):
            return HttpResponseRedirect(reverse("resident_registry:person", args=[atena_number]))
    except KokunenError as error:
        refused = error
    context = {
        "form": form,
        "release": release,
        "refused": refused,
        "view": desk.person,
        "row": desk.person.row,
        "person": band_of(desk.person),
    }
    wrong = refused is not None or form.errors or release.errors
    return render(request, "resident_registry/support.html", context, status=422 if wrong else 200)


def _support_done(request: StaffRequest, act: str, number: str, form: SupportForm, release: ReleaseForm) -> bool:
    context = request.access_context
    if act == "begin" and form.is_valid():
        data = form.cleaned_data
        asked = services.SupportRequest(
            applicant=number,
            covered=data["covered"],
            kind=SupportKind(data["kind"]),
            reason=SupportReason(data["reason"]),
            starts_on=data["starts_on"],
            requested_on=data["requested_on"],
            consulted_agency=data["consulted_agency"],
            abuser=data["abuser"],
        )
        services.begin_support(context=context, request=asked)
    elif act == "extend":
        services.extend_support(context=context, applicant=number)
    elif act == "release" and release.is_valid():
        services.release_support(context=context, applicant=number, reason=release.cleaned_data["reason"])
    else:
        return False
    return True
