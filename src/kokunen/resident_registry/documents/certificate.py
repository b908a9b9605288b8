"""住民票の写し等 (SPEC 20.1.1-20.4.1): the sheets of one issue as PDF.

| field | source |
|---|---|
| 記載事項 | `resident_version` in the version kept with the issue (a re-issue prints the state of the first) |
| 省略する項目 | `certificate_issue.items` (services.certificate_rules) |
| 発行番号 | `certificate_issue.issue_number`, one a copy |
| 認証者 | `law.parameters` certificates/certifier on the day of issue |
| 個人番号 | `wiring.individual_number`, for this print only; nothing of it is kept |
| 公用, 再交付 | `request_kind`, `reissue_of` |

A planned moving out is never on a copy before its day (SPEC 5.1): only 除票 and 転出証明書 show it.
個人番号 is not held here: where the asker may have it, the number vault shows it for this one print (法7条8号の2).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
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
from kokunen.ledger.recording import record
from kokunen.resident_registry.choices import CertificateKind, RequestKind
from kokunen.resident_registry.documents.receipt import Printed
from kokunen.resident_registry.models import ALIAS, CertificateIssue, PensionEntry, ResidentVersion
from kokunen.resident_registry.services.certificate_rules import Item
from kokunen.resident_registry.services.certificates import rows_of
from kokunen.resident_registry.services.pension_entries import INSURED_TYPES, entries_at
from kokunen.resident_registry.wiring import individual_number

LAYOUT = Path(__file__).parent / "certificate.typ"
OMITTED = "【省略】"
CITY = "埼玉県川口市"
_TITLES = {
    CertificateKind.PERSON: "住　民　票",
    CertificateKind.HOUSEHOLD: "住　民　票",
    CertificateKind.REMOVED: "住民票の除票",
    CertificateKind.STATEMENT: "住民票記載事項証明書",
    CertificateKind.MOVE_OUT: "転　出　証　明　書",
    CertificateKind.MOVE_OUT_LIKE: "転出証明書に準ずる証明書",
    CertificateKind.CODE_SLIP: "住民票コード通知票",
    CertificateKind.KOSEKI_ADDENDUM: "戸籍の附票",
}
_CLOSINGS = {
    CertificateKind.PERSON: "この写しは、住民票の原本と相違ないことを証明する。",
    CertificateKind.HOUSEHOLD: "この写しは、世帯全員の住民票の原本と相違ないことを証明する。",
    CertificateKind.REMOVED: "この写しは、住民票の除票の原本と相違ないことを証明する。",
    CertificateKind.STATEMENT: "上記の事項は、住民票に記載されていることを証明する。",
    CertificateKind.MOVE_OUT: "上記のとおり転出する（した）ことを証明する。",
    CertificateKind.MOVE_OUT_LIKE: "上記のとおり転出したことを、転出証明書に準じて証明する。",
    CertificateKind.CODE_SLIP: "上記の住民票コードを住民票に記載したので、住民基本台帳法の規定により通知します。",
    CertificateKind.KOSEKI_ADDENDUM: "この写しは、戸籍の附票の原本と相違ないことを証明する。",
}
_DEPARTING = frozenset({CertificateKind.MOVE_OUT, CertificateKind.MOVE_OUT_LIKE})
Row = list[Any]


def make_certificate(*, context: AccessContext, batch: uuid.UUID) -> Printed:
    """証明書を作る: all sheets of one issue, for the officer who issued them on that day.

    Raises NotAllowed for anybody else or any later day: then a re-issue with a number of its own is the way.
    """
    with transaction.atomic(using=ALIAS):
        sheets = list(CertificateIssue.objects.filter(batch=batch).order_by("pk"))
        if not sheets:
            raise InputError(
                "この証明書の交付の記録がありません", "batch", "not_found", "交付簿から選び直してください。"
            )
        return print_sheets(context=context, sheets=sheets, rows=rows_of(sheets[0]))


def print_sheets(
    *, context: AccessContext, sheets: Sequence[CertificateIssue], rows: Sequence[ResidentVersion]
) -> Printed:
    """証明書を作る from sheets and records that are read already: those of an issue of this moment.

    In a transaction of the caller. Raises NotAllowed as `make_certificate`.
    """
    first = sheets[0]
    if first.staff_number != context.staff_number or first.issued_on != clock.today():
        raise NotAllowed("印刷できるのは、交付した職員がその日のうちだけです", hint="再交付として登録してください。")
    numbers = _numbers_for(context, first, rows)
    content = printing.render(
        LAYOUT, document_of(first, rows, [s.issue_number for s in sheets], numbers), at=first.issued_at
    )
    record(
        ALIAS,
        context,
        act=Act.PRINT,
        dataset=first.get_kind_display(),
        atena_numbers=[row.atena_number for row in rows],
        serial=first.issue_number,
        detail={"sheets": len(sheets)},
    )
    return Printed(content, first.issue_number)


def _numbers_for(context: AccessContext, sheet: CertificateIssue, rows: Sequence[ResidentVersion]) -> dict[str, str]:
    """個人番号: asked of the vault where the sheet shows it (転出証明書 always), with the reason of the issue."""
    if Item.INDIVIDUAL_NUMBER not in sheet.items and CertificateKind(sheet.kind) not in _DEPARTING:
        return {}
    why = f"{sheet.get_kind_display()} {sheet.issue_number} {sheet.reason}".strip()
    return {
        row.atena_number: individual_number(context=context, atena_number=row.atena_number, reason=why) for row in rows
    }


def document_of(
    sheet: CertificateIssue,
    rows: Sequence[ResidentVersion],
    serials: Sequence[str],
    numbers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """印刷する内容: what the layout sets, item by item; hidden items are written 【省略】.

    `numbers` are 個人番号 by 宛名番号, for the people whose number the sheet shows ("" = none is registered).
    """
    kind, shown = CertificateKind(sheet.kind), {Item(item) for item in sheet.items}
    certifier: dict[str, str] = value_on("certificates/certifier", sheet.issued_on)
    day = sheet.issued_on
    partial = kind == CertificateKind.PERSON and len(rows) > 1
    asked_at = sheet.reissue_of.issued_at if sheet.reissue_of else sheet.issued_at
    told = entries_at([row.atena_number for row in rows], asked_at) if Item.PENSION in shown else {}
    return {
        "title": _TITLES[kind],
        "subtitle": _subtitle(kind, rows),
        "official": sheet.request_kind == RequestKind.OFFICIAL,
        "reissue": sheet.reissue_of_id is not None and kind in _DEPARTING,
        "lead": [[label, with_geta(value), span] for label, value, span in _lead(kind, rows[0], shown)],
        "people": [
            _person(kind, row, shown, position, told.get(row.atena_number), (numbers or {}).get(row.atena_number))
            for position, row in enumerate(rows, start=1)
        ],
        "addresses": _addresses(rows[0]) if kind == CertificateKind.KOSEKI_ADDENDUM else [],
        "code": _grouped(rows[0].resident_code) if kind == CertificateKind.CODE_SLIP else "",
        "closing": "この写しは、世帯の一部の住民票の原本と相違ないことを証明する。" if partial else _CLOSINGS[kind],
        "note": _NOTES.get(kind, ""),
        "printed_on": format_wareki(day),
        "certifier": certifier,
        "serials": list(serials),
        "dated": [day.year, day.month, day.day],
    }


_NOTES = {
    CertificateKind.MOVE_OUT: "新しい住所に住み始めた日から14日以内に、この証明書を添えて転入の届出をしてください。",
    CertificateKind.CODE_SLIP: "この番号を民間で利用することは、法律で禁止されています。大切に保管してください。",
}


def _subtitle(kind: CertificateKind, rows: Sequence[ResidentVersion]) -> str:
    if kind == CertificateKind.HOUSEHOLD:
        return "（世帯全員）"
    if kind == CertificateKind.PERSON:
        return "（世帯の一部）" if len(rows) > 1 else "（個人）"
    return ""


def _lead(kind: CertificateKind, row: ResidentVersion, shown: set[Item]) -> list[Row]:
    """上の欄: address and head of the household, once a sheet."""
    if kind == CertificateKind.CODE_SLIP:
        return [["住所", f"{CITY}{row.address}", 3]]
    if kind == CertificateKind.KOSEKI_ADDENDUM:
        return [["本籍", row.registered_domicile, 3], ["筆頭者", row.registered_domicile_head, 3]]
    head = (row.head_name or "未設定") if Item.HEAD in shown or kind in _DEPARTING else OMITTED
    lead: list[Row] = [["住所", f"{CITY}{row.address}", 3], ["世帯主", head, 3]]
    if kind in _DEPARTING:
        lead += [
            ["転出先", row.destination, 3],
            ["転出予定年月日" if row.is_living else "転出年月日", _day(row.departure_on), 1],
            ["届出年月日", _day(row.notified_on), 1],
        ]
    return lead


def _person(
    kind: CertificateKind,
    row: ResidentVersion,
    shown: set[Item],
    position: int,
    pension: PensionEntry | None = None,
    number: str | None = None,
) -> dict[str, Any]:
    from kokunen.resident_registry.queries import shown_birth

    departing = kind in _DEPARTING
    rows: list[Row] = [
        ["氏名", row.name or "（名未定）", 3],
        ["振り仮名", _certified_kana(row), 3],
    ]
    if row.alias:
        rows.append(["通称", row.alias, 3])
    if row.former_surname:
        rows.append(["旧氏", f"{row.former_surname}（{row.former_surname_kana}）", 3])
    relation = row.relationship or "未設定" if Item.HEAD in shown or departing else OMITTED
    rows += [
        ["生年月日", shown_birth(row), 1],
        ["性別", row.get_sex_display() if row.sex != "0" else "", 1],
    ]
    if kind not in (CertificateKind.CODE_SLIP, CertificateKind.KOSEKI_ADDENDUM):
        rows.append(["続柄", relation, 1])
        since = "外国人住民となった年月日" if row.is_foreign else "住民となった年月日"
        rows.append([since, row.resident_since_text or _day(row.resident_since), 1])
        rows += _residence(row, shown | (set(Item) if departing else set()))
        rows += [
            ["住所を定めた年月日", row.address_since_text or _day(row.address_since), 1],
            [f"{row.get_filing_kind_display()}の年月日", _day(row.notified_on), 1],
            ["従前の住所", row.previous_address, 3],
        ]
        code = row.resident_code if Item.RESIDENT_CODE in shown or departing else OMITTED
        own = OMITTED if number is None else _grouped(number) or "未記載"
        rows += [["個人番号", own, 3], ["住民票コード", code or "未記載", 3]]
        if Item.PENSION in shown:
            rows += _pension(pension)
    if kind == CertificateKind.REMOVED:
        rows += _removal(row)
    return {
        "number": position,
        "rows": [[label, with_geta(value), span] for label, value, span in _said(rows)],
    }


def _said(rows: Sequence[Row]) -> list[Row]:
    """空でない項目."""
    return [entry for entry in rows if entry[1] != "" or entry[0] in ("性別", "従前の住所")]


def _residence(row: ResidentVersion, shown: set[Item]) -> list[Row]:
    """戸籍の表示, or for foreign residents 国籍・在留 (法30条の45); 満了の日 in the Western calendar (SPEC 1.1.9)."""
    if not row.is_foreign:
        koseki = Item.KOSEKI in shown
        return [
            ["本籍", row.registered_domicile if koseki else OMITTED, 3],
            ["筆頭者", row.registered_domicile_head if koseki else OMITTED, 3],
        ]
    expires = row.residence_expires_on
    stay = Item.RESIDENCE in shown
    entries: list[Row] = [
        ["国籍・地域", row.nationality if Item.NATIONALITY in shown else OMITTED, 3],
        ["30条の45の区分", row.get_residence_class_display() if stay else OMITTED, 1],
        ["在留資格", (row.residence_status or "－") if stay else OMITTED, 1],
        ["在留期間", (row.residence_period or "－") if stay else OMITTED, 1],
        [
            "満了の日",
            (f"{expires.year}年{expires.month}月{expires.day}日" if expires else "－") if stay else OMITTED,
            1,
        ],
        ["在留カード等の番号", (row.residence_card_number or "－") if Item.CARD_NUMBER in shown else OMITTED, 3],
    ]
    return entries


def _pension(entry: PensionEntry | None) -> list[Row]:
    """行政欄の国民年金 (法7条11号): only what the pension section handed over by the time of the issue."""
    if entry is None:
        return [["国民年金", "該当なし", 3]]
    number = entry.basic_pension_number
    rows: list[Row] = [
        ["国民年金の種別", INSURED_TYPES.get(entry.insured_type, "被保険者"), 1],
        ["基礎年金番号", f"{number[:4]}-{number[4:]}" if number else "－", 1],
        ["資格取得年月日", _day(entry.acquired_on), 1],
    ]
    if entry.lost_on:
        rows.append(["資格喪失年月日", _day(entry.lost_on), 1])
    return rows


def _removal(row: ResidentVersion) -> list[Row]:
    """除票の事項: why and when, the planned place and the confirmed one beside it (SPEC 4.1.3.1.1)."""
    entries: list[Row] = [
        ["消除事由", row.get_removal_code_display(), 1],
        ["事由の生じた日", row.removed_text or _day(row.removed_on), 1],
    ]
    if row.planned_destination:
        entries += [
            ["転出先（予定）", row.planned_destination, 3],
            ["転出予定年月日", _day(row.planned_departure_on), 3],
        ]
    if row.confirmed_destination:
        entries += [
            ["転出先（確定）", row.confirmed_destination, 3],
            ["転入通知の転入日", _day(row.confirmed_departure_on), 3],
        ]
    return entries


def _certified_kana(row: ResidentVersion) -> str:
    """公証された振り仮名: what the 戸籍 has not certified is not printed (法7条1号の2)."""
    if row.is_foreign or row.kana_status == "0":
        return "" if row.is_foreign else "＊＊＊＊"
    surname, _, given = row.name_kana.partition("　")
    return {"1": f"{surname}　＊＊＊＊", "2": f"＊＊＊＊　{given}"}.get(row.kana_status, row.name_kana)


def _addresses(row: ResidentVersion) -> list[Row]:
    """附票の住所: every address since the person came, and where the person went (法17条)."""
    found: dict[tuple[str, date], Row] = {}
    for version in ResidentVersion.objects.filter(
        atena_number=row.atena_number, version_number__lte=row.version_number, status="1"
    ).order_by("version_number", "recorded_period"):
        words = version.address_since_text or _day(version.address_since)
        found.setdefault((version.address, version.address_since), [f"{CITY}{version.address}", words])
    if row.departure_code and not row.is_living:
        found[(row.destination, row.removed_on or row.address_since)] = [row.destination, _day(row.departure_on)]
    return [[with_geta(address), day] for address, day in found.values()]


def _day(value: date | None) -> str:
    return format_wareki(value) if value else ""


def _grouped(code: str) -> str:
    return "　".join(part for part in (code[:4], code[4:8], code[8:]) if part)
