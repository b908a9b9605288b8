"""仮登録 (SPEC 4.0.8): a notice is entered by one officer and becomes law when another one registers it.

What waits here changes nothing: the register, linked systems, certificates and the lines keep the old record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record, record_refusal
from kokunen.resident_registry.choices import ProvisionalState
from kokunen.resident_registry.models import ALIAS, ProvisionalEntry

DATASET_JA = "仮登録"
#: 入力に含めない欄: they belong to the visit of the page, not to the notice.
_NOT_KEPT = frozenset({"csrfmiddlewaretoken", "ack", "provisional", "entry"})


def keep(
    *,
    context: AccessContext,
    screen: str,
    title: str,
    content: Mapping[str, Sequence[str]],
    atena_number: str = "",
    household_number: str = "",
) -> ProvisionalEntry:
    """仮登録する: `content` are the fields of the notice screen as typed, `screen` the name of its address."""
    with transaction.atomic(using=ALIAS):
        entry = ProvisionalEntry.objects.create(
            screen=screen,
            title=title,
            atena_number=atena_number,
            household_number=household_number,
            content={name: list(values) for name, values in content.items() if name not in _NOT_KEPT},
            entered_by=context.staff_number,
            office_code=context.office_code,
            entered_at=clock.now(),
        )
        _note(context, entry, Act.REGISTER)
    return entry


def get_for_decision(*, context: AccessContext, entry_id: int, screen: str) -> ProvisionalEntry:
    """決裁する仮登録: one that still waits, opened by somebody else than who entered it. The refusal is recorded."""
    entry = ProvisionalEntry.objects.filter(pk=entry_id, screen=screen).first()
    try:
        return _decidable(context, entry)
    except KokunenError as refused:
        numbers = [entry.atena_number] if entry and entry.atena_number else []
        record_refusal(context, dataset=DATASET_JA, reason=refused.message, atena_numbers=numbers)
        raise


def _decidable(context: AccessContext, entry: ProvisionalEntry | None) -> ProvisionalEntry:
    if entry is None or entry.state != ProvisionalState.WAITING:
        raise Conflict(
            "この仮登録は、すでに本登録または取下げになっています",
            "entry",
            "already_settled",
            "一覧を開き直してください。",
        )
    if entry.entered_by == context.staff_number:
        raise NotAllowed(
            "自分が入力した仮登録は、自分では本登録できません", "entry", "same_officer", "別の職員が決裁してください。"
        )
    return entry


def close_registered(*, entry_id: int, event_id: int) -> None:
    """本登録になった: the event stands in the register. The officer who registered is in its ledger entry."""
    ProvisionalEntry.objects.filter(pk=entry_id, state=ProvisionalState.WAITING).update(
        state=ProvisionalState.REGISTERED, event_id=event_id
    )


def drop(*, context: AccessContext, entry_id: int, reason: str) -> None:
    """取り下げる: by whoever entered it or by the second officer, with the reason."""
    try:
        with transaction.atomic(using=ALIAS):
            entry = ProvisionalEntry.objects.select_for_update().filter(pk=entry_id).first()
            if entry is None or entry.state != ProvisionalState.WAITING:
                raise Conflict(
                    "この仮登録は、すでに本登録または取下げになっています",
                    "entry",
                    "already_settled",
                    "一覧を開き直してください。",
                )
            if not reason.strip():
                raise InputError(
                    "取り下げる理由が入力されていません",
                    "reason",
                    "missing_field",
                    "差戻しの内容などを入力してください。",
                )
            entry.state, entry.reason = ProvisionalState.DROPPED, reason.strip()[:200]
            entry.save(update_fields=["state", "reason"])
            _note(context, entry, Act.CANCEL)
    except KokunenError as refused:
        record_refusal(context, dataset=DATASET_JA, reason=refused.message)
        raise


def _note(context: AccessContext, entry: ProvisionalEntry, act: Act) -> None:
    record(
        ALIAS,
        context,
        act=act,
        dataset=DATASET_JA,
        atena_numbers=[entry.atena_number] if entry.atena_number else [],
        detail={"entry": entry.pk, "title": entry.title, "reason": entry.reason},
    )


def waits_in(household_numbers: Sequence[str]) -> bool:
    """仮登録があるか, for the kiosk: it never prints a record that is about to change."""
    waiting = ProvisionalEntry.objects.filter(household_number__in=household_numbers, state=ProvisionalState.WAITING)
    return waiting.exists()
