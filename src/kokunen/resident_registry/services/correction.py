"""職権修正・誤記修正・回復 (法9条2項, 令12条3項): items that are put right, people who come back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import partial
from typing import Any

from kokunen.kernel.errors import InputError
from kokunen.kernel.names import check_kana
from kokunen.kernel.numbers import ResidenceCardNumber
from kokunen.kernel.wareki import ImpreciseDate
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry.choices import HEAD_RELATION, EventCode, ResidentKind, ResidentStatus
from kokunen.resident_registry.models import ResidentVersion
from kokunen.resident_registry.services.desk import Desk
from kokunen.resident_registry.services.moving_in import address_of, open_household
from kokunen.resident_registry.services.newcomers import clear_departure, set_address
from kokunen.resident_registry.services.notice import Notice, Receipt, check_dates
from kokunen.resident_registry.services.relations import normalise_relation, relation_codes
from kokunen.resident_registry.services.relocation import note_order_of_events
from kokunen.resident_registry.services.writing import carry_out

_NAME = ("name", "name_kana", "kana_status", "kana_confirmed", "kanji_name")
_KOSEKI = ("registered_domicile", "registered_domicile_head")
_RESIDENCE = (
    "nationality",
    "nationality_code",
    "residence_class",
    "residence_status",
    "residence_period",
    "residence_expires_on",
    "residence_card_number",
)
_DATES = ("birth", "resident_since", "address_since")
_FORMER = ("former_surname", "former_surname_kana")
_ALIAS = ("alias", "alias_kana")
_OTHER = ("sex", "relationship", "previous_address", "last_registered_address", "telephone", "remarks")
_LOCAL_ADDRESS = ("postal_code", "town_id", "town", "lot", "building")

#: 修正できる項目 by 異動事由. 誤記修正 may put right anything that says something about the person.
CORRECTABLE: dict[EventCode, tuple[str, ...]] = {
    EventCode.NAME_CORRECTION: (*_NAME, *_KOSEKI, "relationship"),
    EventCode.MINOR_CORRECTION: (*_NAME, *_KOSEKI, "previous_address", "telephone", "remarks"),
    EventCode.ERROR_CORRECTION: (*_NAME, *_KOSEKI, *_RESIDENCE, *_DATES, *_FORMER, *_ALIAS, *_OTHER),
    EventCode.RESIDENCE_CHANGE: (*_NAME, *_RESIDENCE),
    EventCode.FORMER_SURNAME_ENTRY: _FORMER,
    EventCode.FORMER_SURNAME_CHANGE: _FORMER,
    EventCode.FORMER_SURNAME_REMOVAL: _FORMER,
    EventCode.ALIAS_ENTRY: _ALIAS,
    EventCode.ALIAS_REMOVAL: _ALIAS,
    EventCode.KANA_ENTRY: ("name_kana", "kana_status", "kana_confirmed"),
    EventCode.KANA_CORRECTION: ("name_kana", "kana_status", "kana_confirmed"),
    EventCode.ADDRESS_TEXT_CHANGE: _LOCAL_ADDRESS,
}
_REMOVALS = {EventCode.FORMER_SURNAME_REMOVAL: "former_surname", EventCode.ALIAS_REMOVAL: "alias"}
_ENTRIES = {
    EventCode.FORMER_SURNAME_ENTRY: ("former_surname", "former_surname_kana", "旧氏"),
    EventCode.FORMER_SURNAME_CHANGE: ("former_surname", "former_surname_kana", "旧氏"),
    EventCode.ALIAS_ENTRY: ("alias", "alias_kana", "通称"),
}


def correct_items(
    *,
    context: AccessContext,
    notice: Notice,
    atena_number: str,
    items: Mapping[str, Any],
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """職権修正: `items` are the new values by column name; the three days are given as ImpreciseDate under birth,
    resident_since, address_since. Which items an 異動事由 may touch stands in CORRECTABLE; 住所変更（軽微）touches
    the whole household."""
    return carry_out(
        context=context,
        notice=notice,
        plan=partial(plan_correction, atena_number=atena_number, items=items),
        subjects=[atena_number],
        expected=expected,
        acknowledged=acknowledged,
    )


def plan_correction(desk: Desk, *, atena_number: str, items: Mapping[str, Any]) -> None:
    """修正の判定."""
    code = desk.notice.code
    allowed = CORRECTABLE.get(code)
    if allowed is None:
        raise InputError(
            f"異動事由{code}は修正ではありません", "code", "invalid_value", "異動事由を選び直してください。"
        )
    for name in items:
        if name not in allowed:
            raise InputError(
                f"{desk.notice.name}では、この項目は修正できません（{_label(name)}）",
                name,
                "not_correctable",
                "異動事由を選び直してください。",
            )
    check_dates(desk.notice, desk.today)
    desk.open_people([atena_number])
    before = desk.person(atena_number)
    if not before.is_living and code != EventCode.ERROR_CORRECTION:
        desk.living(atena_number)
    changed = _columns(desk, before, items)
    if not any(getattr(before, name) != value for name, value in changed.items()):
        raise InputError(
            "修正する項目がありません。今の記録と同じ内容です",
            next(iter(items), ""),
            "unchanged",
            "直す項目の値を入力してください。",
        )
    note_order_of_events(desk, [before] if before.is_living else [])
    if code == EventCode.FORMER_SURNAME_ENTRY:
        _note_earlier_removal(desk, before)
    if code == EventCode.ADDRESS_TEXT_CHANGE:
        for row in desk.members(before.household_number):
            desk.revise(row.atena_number, subject=True, **changed)
    else:
        desk.revise(atena_number, **changed)


def _note_earlier_removal(desk: Desk, before: ResidentVersion) -> None:
    """旧氏の再記載: after a removal only when the surname has changed since then (令30条の14)."""
    earlier = ResidentVersion.objects.filter(atena_number=before.atena_number, event__code="343")
    removed = earlier.order_by("-version_number").first()
    if removed is not None and removed.name.partition("　")[0] == before.name.partition("　")[0]:
        desk.findings.alert(
            "former_surname_removed",
            "以前に旧氏を削除しています。その後に氏が変わっていないときは、もう一度記載できません。戸籍を確認してください",
            "former_surname",
        )


def _label(name: str) -> str:
    field = {f.name: f for f in ResidentVersion._meta.concrete_fields}.get(name)
    return str(field.verbose_name) if field else name


def _columns(desk: Desk, before: ResidentVersion, items: Mapping[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name, value in items.items():
        if name in _DATES:
            changed.update(_date_columns(name, value, desk.today))
        elif name == "relationship":
            changed.update(relationship=normalise_relation(value), relationship_codes=relation_codes(value))
        elif name.endswith("_kana") and value:
            changed[name] = check_kana(value, name)
        elif name == "residence_card_number" and value:
            changed[name] = ResidenceCardNumber.parse(value, lenient=True, field=name).value
        else:
            changed[name] = value.strip() if isinstance(value, str) else value
    _check_names(desk.notice.code, before, changed)
    if before.resident_kind == ResidentKind.JAPANESE and any(changed.get(name) for name in (*_RESIDENCE, *_ALIAS)):
        raise InputError(
            "日本人の住民票に外国人住民の項目は記載できません",
            next(iter(items)),
            "inconsistent",
            "項目を確認してください。",
        )
    return changed


def _check_names(code: EventCode, before: ResidentVersion, changed: dict[str, Any]) -> None:
    if "name" in changed and not changed["name"]:
        raise InputError("氏名が空になっています", "name", "missing_field", "氏名を入力してください。")
    if code in _REMOVALS:
        item = _REMOVALS[code]
        if not getattr(before, item):
            raise InputError("削除する記載がありません", item, "inconsistent", "記録を確認してください。")
        changed.update({item: "", f"{item}_kana": ""})
    if code in _ENTRIES:
        item, kana, words = _ENTRIES[code]
        if not changed.get(item) or not changed.get(kana):  # 旧氏とその振り仮名は一緒に請求する (2025-05-26)
            missing = item if not changed.get(item) else kana
            raise InputError(f"{words}とその振り仮名の両方を入力してください", missing, "missing_field", "")
    if before.is_foreign and changed.get("former_surname"):
        raise InputError(
            "旧氏は日本人だけの項目です。外国人住民は通称を記載します", "former_surname", "inconsistent", ""
        )


def _date_columns(name: str, value: ImpreciseDate, today: date) -> dict[str, Any]:
    if value.sortable > today:
        raise InputError(f"{value}は今日より後です。今日までの日を入力してください", name, "out_of_range", "")
    column = "birth_date" if name == "birth" else name
    return {
        column: value.sortable,
        f"{name}_imprecise": value.is_imprecise,
        f"{name}_text": value.display if value.is_imprecise else "",
    }


def restore(
    *,
    context: AccessContext,
    notice: Notice,
    atena_number: str,
    household_number: str = "",
    relationship: str = HEAD_RELATION,
    expected: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
) -> Receipt:
    """職権回復 (116, 令12条3項): a wrong removal is undone ex officio. Into `household_number` with `relationship`,
    else a household of one's own at the old address. To undo a whole event with all who followed, cancel the event
    instead."""
    plan = partial(
        plan_restore, atena_number=atena_number, household_number=household_number, relationship=relationship
    )
    return carry_out(
        context=context,
        notice=notice.as_code(EventCode.RESTORATION),
        plan=plan,
        subjects=[atena_number],
        expected=expected,
        acknowledged=acknowledged,
    )


def plan_restore(desk: Desk, *, atena_number: str, household_number: str, relationship: str) -> None:
    """職権回復の判定."""
    check_dates(desk.notice, desk.today)
    row = desk.open_people([atena_number])[0]
    if row.is_living:
        raise InputError(
            f"{row.name}さんは消除されていません", "atena_number", "inconsistent", "回復する人を確認してください。"
        )
    after = desk.revise(atena_number, status=ResidentStatus.LIVING)
    clear_departure(after)
    if household_number:
        head = open_household(desk, household_number)
        after.household_number = household_number
        set_address(after, address_of(head))
    else:
        after.household_number, relationship = desk.new_household_number(), HEAD_RELATION
    after.relationship, after.relationship_codes = normalise_relation(relationship), relation_codes(relationship)
    if after.relationship_codes == "02":
        after.head_atena_number, after.head_name = after.atena_number, after.name
