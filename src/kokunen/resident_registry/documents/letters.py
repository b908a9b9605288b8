"""通知書・照会書 (SPEC 4.0.5, 4.1.3.1, 20.5.1): letters to the person, the household or the new city, one sheet A4.

| field | source |
|---|---|
| あて先 | the person (世帯主 where the letter is to the household); of 転入通知未着照会書 the city moved to |
| 記載事項 | `resident_version` as it stands, `resident_event` of its last change |
| 期間 | `support_measure` in force |
| 発行番号 | `printing.next_serial`, kept in the ledger |
| 市長名 | `law.parameters` certificates/certifier on the day |
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

from kokunen.common_platform import printing
from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError, NotAllowed
from kokunen.kernel.text import with_geta
from kokunen.kernel.wareki import format_wareki
from kokunen.law.parameters import value_on
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record, record_refusal
from kokunen.resident_registry.choices import DestinationKind, EventCode, FilingKind, LetterKind
from kokunen.resident_registry.documents.receipt import Printed
from kokunen.resident_registry.models import ALIAS, ResidentVersion, SupportMeasure
from kokunen.resident_registry.models.resident import CURRENT, LIVING
from kokunen.resident_registry.perms import Sight
from kokunen.resident_registry.services.support import in_force

LAYOUT = Path(__file__).parent / "letter.typ"
CITY = "埼玉県川口市"
_DOMESTIC = (EventCode.MOVE_OUT, EventCode.SPECIAL_MOVE_OUT, EventCode.LATE_MOVE_OUT)
Facts = list[list[str]]


def letters_of(row: ResidentVersion) -> list[LetterKind]:
    """この人に出せる通知書: those whose reason stands in the record now."""
    measure = in_force([row.atena_number]).get(row.atena_number)
    found = {
        LetterKind.ARRIVAL_INQUIRY: not row.is_living
        and row.departure_code in _DOMESTIC
        and row.destination_kind != DestinationKind.ABROAD
        and row.confirmed_departure_on is None,
        LetterKind.HEAD_CHANGED: row.is_living and row.is_head and _became_head(row),
        LetterKind.HEAD_REQUEST: row.is_living and not row.head_atena_number,
        LetterKind.EX_OFFICIO: row.event.filing_kind == FilingKind.EX_OFFICIO,
        LetterKind.SUPPORT_ENDING: measure is not None and measure.applicant_atena_number == row.atena_number,
    }
    return [kind for kind, holds in found.items() if holds]


def find_letters(
    *, context: AccessContext, atena_number: str, sight: Sight
) -> tuple[ResidentVersion, list[LetterKind]]:
    """通知書の一覧 of a person. Raises NotAllowed for a protected person without the right (it is in the ledger)."""
    with transaction.atomic(using=ALIAS):
        row = _row(context, atena_number, sight)
        record(ALIAS, context, act=Act.VIEW, dataset="通知書", atena_numbers=[atena_number], items=["出せる通知書"])
        return row, letters_of(row)


def make_letter(*, context: AccessContext, atena_number: str, kind: LetterKind, sight: Sight) -> Printed:
    """通知書を作る: PDF with its serial number. Raises InputError when the record gives no reason for this letter."""
    with transaction.atomic(using=ALIAS):
        row = _row(context, atena_number, sight)
        if kind not in letters_of(row):
            raise InputError(
                f"{row.name}さんには、いま{kind.label}を出す理由がありません",
                "kind",
                "inconsistent",
                "記録が変わっていないか、個人照会で確かめてください。",
            )
        serial = printing.next_serial(context.office_code)
        content = printing.render(LAYOUT, _content(kind, row, serial), at=clock.now())
        record(
            ALIAS,
            context,
            act=Act.PRINT,
            dataset=str(kind.label),
            atena_numbers=[atena_number],
            items=["氏名", "住所", "異動"],
            serial=serial,
        )
    return Printed(content, serial)


def _row(context: AccessContext, atena_number: str, sight: Sight) -> ResidentVersion:
    rows = ResidentVersion.objects.select_related("event").filter(CURRENT, atena_number=atena_number)
    row: ResidentVersion | None = rows.first()
    if row is None:
        raise InputError("この宛名番号の住民票はありません", "atena_number", "not_found", "検索し直してください。")
    around = [
        atena_number,
        *ResidentVersion.objects.filter(LIVING, household_number=row.household_number).values_list(
            "atena_number", flat=True
        ),
    ]
    if in_force(around) and not sight.protected:
        record_refusal(context, dataset="通知書", reason="取扱いに確認が必要な人", atena_numbers=[atena_number])
        raise NotAllowed(
            "取扱いに確認が必要な人が含まれているため、この画面では扱えません",
            hint="住民記録係長に引き継いでください。",
        )
    return row


def _became_head(row: ResidentVersion) -> bool:
    before = (
        ResidentVersion.objects.filter(atena_number=row.atena_number, version_number=row.version_number - 1)
        .order_by("recorded_period")
        .first()
    )
    return before is not None and before.is_living and not before.is_head


def _content(kind: LetterKind, row: ResidentVersion, serial: str) -> dict[str, Any]:
    today = clock.today()
    certifier: dict[str, str] = value_on("certificates/certifier", today)
    address, to, lead, facts, close = _WRITERS[kind](row)
    return {
        "title": str(kind.label),
        "serial": serial,
        "address": with_geta(address),
        "to": with_geta(to),
        "certifier": certifier["title"],
        "name": certifier["name"],
        "lead": with_geta(lead),
        "facts": [[label, with_geta(value)] for label, value in facts],
        "close": close,
        "printed_on": format_wareki(today),
        "dated": [today.year, today.month, today.day],
    }


Letter = tuple[str, str, str, Facts, str]
_ASK = "お問い合わせは、川口市市民課住民記録係まで、下の発行番号を添えてお願いします。"


def _arrival_inquiry(row: ResidentVersion) -> Letter:
    facts = [
        ["氏名", row.name],
        ["生年月日", row.birth_text or format_wareki(row.birth_date)],
        ["性別", str(row.get_sex_display())],
        ["川口市での住所", f"{CITY}{row.address}"],
        ["転出先（届出）", row.planned_destination],
        ["転出予定年月日", _day(row.planned_departure_on)],
        ["消除した年月日", _day(row.removed_on)],
        ["転入の有無・年月日", "有（令和　　年　　月　　日）　・　無"],
        ["転入後の住所", ""],
    ]
    lead = (
        "次の方は、貴市区町村への転出の届出により当市の住民票を消除しましたが、住民基本台帳法9条1項の転入通知が"
        "まだ届いていません。転入の有無を調べ、下の欄に記入のうえ回答してください。"
    )
    return row.planned_destination, "転出先の市区町村長　様", lead, facts, _ASK


def _head_changed(row: ResidentVersion) -> Letter:
    lead = (
        "世帯主がいなくなり、残る世帯員が1人となったため、住民基本台帳法8条により次のとおり世帯主を職権で変更しました。"
    )
    facts = [["世帯番号", row.household_number], ["新しい世帯主", row.name], *_of_household(row)]
    return _to_person(row, lead, facts, _ASK)


def _head_request(row: ResidentVersion) -> Letter:
    lead = (
        "あなたの世帯は、世帯主がいなくなり、新しい世帯主が決まっていません。住民基本台帳法25条により、変更があった日から"
        "14日以内に世帯主変更の届出をしてください。届出のないときは、職権で記載することがあります。"
    )
    return _to_person(row, lead, [["世帯番号", row.household_number], *_of_household(row)], _ASK)


def _ex_officio(row: ResidentVersion) -> Letter:
    lead = "住民基本台帳法施行令12条4項により、次のとおり住民票の記載等をしましたので通知します。"
    facts = _event(row)
    if row.event.remarks:
        facts.append(["事由", row.event.remarks])
    return _to_person(
        row,
        lead,
        facts,
        f"この処分に不服があるときは、通知を受けた日の翌日から3か月以内に、市長に審査請求ができます。{_ASK}",
    )


def _support_ending(row: ResidentVersion) -> Letter:
    measure: SupportMeasure = in_force([row.atena_number])[row.atena_number]
    lead = (
        "あなたの申出による住民票の写し等の交付の制限（支援措置）は、次の日に期間が終わります。続けて希望するときは、"
        "延長の申出をしてください。申出は終了日の1か月前から受け付けます。"
    )
    facts = [["開始日", format_wareki(measure.starts_on)], ["終了日", format_wareki(measure.ends_on)]]
    return _to_person(row, lead, facts, _ASK)


def _to_person(row: ResidentVersion, lead: str, facts: Facts, close: str) -> Letter:
    address = f"〒{row.postal_code[:3]}-{row.postal_code[3:]}　" if row.postal_code else ""
    return f"{address}{CITY}{row.address}", f"{row.name}　様", lead, facts, close


def _event(row: ResidentVersion) -> Facts:
    event = row.event
    return [
        ["氏名", row.name or "（名未定）"],
        ["異動の事由", str(event.get_code_display())],
        ["異動の年月日", event.event_text or format_wareki(event.event_on)],
        ["処理の年月日", format_wareki(event.processed_on)],
        ["世帯主との続柄", row.relationship or "未設定"],
    ]


def _of_household(row: ResidentVersion) -> Facts:
    """世帯の異動: it happened to another of the household, so no name stands beside it."""
    return [[f"世帯の{label}", value] for label, value in _event(row)[1:4]]


def _day(value: Any) -> str:
    return format_wareki(value) if value else ""


_WRITERS: dict[LetterKind, Callable[[ResidentVersion], Letter]] = {
    LetterKind.ARRIVAL_INQUIRY: _arrival_inquiry,
    LetterKind.HEAD_CHANGED: _head_changed,
    LetterKind.HEAD_REQUEST: _head_request,
    LetterKind.EX_OFFICIO: _ex_officio,
    LetterKind.SUPPORT_ENDING: _support_ending,
}
