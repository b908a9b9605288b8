"""届出画面の流れ: one way through every notice (open, try out, confirm, register), whatever the paper.

GET shows the form with what the city knows; the form asks `…/preview` as one types; POST registers. A refusal stands
at its field, alerts ask to be ticked, a change by someone else shows what changed and keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from kokunen.common_platform.codes.towns import living_towns
from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.services.drafts import draft_discard
from kokunen.common_platform.portal.web.access import StaffRequest
from kokunen.kernel.errors import KokunenError, NotAllowed
from kokunen.ledger.recording import record_refusal
from kokunen.resident_registry import perms, queries
from kokunen.resident_registry.queries import HouseholdView, PersonView
from kokunen.resident_registry.services import provisional
from kokunen.resident_registry.services.claims import give_back, take_claim
from kokunen.resident_registry.services.desk import (
    Desk,
    HouseholdChanged,
    ItemChange,
    PersonChange,
    already_removed,
    differences,
    item_label,
)
from kokunen.resident_registry.services.notice import Alert, NeedsConfirmation, deadline_of
from kokunen.resident_registry.services.writing import preview
from kokunen.resident_registry.web.band import band_of
from kokunen.resident_registry.web.forms import NoticeForm

#: 続柄の候補 of the relation fields; anything else that the standard allows may be typed.
RELATION_WORDS = (
    "世帯主",
    "妻",
    "夫",
    "子",
    "父",
    "母",
    "兄",
    "弟",
    "姉",
    "妹",
    "子の子",
    "妻の母",
    "夫の母",
    "縁故者",
    "同居人",
)


@dataclass(slots=True)
class OnDesk:
    """机の上の人と世帯, as the screen shows them."""

    person: PersonView | None = None
    household: HouseholdView | None = None
    changes: list[Any] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    claimed_by: str = ""
    kept: QueryDict | None = None  # what a 仮登録 holds, on the first visit of the officer who decides
    entry_id: int = 0

    @property
    def subject(self) -> str:
        """下書きの対象."""
        return self.person.row.atena_number if self.person else ""


def open_person(request: StaffRequest, atena_number: str, *, claim: bool = True) -> OnDesk:
    """人と世帯を開く: a protected person needs an officer who may handle it, and the refusal stands in the ledger.

    With `claim` the household is taken in hand for a change.
    """
    sight = perms.sight_of(request.portal.permissions)
    number = queries.find_household_number(atena_number)
    if not number:
        queries.get_resident(context=request.access_context, atena_number=atena_number, sight=sight)
    household = queries.get_household(context=request.access_context, household_number=number, sight=sight)
    people = (*household.members, *household.former)
    person = next(view for view in people if view.row.atena_number == atena_number)
    if any(view.masked for view in (*household.members, person)):
        record_refusal(
            request.access_context, dataset="住民票", reason="取扱いに確認が必要な人", atena_numbers=[atena_number]
        )
        raise NotAllowed(
            "取扱いに確認が必要な人が含まれているため、この画面では扱えません",
            hint="住民記録係長に引き継いでください。",
        )
    if not claim:
        return OnDesk(person, household)
    held = take_claim(
        context=request.access_context,
        household_number=number,
        staff_name=request.portal.staff.name if request.portal.staff else "",
    )
    return OnDesk(person, household, claimed_by=held.staff_name or held.staff_number if held else "")


def refuse_removed(request: StaffRequest, desk: OnDesk) -> None:
    """除票の人の届出を断る, with day and reason of the removal; the refusal stands in the ledger."""
    assert desk.person is not None
    row = desk.person.row
    if row.is_living:
        return
    refused = already_removed(row, "atena_number")
    record_refusal(
        request.access_context,
        dataset="住民票",
        reason=refused.message,
        atena_numbers=[row.atena_number],
        detail={"code": refused.code},
    )
    raise refused


def bind(
    request: StaffRequest, form_class: type[NoticeForm], desk: OnDesk, *, trying: bool = False, **more: Any
) -> NoticeForm:
    """用紙を用意する: empty on GET, with what was typed on POST."""
    return form_class(
        request.POST if request.method == "POST" else desk.kept,
        household=desk.household,
        person=desk.person,
        supervised=perms.may_handle_protected(request.portal.permissions),
        preview=trying,
        **more,
    )


def take_provisional(request: StaffRequest, desk: OnDesk, screen: str) -> None:
    """仮登録を開く (?entry=…): what the first officer typed stands in the fields; the one who entered it is refused."""
    asked = request.POST.get("entry") if request.method == "POST" else request.GET.get("entry")
    if not asked or not asked.isdigit() or request.POST.get("provisional"):
        return
    entry = provisional.get_for_decision(context=request.access_context, entry_id=int(asked), screen=screen)
    desk.entry_id = entry.pk
    if request.method != "POST":
        desk.kept = QueryDict(mutable=True)
        for name, values in entry.content.items():
            desk.kept.setlist(name, values)


#: 右の表にほかの形で出る項目.
_SHOWN_ELSEWHERE = (
    "relationship",
    "relationship_codes",
    "postal_code",
    "town_id",
    "town",
    "lot",
    "building",
    "status",
    "household_number",
    "household_order",
    "head_atena_number",
    "head_name",
    "notified_on",
    "filing_kind",
    "departure_code",
    "destination_kind",
)


def _changed_words(change: PersonChange) -> list[ItemChange]:
    """変わる項目: old and new value of what says something about the person, apart from 続柄 and address."""
    if change.before is None or not change.after.is_living:
        return []
    hidden = {item_label(name) for name in _SHOWN_ELSEWHERE}
    return [one for one in differences(change.before, change.after) if one.item not in hidden]


def settle(
    request: StaffRequest, form: NoticeForm, desk: OnDesk, screen: str, *, parts_valid: bool = True
) -> HttpResponse | None:
    """登録または仮登録: what the officer pressed; None when the form must be shown again."""
    if not (form.is_valid() and parts_valid):
        _record_wrong_input(request, form, desk)
        return None
    if not request.POST.get("provisional"):
        return register(request, form, desk)
    try:
        notice = form.effective() if hasattr(form, "effective") else form.notice()
        preview(context=request.access_context, notice=notice, plan=form.plan(), subjects=form.subjects())
    except KokunenError as error:
        form.take_error(error)
        return None
    provisional.keep(
        context=request.access_context,
        screen=screen,
        title=form.title,
        content={name: request.POST.getlist(name) for name in request.POST},
        atena_number=desk.subject,
        household_number=desk.household.household_number if desk.household else "",
    )
    draft_discard(request.user, screen=request.access_context.screen, subject=desk.subject)
    if desk.household:
        give_back(context=request.access_context, household_numbers=(desk.household.household_number,))
    messages.success(request, f"{form.title}を仮登録しました。別の職員が決裁すると本登録になります")
    return HttpResponseRedirect(reverse("resident_registry:provisional"))


def try_out(request: StaffRequest, form: NoticeForm, *, parts_valid: bool = True) -> HttpResponse:
    """届出の試算: what would follow, as one types; while something is missing, what it is."""
    found: dict[str, Any] = {"form": form}
    if form.is_valid() and parts_valid:
        try:
            notice = form.effective() if hasattr(form, "effective") else form.notice()
            desk = preview(context=request.access_context, notice=notice, plan=form.plan(), subjects=form.subjects())
            found.update(consequences_of(desk))
        except KokunenError as error:
            found["error"] = error
    return render(request, "resident_registry/parts/effects.html", found)


def consequences_of(desk: Desk) -> dict[str, Any]:
    """届出の結果, for the right side: rows before and after, alerts, what to tell the visitor, the last day to file."""
    rows = [
        {
            "name": change.after.name or "（名未定）",
            "before": change.before,
            "after": change.after,
            "leaves": change.before is not None and change.before.is_living and not change.after.is_living,
            "subject": change.subject,
            "items": _changed_words(change) if change.subject else [],
        }
        for change in desk.changes.values()
    ]
    return {
        "rows": rows,
        "notice": desk.notice,
        "alerts": desk.findings.alerts,
        "follow_ups": desk.findings.follow_ups,
        "deadline": deadline_of(desk.notice),
        "planned": desk.notice.day > clock.today(),
    }


def _record_wrong_input(request: StaffRequest, form: NoticeForm, desk: OnDesk) -> None:
    """入力の誤りによる拒否: which fields and why, never what was typed, since it may be a number."""
    found: dict[str, list[str]] = {}
    people = getattr(form, "people", None)
    for number, one in enumerate([form, *(people.forms if people is not None else [])]):
        for name, errors in one.errors.as_data().items():
            found[f"{number}人目 {name}" if number else name] = [str(error.code or "") for error in errors]
    record_refusal(
        request.access_context,
        dataset="住民票",
        reason=f"{form.title}の入力の誤り",
        atena_numbers=[desk.subject] if desk.subject else [],
        detail={"fields": found},
    )


def register(request: StaffRequest, form: NoticeForm, desk: OnDesk) -> HttpResponse | None:
    """登録する: the result screen, or None when the form must be shown again (errors stand in it)."""
    expected = expected_of(request.POST)
    try:
        receipt = form.register(request.access_context, expected, request.POST.getlist("ack"))
    except NeedsConfirmation as asked:
        desk.alerts = list(asked.alerts)
        return None
    except HouseholdChanged as changed:
        desk.changes = list(changed.changes)
        return None
    except KokunenError as error:
        form.take_error(error)
        return None
    if desk.entry_id:
        provisional.close_registered(entry_id=desk.entry_id, event_id=receipt.event_id)
    draft_discard(request.user, screen=request.access_context.screen, subject=desk.subject)
    give_back(context=request.access_context, household_numbers=receipt.household_numbers)
    for found in receipt.follow_ups:
        messages.info(request, found.message, extra_tags="info")
    return HttpResponseRedirect(reverse("resident_registry:event", args=[receipt.event_id]))


def expected_of(post: Mapping[str, str]) -> dict[str, int]:
    """画面を開いたときの履歴番号."""
    found = {}
    for part in post.get("expected", "").split(","):
        number, _, version = part.partition(":")
        if number and version.isdigit():
            found[number] = int(version)
    return found


def show(request: StaffRequest, template: str, form: NoticeForm, desk: OnDesk, **more: Any) -> HttpResponse:
    """届出画面を出す: 422 with errors or alerts, 409 when someone else changed the household."""
    status = 200
    if desk.changes:
        status = 409
    elif request.method == "POST" and (desk.alerts or form.errors or more.get("status") == 422):
        status = 422
    more.pop("status", None)
    household = desk.household
    context = {
        "form": form,
        "desk": desk,
        "person": band_of(desk.person) if desk.person else None,
        "household": household,
        "expected": _expected_words(desk),
        "acknowledged": request.POST.getlist("ack") if request.method == "POST" else [],
        "relation_words": RELATION_WORDS,
        "towns": living_towns(),
        **more,
    }
    return render(request, template, context, status=status)


def _expected_words(desk: OnDesk) -> str:
    """画面を開いたときの履歴番号: of a 仮登録 those that its first officer saw, so that a change since then shows."""
    if desk.kept is not None:
        return str(desk.kept.get("expected", ""))
    versions = desk.household.versions if desk.household else {}
    return ",".join(f"{number}:{version}" for number, version in versions.items())
