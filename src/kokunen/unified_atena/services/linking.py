"""宛名紐付の自動作成: the facts of a batch of 宛名番号 go to `deciding`, what it says is written set by set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connections, transaction
from django.db.models import Q

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.numbers import AtenaNumber
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.unified_atena.choices import UNITABLE, HoldState, Interface, LinkMeans
from kokunen.unified_atena.deciding import Decision, Fact, Known, decide, new_name, representative
from kokunen.unified_atena.models import ALIAS, AtenaLink, LinkHold, NumberPeriod, ProvisionRecord, UnifiedPerson
from kokunen.unified_atena.services.items import ask, ask_deletion, withdraw

_CURRENT = Q(ended_at__isnull=True)

_FACTS = """
select n.number, b.number_token, coalesce(r.birth_date, o.birth_date),
       coalesce(nullif(r.birth_text, ''), o.birth_text, '') = '',
       coalesce(nullif(r.sex, ''), o.sex, '0'), coalesce(r.status = '1', false),
       coalesce(r.status = '1', false) or coalesce(o.status in ('1', '2', '4'), false),
       coalesce(m.parent_atena_number, ''), coalesce(r.protected, false)
from unnest(%s::text[]) as n(number)
left join integrated.unified_atena__number_binding b
       on b.atena_number = n.number and b.number_kind = '1' and b.is_current
left join integrated.unified_atena__resident r on r.atena_number = n.number
left join integrated.unified_atena__nonresident o on o.atena_number = n.number
left join integrated.unified_atena__atena_link m on m.atena_number = n.number and m.is_current
"""
_RELATED = """
select a.atena_number from integrated.unified_atena__number_binding a
where a.number_kind = '1' and a.is_current and a.number_token in (
    select b.number_token from integrated.unified_atena__number_binding b
    where b.atena_number = any(%(numbers)s) and b.number_kind = '1' and b.is_current)
union select m.parent_atena_number from integrated.unified_atena__atena_link m
where m.atena_number = any(%(numbers)s) and m.is_current
"""
_CHILDREN = """
select m.atena_number from integrated.unified_atena__atena_link m
where m.parent_atena_number = any(%s) and m.is_current
"""


@dataclass(frozen=True, slots=True)
class Linked:
    """紐付の結果: people concerned (団体内統合宛名番号), and counts for the log."""

    people: tuple[str, ...]
    created: int
    linked: int
    held: int


def link(numbers: Sequence[str]) -> Linked:
    """宛名紐付を作る for these 宛名番号, in the caller's transaction. A repeat changes nothing."""
    wanted = sorted({*numbers, *_column(_CHILDREN, list(numbers))})
    wanted = _with_waiting(wanted)
    facts, protected = _facts(wanted)
    decision = decide(wanted, facts, _known(facts))
    at = clock.now()
    new_numbers = _create(decision, at)
    _write(decision, new_numbers, at)
    _hold(wanted, decision, at)
    people = _people_of(wanted)
    _set_flags(people, protected)
    return Linked(tuple(people), len(new_numbers), len(decision.linked), len(decision.held))


def _with_waiting(numbers: list[str]) -> list[str]:
    """Whoever waits because of one of these is looked at again, too."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "select atena_number from link_hold where state = %s and others ?| %s::text[]",
            [HoldState.WAITING, numbers],
        )
        return sorted({*numbers, *(row[0] for row in cursor.fetchall())})


def _facts(numbers: Sequence[str]) -> tuple[dict[str, Fact], set[str]]:
    """事実 of these, of whoever shares their number, their 名寄せ or their person; and who is protected."""
    related = set(numbers) | set(_column(_RELATED, {"numbers": list(numbers)}))
    people = AtenaLink.objects.filter(_CURRENT, atena_number__in=related).values("person")
    related |= set(AtenaLink.objects.filter(_CURRENT, person__in=people).values_list("atena_number", flat=True))
    facts, protected = {}, set()
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_FACTS, [sorted(related)])
        for *values, is_protected in cursor.fetchall():
            facts[values[0]] = Fact(*values)
            if is_protected:
                protected.add(values[0])
    return facts, protected


def _known(facts: dict[str, Fact]) -> Known:
    known = Known()
    for number, person, means in AtenaLink.objects.filter(_CURRENT, atena_number__in=facts).values_list(
        "atena_number", "person_id", "means"
    ):
        known.person_of[number], known.means_of[number] = person, means
    tokens = {fact.token for fact in facts.values() if fact.token}
    wanted = Q(number_token__in=tokens) | Q(person__in=set(known.person_of.values()))
    for person, token in NumberPeriod.objects.filter(wanted, until__isnull=True).values_list(
        "person_id", "number_token"
    ):
        known.token_of[person], known.holder_of[token] = token, person
    return known


# --- writing ----------------------------------------------------------------------------------------------------------


def _create(decision: Decision, at: datetime) -> dict[str, str]:
    """付番 (0320002): one number a new person; returns name → number."""
    if not decision.created:
        return {}
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("select nextval('unified_number_seq') from generate_series(1, %s)", [len(decision.created)])
        drawn = [AtenaNumber.complete(f"{row[0]:014d}").value for row in cursor.fetchall()]
    UnifiedPerson.objects.bulk_create(UnifiedPerson(unified_number=number, made_at=at) for number in drawn)
    NumberPeriod.objects.bulk_create(
        NumberPeriod(person_id=number, number_token=token, since=at)
        for number, token in zip(drawn, decision.created, strict=True)
    )
    ask(Interface.NUMBER, [(number, "", "") for number in drawn], at)
    return {new_name(token): number for number, token in zip(drawn, decision.created, strict=True)}


def _write(decision: Decision, new_numbers: dict[str, str], at: datetime) -> None:
    if decision.unlinked:
        AtenaLink.objects.filter(_CURRENT, atena_number__in=decision.unlinked).update(
            ended_at=at, flagged=False, end_reason="名寄せの解除"
        )
    if decision.renumbered:
        people = [person for person, _ in decision.renumbered]
        NumberPeriod.objects.filter(person__in=people, until__isnull=True).update(until=at)
        NumberPeriod.objects.bulk_create(
            NumberPeriod(person_id=person, number_token=token, since=at)
            for person, token in decision.renumbered
            if token is not None
        )
    AtenaLink.objects.bulk_create(
        AtenaLink(atena_number=number, person_id=new_numbers.get(person, person), means=means, linked_at=at)
        for number, person, means in decision.linked
    )


def _hold(numbers: Sequence[str], decision: Decision, at: datetime) -> None:
    """保留: what still does not fit waits, with what it was compared with; what fits now is gone."""
    waiting = {hold.atena_number: hold for hold in LinkHold.objects.filter(
        state=HoldState.WAITING, atena_number__in=numbers)}  # fmt: skip
    for number, hold in waiting.items():
        if number not in decision.held:
            hold.state, hold.settled_at, hold.settled_by = HoldState.GONE, at, "system:団体内統合宛名 紐付"
            hold.save(update_fields=["state", "settled_at", "settled_by"])
    fresh = []
    for number, (reason, others, people) in decision.held.items():
        row = waiting.get(number)
        if row is None:
            fresh.append(LinkHold(atena_number=number, reason=reason, others=others, unified_numbers=people,
                                  found_at=at))  # fmt: skip
        elif (row.reason, row.others, row.unified_numbers) != (reason, others, people):
            row.reason, row.others, row.unified_numbers = reason, others, people
            row.save(update_fields=["reason", "others", "unified_numbers"])
    LinkHold.objects.bulk_create(fresh)


def _people_of(numbers: Iterable[str]) -> list[str]:
    rows = AtenaLink.objects.filter(_CURRENT, atena_number__in=list(numbers))
    return sorted(set(rows.values_list("person_id", flat=True)))


def _set_flags(people: Sequence[str], protected: set[str]) -> None:
    """統合宛名フラグと自動応答不可フラグ of these people, as their 宛名 now stand."""
    members: dict[str, list[AtenaLink]] = {}
    for row in AtenaLink.objects.filter(_CURRENT, person__in=people):
        members.setdefault(row.person_id, []).append(row)
    facts, _ = _facts([row.atena_number for rows in members.values() for row in rows])
    lowered, raised, shut = [], [], {}
    for person, rows in members.items():
        lead = representative(facts[row.atena_number] for row in rows)
        lowered += [row.pk for row in rows if row.flagged and row.atena_number != lead]
        raised += [row.pk for row in rows if not row.flagged and row.atena_number == lead]
        shut[person] = any(row.atena_number in protected for row in rows)
    if lowered:
        AtenaLink.objects.filter(pk__in=lowered).update(flagged=False)
    if raised:
        AtenaLink.objects.filter(pk__in=raised).update(flagged=True)
    changed = [
        person
        for person in UnifiedPerson.objects.filter(_CURRENT, unified_number__in=people)
        if person.no_auto_reply != shut.get(person.pk, False)
    ]
    for one in changed:
        one.no_auto_reply = shut[one.pk]
    UnifiedPerson.objects.bulk_update(changed, ["no_auto_reply"])
    ask(Interface.NO_AUTO_REPLY, [(one.pk, "", "") for one in changed], clock.now())


def _column(statement: str, values: list[str] | dict[str, list[str]]) -> list[str]:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(statement, values if isinstance(values, dict) else [values])
        return [row[0] for row in cursor.fetchall()]


# --- what an officer decides ------------------------------------------------------------------------------------------


def check_again(*, context: AccessContext, hold_id: int) -> bool:
    """判定し直す: after the source was put right; True when nothing is held any more."""
    from kokunen.unified_atena.services.following import follow

    hold = _waiting(hold_id)
    follow([hold.atena_number])
    hold.refresh_from_db()
    with transaction.atomic(using=ALIAS):
        record(ALIAS, context, act=Act.REGISTER, dataset="宛名紐付の保留", atena_numbers=[hold.atena_number],
               detail={"act": "判定し直し", "state": str(hold.get_state_display())})  # fmt: skip
    return hold.state != HoldState.WAITING


def unite(*, context: AccessContext, hold_id: int, reason: str) -> str:
    """一つにまとめる: two 団体内統合宛名番号 turned out to be one person; the later one ends and its 宛名 move.

    Returns the number that stays. Raises InputError without a reason, Conflict for a hold that is no such case.
    """
    from kokunen.unified_atena.services.following import follow, in_turn

    if len(reason.strip()) < 3:
        raise InputError("理由が入力されていません", "reason", "missing_field", "まとめる理由を入力してください。")
    with transaction.atomic(using=ALIAS), in_turn():
        hold = _waiting(hold_id)
        if hold.reason not in UNITABLE or len(hold.unified_numbers) != 2:
            raise Conflict("この保留は、まとめて解消するものではありません", "hold",
                           hint="元の記録（番号・生年月日・性別）を直してから、判定し直してください。")  # fmt: skip
        kept, gone = sorted(hold.unified_numbers)
        moved = _unite(kept, gone, hold, reason.strip()[:200], context)
        record(ALIAS, context, act=Act.REGISTER, dataset="宛名紐付の保留", atena_numbers=moved,
               detail={"act": "一つにまとめた", "kept": kept, "ended": gone, "reason": reason.strip()})  # fmt: skip
    follow(moved)
    return str(kept)


def _unite(kept: str, gone: str, hold: LinkHold, reason: str, context: AccessContext) -> list[str]:
    at = clock.now()
    rows = list(AtenaLink.objects.select_for_update().filter(_CURRENT, person_id=gone))
    moved = [row.atena_number for row in rows]
    AtenaLink.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=at, flagged=False, end_reason=reason)
    AtenaLink.objects.bulk_create(
        AtenaLink(atena_number=number, person_id=kept, means=LinkMeans.NUMBER, linked_at=at) for number in moved
    )
    periods = NumberPeriod.objects.filter(person_id=gone, until__isnull=True)
    tokens = list(periods.values_list("number_token", flat=True))
    facts, _ = _facts([hold.atena_number])
    now = facts[hold.atena_number].token
    NumberPeriod.objects.filter(person_id=gone, until__isnull=True).update(until=at)
    if now in tokens:  # the number in force is the one of the number that ends: it goes over
        NumberPeriod.objects.filter(person_id=kept, until__isnull=True).update(until=at)
        NumberPeriod.objects.create(person_id=kept, number_token=now, since=at)
    UnifiedPerson.objects.filter(pk=gone).update(ended_at=at, end_reason=reason)
    ProvisionRecord.objects.filter(person_id=gone, is_deleted=False).update(is_deleted=True, changed_at=at)
    withdraw(gone, "団体内統合宛名番号の終了")
    ask_deletion(gone, at)
    hold.state, hold.settled_at = HoldState.UNITED, at
    hold.settled_by, hold.settled_reason = context.staff_number, reason
    hold.save()
    return sorted({*moved, hold.atena_number})


def _waiting(hold_id: int) -> LinkHold:
    hold = LinkHold.objects.filter(pk=hold_id).first()
    if hold is None:
        raise InputError("この保留はありません", "hold", "not_found", "一覧を開き直してください。")
    if hold.state != HoldState.WAITING:
        raise Conflict(f"この保留は「{hold.get_state_display()}」です", "hold", hint="一覧を開き直してください。")
    return hold
