"""生活保護の通知 (法89条1項2号): what the welfare sections told, and what it means for the exemption of a person.

The way must be one that the assessment in force declares for the section (`policy_in_force`): paper is noted by an
officer; a file over 庁内連携システム is taken in whole only where that channel is declared. A candidate is settled by
the notice of 法定免除 that was received for it, or by an officer with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kokunen.assessment.flows import IN_HOUSE_CHANNEL, PAPER
from kokunen.assessment.queries import policy_in_force
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import Conflict, InputError
from kokunen.kernel.numbers import AtenaNumber
from kokunen.kernel.wareki import format_wareki
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record
from kokunen.national_pension import resident_view
from kokunen.national_pension.exemption_choices import Aid, AidEvent
from kokunen.national_pension.models import Receipt, WelfareNotice
from kokunen.national_pension.services.common import USING, one_case

SECTIONS = ("生活福祉1課", "生活福祉2課")
LAW_BEGAN = date(1950, 5, 4)
"""現行の生活保護法の施行日"""
ITEMS = ("R1 基本情報", "R5 免除該当情報")
_COLUMNS = ("宛名番号", "開始・廃止の別（begin・end）", "扶助の別（livelihood・other）", "開始・廃止の日（YYYYMMDD）")
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Told:
    """通知の内容: one person, what began or ended, and when."""

    atena_number: str
    event: str
    aid: str
    event_on: date


def declared_channels() -> dict[str, tuple[str, ...]]:
    """評価書が定める入手の方法 by welfare section, as the assessment in force has it."""
    flows = policy_in_force().flows.values()
    return {
        section: tuple(
            channel
            for channel in (PAPER, IN_HOUSE_CHANNEL)
            if any((one.source, one.channel, one.recipient) == (section, channel, USING) for one in flows)
        )
        for section in SECTIONS
    }


@one_case("生活保護の通知の記録")
def note(*, told: Told, section: str, arrived_on: date, context: AccessContext) -> WelfareNotice:
    """紙の通知を記録する: InputError at the field; Conflict when the same notice was noted before."""
    _check_section(section)
    policy_in_force().check_inbound(section, PAPER)
    today = clock.today()
    if arrived_on > today:
        raise InputError("通知を受けた日が先の日付です", field="arrived_on", code="out_of_range")
    if told.event not in AidEvent.values or told.aid not in Aid.values:
        raise InputError("開始・廃止の別と扶助の別を選んでください", field="event", code="invalid_value")
    _check_day(told, arrived_on)
    if resident_view.find(told.atena_number) is None:
        raise InputError(
            "この宛名番号の住民記録がありません",
            field="atena_number",
            code="not_found",
            hint="通知の宛名番号（15桁）を確認してください。",
        )
    (stored,) = _store([told], section, PAPER, arrived_on, context)
    return stored


@one_case("生活保護の連携ファイルの取込")
def take_file(*, content: bytes, section: str, context: AccessContext) -> tuple[int, int]:
    """連携ファイルを取り込む: (new, known before). NotAllowed while the assessment does not declare the channel.

    A broken line refuses the whole file with its number and reason.
    """
    _check_section(section)
    policy_in_force().check_inbound(section, IN_HOUSE_CHANNEL)
    told = _read(content)
    known = set(
        WelfareNotice.objects.filter(atena_number__in={one.atena_number for one in told}).values_list(
            "atena_number", "event", "aid", "event_on"
        )
    )
    new = [one for one in told if (one.atena_number, one.event, one.aid, one.event_on) not in known]
    if new:
        _store(new, section, IN_HOUSE_CHANNEL, clock.today(), context)
    return len(new), len(told) - len(new)


@one_case("生活保護の通知の処理")
def settle(*, notice_id: int, words: str, context: AccessContext) -> WelfareNotice:
    """届によらずに終える: nothing follows from the notice, and the officer says why."""
    found = WelfareNotice.objects.select_for_update().filter(pk=notice_id).first()
    if found is None:
        raise InputError("この通知はありません", field="notice", code="not_found", hint="一覧を開き直してください。")
    if found.settled_at is not None:
        raise Conflict("この通知はすでに処理されています", code="already_decided", hint="一覧を開き直してください。")
    if not words.strip():
        raise InputError("処理の内容を入力してください", field="words", code="missing_field")
    found.settled_at, found.settled_by, found.settled_note = clock.now(), context.staff_number, words.strip()[:200]
    found.save(update_fields=["settled_at", "settled_by", "settled_note"])
    _entry([found.atena_number], context, "生活保護の通知の処理")
    return found


def latest_open(atena_number: str, event: AidEvent) -> WelfareNotice | None:
    """未処理の通知 of 生活扶助 of a person, the latest: it fills the notice of 法定免除."""
    return (
        WelfareNotice.objects.filter(
            atena_number=atena_number, event=event, aid=Aid.LIVELIHOOD, settled_at__isnull=True
        )
        .order_by("-event_on", "-id")
        .first()
    )


def settle_by(receipt: Receipt, event: AidEvent, context: AccessContext) -> None:
    """届で終える: in the reception's transaction, whatever the welfare sections told of this event up to its day."""
    WelfareNotice.objects.filter(
        atena_number=receipt.atena_number, event=event, aid=Aid.LIVELIHOOD, settled_at__isnull=True
    ).update(receipt=receipt, settled_at=clock.now(), settled_by=context.staff_number)


def _store(
    told: Sequence[Told], section: str, channel: str, arrived_on: date, context: AccessContext
) -> list[WelfareNotice]:
    now = clock.now()
    stored = WelfareNotice.objects.bulk_create(
        WelfareNotice(
            atena_number=one.atena_number,
            event=one.event,
            aid=one.aid,
            event_on=one.event_on,
            section=section,
            channel=channel,
            arrived_on=arrived_on,
            noted_at=now,
            noted_by=context.staff_number,
        )
        for one in told
    )
    _entry([one.atena_number for one in told], context, f"生活保護の通知（{section}、{channel}）")
    return stored


def _read(content: bytes) -> list[Told]:
    try:
        lines = content.decode("cp932").splitlines()
    except UnicodeDecodeError as error:
        broken = content[: error.start].count(b"\n") + 1
        raise InputError(f"{broken}行目: 文字コードが正しくありません", field="file", code="broken_file") from None
    told, faults = [], []
    for number, line in enumerate(lines, 1):
        try:
            told.append(_parsed(line))
        except InputError as error:
            faults.append(f"{number}行目: {error.message}")
    known = resident_view.by_numbers({one.atena_number for one in told})
    faults += [
        f"宛名番号の末尾{one.atena_number[-4:]}の住民記録がありません" for one in told if one.atena_number not in known
    ]
    if not told and not faults:
        faults = ["1行目: 通知が1件もありません"]
    if faults:
        raise InputError(
            f"連携ファイルに読めない行が{len(faults)}行あります。{'。'.join(faults[:_MOST_FAULTS])}",
            field="file",
            code="broken_file",
            hint="何も登録していません。通知した課に確認してください。",
        )
    return list(dict.fromkeys(told))


def _parsed(line: str) -> Told:
    parts = [one.strip() for one in line.split(",")]
    if len(parts) != len(_COLUMNS):
        raise InputError(f"項目が{len(parts)}個です（正しくは{len(_COLUMNS)}個: {'、'.join(_COLUMNS)}）")
    atena, event, aid, day = parts
    AtenaNumber.parse(atena)
    if event not in AidEvent.values or aid not in Aid.values:
        raise InputError(f"{_COLUMNS[1]}または{_COLUMNS[2]}が正しくありません")
    try:
        on = date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}")
    except ValueError:
        raise InputError(f"{_COLUMNS[3]}が正しくありません") from None
    told = Told(atena, event, aid, on)
    _check_day(told, clock.today())
    return told


def _check_day(told: Told, latest: date) -> None:
    if told.event_on > latest:
        raise InputError("開始・廃止の日が、通知を受けた日より後です", field="event_on", code="out_of_range")
    if told.event_on < LAW_BEGAN:
        raise InputError(
            f"開始・廃止の日が生活保護法の施行（{format_wareki(LAW_BEGAN)}）より前です",
            field="event_on",
            code="out_of_range",
            hint="通知の日付を確認してください。",
        )


def _check_section(section: str) -> None:
    if section not in SECTIONS:
        raise InputError("通知した課を選んでください", field="section", code="invalid_value")


def _entry(numbers: Iterable[str], context: AccessContext, what: str) -> None:
    record(USING, context, act=Act.REGISTER, dataset=what, atena_numbers=sorted(set(numbers)), items=ITEMS)
