"""被保険者台帳の異動 (台帳在籍): the roll follows the register by itself; no officer types an address twice.

Being on the roll and being insured are two things: what happens here never touches a qualification period.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from kokunen.common_platform.operations import clock
from kokunen.common_platform.records.models import recorded_from
from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.numbers import BasicPensionNumber
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension.models import InsuredPerson, PensionNumber
from kokunen.national_pension.resident_view import Resident
from kokunen.national_pension.services.common import USING, lock_person, one_case

_TICK = timedelta(microseconds=1)
_CONTENT = (
    "name",
    "name_kana",
    "alias",
    "birth_date",
    "birth_text",
    "sex",
    "relationship",
    "phone",
    "head_name",
    "became_resident_on",
    "ceased_resident_on",
    "postal_code",
    "address",
    "destination_address",
    "moved_out_on",
)


def content_of(resident: Resident) -> dict[str, object]:
    """基本情報: the items of R1 as the register has them."""
    return {
        "name": resident.name,
        "name_kana": resident.name_kana,
        "alias": resident.alias,
        "birth_date": resident.birth_date,
        "birth_text": resident.birth_text,
        "sex": resident.sex,
        "relationship": resident.relationship,
        "phone": resident.telephone,
        "head_name": resident.head_name,
        "became_resident_on": resident.resident_since,
        "ceased_resident_on": resident.removed_on,
        "postal_code": resident.postal_code,
        "address": resident.full_address,
        "destination_address": resident.destination,
        "moved_out_on": resident.departure_on,
    }


def current(atena_number: str) -> InsuredPerson | None:
    """台帳の現在の行: the latest facts as known now, None for someone who is not on the roll."""
    found: InsuredPerson | None = (
        InsuredPerson.objects.current().filter(atena_number=atena_number).order_by("-valid_period").first()
    )
    return found


def follow(resident: Resident, *, move_code: str, on: date, staff_number: str) -> bool:
    """台帳を合わせる: bring the roll to what the register says from `on`; true when something differed.

    Someone who is not on the roll is left alone (`enrol` puts people on it).
    """
    lock_person(resident.atena_number)
    row = current(resident.atena_number)
    if row is None:
        return False
    content = content_of(resident)
    if all(getattr(row, name) == content[name] for name in _CONTENT):
        return False
    at = max(clock.now(), row.recorded_period.lower + _TICK)
    start = row.valid_period.lower
    row.close_record(at)
    begin = on if start is None or on > start else start
    if begin != start:
        kept = {name: getattr(row, name) for name in _CONTENT}
        _insert(resident.atena_number, kept, DateRange(start, begin, "[)"), row.move_code, at, staff_number)
    _insert(resident.atena_number, content, DateRange(begin, None, "[)"), move_code, at, staff_number)
    return True


def enrol(resident: Resident, *, move_code: str, staff_number: str) -> None:
    """台帳に載せる: the first row of a person who becomes a client of the section; nothing when already on the roll."""
    lock_person(resident.atena_number)
    if current(resident.atena_number) is not None:
        return
    period = DateRange(resident.resident_since, None, "[)")
    _insert(resident.atena_number, content_of(resident), period, move_code, clock.now(), staff_number)


def _insert(
    atena_number: str,
    content: dict[str, object],
    valid: DateRange,
    move_code: str,
    at: object,
    staff_number: str,
) -> None:
    InsuredPerson.objects.create(
        atena_number=atena_number,
        valid_period=valid,
        recorded_period=recorded_from(at),  # type: ignore[arg-type]
        recorded_by=staff_number,
        recorded_reason="住民記録の異動",
        move_code=move_code,
        **content,
    )


def primary_number(atena_number: str) -> str:
    """基礎年金番号 in use, "" for a person who has none."""
    row = (
        PensionNumber.objects.current()
        .filter(atena_number=atena_number, role=PensionNumber.Role.PRIMARY)
        .order_by("-valid_period")
        .first()
    )
    return row.number if row else ""


def take_number(*, atena_number: str, number: str, on: date, staff_number: str) -> bool:
    """基礎年金番号を記録する: a number that the Service gave or confirmed becomes the one in use; true when it was
    new.
    """
    lock_person(atena_number)
    rows = list(PensionNumber.objects.current().filter(atena_number=atena_number))
    if any(row.number == number and row.role == PensionNumber.Role.PRIMARY for row in rows):
        return False
    at = clock.now()
    for row in rows:
        if row.role in (PensionNumber.Role.PRIMARY, PensionNumber.Role.CANDIDATE):
            row.close_record(max(at, row.recorded_period.lower + _TICK))
            if row.role == PensionNumber.Role.PRIMARY:
                _insert_number(atena_number, row.number, PensionNumber.Role.OLD, row.valid_period, at, staff_number)
    _insert_number(atena_number, number, PensionNumber.Role.PRIMARY, DateRange(on, None, "[)"), at, staff_number)
    return True


def holder_of(number: str, besides: str) -> str:
    """その番号を使っている別の方の宛名番号, "" when there is none."""
    other = (
        PensionNumber.objects.current()
        .filter(number=number, role=PensionNumber.Role.PRIMARY)
        .exclude(atena_number=besides)
        .values_list("atena_number", flat=True)
        .first()
    )
    return other or ""


@one_case("基礎年金番号の記入")
def note_number(*, atena_number: str, number: str, role: str, context: AccessContext) -> PensionNumber:
    """番号を記入する: a number told at the counter (未確認), an older one, or a second one of the person (重複付番).

    The number in use comes from the Service only (`take_number`). InputError for a number that is none, Conflict for
    one that is another person's or stands with this person already.
    """
    if role not in (PensionNumber.Role.CANDIDATE, PensionNumber.Role.OLD, PensionNumber.Role.DUPLICATE):
        raise InputError(
            "使用中の基礎年金番号は、日本年金機構の結果から記録されます",
            field="role",
            code="invalid_value",
            hint="未確認（申出）として記入し、照会票で年金事務所に確認してください。",
        )
    value = BasicPensionNumber.parse(number, lenient=True, field="number").value
    lock_person(atena_number)
    if holder_of(value, atena_number):
        raise Conflict(
            "この基礎年金番号は別の方が使っています",
            code="other_person",
            hint="番号の読み違いがないか確かめ、同一人のおそれがあるときは照会票で年金事務所に確認してください。",
        )
    if role == PensionNumber.Role.DUPLICATE and not primary_number(atena_number):
        raise InputError(
            "使用中の基礎年金番号がないため、重複とはいえません",
            field="role",
            code="inconsistent",
            hint="未確認（申出）として記入してください。",
        )
    _insert_number(
        atena_number,
        value,
        role,
        DateRange(clock.today(), None, "[)"),
        clock.now(),
        context.staff_number,
        "窓口での申出",
    )
    record(
        USING,
        context,
        act=Act.REGISTER,
        dataset="基礎年金番号の記入",
        atena_numbers=[atena_number],
        items=("R1 基礎年金番号",),
    )
    noted: PensionNumber = PensionNumber.objects.current().get(atena_number=atena_number, number=value)
    return noted


def _insert_number(
    atena_number: str,
    number: str,
    role: str,
    valid: DateRange,
    at: object,
    staff_number: str,
    reason: str = "日本年金機構の通知",
) -> None:
    PensionNumber.objects.create(
        atena_number=atena_number,
        number=number,
        role=role,
        valid_period=valid,
        recorded_period=recorded_from(at),  # type: ignore[arg-type]
        recorded_by=staff_number,
        recorded_reason=reason,
    )
