"""机の上: the people and households that one notice touches, locked, and the rows that will follow from it.

A service opens what it needs, revises rows, and the desk keeps the household in order (one head at most, one address,
the head's name on every record) whatever the notice was. Nothing is written before `writing.commit`; a preview simply
stops before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connections

from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext
from kokunen.resident_registry.choices import HEAD_RELATION_CODE, EventCode, ResidentStatus
from kokunen.resident_registry.models import ALIAS, CONTENT_FIELDS, ResidentVersion
from kokunen.resident_registry.models.resident import CURRENT
from kokunen.resident_registry.services import numbering
from kokunen.resident_registry.services.notice import Findings, Notice

ADDRESS_FIELDS = ("postal_code", "town_id", "town", "lot", "building")


@dataclass(slots=True)
class PersonChange:
    """異動者の行: the row before (None for someone new) and the row to be added.

    `subject` = the notice is about this person; the others only follow (their 続柄 or 世帯主の氏名 is rewritten).
    `cancels_seq` is the published change that this one undoes.
    """

    before: ResidentVersion | None
    after: ResidentVersion
    subject: bool
    cancels_seq: int | None = None


@dataclass(frozen=True, slots=True)
class ItemChange:
    """変わった項目: what another officer changed meanwhile."""

    atena_number: str
    name: str
    item: str
    before: str
    after: str


class HouseholdChanged(Conflict):
    """競合: someone else registered a change of this household after the screen was opened."""

    def __init__(self, changes: Sequence[ItemChange]) -> None:
        super().__init__(
            "この世帯は、画面を開いた後に別の職員が変更しました",
            code="household_changed",
            hint="変わった項目を確認し、よければそのまま登録してください。入力した内容は残っています。",
        )
        self.changes = tuple(changes)


@dataclass(frozen=True, slots=True)
class Removal:
    """対になる消除: the removal that stands just before the recording of a pair (214 before 114, 215 before 115).

    `cancels_event_id` is set when it takes back the recording of an earlier pair (291 before 191).
    """

    code: EventCode
    cancels_event_id: int | None = None


@dataclass(slots=True)
class Desk:
    """机の上: see the module text. `for_real` is off for previews, which lock, number and write nothing."""

    context: AccessContext
    notice: Notice
    today: date
    for_real: bool = True
    expected: Mapping[str, int] | None = None
    findings: Findings = field(default_factory=Findings)
    rows: dict[str, ResidentVersion] = field(default_factory=dict)
    changes: dict[str, PersonChange] = field(default_factory=dict)
    new_households: list[str] = field(default_factory=list)
    cancels_event_id: int | None = None
    removal: Removal | None = None
    _opened: set[str] = field(default_factory=set)

    # --- opening ------------------------------------------------------------------------------------------------------

    def open_people(self, atena_numbers: Iterable[str], *also_households: str) -> list[ResidentVersion]:
        """異動者を開く: lock the households these people are in (and `also_households`) and read everybody in them."""
        numbers = list(dict.fromkeys(atena_numbers))
        found = dict(
            ResidentVersion.objects.filter(CURRENT, atena_number__in=numbers).values_list(
                "atena_number", "household_number"
            )
        )
        for number in numbers:
            if number not in found:
                raise InputError(
                    f"宛名番号{number}の住民票はありません", "atena_number", "not_found", "検索し直してください。"
                )
        self.open_households(*found.values(), *also_households, people=numbers)
        return [self.rows[number] for number in numbers]

    def open_households(self, *household_numbers: str, people: Sequence[str] = ()) -> None:
        """世帯を開く: in the order of the numbers, so that two officers can never wait for one another in a ring."""
        wanted = sorted(set(household_numbers) - self._opened)
        if self.for_real and wanted:
            with connections[ALIAS].cursor() as cursor:
                for number in wanted:
                    cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"household {number}"])
        self._opened.update(wanted)
        rows = ResidentVersion.objects.filter(CURRENT)
        in_households = rows.filter(household_number__in=wanted, status=ResidentStatus.LIVING)
        for row in in_households.order_by("household_order", "birth_date", "atena_number"):
            self.rows[row.atena_number] = row
        missing = [number for number in people if number not in self.rows]
        for row in rows.filter(atena_number__in=missing):
            self.rows[row.atena_number] = row
        if any(self.rows[number].household_number not in self._opened for number in people):
            raise Conflict("ほかの職員が同時に世帯を変更しました", hint="もう一度登録してください。")
        self._compare_with_expected()

    def _compare_with_expected(self) -> None:
        if self.expected is None:
            return
        changes: list[ItemChange] = []
        seen = {self.rows[number].household_number for number in self.expected if number in self.rows}
        for number, row in self.rows.items():
            version = self.expected.get(number)
            if version is None and row.household_number in seen and row.is_living:
                changes.append(ItemChange(number, row.name, "世帯員", "", "世帯に加わりました"))
            elif version is not None and version != row.version_number:
                changes.extend(differences(_version(number, version), row))
        for number in self.expected.keys() - self.rows.keys():
            gone = ResidentVersion.objects.filter(CURRENT, atena_number=number).first()
            if gone and gone.version_number != self.expected[number]:
                changes.extend(differences(_version(number, self.expected[number]), gone))
        if changes:
            raise HouseholdChanged(changes)

    # --- reading ------------------------------------------------------------------------------------------------------

    def person(self, atena_number: str, field_name: str = "atena_number") -> ResidentVersion:
        """The row as it stands on the desk (with what this notice already changed)."""
        change = self.changes.get(atena_number)
        row = change.after if change else self.rows.get(atena_number)
        if row is None:
            raise InputError(
                f"宛名番号{atena_number}は対象の世帯にいません", field_name, "not_found", "異動者を選び直してください。"
            )
        return row

    def living(self, atena_number: str, field_name: str = "atena_number") -> ResidentVersion:
        """A living resident; someone already removed is refused with the reason and day of the removal."""
        row = self.person(atena_number, field_name)
        if not row.is_living:
            raise already_removed(row, field_name)
        return row

    def members(self, household_number: str) -> list[ResidentVersion]:
        """世帯員: who lives in the household as the desk now stands, in the stored order."""
        standing = {number: self.person(number) for number in {**self.rows, **self.changes}}
        found = [row for row in standing.values() if row.is_living and row.household_number == household_number]
        return sorted(found, key=lambda row: (row.household_order, row.birth_date, row.atena_number))

    def members_before(self, household_number: str) -> list[ResidentVersion]:
        """世帯員 before this notice."""
        found = [row for row in self.rows.values() if row.is_living and row.household_number == household_number]
        return sorted(found, key=lambda row: (row.household_order, row.birth_date, row.atena_number))

    def touched_households(self) -> list[str]:
        """Households that lose, gain or change somebody, in the order met."""
        found: dict[str, None] = {}
        for change in self.changes.values():
            if change.before is not None:
                found[change.before.household_number] = None
            found[change.after.household_number] = None
        return list(found)

    # --- changing -----------------------------------------------------------------------------------------------------

    def revise(self, atena_number: str, *, subject: bool = True, **items: Any) -> ResidentVersion:
        """行を改める: the next full row of a person, equal to the present one but for `items`."""
        change = self.changes.get(atena_number)
        if change is None:
            before = self.rows[atena_number]
            change = self.changes[atena_number] = PersonChange(before, next_version(before), subject)
        change.subject = change.subject or subject
        for name, value in items.items():
            if name not in CONTENT_FIELDS:
                raise ValueError(f"{name} is no item of the record")
            setattr(change.after, name, value)
        return change.after

    def pair_with(self, code: EventCode, *, cancels_event_id: int | None = None) -> None:
        """対にする: everybody this notice is about is removed by `code` first, then recorded anew on the same number.

        The removal takes a 履歴番号 of its own, so that both halves stand in the history and in the statistics.
        """
        self.removal = Removal(code, cancels_event_id)
        for change in self.changes.values():
            if change.subject:
                change.after.version_number += 1

    def add(self, row: ResidentVersion) -> None:
        """新しい人: a first row."""
        self.changes[row.atena_number] = PersonChange(None, row, subject=True)

    def new_atena_number(self) -> str:
        """宛名番号を付ける; a preview draws none and shows a place holder."""
        if self.for_real:
            return numbering.next_atena_number()
        return f"（新規{sum(change.before is None for change in self.changes.values()) + 1}）"

    def new_household_number(self) -> str:
        """世帯番号を付ける, for a household that begins with this notice."""
        number = numbering.next_household_number() if self.for_real else f"（新しい世帯{len(self.new_households) + 1}）"
        self.new_households.append(number)
        return number

    def settle(self) -> None:
        """世帯を整える: one head at most, one address, the head's name on every living member's record."""
        for number in self.touched_households():
            members = self.members(number)
            heads = [row for row in members if row.relationship_codes == HEAD_RELATION_CODE]
            if len(heads) > 1:
                names = "、".join(row.name for row in heads)
                raise InputError(
                    f"世帯主が2人になります（{names}）。世帯主は1人だけです",
                    "relationship",
                    "second_head",
                    "どちらか一方の続柄を改めてください。",
                )
            addresses = {(row.town_id, row.town, row.lot, row.building) for row in members}
            if len(addresses) > 1:
                raise InputError(
                    "世帯員の住所が世帯の住所と異なります。同じ世帯の人は同じ住所でなければなりません",
                    "address",
                    "address_differs",
                    "全員の住所を変えるか、別の世帯にしてください。",
                )
            head = heads[0] if heads else None
            head_number, head_name = (head.atena_number, head.name) if head else ("", "")
            for row in members:
                if (row.head_atena_number, row.head_name) != (head_number, head_name):
                    self.revise(row.atena_number, subject=False, head_atena_number=head_number, head_name=head_name)
        self._drop_empty_changes()

    def _drop_empty_changes(self) -> None:
        """A follower whose row came out as it was needs no new row."""
        for number, change in list(self.changes.items()):
            before = change.before
            if before is not None and not change.subject and content_of(before) == content_of(change.after):
                del self.changes[number]


def next_version(before: ResidentVersion) -> ResidentVersion:
    """次の履歴: an unsaved copy with the next 履歴番号."""
    row = ResidentVersion(atena_number=before.atena_number, version_number=before.version_number + 1)
    for name in CONTENT_FIELDS:
        setattr(row, name, getattr(before, name))
    return row


def content_of(row: ResidentVersion) -> dict[str, Any]:
    """記載事項 of a row by column name."""
    return {name: getattr(row, name) for name in CONTENT_FIELDS}


def item_label(name: str) -> str:
    """項目名: the Japanese name of a column."""
    return str(getattr(ResidentVersion._meta.get_field(name), "verbose_name", name))


def changed_items(before: ResidentVersion | None, after: ResidentVersion) -> list[str]:
    """変わった項目: Japanese names of the items that differ."""
    labels = {name: item_label(name) for name in CONTENT_FIELDS}
    if before is None:
        return [labels[name] for name in CONTENT_FIELDS if getattr(after, name) not in ("", None, False)]
    return [labels[name] for name in CONTENT_FIELDS if getattr(before, name) != getattr(after, name)]


def differences(before: ResidentVersion | None, after: ResidentVersion) -> list[ItemChange]:
    """変わった項目 with both values in words."""
    if before is None:
        return []
    return [
        ItemChange(after.atena_number, after.name, label, shown_value(before, name), shown_value(after, name))
        for name, label in ((name, item_label(name)) for name in CONTENT_FIELDS)
        if getattr(before, name) != getattr(after, name)
    ]


def shown_value(row: ResidentVersion, name: str) -> str:
    """項目の表示: days in 和暦, codes by their wording."""
    value = getattr(row, name)
    display = getattr(row, f"get_{name}_display", None)
    if display is not None:
        return str(display())
    if isinstance(value, date):
        return format_wareki(value)
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return "" if value is None else str(value)


def already_removed(row: ResidentVersion, field_name: str = "atena_number") -> InputError:
    """除票の人: the refusal of an event on somebody who is no longer a resident."""
    when = row.removed_text or (format_wareki(row.removed_on) if row.removed_on else "")
    return InputError(
        f"{row.name}さんは{when}に{row.get_removal_code_display()}により消除されています。この届出は登録できません",
        field_name,
        "already_removed",
        "宛名番号と氏名を確認してください。消除が誤りのときは、異動の取消しを行ってください。",
    )


def _version(atena_number: str, version_number: int) -> ResidentVersion | None:
    return (
        ResidentVersion.objects.filter(atena_number=atena_number, version_number=version_number)
        .order_by("recorded_period")
        .first()
    )
