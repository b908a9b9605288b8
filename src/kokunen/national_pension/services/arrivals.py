"""住民異動の到着: what a change in the register does here — the roll follows, a work item is prepared, a
cancellation undoes.

Runs in the consumer's transaction. The same change makes the same item only once (`WorkItem.source_key` is unique),
and a planned move that is later carried out is one matter, not two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kokunen.common_platform.integration.consuming import Change
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import KokunenError
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import Act, system_context
from kokunen.ledger.recording import record
from kokunen.national_pension import advice, resident_view
from kokunen.national_pension.choices import CITY_TYPES, OPEN_WORK_STATES, NoticeKind, WorkKind, WorkState
from kokunen.national_pension.deduction import Fact, Held, Plan, deduce
from kokunen.national_pension.models import InsuredPerson, WorkItem
from kokunen.national_pension.proposals import notice_kind_of, plan_as_json
from kokunen.national_pension.registry_events import CANCELLATIONS, Meaning, meaning_of
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services import recording, roll, undoing
from kokunen.national_pension.services.common import USING
from kokunen.national_pension.services.items import REGISTRY_STAFF, create_item

PROCESS = "national_pension.registry_changes"
_PERSONAL = (WorkKind.NAME, WorkKind.ADDRESS, WorkKind.NATIONALITY, WorkKind.BIRTH_SEX)


def take_registry_changes(changes: Sequence[Change]) -> None:
    """住民異動を受け取る: changes in feed order; those that mean nothing here pass by."""
    meant = [(change, meaning) for change in changes if (meaning := meaning_of(change.reason_code)) is not None]
    if not meant:
        return
    residents = resident_view.by_numbers({change.atena_number for change, _ in meant})
    last = {change.atena_number: change.seq for change, _ in meant}
    touched = []
    for change, meaning in meant:
        resident = residents.get(change.atena_number)
        if resident is not None and _take(change, meaning, resident, is_last=last[change.atena_number] == change.seq):
            touched.append(change.atena_number)
    if touched:
        record(
            USING,
            system_context(PROCESS),
            act=Act.SYSTEM,
            dataset="住民異動の反映",
            atena_numbers=touched,
            items=("R1 基本情報", "R2 資格情報"),
            detail={"from": changes[0].seq, "to": changes[-1].seq},
        )


def _take(change: Change, meaning: Meaning, resident: Resident, *, is_last: bool) -> bool:
    """One change; true when something was done.

    The view shows the resident as he stands now: when several changes of one person come together, the roll follows
    with the last of them, and every item compares with the roll as it was before.
    """
    on = change.event_on or clock.today()
    done = _act_on(change, meaning, resident, on)
    followed = is_last and roll.follow(resident, move_code=meaning.move_code, on=on, staff_number=REGISTRY_STAFF)
    return done or followed


def _act_on(change: Change, meaning: Meaning, resident: Resident, on: date) -> bool:
    if meaning.reason_code in CANCELLATIONS:
        return undoing.follow_cancellation(change, meaning)
    if meaning.work is None:
        return False
    if meaning.work in _PERSONAL:
        return _personal_item(change, meaning, resident, roll.current(resident.atena_number))
    return _fact_item(change, meaning, resident, on)


# --- facts of the law: moving abroad, arriving from abroad, death, removal ex officio ---------------------------------


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A deduction that may have failed: then `problem` says why an officer must look."""

    plan: Plan | None
    problem: str = ""


def _fact_item(change: Change, meaning: Meaning, resident: Resident, on: date) -> bool:
    assert meaning.work is not None
    held = recording.current_held(resident.atena_number)
    prepared = _prepare(resident, held, meaning, on)
    if not _wanted(meaning, held, prepared):
        return False
    if not _first_of_its_matter(meaning.work, resident.atena_number, on):
        return False
    plan = prepared.plan
    codes = advice.fitting(meaning.advice, foreign=resident.is_foreign)
    if not roll.primary_number(resident.atena_number) and meaning.work is not WorkKind.ACQUISITION_ABROAD:
        codes.append("number_unknown")
    proposal = plan_as_json(plan) if plan is not None and not plan.changes_nothing else {}
    if plan is not None and not plan.changes_nothing:
        proposal["notice_kind"] = str(notice_kind_of(plan))
    create_item(
        kind=meaning.work,
        atena_number=resident.atena_number,
        source_key=f"{change.dataset}:{change.seq}:{meaning.work}",
        change=change,
        event_on=on,
        effective_on=plan.effective_on if plan else None,
        article=plan.article if plan else "",
        summary=prepared.problem or " ".join(plan.sentences if plan else ()) or _bare_summary(meaning, on),
        proposal=proposal,
        steps=list(plan.steps) if plan else [],
        codes=codes,
    )
    return True


def _prepare(resident: Resident, held: Sequence[Held], meaning: Meaning, on: date) -> _Prepared:
    if not meaning.fact:
        return _Prepared(None, _bare_summary(meaning, on))
    try:
        return _Prepared(deduce(resident.subject, held, [Fact(meaning.fact, on)], today=clock.today()))
    except KokunenError as error:
        return _Prepared(None, f"自動で判定できません。{error}")


def _wanted(meaning: Meaning, held: Sequence[Held], prepared: _Prepared) -> bool:
    """Is there anything for an officer to do? 2号 and 3号 who move abroad are dealt with by their employer."""
    open_types = [period.insured_type for period in held if period.is_open]
    ours = any(insured_type in CITY_TYPES for insured_type in open_types)
    if meaning.work is WorkKind.ACQUISITION_ABROAD:
        return ours or prepared.plan is None or bool(prepared.plan.beginnings)
    if meaning.work is WorkKind.LOSS_DEATH:
        return bool(open_types)
    return ours or (prepared.plan is None and bool(prepared.problem) and bool(meaning.fact) and bool(open_types))


def _bare_summary(meaning: Meaning, on: date) -> str:
    return f"{format_wareki(on)}の{meaning.name}。記録を確認してください"


def _first_of_its_matter(kind: WorkKind, atena_number: str, on: date) -> bool:
    """False for the same matter told again (a planned move that was carried out); a changed day replaces what still
    waits.
    """
    alive = WorkItem.objects.filter(atena_number=atena_number, kind=kind).exclude(state=WorkState.UNDONE)
    if alive.filter(event_on=on).exists():
        return False
    alive.filter(state__in=OPEN_WORK_STATES).update(
        state=WorkState.UNDONE,
        decided_at=clock.now(),
        decided_by=REGISTRY_STAFF,
        decision_note="異動日が変わったため、新しい事項に置き換え",
    )
    return True


# --- name, address, nationality: told to the Service when it cannot know by itself -----------------------------------


def _personal_item(change: Change, meaning: Meaning, resident: Resident, before: InsuredPerson | None) -> bool:
    assert meaning.work is not None
    if before is None:
        return False
    held = recording.current_held(resident.atena_number)
    if not any(period.is_open and period.insured_type in CITY_TYPES for period in held):
        return False
    differing = _difference(meaning.work, resident, before)
    if not differing:
        return False
    linked = bool(roll.primary_number(resident.atena_number))
    if meaning.work is WorkKind.ADDRESS and linked:
        return False  # 個人番号と結び付いている方の住所変更の届出は省略できる: the roll followed, nothing is left to do
    on = change.event_on or clock.today()
    create_item(
        kind=meaning.work,
        atena_number=resident.atena_number,
        source_key=f"{change.dataset}:{change.seq}:{meaning.work}",
        change=change,
        event_on=on,
        effective_on=on,
        article="国民年金法第12条第1項",
        summary=f"{format_wareki(on)}の{meaning.name}: " + "、".join(differing["words"]),
        proposal={"notice_kind": str(_NOTICE_OF_PERSONAL[meaning.work]), "content": differing["content"]},
        steps=[],
        codes=["report_omitted"] if linked else ["number_unknown"],
    )
    return True


_NOTICE_OF_PERSONAL = {
    WorkKind.NAME: NoticeKind.NAME,
    WorkKind.ADDRESS: NoticeKind.ADDRESS,
    WorkKind.NATIONALITY: NoticeKind.NAME,  # 外国人区分 is corrected by the name report (処理基準13条3)
    WorkKind.BIRTH_SEX: NoticeKind.BIRTH_SEX,
}


def _difference(kind: WorkKind, resident: Resident, before: InsuredPerson) -> dict[str, Any]:
    """What differs between roll and register, in words and as the content of the report."""
    if kind is WorkKind.ADDRESS:
        if before.address == resident.full_address:
            return {}
        return {
            "words": ["住所が変わりました"],
            "content": {"old_postal_code": before.postal_code, "old_address": before.address},
        }
    if kind is WorkKind.BIRTH_SEX:
        if (before.birth_date, before.sex) == (resident.birth_date, resident.sex):
            return {}
        return {
            "words": ["生年月日または性別が訂正されました"],
            "content": {"old_birth": before.birth_date.isoformat(), "old_sex": before.sex},
        }
    changed_name = (before.name, before.name_kana) != (resident.name, resident.name_kana)
    if not changed_name and kind is WorkKind.NAME:
        return {}
    return {
        "words": ["氏名が変わりました" if changed_name else "国籍が変わりました（外国人区分の報告）"],
        "content": {"old_name": before.name, "old_kana": before.name_kana},
    }
