"""届書の様式: one layout for every form of the catalogue, filled from the record; every value is text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from kokunen.kernel.wareki import format_wareki
from kokunen.national_pension.catalogue import DECIDERS, Form
from kokunen.national_pension.documents.rendering import render
from kokunen.national_pension.models import Receipt
from kokunen.national_pension.resident_view import Resident


def form_sheet(
    receipt: Receipt,
    form: Form,
    resident: Resident,
    *,
    number: str,
    data: Mapping[str, Any],
    office: str,
    serial: str,
    at: datetime,
) -> bytes:
    """届書: person, fields, papers and the part of the city, on one A4 sheet.

    The address of a protected person is not printed; the sheet says so instead.
    """
    situation = form.situation(receipt.situation)
    values: dict[str, Any] = {
        "code": form.code,
        "title": f"国民年金 {form.name}" if "年金" not in form.name else form.name,
        "law": form.law,
        "limit": form.limit.text,
        "addressee": DECIDERS[(situation.decides if situation else "") or form.decides],
        "verb": _verb(form.name),
        "who": "請求者" if form.purpose == "pension_benefit" else "被保険者",
        "goes_to": form.goes_to,
        "situation": situation.label if situation else "",
        "number_label": "基礎年金番号" if number else "個人番号",
        "digits": list(number) if number else [""] * 12,
        "person": _person(resident),
        "fields": [[one.label, _value(form, one.name, data, receipt)] for one in form.fields],
        "papers": [[paper.name, paper.get_state_display()] for paper in receipt.papers.all()],
        "received": format_wareki(receipt.received_on, weekday=True),
        "receipt_number": receipt.receipt_number,
        "filer": receipt.get_filer_display(),
        "identity": receipt.get_identity_document_display() if receipt.identity_document else "公簿により確認",
        "due": format_wareki(receipt.filing_due_on) if receipt.filing_due_on else "",
        "office": office,
        "staff": receipt.received_by,
        "sent": format_wareki(receipt.sent_on) if receipt.sent_on else "",
        "masked": resident.protected,
        "serial": serial,
        "serial_line": f"発行番号 {serial}",
    }
    return render("form.typ", values, at)


_VERBS = {"申出書": "申し出ます", "申請書": "申請します", "請求書": "請求します", "申込書": "申し込みます"}


def _verb(name: str) -> str:
    """届書の言い方, by what the paper calls itself."""
    return next((verb for end, verb in _VERBS.items() if name.endswith(end)), "届け出ます")


def _person(resident: Resident) -> list[list[str]]:
    sex = {"1": "男", "2": "女"}.get(resident.sex, "")
    postal = f"〒{resident.postal_code[:3]}-{resident.postal_code[3:]} " if resident.postal_code else ""
    return [
        ["フリガナ", resident.name_kana],
        ["氏名", resident.name],
        ["生年月日", resident.birth_text or format_wareki(resident.birth_date)],
        ["性別", sex],
        ["住所", "支援措置のため記載しません" if resident.protected else f"{postal}{resident.full_address}"],
        ["電話番号", "" if resident.protected else resident.telephone],
    ]


def _value(form: Form, name: str, data: Mapping[str, Any], receipt: Receipt) -> str:
    if name == "died_on" and not data.get(name) and receipt.fact_on:
        return format_wareki(receipt.fact_on)
    one = form.field(name)
    value = data.get(name)
    if one.type == "date" and isinstance(value, date):
        return format_wareki(value)
    return one.shown(value)
