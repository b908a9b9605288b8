"""帳票の中身: the records as the data of a layout. Every value is text, ready to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from kokunen.kernel.wareki import format_wareki
from kokunen.national_pension.choices import MEDIA
from kokunen.national_pension.documents.line_words import words_of
from kokunen.national_pension.documents.rendering import render
from kokunen.national_pension.models import Receipt, ReportBatch
from kokunen.national_pension.reporting_types import NoticeKind, NoticeSource, ReportLine

KIND_LABELS = {
    NoticeKind.ACQUISITION: "資格取得",
    NoticeKind.CHANGE_OF_KIND: "種別変更",
    NoticeKind.LOSS: "資格喪失",
    NoticeKind.VOLUNTARY_ACQUISITION: "任意加入 取得",
    NoticeKind.VOLUNTARY_LOSS: "任意加入 喪失",
    NoticeKind.NAME_CHANGE: "氏名変更",
    NoticeKind.ADDRESS_CHANGE: "住所変更",
    NoticeKind.BIRTH_SEX_CORRECTION: "生年月日・性別訂正",
    NoticeKind.DEATH: "死亡",
    NoticeKind.RECORD_CORRECTION: "記録訂正",
    NoticeKind.ADDITIONAL_PREMIUM: "付加保険料",
    NoticeKind.NUMBER_NOTICE_REISSUE: "通知書再交付",
    NoticeKind.EXEMPTION: "免除・納付猶予",
    NoticeKind.STUDENT_DEFERMENT: "学生納付特例",
    NoticeKind.STATUTORY_EXEMPTION: "法定免除 該当",
    NoticeKind.STATUTORY_EXEMPTION_END: "法定免除 消滅",
    NoticeKind.MATERNITY: "産前産後免除",
    NoticeKind.CHILDCARE: "育児期間免除",
    NoticeKind.EXEMPTION_WITHDRAWAL: "免除取消",
    NoticeKind.BACK_PAYMENT: "追納",
    NoticeKind.PAYMENT_METHOD: "口座振替等",
    NoticeKind.CLAIM: "裁定請求 進達",
    NoticeKind.RECIPIENT_CHANGE: "受給権者変更 進達",
    NoticeKind.WITHDRAWAL: "取下げ",
}


def report_list(batch: ReportBatch, lines: Sequence[ReportLine]) -> bytes:
    """報告対象者一覧: one row a line of the medium, in its order; totals by kind agree with the cover sheet."""
    rows = [
        {
            "number": str(number),
            "receipt": line.receipt_number,
            "kind": KIND_LABELS[line.kind],
            "pension_number": _number(line.basic_pension_number),
            "kana": line.kana,
            "name": line.name,
            "birth": format_wareki(line.birth) if line.birth else "",
            "event_on": format_wareki(line.event_on) if line.event_on else "",
            "what": words_of(line),
            "ground": "公簿" if line.source is NoticeSource.OWN_FINDING else "届出",
        }
        for number, line in enumerate(lines, start=1)
    ]
    return render("report_list.typ", _head(batch) | {"rows": rows, "totals": _totals(lines)}, batch.built_at)


def cover_sheet(batch: ReportBatch, lines: Sequence[ReportLine]) -> bytes:
    """送付書: what the medium holds, its hash, and the certification of facts the city found itself."""
    findings = sum(line.source is NoticeSource.OWN_FINDING for line in lines)
    manifest = batch.manifest.get("image", {})
    data = _head(batch) | {
        "totals": _totals(lines),
        "findings": findings,
        "sha256": batch.media_sha256,
        "image_name": str(manifest.get("name", batch.media_path)),
        "key_id": batch.key_id,
    }
    return render("cover_sheet.typ", data, batch.built_at)


def receipt_slip(
    notice: Receipt,
    *,
    name: str,
    office: str,
    staff: str,
    serial: str,
    advice: Sequence[str],
    told: Sequence[tuple[str, str]],
    at: datetime,
) -> bytes:
    """受付票: what was received when, what follows by law, what is missing, what to look at besides."""
    content = notice.content
    data: dict[str, Any] = {
        "receipt_number": notice.receipt_number,
        "kind": notice.get_kind_display(),
        "name": name,
        "received": f"{format_wareki(notice.received_on, weekday=True)} {notice.received_at:%H:%M}",
        "office": office,
        "staff": staff,
        "filer": notice.get_filer_display(),
        "told": [list(one) for one in told],
        "sending": format_wareki(notice.sending_due_on) if notice.to_report else "",
        "papers_due": format_wareki(notice.papers_due_on, weekday=True) if notice.papers_due_on else "",
        "sentences": list(content.get("sentences", ())),
        "attachments": list(notice.attachments),
        "missing": list(notice.missing_papers),
        "advice": list(advice),
        "serial": serial,
        "serial_line": f"発行番号 {serial}",
        "printed": f"{format_wareki(at.date())} {at:%H:%M}",
    }
    return render("receipt_slip.typ", data, at)


def board_list(
    rows: Sequence[Sequence[str]], *, header: Sequence[str], office: str, serial: str, at: datetime
) -> bytes:
    """未完了の受付 一覧: what has not come to its end, in the order of the screen."""
    data: dict[str, Any] = {
        "header": list(header),
        "rows": [list(row) for row in rows],
        "total": str(len(rows)),
        "office": office,
        "printed": f"{format_wareki(at.date())} {at:%H:%M}",
        "serial_line": f"発行番号 {serial}",
    }
    return render("board_list.typ", data, at)


def _head(batch: ReportBatch) -> dict[str, Any]:
    return {
        "serial": batch.serial_text,
        "year_label": _year_label(batch.fiscal_year),
        "report_on": format_wareki(batch.report_on),
        "medium": MEDIA.label(batch.medium),
        "serial_line": f"媒体通番 {_year_label(batch.fiscal_year)} 第{batch.serial_text}号",
        "total": str(batch.line_count),
    }


def _year_label(year: int) -> str:
    return format_wareki(date(year, 5, 1)).split("年")[0] + "年度"


def _totals(lines: Sequence[ReportLine]) -> list[list[str]]:
    counted = Counter(line.kind for line in lines)
    return [[KIND_LABELS[kind], str(counted[kind])] for kind in KIND_LABELS if counted[kind]]


def _number(number: str) -> str:
    return f"{number[:4]}-{number[4:]}" if number else "なし"
