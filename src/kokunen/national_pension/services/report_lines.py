"""報告の明細: a notice as one neutral line of the report. What the record layout makes of it is the carrier's
business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from kokunen.kernel.numbers import BasicPensionNumber
from kokunen.national_pension import reporting_types as neutral
from kokunen.national_pension import resident_view
from kokunen.national_pension.catalogue import form_of
from kokunen.national_pension.choices import NoticeKind, NoticeSource
from kokunen.national_pension.models import PensionNumber, Receipt
from kokunen.national_pension.resident_view import Resident

_DATES = ("received_on", "birth", "submitted_on", "event_on")
# Why a 3号 or 2号 became 1号 without a period of theirs on record: the reason tells the kind before.
_KIND_BEFORE_REASON = {"02": "2", "03": "2", "04": "3", "05": "3", "06": "3", "07": "3", "08": "3"}


def lines_of(notices: Sequence[Receipt]) -> list[neutral.ReportLine]:
    """明細: the lines of these notices, in their order, with the register's data of today."""
    numbers = [notice.atena_number for notice in notices]
    residents = resident_view.by_numbers(numbers)
    primary = dict(
        PensionNumber.objects.current()
        .filter(atena_number__in=numbers, role=PensionNumber.Role.PRIMARY)
        .values_list("atena_number", "number")
    )
    return [line_of(one, residents[one.atena_number], primary.get(one.atena_number, "")) for one in notices]


def neutral_kind(kind: str, fact: str = "", situation: str = "") -> neutral.NoticeKind:
    """報告の種類 of a form; the 申出書 of 任意加入 and the 届 of 法定免除 have two."""
    if kind == NoticeKind.VOLUNTARY and fact != "voluntary_apply":
        return neutral.NoticeKind.VOLUNTARY_LOSS
    if kind == NoticeKind.STATUTORY and situation == "end":
        return neutral.NoticeKind.STATUTORY_EXEMPTION_END
    return neutral.NoticeKind(form_of(kind).report)


def line_of(notice: Receipt, resident: Resident, basic_pension_number: str) -> neutral.ReportLine:
    """明細1件."""
    content = notice.content
    kind = neutral_kind(notice.kind, notice.fact, notice.situation)
    own_finding = notice.source == NoticeSource.FINDING
    return neutral.ReportLine(
        kind=kind,
        receipt_number=notice.receipt_number,
        atena_number=notice.atena_number,
        received_on=notice.received_on,
        name=resident.name,
        kana=resident.name_kana,
        birth=None if resident.birth_text else resident.birth_date,
        sex=resident.sex,
        postal_code=resident.postal_code,
        address=resident.full_address,
        basic_pension_number=basic_pension_number,
        source=neutral.NoticeSource.OWN_FINDING if own_finding else neutral.NoticeSource.NOTICE,
        submitted_on=notice.received_on,
        event_on=_event_on(notice, kind),
        reason_code=_reason_code(content, kind),
        kind_before=content.get("kind_before") or _KIND_BEFORE_REASON.get(content.get("acquisition_reason", ""), ""),
        kind_after=content.get("kind_after", ""),
        is_foreign=resident.is_foreign,
        name_on_medium=content.get("name_on_medium", ""),
        kana_on_medium=content.get("kana_on_medium", ""),
        details=_details(content, kind) if kind not in TOLD else _fields(notice, kind),
    )


def _event_on(notice: Receipt, kind: neutral.NoticeKind) -> date | None:
    if kind is neutral.NoticeKind.DEATH:
        return notice.fact_on  # 死亡年月日, not the day of loss
    content = notice.content
    name = {
        neutral.NoticeKind.LOSS: "lost_on",
        neutral.NoticeKind.VOLUNTARY_LOSS: "lost_on",
    }.get(kind, "event_on")
    text = content.get(name) or content.get("event_on")
    if text:
        return date.fromisoformat(text)
    return notice.received_on if kind in TOLD else None  # 申請年月日: an application tells the day it was made


def _reason_code(content: Mapping[str, Any], kind: neutral.NoticeKind) -> str:
    if kind in (neutral.NoticeKind.LOSS, neutral.NoticeKind.VOLUNTARY_LOSS):
        return str(content.get("loss_reason", ""))
    return str(content.get("acquisition_reason", ""))


_PAYMENT_CODES = {"transfer": "1", "slip": "2", "card": "3"}


def _details(content: Mapping[str, Any], kind: neutral.NoticeKind) -> dict[str, neutral.DetailValue]:
    """What only this kind of notice has, under the names of the layout."""
    if kind is neutral.NoticeKind.NAME_CHANGE:
        return {"old_name": content.get("old_name"), "old_kana": content.get("old_kana")}
    if kind is neutral.NoticeKind.ADDRESS_CHANGE:
        return {"old_address": content.get("old_address"), "old_postal_code": content.get("old_postal_code")}
    if kind is neutral.NoticeKind.BIRTH_SEX_CORRECTION:
        old = content.get("old_birth")
        return {"old_birth": date.fromisoformat(old) if old else None, "old_sex": content.get("old_sex")}
    if kind is neutral.NoticeKind.RECORD_CORRECTION:
        names = ("item", "before", "after", "remarks")
        return {name: content.get(name) for name in names if content.get(name)}
    if kind is neutral.NoticeKind.VOLUNTARY_ACQUISITION:
        return {"payment_method": _PAYMENT_CODES.get(content.get("payment_method", ""))}
    if kind is neutral.NoticeKind.WITHDRAWAL:
        original = neutral_kind(content["withdraws_kind"], content.get("withdraws_fact", ""))
        return {
            "original_receipt": content["withdraws"],
            "original_kind": str(original),
            "remarks": content.get("remarks"),
        }
    return {"remarks": content["remarks"]} if content.get("remarks") else {}


# 報告に載せる記載: what a line of each kind tells of its form, under the names of the neutral line; the rest stays with
# the city and on the paper. Kinds that are not here follow from the recorded fact (`_details`).
TOLD: dict[neutral.NoticeKind, tuple[str, ...]] = {
    neutral.NoticeKind.ADDITIONAL_PREMIUM: ("class", "from_month", "remarks"),
    neutral.NoticeKind.NUMBER_NOTICE_REISSUE: ("reason", "remarks"),
    neutral.NoticeKind.EXEMPTION: (
        "cycle",
        "from_month",
        "to_month",
        "wants_full",
        "wants_deferment",
        "wants_partial",
        "special",
        "continue",
        "spouse_name",
        "head_name",
        "remarks",
    ),
    neutral.NoticeKind.STUDENT_DEFERMENT: ("cycle", "from_month", "to_month", "school", "graduation", "remarks"),
    neutral.NoticeKind.STATUTORY_EXEMPTION: ("ground", "wants_to_pay", "remarks"),
    neutral.NoticeKind.STATUTORY_EXEMPTION_END: ("end_reason", "remarks"),
    neutral.NoticeKind.MATERNITY: ("due_on", "born_on", "multiple", "remarks"),
    neutral.NoticeKind.CHILDCARE: ("care_kind", "child_kana", "child_name", "child_birth", "remarks"),
    neutral.NoticeKind.EXEMPTION_WITHDRAWAL: ("from_month", "remarks"),
    neutral.NoticeKind.BACK_PAYMENT: ("from_month", "to_month", "remarks"),
    neutral.NoticeKind.PAYMENT_METHOD: ("situation", "way", "from_month", "remarks"),
    neutral.NoticeKind.CLAIM: ("form", "pension_code", "remarks"),
    neutral.NoticeKind.RECIPIENT_CHANGE: ("situation", "pension_code", "remarks"),
}


# T6 特例区分 of the situations of the application; T5 法定免除 of the grounds of the notice.
_SPECIAL_GROUNDS = {
    "general": "0",
    "unemployed": "1",
    "closed_business": "2",
    "disaster": "3",
    "assistance": "4",
    "household": "5",
    "violence": "6",
    "other": "9",
}
_STATUTORY_GROUNDS = {"1": "10", "2": "11", "3": "12"}


def _fields(receipt: Receipt, kind: neutral.NoticeKind) -> dict[str, neutral.DetailValue]:
    """記載 of a form as its line tells it: dates and months as days, flags as 1 and 0, the rest as text."""
    types = {one.name: one.type for one in form_of(receipt.kind).fields}
    content = {**receipt.content, "form": receipt.kind, "situation": receipt.situation}
    content.setdefault("special", _SPECIAL_GROUNDS.get(receipt.situation))
    content["ground"] = _STATUTORY_GROUNDS.get(str(content.get("ground")), content.get("ground"))
    told: dict[str, neutral.DetailValue] = {}
    for name in TOLD[kind]:
        value, type_ = content.get(name), types.get(name, "text")
        if type_ == "flag":
            told[name] = "1" if value in (True, "1") else "0"
        elif value in (None, ""):
            continue
        elif type_ == "date":
            told[name] = date.fromisoformat(str(value))
        elif type_ == "month":
            told[name] = date.fromisoformat(f"{value}-01")
        else:
            told[name] = str(value)
    return told


# --- stored form
# -------------------------------------------------------------------------------------------------------


def as_json(line: neutral.ReportLine) -> dict[str, Any]:
    """保存の形: every value of the line as JSON, so that the same report can be written again to the byte."""
    values = asdict(line)
    for name in _DATES:
        values[name] = values[name].isoformat() if values[name] else None
    values["details"] = {
        name: {"date": value.isoformat()} if isinstance(value, date) else value for name, value in line.details.items()
    }
    values["kind"], values["source"] = str(line.kind), str(line.source)
    return values


def from_json(values: Mapping[str, Any]) -> neutral.ReportLine:
    """保存の形から明細へ."""
    read = dict(values)
    for name in _DATES:
        read[name] = date.fromisoformat(read[name]) if read[name] else None
    read["details"] = {
        name: date.fromisoformat(value["date"]) if isinstance(value, dict) else value
        for name, value in read["details"].items()
    }
    read["kind"], read["source"] = neutral.NoticeKind(read["kind"]), neutral.NoticeSource(read["source"])
    return neutral.ReportLine(**read)


def formatted_number(number: str) -> str:
    """NNNN-NNNNNN, "" for none."""
    return BasicPensionNumber.parse(number).formatted if number else ""
