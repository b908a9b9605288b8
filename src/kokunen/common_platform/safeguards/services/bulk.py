"""大量出力: a list with many people leaves the system only with another person's approval, once, just as asked for.

The limit counts over several days as well, and the papers of households over a day, so that one large output cut into
small ones is seen. An approval is bound
to list, conditions, number of people and day; its code is made from a key that the database does not hold.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from kokunen.common_platform.operations import clock
from kokunen.common_platform.safeguards import seals
from kokunen.common_platform.safeguards.models import Output, PapersOfDay, RegisterEntry
from kokunen.common_platform.safeguards.procedures import get_procedure, parameter
from kokunen.common_platform.safeguards.services.register import ALIAS, act, get_intact, open_entry, state_of
from kokunen.kernel.errors import KokunenError, NotAllowed
from kokunen.ledger.access import AccessContext
from kokunen.ledger.recording import record_refusal

KIND = "bulk_output"
# Counted, checked and noted in one statement: the row of officer and day is the lock, and no row back means the limit.
_COUNT_PAPER = """
with counted as (
    insert into common_platform.bulk_papers_of_day as held (staff_number, day, people)
    select %(staff)s, %(day)s, %(people)s where %(people)s <= %(most)s
    on conflict (staff_number, day) do update set people = held.people + excluded.people
    where held.people + excluded.people <= %(most)s
    returning people)
insert into common_platform.bulk_output (staff_number, dataset, fingerprint, people, made_at, approval, is_paper)
select %(staff)s, %(dataset)s, %(fingerprint)s, %(people)s, %(at)s, '', true from counted
"""
_ASK = "この画面から承認を依頼し、別の職員の承認を得てから、もう一度出力してください。"


def fingerprint_of(dataset: str, query: Mapping[str, Any]) -> str:
    """条件の指紋: the same list under the same conditions, and nothing else, has it."""
    text = json.dumps([dataset, dict(query)], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Mine:
    """自分の依頼: its state, and the code while it can be used."""

    number: str
    state: str
    code: str


def words_of(query: Mapping[str, Any]) -> str:
    """条件 as the approver reads them."""
    return "、".join(
        f"{'画面' if name == 'path' else name}: {value}" for name, value in query.items() if value not in ("", None)
    )


def find_mine(fingerprint: str, staff_number: str) -> list[Mine]:
    """この出力の依頼: what this officer has asked for this very output, newest first; broken seals are left out."""
    procedure, found = get_procedure(KIND), []
    entries = RegisterEntry.objects.filter(kind=KIND, created_by=staff_number, content__fingerprint=fingerprint)
    for entry in entries.order_by("-id").prefetch_related("steps")[:3]:
        steps = list(entry.steps.all())
        if seals.is_intact(entry, steps):
            state = state_of(procedure, steps)
            usable = state in ("承認", "使用済")
            found.append(Mine(entry.number, state, seals.code_of(entry.number, fingerprint) if usable else ""))
    return found


def request(
    dataset: str, query: Mapping[str, Any], people: int, *, reason: str, context: AccessContext, back: str = ""
) -> RegisterEntry:
    """大量出力を依頼する, from the output that was refused; `back` is its address."""
    content = {
        "dataset": dataset,
        "conditions": words_of(query),
        "fingerprint": fingerprint_of(dataset, query),
        "people": people,
        "reason": reason,
        "back": back,
    }
    return open_entry(KIND, title=f"{dataset} {people}人", content=content, context=context, by_program=True)


def admit(
    dataset: str,
    query: Mapping[str, Any],
    people: int,
    *,
    context: AccessContext,
    approval: str = "",
    code: str = "",
    whole: int = 0,
    part: str = "",
    paper: bool = False,
) -> None:
    """出力してよいか. Call it before the first byte leaves; raises NotAllowed (in the ledger) when it may not.

    `paper`: a household's, which counts by the day. `part` of a run with `whole` people: the limit at once looks at the
    run; the run's approval serves each part once.
    """
    name = f"{dataset} {part}" if part else dataset
    fingerprint = fingerprint_of(dataset, query)
    try:
        if paper and not approval:
            _count_paper(name, fingerprint, people, context)
            return
        with transaction.atomic(using=ALIAS):
            with connection.cursor() as cursor:
                cursor.execute(
                    "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bulk.{context.staff_number}"]
                )
            if approval and not (part and _goes_on(approval, code, fingerprint, name, context)):
                _use(approval, code, fingerprint, max(people, whole), context)
            elif not approval:
                _within_limits(people, max(people, whole), context)
            Output.objects.create(
                staff_number=context.staff_number,
                dataset=name,
                fingerprint=fingerprint,
                people=people,
                made_at=clock.now(),
                approval=approval,
                is_paper=paper,
            )
    except KokunenError as refusal:
        record_refusal(
            context,
            dataset=f"大量出力 {dataset}",
            reason=refusal.message,
            detail={"people": people, "approval": approval},
        )
        raise


def taken_without_approval(staff_number: str) -> int:
    """期間内の出力: people in that officer's outputs of the window that nobody approved."""
    since = clock.now() - timedelta(days=int(parameter("bulk_window_days")))
    found = Output.objects.filter(staff_number=staff_number, made_at__gte=since, approval="", is_paper=False)
    return int(found.aggregate(total=Sum("people"))["total"] or 0)


def papers_of_today(staff_number: str) -> int:
    """今日の書類: people in that officer's papers of today that nobody approved."""
    found = PapersOfDay.objects.filter(staff_number=staff_number, day=clock.today()).values_list("people", flat=True)
    return int(found.first() or 0)


def _count_paper(name: str, fingerprint: str, people: int, context: AccessContext) -> None:
    """世帯の書類を数える: one statement, because every paper of the desk pays for it. Raises NotAllowed."""
    most = int(parameter("bulk_paper_people_in_day"))
    given: dict[str, str | int | date | datetime] = {
        "staff": context.staff_number,
        "day": clock.today(),
        "people": people,
        "most": most,
        "dataset": name,
        "fingerprint": fingerprint,
        "at": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_PAPER, given)
        if cursor.rowcount:
            return
    total = papers_of_today(context.staff_number) + people
    raise NotAllowed(
        f"今日の書類の出力が合わせて{total}人になり、承認が要ります（1日{most}人まで）", code="daily_limit", hint=_ASK
    )


def _within_limits(people: int, whole: int, context: AccessContext) -> None:
    once, window = int(parameter("bulk_people")), int(parameter("bulk_people_in_window"))
    if whole > once:
        raise NotAllowed(f"{whole}人の出力には承認が要ります（1回{once}人まで）", code="approval_needed", hint=_ASK)
    total = taken_without_approval(context.staff_number) + people
    if total > window:
        days = parameter("bulk_window_days")
        raise NotAllowed(
            f"この{days}日間の出力が合わせて{total}人になり、承認が要ります（合計{window}人まで）",
            code="cumulative_limit",
            hint=_ASK,
        )


def _goes_on(number: str, code: str, fingerprint: str, name: str, context: AccessContext) -> bool:
    """続きの分冊か: the run's approval was used by this officer for another part, in time, and not for this one yet."""
    entry, steps = get_intact(number, lock=True)
    used = Output.objects.filter(approval=number, fingerprint=fingerprint, staff_number=context.staff_number)
    until = next((str(step.content["until"]) for step in steps if step.action == "approve"), "")
    return (
        entry.kind == KIND
        and hmac.compare_digest(code, seals.code_of(number, str(entry.content["fingerprint"])))
        and used.exists()
        and not used.filter(dataset=name).exists()
        and clock.today().isoformat() <= until
    )


def _use(number: str, code: str, fingerprint: str, people: int, context: AccessContext) -> None:
    """The approval, verified against its seals, is used up in the transaction of the output."""
    entry, steps = get_intact(number, lock=True)
    procedure = get_procedure(KIND)
    if entry.kind != KIND or state_of(procedure, steps) != "承認":
        state = state_of(procedure, steps) if entry.kind == KIND else entry.kind
        raise NotAllowed(f"この承認は使えません（{state}）", code="not_approved", hint=_ASK)
    if not hmac.compare_digest(code, seals.code_of(number, str(entry.content["fingerprint"]))):
        raise NotAllowed("使用の符号が違います", field="code", code="wrong_code", hint="依頼の画面で確かめてください。")
    if entry.created_by != context.staff_number:
        raise NotAllowed("依頼した職員だけが出力できます", code="other_officer", hint=_ASK)
    if entry.content["fingerprint"] != fingerprint or people > int(entry.content["people"]):
        raise NotAllowed(
            "承認された一覧・条件・人数と違います", code="altered", hint="条件を戻すか、依頼し直してください。"
        )
    if clock.today() > date.fromisoformat(steps[-1].content["until"]):
        raise NotAllowed("承認の期限が過ぎています", code="expired", hint=_ASK)
    act(number, "use", context=context, by_program=True)
