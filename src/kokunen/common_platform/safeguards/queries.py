"""台帳の照会: lists with states and dues, one entry with its steps, what is overdue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from kokunen.common_platform.operations import clock
from kokunen.common_platform.safeguards import seals
from kokunen.common_platform.safeguards.clocks import Due, due_of, leak_warning
from kokunen.common_platform.safeguards.models import RegisterEntry, RegisterStep
from kokunen.common_platform.safeguards.procedures import Action, Procedure, get_procedure, parameter, procedures
from kokunen.common_platform.safeguards.services.register import is_ended, state_of
from kokunen.kernel.calendar import add_months
from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record

PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """表示する項目: an entry, its steps in order, its state, what is due, and whether every seal holds."""

    entry: RegisterEntry
    steps: tuple[RegisterStep, ...]
    procedure: Procedure
    state: str
    due: Due | None
    is_intact: bool
    is_ended: bool

    @property
    def is_overdue(self) -> bool:
        """Was it due before today?"""
        return self.due is not None and self.due.on < clock.today()

    @property
    def is_urgent(self) -> bool:
        """Due today or to be thought of now (速報: from day 3 on)."""
        if self.due is None or self.is_overdue:
            return False
        if self.entry.kind == "leak" and self.due.words == "速報":
            return clock.today() >= leak_warning(date.fromisoformat(self.entry.content["known_on"]))
        return (self.due.on - clock.today()).days <= 1

    @property
    def open_actions(self) -> tuple[Action, ...]:
        """Steps that can be taken now from a screen."""
        return tuple(
            action
            for action in self.procedure.actions.values()
            if self.state in action.starts and not action.by_program and not self.is_ended
        )


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """台帳の一頁: `next_key` continues behind the last row, None at the end."""

    rows: tuple[Shown, ...]
    next_key: int | None


def find_entries(
    kind: str, *, context: AccessContext, before: int | None = None, open_only: bool = False
) -> RegisterPage:
    """台帳の一覧, newest first; whoever stands in the rows stands in the ledger."""
    get_procedure(kind)
    entries = RegisterEntry.objects.filter(kind=kind)
    if open_only:
        entries = _open(entries, kind)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    with transaction.atomic():
        found = list(entries.order_by("-id").prefetch_related("steps")[: PAGE + 1])
        people = [entry.atena_number for entry in found[:PAGE] if entry.atena_number]
        record("default", context, act=Act.VIEW, dataset=get_procedure(kind).label, atena_numbers=people)
    next_key = found[PAGE - 1].pk if len(found) > PAGE else None
    return RegisterPage(tuple(map(_shown, found[:PAGE])), next_key)


def get_shown(number: str, *, context: AccessContext) -> Shown:
    """項目: with a broken seal it is shown as what it is, not refused. Raises InputError when there is none."""
    with transaction.atomic():
        entry = RegisterEntry.objects.filter(number=number).prefetch_related("steps").first()
        if entry is None:
            raise InputError(f"登録番号「{number}」はありません", field="number", hint="一覧から選び直してください。")
        record(
            "default",
            context.for_case(number),
            act=Act.VIEW,
            dataset=get_procedure(entry.kind).label,
            atena_numbers=[entry.atena_number] if entry.atena_number else [],
        )
    return _shown(entry)


def find_overdue(kinds: Iterable[str] | None = None) -> list[Shown]:
    """超過と間近: open entries of these registers (default: all) that are overdue or urgent, the oldest due first."""
    wanted = [kind for kind in (kinds if kinds is not None else procedures()) if get_procedure(kind).due]
    found = _open(RegisterEntry.objects.filter(kind__in=wanted), *wanted).prefetch_related("steps")
    shown = map(_shown, found)
    return sorted((one for one in shown if one.is_overdue or one.is_urgent), key=_due_day)


def serious_incident(on: date | None = None) -> list[str]:
    """過去3年以内の重大事故 (評価書 III.7 ②): numbers of the cases; empty means 発生なし."""
    day = on or clock.today()
    since = add_months(day, -12 * int(parameter("serious_incident_years")))
    found = RegisterEntry.objects.filter(kind="leak", content__known_on__gte=since.isoformat()).prefetch_related(
        "steps"
    )
    return [
        entry.number
        for entry in found
        if any(step.action == "judge" and step.content["serious"] for step in entry.steps.all())
    ]


def _open(entries: QuerySet[RegisterEntry], *kinds: str) -> QuerySet[RegisterEntry]:
    """Entries of these registers whose last step did not end them."""
    last = RegisterStep.objects.filter(entry=OuterRef("pk")).order_by("-sequence").values("action")[:1]
    ended = Q(pk__in=[])
    for kind in kinds:
        ends = [code for code, action in get_procedure(kind).actions.items() if action.ends]
        ended |= Q(kind=kind, last_action__in=ends)
    return entries.annotate(last_action=Coalesce(Subquery(last), Value(""))).exclude(ended)


def _shown(entry: RegisterEntry) -> Shown:
    procedure, steps = get_procedure(entry.kind), sorted(entry.steps.all(), key=lambda step: step.sequence)
    ended = is_ended(procedure, steps)
    return Shown(
        entry,
        tuple(steps),
        procedure,
        state_of(procedure, steps),
        None if ended else due_of(procedure.due, entry, steps),
        seals.is_intact(entry, steps),
        ended,
    )


def _due_day(shown: Shown) -> date:
    assert shown.due is not None
    return shown.due.on
