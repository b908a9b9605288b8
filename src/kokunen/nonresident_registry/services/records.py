"""宛名情報の更新 (S5-1; 標準 0310001-0310003, 0310022-0310024): register, change, take out, bring back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kokunen.common_platform.integration.publishing import ChangeNote
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.names import check_kana
from kokunen.kernel.numbers import AtenaNumber
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.nonresident_registry.choices import AtenaKind, RecordStatus
from kokunen.nonresident_registry.models import ALIAS, CONTENT_FIELDS, AtenaVersion, RecordUse
from kokunen.nonresident_registry.services.writing import (
    DATASET_JA,
    current_row,
    lock,
    next_number,
    one_change,
    write_version,
)

NOT_GIVEN = frozenset({"status", "ended_on", "kind", "former_resident"})


def register_record(
    *,
    context: AccessContext,
    kind: str,
    content: Mapping[str, Any],
    takes_over: str = "",
    work_id: str = "",
    system_id: str = "000",
) -> AtenaVersion:
    """宛名の登録: a new number, or with `takes_over` the number that a former resident had (flow C).

    `content`: columns of AtenaVersion. Raises InputError for what cannot be taken, Conflict when the number is already
    a record here.
    """
    subjects = [takes_over] if takes_over else []
    with one_change(context, DATASET_JA, subjects):
        number = _taken_over(takes_over) if takes_over else next_number(kind)
        lock(number)
        before = current_row(number)
        if before is not None and before.is_listed:
            raise Conflict(
                "この宛名番号は、すでに住登外者として登録されています",
                "atena_number",
                "already_registered",
                "検索して、登録されている宛名を使ってください。",
            )
        row = AtenaVersion(atena_number=number, kind=kind, former_resident=bool(takes_over), **_checked(kind, content))
        note = ChangeNote("register", str(row.reason), row.changed_on)
        write_version(row, start=row.changed_on, context=context, why="登録", note=note, before=before)
        add_use(number, work_id, system_id)
        _record(context, Act.REGISTER, row, {"kind": kind, "takes_over": bool(takes_over)})
    return row


def update_record(
    *,
    context: AccessContext,
    atena_number: str,
    content: Mapping[str, Any],
    expected: int | None = None,
    why: str = "変更",
) -> AtenaVersion:
    """宛名の変更 (flow B): a new row with the next 履歴番号; `expected` is the 履歴番号 that the officer saw."""
    with one_change(context, DATASET_JA, [atena_number]):
        before = _standing(atena_number, expected)
        values = {name: getattr(before, name) for name in CONTENT_FIELDS}
        values.update(_checked(before.kind, {**values, **content}))
        changed = sorted(name for name in CONTENT_FIELDS if values[name] != getattr(before, name))
        if set(changed) <= {"changed_on"}:
            raise InputError("変更された項目がありません", "name", "unchanged", "変更する項目を入力してください。")
        row = AtenaVersion(atena_number=atena_number, **values)
        note = ChangeNote("update", str(row.reason), row.changed_on)
        write_version(row, start=row.changed_on, context=context, why=why, note=note, before=before)
        _record(context, Act.CORRECT, row, {"items": changed})
    return row


def end_record(
    *, context: AccessContext, atena_number: str, status: str, on: date, expected: int | None = None, why: str = ""
) -> AtenaVersion:
    """宛名を閉じる: death, dissolution, became a resident (flow D), registered by mistake. History stays."""
    with one_change(context, DATASET_JA, [atena_number]):
        before = _standing(atena_number, expected)
        if status == RecordStatus.LIVE or before.status == status:
            raise InputError("記録の状態が変わりません", "status", "unchanged", "新しい状態を選んでください。")
        if on > clock.today():
            raise InputError("今日までの日を入力してください", "ended_on", "out_of_range", "")
        row = change_status(context=context, before=before, status=status, on=on, why=why)
        _record(context, Act.CANCEL if status == RecordStatus.MISTAKEN else Act.CORRECT, row, {"status": status})
    return row


def change_status(*, context: AccessContext, before: AtenaVersion, status: str, on: date, why: str) -> AtenaVersion:
    """状態の変更 inside the caller's transaction (also used by merging, which restores what stood before)."""
    values = {name: getattr(before, name) for name in CONTENT_FIELDS}
    ended = None if status == RecordStatus.LIVE else on
    values.update(status=status, ended_on=ended, changed_on=on)
    row = AtenaVersion(atena_number=before.atena_number, **values)
    kind = "update" if row.is_listed else "remove"
    note = ChangeNote("register" if not before.is_listed and row.is_listed else kind, str(row.reason), on)
    words = why or RecordStatus(status).label
    return write_version(row, start=on, context=context, why=words, note=note, before=before)


def add_use(atena_number: str, work_id: str, system_id: str = "000") -> None:
    """利用業務を加える: the works that use the record are a list; a second one never pushes out the first."""
    if work_id in ("", "000") and system_id in ("", "000"):
        return
    RecordUse.objects.get_or_create(
        atena_number=atena_number,
        work_id=work_id or "000",
        system_id=system_id or "000",
        defaults={"since": clock.today()},
    )


def _taken_over(atena_number: str) -> str:
    from kokunen.nonresident_registry.queries import find_resident_row

    number = AtenaNumber.parse(atena_number, lenient=True, field="atena_number").value
    resident = find_resident_row(number)
    if resident is not None and resident.status == "1":
        raise InputError(
            "この宛名番号の人は、現に住民です",
            "atena_number",
            "is_resident",
            "住民は住登外者として登録できません。住民記録を使ってください。",
        )
    return number


def _standing(atena_number: str, expected: int | None) -> AtenaVersion:
    lock(atena_number)
    row = current_row(atena_number)
    if row is None:
        raise InputError(
            "この宛名番号の住登外者・法人はありません", "atena_number", "not_found", "検索し直してください。"
        )
    if expected is not None and row.history_number != expected:
        raise Conflict(
            "開いている間に、ほかの職員がこの宛名を変更しました",
            "atena_number",
            "changed_meanwhile",
            "開き直して、今の内容を確認してください。",
        )
    return row


def _checked(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """項目の検査: what the forms, the API and the loads all obey."""
    values = {name: value for name, value in content.items() if name in CONTENT_FIELDS and name not in NOT_GIVEN}
    values.setdefault("changed_on", clock.today())
    if not values.get("name") and not values.get("roman_name") and not values.get("kanji_name"):
        raise InputError("氏名・名称が入力されていません", "name", "missing_field", "氏名か名称を入力してください。")
    for name in ("name_kana", "alias_kana"):
        if values.get(name) and kind == AtenaKind.INDIVIDUAL:
            values[name] = check_kana(values[name], name)
    birth = values.get("birth_date")
    if birth is not None and birth > clock.today():
        raise InputError("生年月日が今日より後です", "birth_date", "out_of_range", "生年月日を確認してください。")
    if values["changed_on"] > clock.today():
        raise InputError("異動日が今日より後です", "changed_on", "out_of_range", "今日までの日を入力してください。")
    return values


def _record(context: AccessContext, act: Act, row: AtenaVersion, detail: Mapping[str, Any]) -> None:
    record(
        ALIAS,
        context,
        act=act,
        dataset=DATASET_JA,
        atena_numbers=[row.atena_number],
        items=["氏名", "生年月日", "性別", "住所"],
        detail={"history_number": row.history_number, **detail},
    )
