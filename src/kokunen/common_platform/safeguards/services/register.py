"""台帳に登録する・手続を進める: the two writes by which every register lives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, transaction

from kokunen.common_platform.operations import clock
from kokunen.common_platform.safeguards import seals
from kokunen.common_platform.safeguards.models import RegisterEntry, RegisterStep
from kokunen.common_platform.safeguards.procedures import CREATE, Action, Field, Procedure, get_procedure
from kokunen.common_platform.safeguards.services.checks import check_entry, check_step
from kokunen.kernel.errors import Conflict, InputError, KokunenError, NotAllowed
from kokunen.kernel.wareki import fiscal_year
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record, record_refusal

ALIAS = "default"
SAME_HAND = "同じ職員は2つ目の署名ができません"
_TRUE, _FALSE = {"on", "true", "1", "はい"}, {"", "false", "0", "いいえ"}


def open_entry(
    kind: str,
    *,
    title: str,
    content: Mapping[str, Any],
    context: AccessContext,
    atena_number: str = "",
    opened_on: date | None = None,
    by_program: bool = False,
) -> RegisterEntry:
    """台帳に登録する. Raises InputError with the field that is missing, wrong or not declared."""
    procedure = get_procedure(kind)
    try:
        if procedure.by_program and not by_program:
            raise NotAllowed(f"{procedure.label}は画面から登録できません", hint="処理の画面から始めてください。")
        if not title.strip():
            raise InputError("件名を入力してください", field="title")
        if procedure.person == "required" and not atena_number:
            raise InputError("本人の宛名番号を入力してください", field="atena_number")
        kept = _content(procedure.fields, content)
        today = clock.today()
        day = opened_on or today
        if day > today:
            raise InputError("受け付けた日に先の日付は入力できません", field="opened_on")
        check_entry(kind, title.strip(), kept, day)
        return _store_entry(procedure, title.strip(), kept, context, atena_number, day)
    except KokunenError as refusal:
        _refuse(context, procedure, refusal, atena_number)
        raise


def act(
    number: str,
    action: str,
    *,
    content: Mapping[str, Any] | None = None,
    context: AccessContext,
    acted_on: date | None = None,
    by_program: bool = False,
) -> RegisterStep:
    """手続を進める. Raises Conflict for the wrong order, NotAllowed for the same hand, InputError for a wrong field."""
    with transaction.atomic(using=ALIAS):
        entry, steps = get_intact(number, lock=True)
        procedure = get_procedure(entry.kind)
        try:
            with transaction.atomic(using=ALIAS):
                return _take(procedure, entry, steps, action, content or {}, context, acted_on, by_program)
        except KokunenError as refusal:
            told = refusal
    _refuse(context, procedure, told, entry.atena_number, number)
    raise told


def get_intact(number: str, *, lock: bool = False) -> tuple[RegisterEntry, list[RegisterStep]]:
    """項目と手続: verified against their seals. Raises InputError when there is none, Conflict for a broken seal."""
    entries = RegisterEntry.objects.filter(number=number)
    entry = entries.first()
    if entry is None:
        raise InputError(f"登録番号「{number}」はありません", field="number", hint="一覧から選び直してください。")
    if lock:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"register.{number}"])
    steps = list(entry.steps.order_by("sequence"))
    if not seals.is_intact(entry, steps):
        raise Conflict(
            f"登録番号「{number}」の記録が、署名したときと違います",
            code="seal_broken",
            hint="書換えの疑いがあります。使わずに、システム管理者と監査担当に連絡してください。",
        )
    return entry, steps


def state_of(procedure: Procedure, steps: list[RegisterStep]) -> str:
    """状況: where the last step has led."""
    return procedure.actions[steps[-1].action].to if steps else procedure.first


def is_ended(procedure: Procedure, steps: list[RegisterStep]) -> bool:
    """Has it come to its end?"""
    return bool(steps) and procedure.actions[steps[-1].action].ends


def _store_entry(
    procedure: Procedure, title: str, content: dict[str, Any], context: AccessContext, atena_number: str, day: date
) -> RegisterEntry:
    year = fiscal_year(day)
    try:
        with transaction.atomic(using=ALIAS):
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"register.{procedure.kind}"])
            stem = f"{procedure.prefix}{year}-"
            last = (
                RegisterEntry.objects.filter(kind=procedure.kind, number__startswith=stem)
                .order_by("-id")
                .values_list("number", flat=True)
                .first()
            )
            serial = int(last.rpartition("-")[2]) + 1 if last else 1
            entry = RegisterEntry(
                kind=procedure.kind,
                number=f"{stem}{serial:05}",
                title=title,
                content=content,
                atena_number=atena_number,
                opened_on=day,
                created_at=clock.now(),
                created_by=context.staff_number,
                office_code=context.office_code,
            )
            entry.seal = seals.seal_of_entry(entry)
            entry.save(force_insert=True)
            _record(context, Act.REGISTER, procedure, entry, {"step": CREATE, "seal": entry.seal})
    except IntegrityError as error:
        raise Conflict(f"「{title}」はすでに{procedure.label}に登録されています", field="title") from error
    return entry


def _take(
    procedure: Procedure,
    entry: RegisterEntry,
    steps: list[RegisterStep],
    code: str,
    content: Mapping[str, Any],
    context: AccessContext,
    acted_on: date | None,
    by_program: bool,
) -> RegisterStep:
    action = procedure.actions.get(code)
    if action is None or (action.by_program and not by_program):
        raise NotAllowed(f"{procedure.label}に「{code}」という手続はありません", hint="一覧を開き直してください。")
    state = state_of(procedure, steps)
    if state not in action.starts:
        raise Conflict(f"いまは「{state}」のため、「{action.label}」はできません", hint="画面を開き直してください。")
    today = clock.today()
    day = acted_on or today
    before = steps[-1].acted_on if steps else entry.opened_on
    if day > today or day < before:
        raise InputError("行った日は、前の手続の日から今日までの日付で入力してください", field="acted_on")
    kept = _content(action.fields, content)
    countersigns = _countersigned(action, entry, steps, context)
    check_step(entry, steps, code, kept, day, context)
    step = RegisterStep(
        entry=entry,
        sequence=len(steps) + 1,
        action=code,
        content=kept,
        acted_on=day,
        signed_at=clock.now(),
        signed_by=context.staff_number,
        office_code=context.office_code,
        countersigns=countersigns,
    )
    step.seal = seals.seal_of_step(entry.number, steps[-1].seal if steps else entry.seal, step)
    try:
        step.save(force_insert=True)
    except DatabaseError as error:
        if "register_second_hand" in str(error):
            raise NotAllowed(SAME_HAND, hint="別の職員が署名してください。") from error
        raise
    _record(context, Act.REGISTER, procedure, entry, {"step": code, "sequence": step.sequence, "seal": step.seal})
    return step


def _countersigned(
    action: Action, entry: RegisterEntry, steps: list[RegisterStep], context: AccessContext
) -> int | None:
    """The step that this one is the second signature of; NotAllowed when the same hand would sign both."""
    if not action.second_of:
        return None
    if action.second_of == CREATE:
        sequence, signer = 0, entry.created_by
    else:
        first = next(step for step in reversed(steps) if step.action == action.second_of)
        sequence, signer = first.sequence, first.signed_by
    if signer == context.staff_number:
        raise NotAllowed(SAME_HAND, hint="別の職員が署名してください。")
    return sequence


def _content(fields: tuple[Field, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """The declared fields, checked; whatever is not declared is refused, never dropped in silence."""
    unknown = sorted(set(given) - {field.name for field in fields})
    if unknown:
        raise InputError(f"定められていない項目です: {'、'.join(unknown)}", field=unknown[0], code="undeclared_field")
    return {field.name: _value(field, given.get(field.name)) for field in fields}


def _value(field: Field, value: Any) -> Any:
    if field.kind == "yes":
        text = str(value if value is not None else "").lower()
        if text not in _TRUE | _FALSE:
            raise InputError(f"{field.label}は、はい・いいえで答えてください", field=field.name)
        return text in _TRUE
    if field.kind == "many":
        lines = value if isinstance(value, list | tuple) else str(value or "").replace("、", "\n").splitlines()
        found: Any = [str(line).strip() for line in lines if str(line).strip()]
    elif field.kind in ("number", "year"):
        found = _whole(field, value)
    elif field.kind == "date":
        found = value.isoformat() if isinstance(value, date) else _day(field, str(value or "").strip())
    else:
        found = str(value or "").strip()
        if found and field.kind == "choice" and found not in field.choices:
            raise InputError(f"{field.label}は一覧から選んでください", field=field.name)
    if field.required and found in ("", [], None):
        raise InputError(f"{field.label}を入力してください", field=field.name, code="missing_field")
    return found


def _whole(field: Field, value: Any) -> int | None:
    text = str(value if value is not None else "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise InputError(f"{field.label}は0以上の整数で入力してください", field=field.name)
    return int(text)


def _day(field: Field, text: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise InputError(f"{field.label}の日付が正しくありません", field=field.name) from None


def _record(
    context: AccessContext, kind: Act, procedure: Procedure, entry: RegisterEntry, detail: Mapping[str, Any]
) -> None:
    record(
        ALIAS,
        context.for_case(entry.number),
        act=kind,
        dataset=procedure.label,
        atena_numbers=[entry.atena_number] if entry.atena_number else [],
        detail=detail,
    )


def _refuse(
    context: AccessContext, procedure: Procedure, refusal: KokunenError, atena_number: str, number: str | None = None
) -> None:
    record_refusal(
        context.for_case(number) if number else context,
        dataset=procedure.label,
        reason=refusal.message,
        atena_numbers=[atena_number] if atena_number else [],
        detail={"field": refusal.field, "code": refusal.code},
    )
