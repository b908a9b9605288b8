"""報告対象者一覧の「内容」: what a line of the report says, in the words of its form (the layout's own names)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kokunen.kernel.wareki import format_wareki
from kokunen.national_pension.catalogue import form_of
from kokunen.national_pension.choices import ACQUISITION_REASONS, LOSS_REASONS, SHORT_TYPE_LABELS
from kokunen.national_pension.exemption_choices import ExemptionKind, SpecialGround
from kokunen.national_pension.reporting_types import NoticeKind, ReportLine

_LOSSES = (NoticeKind.LOSS, NoticeKind.VOLUNTARY_LOSS, NoticeKind.DEATH)
_WANTED = (("wants_full", "全額"), ("wants_deferment", "猶予"), ("wants_partial", "一部"))


def words_of(line: ReportLine) -> str:
    """内容: months, ground and choice of the notice; "" when its kind says everything."""
    if line.kind in _LOSSES:
        reason = LOSS_REASONS.label(line.reason_code) if line.reason_code else ""
        return _joined(SHORT_TYPE_LABELS.get(line.kind_before, ""), reason)
    if line.kind is NoticeKind.CHANGE_OF_KIND:
        before, after = SHORT_TYPE_LABELS.get(line.kind_before, ""), SHORT_TYPE_LABELS.get(line.kind_after, "")
        return f"{before}→{after} {ACQUISITION_REASONS.label(line.reason_code)}"
    if line.kind in (NoticeKind.ACQUISITION, NoticeKind.VOLUNTARY_ACQUISITION):
        return f"{SHORT_TYPE_LABELS.get(line.kind_after, '')} {ACQUISITION_REASONS.label(line.reason_code)}"
    words = _OF_KIND.get(line.kind)
    return words(line) if words is not None else ""


def _joined(*parts: str) -> str:
    return " ".join(one for one in parts if one)


def _text(line: ReportLine, name: str) -> str:
    value = line.details.get(name)
    return "" if value is None or isinstance(value, date) else str(value)


def _month(line: ReportLine, name: str) -> str:
    value = line.details.get(name)
    return format_wareki(value).removesuffix("1日") if isinstance(value, date) else ""


def _day(line: ReportLine, name: str) -> str:
    value = line.details.get(name)
    return format_wareki(value) if isinstance(value, date) else ""


def _span(line: ReportLine) -> str:
    first, last = _month(line, "from_month"), _month(line, "to_month")
    return f"{first}〜{last}" if first and last else f"{first}から" if first else ""


def _option(line: ReportLine, form: str, name: str) -> str:
    field = form_of(form).field(name)
    return field.options.get(_text(line, name), "")


def _exemption(line: ReportLine) -> str:
    wanted = "・".join(words for name, words in _WANTED if _text(line, name) == "1")
    special = _text(line, "special")
    ground = str(SpecialGround(special).label) if special not in ("", "0") and special in SpecialGround.values else ""
    return _joined(_span(line), wanted, f"特例 {ground}" if ground else "", _continues(line))


def _continues(line: ReportLine) -> str:
    return "継続希望" if _text(line, "continue") == "1" else ""


def _student(line: ReportLine) -> str:
    return _joined(_span(line), _text(line, "school"))


def _statutory(line: ReportLine) -> str:
    kind = _text(line, "ground")
    ground = str(ExemptionKind(kind).label) if kind in ExemptionKind.values else ""
    return _joined(ground, "納付申出あり" if _text(line, "wants_to_pay") == "1" else "")


def _maternity(line: ReportLine) -> str:
    born, due = _day(line, "born_on"), _day(line, "due_on")
    return _joined(f"出産 {born}" if born else f"予定 {due}", "多胎" if _text(line, "multiple") == "1" else "")


def _childcare(line: ReportLine) -> str:
    kind = _text(line, "care_kind")
    label = str(ExemptionKind(kind).label) if kind in ExemptionKind.values else ""
    return _joined(label, _text(line, "child_name"), f"{_day(line, 'child_birth')}生")


def _additional(line: ReportLine) -> str:
    return _joined({"1": "納付", "2": "辞退"}.get(_text(line, "class"), ""), _span(line))


def _correction(line: ReportLine) -> str:
    return f"{_option(line, 'F09', 'item')} {_text(line, 'before')} → {_text(line, 'after')}".strip()


def _claim(line: ReportLine) -> str:
    form, code = _text(line, "form"), _text(line, "pension_code")
    return _joined(form_of(form).name if form else "", f"年金コード {code}" if code else "")


_OF_KIND: dict[NoticeKind, Callable[[ReportLine], str]] = {
    NoticeKind.NAME_CHANGE: lambda line: f"変更前 {_text(line, 'old_name')}",
    NoticeKind.ADDRESS_CHANGE: lambda line: f"変更前 {_text(line, 'old_address')}",
    NoticeKind.BIRTH_SEX_CORRECTION: lambda line: f"訂正前 {_day(line, 'old_birth')}",
    NoticeKind.RECORD_CORRECTION: _correction,
    NoticeKind.WITHDRAWAL: lambda line: f"受付番号 {_text(line, 'original_receipt')}",
    NoticeKind.ADDITIONAL_PREMIUM: _additional,
    NoticeKind.EXEMPTION: _exemption,
    NoticeKind.STUDENT_DEFERMENT: _student,
    NoticeKind.STATUTORY_EXEMPTION: _statutory,
    NoticeKind.STATUTORY_EXEMPTION_END: lambda line: _option(line, "F14", "end_reason"),
    NoticeKind.MATERNITY: _maternity,
    NoticeKind.CHILDCARE: _childcare,
    NoticeKind.EXEMPTION_WITHDRAWAL: _span,
    NoticeKind.BACK_PAYMENT: _span,
    NoticeKind.PAYMENT_METHOD: _span,
    NoticeKind.CLAIM: _claim,
    NoticeKind.RECIPIENT_CHANGE: lambda line: f"年金コード {_text(line, 'pension_code')}",
}
