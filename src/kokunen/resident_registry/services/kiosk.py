"""コンビニ交付 (S2-10): the request of 証明書交付センター is answered from the register as it stands at this moment.

There is no copy to keep in step: a 支援措置, a planned moving out or a removal stops the next request. A refusal says
one neutral sentence whatever the reason; the reason stands in the log only. A number is answered once: asked again,
the same sheet is made again from the same issue. A lift at the counter is never for the kiosk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from kokunen.assessment.gateway import admit_line
from kokunen.common_platform.operations import clock
from kokunen.kernel.calendar import age_on
from kokunen.kernel.errors import InputError, KokunenError, NotAllowed
from kokunen.kernel.text import unregistered_letters
from kokunen.law.parameters import value_on
from kokunen.ledger.access import system_context
from kokunen.ledger.recording import record_refusal
from kokunen.resident_registry.choices import CertificateKind, IdentityCheck, RequestKind
from kokunen.resident_registry.documents.certificate import make_certificate, print_sheets
from kokunen.resident_registry.models import ALIAS, CertificateIssue, KioskRequest, ResidentVersion
from kokunen.resident_registry.models.resident import CURRENT
from kokunen.resident_registry.services.certificate_rules import letters_of
from kokunen.resident_registry.services.certificates import (
    CertificateOrder,
    Household,
    Issued,
    household_of,
    issue_certificate,
)
from kokunen.resident_registry.services.provisional import waits_in

NEUTRAL = "交付できません。市役所の窓口でお尋ねください"
ISSUED, REFUSED = "issued", "refused"
CONTEXT = system_context("certificate-kiosk", "resident_certificate")


@dataclass(frozen=True, slots=True)
class KioskAnswer:
    """要求への応答: a sheet with its 発行番号, or the neutral sentence."""

    outcome: str
    serial: str = ""
    pdf: bytes = b""
    words: str = ""


def answer_request(number: str, items: Mapping[str, Any], *, at: datetime | None = None) -> KioskAnswer:
    """要求に答える. `at` is the moment of the request (default: now). Safe to repeat under the same number."""
    try:
        admit_line("resident_registry", "certificate_centre", context=CONTEXT)
    except NotAllowed:
        return KioskAnswer(REFUSED, words=NEUTRAL)
    began = perf_counter()
    moment = at or clock.now()
    try:
        with transaction.atomic(using=ALIAS):
            request = KioskRequest.objects.select_for_update().filter(number=number).first()
            issued: Issued | None = None
            if request is None:
                request, issued = _decide(number, items, moment)
                request.milliseconds = round((perf_counter() - began) * 1000)
                request.save(force_insert=True)
            return _answer(request, issued)
    except IntegrityError:  # the same number came twice at one instant: the other one has decided
        with transaction.atomic(using=ALIAS):
            return _answer(KioskRequest.objects.get(number=number))


def note_result(number: str, printed: str) -> None:
    """印刷の結果: 1 printed, 9 not (the sheet stays in the issue log with what became of it)."""
    with transaction.atomic(using=ALIAS):
        request = KioskRequest.objects.select_for_update().filter(number=number).first()
        if request is None:
            raise InputError("この要求番号の記録がありません", "request", "not_found", "")
        request.printed, request.reported_at = printed, clock.now()
        request.save(update_fields=["printed", "reported_at"])


def _decide(number: str, items: Mapping[str, Any], moment: datetime) -> tuple[KioskRequest, Issued | None]:
    """決める: the request with its outcome (not stored yet), and what was issued of the register."""
    request = KioskRequest(
        number=number,
        requested_at=moment,
        store=items.get("store", ""),
        kind=items["certificate"],
        outcome=REFUSED,
    )
    row: ResidentVersion | None = ResidentVersion.objects.filter(CURRENT, resident_code=items["resident_code"]).first()
    request.subject = row.atena_number if row else ""
    household = household_of(row) if row is not None else None
    request.reason_code = _objection(household, moment)
    if request.reason_code or row is None:
        _log_refusal(request)
        return request, None
    if (desk := _desk(request.kind)) is not None:
        sheet = desk(row.atena_number, request.kind, serial="", at=moment)
        request.reason_code, request.serial = sheet.reason_code[:20], sheet.serial
        request.outcome = REFUSED if sheet.reason_code else ISSUED
        return request, None
    order = CertificateOrder(
        kind=CertificateKind(items["certificate"]),
        atena_number=row.atena_number,
        request_kind=RequestKind.SELF,
        identity_check=IdentityCheck.INDIVIDUAL_NUMBER_CARD,
        requester_name=row.name,
        reason="コンビニ交付",
    )
    try:
        with transaction.atomic(using=ALIAS):
            issued = issue_certificate(context=CONTEXT, order=order, household=household)
    except KokunenError as refused:
        request.reason_code = refused.code[:20]
        return request, None
    request.outcome, request.serial = ISSUED, issued.issue_numbers[0]
    return request, issued


def _objection(household: Household | None, moment: datetime) -> str:
    """断る理由 (code for the log); "" when the sheet may be issued."""
    rules: dict[str, str] = value_on("certificates/kiosk", clock.today())
    here = moment.astimezone(clock.OFFICE_ZONE).time()
    if not time.fromisoformat(rules["opens"]) <= here < time.fromisoformat(rules["closes"]):
        return "closed"
    if household is None:
        return "not_found"
    row = household.asked
    if not row.is_living:
        return "removed"
    if row.planned_departure_on is not None:
        return "departing"
    if row.birth_imprecise or age_on(row.birth_date, clock.today()) < int(rules["youngest"]):
        return "too_young"
    if household.protected:
        return "withheld"
    if waits_in([row.household_number]):
        return "provisional"
    return "letters" if any(unregistered_letters(letters_of(one)) for one in household.living) else ""


def _desk(kind: str) -> Callable[..., Any] | None:
    """他の課の証明書: who makes a certificate that is not of the register (課税証明書), or None."""
    path = settings.KIOSK_DESKS.get(kind)
    desk: Callable[..., Any] | None = import_string(path) if path else None
    return desk


def _log_refusal(request: KioskRequest) -> None:
    record_refusal(
        CONTEXT,
        dataset="証明書（コンビニ交付）",
        reason="コンビニ交付の対象外",
        atena_numbers=[request.subject] if request.subject else [],
        detail={"request": request.number, "code": request.reason_code},
    )


def _answer(request: KioskRequest, issued: Issued | None = None) -> KioskAnswer:
    """応答を作る: from what was issued just now, or again from the issue of the first time."""
    if request.outcome != ISSUED:
        return KioskAnswer(REFUSED, words=NEUTRAL)
    if (desk := _desk(request.kind)) is not None:
        sheet = desk(request.subject, request.kind, serial=request.serial, at=request.requested_at)
        if sheet.reason_code:
            return KioskAnswer(REFUSED, words=NEUTRAL)
        return KioskAnswer(ISSUED, request.serial, sheet.content)
    if issued is not None:
        fresh = print_sheets(context=CONTEXT, sheets=issued.sheets, rows=issued.rows)
        return KioskAnswer(ISSUED, request.serial, fresh.content)
    issue = CertificateIssue.objects.get(issue_number=request.serial)
    printed = make_certificate(context=CONTEXT, batch=issue.batch)
    return KioskAnswer(ISSUED, request.serial, printed.content)
