"""個人の照会: one person as the section knows him now, or knew him on a day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from django.db.models import Prefetch

from kokunen.common_platform.operations import clock
from kokunen.common_platform.records.prepared import Prepared
from kokunen.kernel.calendar import age_on
from kokunen.kernel.errors import InputError
from kokunen.ledger.access import AccessContext
from kokunen.national_pension import hints, month_grid, resident_view
from kokunen.national_pension.choices import EMPLOYMENT_ENDED, OPEN_WORK_STATES, SHORT_TYPE_LABELS
from kokunen.national_pension.deduction import Held
from kokunen.national_pension.models import (
    ClaimExamination,
    ClaimRecord,
    CorrectionProposal,
    ExemptionPeriod,
    InsuredPerson,
    PensionNumber,
    QualificationAct,
    QualificationPeriod,
    Receipt,
    WorkItem,
)
from kokunen.national_pension.queries.common import end_of_day, looked_at, looking, mark_of
from kokunen.national_pension.queries.exemptions import exemption_marks
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services.recording import held


@dataclass(frozen=True, slots=True)
class Person:
    """個人: the register's row, the roll, the numbers, and the periods as known at the moment asked for."""

    resident: Resident
    roll: InsuredPerson | None
    numbers: tuple[PensionNumber, ...]
    periods: tuple[QualificationPeriod, ...]
    open_items: tuple[WorkItem, ...]
    known_on: date | None

    @property
    def atena_number(self) -> str:
        """宛名番号"""
        return self.resident.atena_number

    @property
    def basic_pension_number(self) -> str:
        """基礎年金番号 in use, NNNN-NNNNNN, "" for none."""
        return next((one.formatted for one in self.numbers if one.role == PensionNumber.Role.PRIMARY), "")

    @property
    def age(self) -> int:
        """満年齢 today (for someone who died, on that day)."""
        until = self.resident.removed_on if self.resident.status == "3" and self.resident.removed_on else clock.today()
        return age_on(self.resident.birth_date, max(until, self.resident.birth_date))

    @property
    def current(self) -> QualificationPeriod | None:
        """現在の資格: the period in force today."""
        today = clock.today()
        return next(
            (one for one in self.periods if one.acquired_on <= today and (one.lost_on is None or one.lost_on > today)),
            None,
        )

    @property
    def current_words(self) -> str:
        """現在の資格 in words."""
        return SHORT_TYPE_LABELS[self.current.insured_type] if self.current else "資格なし"


def find_person(atena_number: str, *, context: AccessContext, known_on: date | None = None) -> Person | None:
    """個人照会: None when the register does not know the number. `known_on`: the record as known at the end of that
    day.
    """
    with looked_at(context, "個人照会（資格）", [atena_number]):
        resident = resident_view.find(atena_number)
        return None if resident is None else _person(resident, known_on)


def get_person(atena_number: str, *, context: AccessContext, known_on: date | None = None) -> Person:
    """個人照会: raises InputError when the register does not know the number."""
    person = find_person(atena_number, context=context, known_on=known_on)
    if person is None:
        raise _not_found()
    return person


def get_person_again(atena_number: str, *, context: AccessContext, shown: Collection[str]) -> tuple[Person, str]:
    """個人照会 beside a form that is being typed, with its mark (`mark_of`): one look is one entry of the ledger, and
    what stands on the screen already, by a mark among `shown`, gets no second one.
    """
    with looking() as note:
        resident = resident_view.find(atena_number)
        if resident is None:
            note(context, "個人照会（資格）", [atena_number])
            raise _not_found()
        person = _person_now(resident)
        rows = [[row.pk for row in rows] for rows in (person.numbers, person.periods, person.open_items)]
        mark = mark_of(context, clock.today(), "person", resident, rows)
        if mark not in shown:
            note(context, "個人照会（資格）", [atena_number])
        return person, mark


def _not_found() -> InputError:
    return InputError(
        "この宛名番号の方は見つかりません",
        field="atena_number",
        code="not_found",
        hint="検索からやり直してください。",
    )


def get_person_with_hints(
    atena_number: str, *, context: AccessContext, known_on: date | None = None
) -> tuple[Person, list[str]]:
    """個人照会 with あわせて確認 by age and household (codes of `advice`).

    The household is looked at only where a birth in it could matter.
    """
    today = clock.today()
    with looking() as note:
        resident = resident_view.find(atena_number)
        if resident is None:
            note(context, "個人照会（資格）", [atena_number])
            raise _not_found()
        person = _person_now(resident) if known_on is None else _person(resident, known_on)
        current = person.current
        insured_type = current.insured_type if current else ""
        family = hints.may_have_newborn(resident, insured_type, today)
        members = resident_view.household(resident.household_number) if family else []
        note(context, "個人照会（資格）", list(dict.fromkeys([atena_number, *(one.atena_number for one in members)])))
        return person, hints.codes_for(resident, insured_type, members, today, _left_work_on(current))


def _left_work_on(current: QualificationPeriod | None) -> date | None:
    """最後に勤めた日: the day before a period that began because employment ended; None for any other beginning."""
    if current is None or current.acquisition_reason not in EMPLOYMENT_ENDED:
        return None
    began: date = current.acquired_on
    return began - timedelta(days=1)


def _person(resident: Resident, known_on: date | None) -> Person:
    atena = resident.atena_number
    if known_on is None:
        rolls, numbers, periods = (
            model.objects.current() for model in (InsuredPerson, PensionNumber, QualificationPeriod)
        )
    else:
        at = end_of_day(known_on)
        rolls, numbers, periods = (
            model.objects.known_on(at) for model in (InsuredPerson, PensionNumber, QualificationPeriod)
        )
    return Person(
        resident=resident,
        roll=rolls.filter(atena_number=atena).order_by("-valid_period").first(),
        numbers=tuple(numbers.filter(atena_number=atena).order_by("-valid_period")),
        periods=tuple(periods.filter(atena_number=atena).select_related("act").order_by("valid_period")),
        open_items=tuple(
            WorkItem.objects.filter(atena_number=atena, state__in=OPEN_WORK_STATES).order_by("due_on", "id")
        ),
        known_on=known_on,
    )


_SAMPLE = "0" * 15  # a value of the shape of a 宛名番号, for writing the statements once
_ROLLS = Prepared(
    lambda atena: InsuredPerson.objects.current().filter(atena_number=atena).order_by("-valid_period")[:1], _SAMPLE
)
_NUMBERS = Prepared(
    lambda atena: PensionNumber.objects.current().filter(atena_number=atena).order_by("-valid_period"), _SAMPLE
)
_PERIODS = Prepared(
    lambda atena: QualificationPeriod.objects.current().filter(atena_number=atena).order_by("valid_period"), _SAMPLE
)
_ITEMS = Prepared(
    lambda atena: WorkItem.objects.filter(atena_number=atena, state__in=OPEN_WORK_STATES).order_by("due_on", "id"),
    _SAMPLE,
)
_EXEMPTIONS = Prepared(
    lambda atena: ExemptionPeriod.objects.current().filter(atena_number=atena).order_by("valid_period"), _SAMPLE
)


def _person_now(resident: Resident) -> Person:
    """The person as known now, without the acts behind the periods: what the first screen shows, all day long."""
    atena = resident.atena_number
    return Person(
        resident=resident,
        roll=next(iter(_ROLLS(atena)), None),
        numbers=tuple(_NUMBERS(atena)),
        periods=tuple(_PERIODS(atena)),
        open_items=tuple(_ITEMS(atena)),
        known_on=None,
    )


def grid_of(person: Person, *, marks: Sequence[month_grid.Mark] = ()) -> month_grid.Grid:
    """月別の表 of a person who was just looked at; against the record of today when a past day is shown."""
    now: list[Held] | None = None
    if person.known_on is None:
        drawn = exemption_marks(_EXEMPTIONS(person.atena_number))
    else:
        rows = ExemptionPeriod.objects.known_on(end_of_day(person.known_on))
        drawn = exemption_marks(rows.filter(atena_number=person.atena_number).order_by("valid_period"))
        now = held(QualificationPeriod.objects.current().filter(atena_number=person.atena_number))
    shown = (*drawn, *marks)
    return month_grid.build(person.resident.birth_date, held(person.periods), clock.today(), marks=shown, earlier=now)


@dataclass(frozen=True, slots=True)
class History:
    """異動履歴: every act on the qualification, every receipt, every correction that waits."""

    acts: tuple[QualificationAct, ...]
    notices: tuple[Receipt, ...]
    corrections: tuple[CorrectionProposal, ...]
    versions: tuple[QualificationPeriod, ...]
    items: tuple[WorkItem, ...]


def history_of(atena_number: str, *, context: AccessContext) -> History:
    """異動履歴: with every version ever recorded, latest first."""
    with looked_at(context, "個人照会（異動履歴）", [atena_number]):
        return History(
            acts=tuple(
                QualificationAct.objects.filter(atena_number=atena_number)
                .prefetch_related("lines__period", "notices")
                .order_by("-acted_at")
            ),
            notices=tuple(
                Receipt.objects.filter(atena_number=atena_number)
                .prefetch_related("steps", "report_lines__batch")
                .order_by("-received_at")
            ),
            corrections=tuple(
                CorrectionProposal.objects.filter(
                    atena_number=atena_number, state=CorrectionProposal.State.PROPOSED
                ).select_related("period")
            ),
            versions=tuple(QualificationPeriod.objects.filter(atena_number=atena_number).order_by("-recorded_period")),
            items=tuple(WorkItem.objects.filter(atena_number=atena_number).order_by("-created_at")),
        )


def claims_of(atena_number: str, *, context: AccessContext) -> list[ClaimExamination]:
    """受け付けた裁定請求 of a person with their receipts and the record (R6〜R9) as known now, latest first."""
    with looked_at(context, "個人照会（裁定請求）", [atena_number], items=("R6〜R9 裁定受付",)):
        return list(
            ClaimExamination.objects.filter(atena_number=atena_number)
            .select_related("receipt")
            .prefetch_related(Prefetch("receipt__claim_records", ClaimRecord.objects.current(), to_attr="records_now"))
            .order_by("-examined_at")[:100]
        )


def household_of(person: Person, *, context: AccessContext) -> list[Resident]:
    """世帯: the living members of the person's household, each of them looked at."""
    members = resident_view.household(person.resident.household_number)
    with looked_at(context, "個人照会（世帯）", [one.atena_number for one in members], items=("R1 基本情報",)):
        return members


def item_of_spouse(notice: Receipt) -> WorkItem | None:
    """配偶者の要処理事項 that this notice has caused; None when there was no 第3号 spouse."""
    return WorkItem.objects.filter(source_key=f"spouse:{notice.pk}").first()


def get_notice(notice_id: int, *, context: AccessContext) -> Receipt:
    """受付1件: with its steps. Raises InputError when there is none."""
    notice = Receipt.objects.filter(pk=notice_id).first()
    if notice is None:
        raise InputError("この受付はありません", field="notice", code="not_found", hint="一覧を開き直してください。")
    with looked_at(context.for_case(notice.receipt_number), "受付の照会", [notice.atena_number]):
        return notice


def get_item(item_id: int, *, context: AccessContext) -> WorkItem:
    """要処理事項1件. Raises InputError when there is none."""
    item = WorkItem.objects.select_related("notice", "undoes").filter(pk=item_id).first()
    if item is None:
        raise InputError("この事項はありません", field="item", code="not_found", hint="一覧を開き直してください。")
    with looked_at(context.for_case(f"W{item.pk}"), "要処理事項の照会", [item.atena_number]):
        return item


def unexplained_gaps(periods: Sequence[Held]) -> list[tuple[date, date | None]]:
    """説明のない空白: days between two periods whose loss reason does not say why nothing follows."""
    from kokunen.national_pension.choices import GAP_EXPLAINING_LOSS_REASONS

    ordered = sorted(periods, key=lambda one: one.acquired_on)
    gaps: list[tuple[date, date | None]] = []
    for one, following in zip_longest(ordered, ordered[1:]):
        if one.lost_on is None or one.loss_reason in GAP_EXPLAINING_LOSS_REASONS:
            continue
        if following is None or following.acquired_on > one.lost_on:
            gaps.append((one.lost_on, following.acquired_on if following else None))
    return gaps
