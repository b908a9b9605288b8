"""個人番号・法人番号の登録 (S5-2): bind, change, end, reveal. Every refusal stands in the ledger, no digit."""

from __future__ import annotations

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from kokunen.common_platform.integration.publishing import ChangeNote, publish
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError, NotAllowed
from kokunen.kernel.numbers import CorporateNumber, IndividualNumber
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.nonresident_registry import queries
from kokunen.nonresident_registry.choices import CONFIRMED, AtenaKind, CheckResult, NumberKind, NumberSource
from kokunen.nonresident_registry.linkage import NUMBER_BINDING, binding_row
from kokunen.nonresident_registry.models import ALIAS, CURRENT, NumberBinding
from kokunen.nonresident_registry.perms import CERTIFICATE_PURPOSE, NUMBER_PURPOSES
from kokunen.nonresident_registry.services.writing import lock, one_change
from kokunen.nonresident_registry.vault import KEY_VERSION, the_vault

DATASET_JA = "番号紐付情報"
_KINDS: dict[str, type[IndividualNumber] | type[CorporateNumber]] = {
    NumberKind.INDIVIDUAL: IndividualNumber,
    NumberKind.CORPORATE: CorporateNumber,
}


def register_number(
    *,
    context: AccessContext,
    atena_number: str,
    number: str,
    number_kind: str,
    source: str = NumberSource.PERSON,
    same_person: bool = False,
) -> NumberBinding:
    """番号を紐付ける: unverified until its authenticity is checked.

    Refused: a wrong check digit, a second number for the same 宛名番号, a number that another 宛名番号 holds (unless
    the officer says that both are one person, which makes a 名寄せ candidate), and always when the birth dates differ.
    """
    with one_change(context, DATASET_JA, [atena_number]):
        _refuse_other_purpose(context)
        value = _KINDS[number_kind].parse(number, lenient=True, field="number").value
        vault = the_vault()
        index = vault.index(number_kind, value)
        lock(atena_number, f"number.{index}")
        subject = _subject(atena_number, number_kind)
        _refuse_second(atena_number, number_kind, index)
        holders = list(NumberBinding.objects.filter(CURRENT, number_index=index).values_list("atena_number", flat=True))
        if holders:
            _refuse_held_elsewhere(subject, holders, same_person=same_person)
        row = NumberBinding(
            atena_number=atena_number,
            number_kind=number_kind,
            cipher=vault.seal(number_kind, atena_number, value),
            key_version=KEY_VERSION,
            number_index=index,
            number_token=vault.token(number_kind, value),
            source=source,
            verification=CheckResult.UNCHECKED,
            twice=bool(holders),
        )
        _add(row, context, "番号の登録")
        _record(context, Act.REGISTER, row, {"source": str(source), "twice": bool(holders)})
        if holders:
            from kokunen.nonresident_registry.services.merging import propose_by_number

            propose_by_number(atena_number, holders)
    return row


def change_number(
    *, context: AccessContext, atena_number: str, number: str, number_kind: str, source: str = NumberSource.PERSON
) -> NumberBinding:
    """番号の変更 (番号法7条2項): the old binding ends, the new one begins today; both stay in the history."""
    with one_change(context, DATASET_JA, [atena_number]):
        ended = end_binding(context=context, atena_number=atena_number, number_kind=number_kind, why="番号の変更")
        row = register_number(
            context=context, atena_number=atena_number, number=number, number_kind=number_kind, source=source
        )
        if row.number_index == ended.number_index:
            raise InputError("今の番号と同じ番号です", "number", "unchanged", "新しい番号を入力してください。")
    return row


def end_binding(*, context: AccessContext, atena_number: str, number_kind: str, why: str) -> NumberBinding:
    """番号紐付の終了: found wrong, or replaced."""
    with one_change(context, DATASET_JA, [atena_number]):
        lock(atena_number)
        row = get_binding(atena_number, number_kind)
        _close(row)
        if row.valid_period.lower < clock.today():
            past = _again(row)
            past.valid_period = DateRange(row.valid_period.lower, clock.today(), "[)")
            _stamp(past, context, why)
        if row.verification in CONFIRMED:
            publish(ALIAS, NUMBER_BINDING, [binding_row(row, current=False)], ChangeNote("remove"))
        _record(context, Act.CANCEL, row, {"why": why})
    return row


def set_verification(*, context: AccessContext, row: NumberBinding, result: str) -> NumberBinding:
    """確認区分を記録する (in the transaction of the check): a checked number counts and is published."""
    _close(row)
    checked = _again(row)
    checked.verification = result
    checked.valid_period = row.valid_period
    _stamp(checked, context, "真正性確認")
    counted, counts = row.verification in CONFIRMED, result in CONFIRMED
    if counted or counts:
        kind = "register" if counts and not counted else "update" if counts else "remove"
        publish(ALIAS, NUMBER_BINDING, [binding_row(checked, current=counts)], ChangeNote(kind))
    return checked


def get_binding(atena_number: str, number_kind: str) -> NumberBinding:
    """今の番号紐付. Raises InputError when there is none."""
    rows = NumberBinding.objects.filter(CURRENT, atena_number=atena_number, number_kind=number_kind)
    row: NumberBinding | None = rows.first()
    if row is None:
        raise InputError(
            f"この宛名番号に{NumberKind(number_kind).label}は紐付いていません",
            "number",
            "not_found",
            "番号を登録してください。",
        )
    return row


def reveal_number(*, context: AccessContext, atena_number: str, number_kind: str, reason: str) -> str:
    """番号を表示する: the digits, for a purpose that 番号法 knows and a reason in words. The look is in the ledger.

    Raises NotAllowed (and the refusal is in the ledger) for another purpose or without a reason.
    """
    with one_change(context, DATASET_JA, [atena_number]):
        _refuse_other_purpose(context)
        if len(reason.strip()) < 3:
            raise NotAllowed(
                "理由を入力しなければ、番号は表示できません",
                "reason",
                "no_reason",
                "何の手続のために必要かを入力してください。",
            )
        row = get_binding(atena_number, number_kind)
        number = the_vault().open(number_kind, atena_number, bytes(row.cipher))
        _record(context, Act.VIEW, row, {"reason": reason.strip()[:200]})
    return number


def number_for_certificate(*, context: AccessContext, atena_number: str, reason: str) -> str:
    """住民票に記載する個人番号 (住基法7条8号の2): the checked number of one resident, "" when there is none.

    For the purpose of certificates only; each look is in the ledger with the certificate it was for.
    """
    with one_change(context, DATASET_JA, [atena_number]):
        if context.purpose != CERTIFICATE_PURPOSE:
            raise NotAllowed(
                "証明書の交付のほかには、この窓口から個人番号を取り出せません",
                "purpose",
                "purpose",
                "証明書の交付として開き直してください。",
            )
        row = NumberBinding.objects.filter(
            CURRENT, atena_number=atena_number, number_kind=NumberKind.INDIVIDUAL, verification__in=CONFIRMED
        ).first()
        if row is None:
            return ""
        number = the_vault().open(NumberKind.INDIVIDUAL, atena_number, bytes(row.cipher))
        _record(context, Act.VIEW, row, {"reason": reason.strip()[:200]})
    return number


def _refuse_other_purpose(context: AccessContext) -> None:
    if context.purpose not in NUMBER_PURPOSES:
        raise NotAllowed(
            "この利用目的では、番号を扱えません",
            "purpose",
            "purpose",
            "番号は、番号法が定める事務のためにだけ使えます。利用目的を確認してください。",
        )


def _subject(atena_number: str, number_kind: str) -> queries.Subject:
    subject = queries.find_subject(atena_number)
    if subject is None:
        raise InputError(
            "この宛名番号の人・法人はありません", "atena_number", "not_found", "先に宛名を登録してください。"
        )
    wanted = AtenaKind.CORPORATION if number_kind == NumberKind.CORPORATE else AtenaKind.INDIVIDUAL
    if subject.kind != wanted:
        raise InputError(
            f"{AtenaKind(subject.kind).label}に{NumberKind(number_kind).label}は紐付けられません",
            "number_kind",
            "inconsistent",
            "番号の種類を確認してください。",
        )
    return subject


def _refuse_second(atena_number: str, number_kind: str, index: str) -> None:
    held = NumberBinding.objects.filter(CURRENT, atena_number=atena_number, number_kind=number_kind).first()
    if held is None:
        return
    words = (
        "この番号は、すでにこの宛名番号に紐付いています"
        if held.number_index == index
        else "この宛名番号には、すでに別の番号が紐付いています"
    )
    raise Conflict(words, "number", "double_binding", "番号が変わったときは「番号の変更」を使ってください。")


def _refuse_held_elsewhere(subject: queries.Subject, holders: list[str], *, same_person: bool) -> None:
    for holder in holders:
        other = queries.find_subject(holder)
        births = (other.birth_date, subject.birth_date) if other is not None else (None, None)
        if None not in births and births[0] != births[1]:
            raise Conflict(
                "この番号は、生年月日の違う人に紐付いています",
                "number",
                "number_conflict",
                "どちらかの番号か生年月日が誤っています。本人確認の書類と住民記録で確認してください。",
            )
    if not same_person:
        raise Conflict(
            "この番号は、ほかの宛名番号に紐付いています",
            "number",
            "double_binding",
            "同じ人の二重登録と確認できたときだけ「同一人」を選んで登録し、名寄せをしてください。",
        )


# --- rows -----------------------------------------------------------------------------------------------------------


def _add(row: NumberBinding, context: AccessContext, why: str) -> None:
    row.valid_period = DateRange(clock.today(), None, "[)")
    _stamp(row, context, why)


def _stamp(row: NumberBinding, context: AccessContext, why: str) -> None:
    row.recorded_period = DateTimeTZRange(clock.now(), None, "[)")
    row.recorded_by = context.staff_number
    row.recorded_reason = why[:200]
    row.save()


def _close(row: NumberBinding) -> None:
    row.close_record(clock.now())


def _again(row: NumberBinding) -> NumberBinding:
    names = [f.name for f in NumberBinding._meta.concrete_fields if f.name not in _NOT_COPIED]
    return NumberBinding(**{name: getattr(row, name) for name in names})


_NOT_COPIED = {"id", "valid_period", "recorded_period", "recorded_by", "recorded_reason"}


def _record(context: AccessContext, act: Act, row: NumberBinding, detail: dict[str, object]) -> None:
    record(
        ALIAS,
        context,
        act=act,
        dataset=DATASET_JA,
        atena_numbers=[row.atena_number],
        items=[NumberKind(row.number_kind).label],
        detail=detail,
    )
