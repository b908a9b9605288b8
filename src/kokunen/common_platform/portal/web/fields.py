"""項目の種類: form fields that read what a counter types; the kernel judges, the echo shows how it was read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.kernel.names import check_kana, to_katakana
from kokunen.kernel.numbers import (
    AtenaNumber,
    BasicPensionNumber,
    CorporateNumber,
    HouseholdNumber,
    IndividualNumber,
    MunicipalityCode,
    NumberValue,
    ResidenceCardNumber,
    ResidentCode,
)
from kokunen.kernel.wareki import ImpreciseDate, format_short, parse_date, parse_imprecise

NUMBER_KINDS: dict[str, type[NumberValue]] = {
    "individual": IndividualNumber,
    "corporate": CorporateNumber,
    "resident_code": ResidentCode,
    "atena": AtenaNumber,
    "household": HouseholdNumber,
    "basic_pension": BasicPensionNumber,
    "municipality": MunicipalityCode,
    "residence_card": ResidenceCardNumber,
}
SECRET_KINDS = frozenset({"individual", "resident_code"})
"""Numbers that are never kept in a draft and never sent back to the browser after an error."""


def as_form_error(error: KokunenError) -> forms.ValidationError:
    """The kernel's words at the field: what is wrong, what would be right, what to do."""
    return forms.ValidationError(str(error), code=error.code)


def add_error(form: forms.Form, error: KokunenError, default_field: str | None = None) -> None:
    """A service's refusal at the field it names (or on top, when the form has no such field)."""
    name = error.field if error.field in form.fields else default_field
    form.add_error(name, as_form_error(error))


class _TypedText(forms.CharField):
    """Text that the server turns into a value; `widget_data` become data attributes for the echo."""

    def __init__(self, *, widget_data: dict[str, str], **options: Any) -> None:
        attrs = {f"data-{name}": value for name, value in widget_data.items()}
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **attrs}))
        super().__init__(**options)


class WarekiDateField(_TypedText):
    """日付: any form of the counter → `date`. `latest="today"` refuses days to come, where the law knows none."""

    def __init__(self, *, latest: str = "", **options: Any) -> None:
        self.latest = latest
        super().__init__(widget_data={"echo": "date", **({"latest": latest} if latest else {})}, **options)

    def prepare_value(self, value: Any) -> Any:
        """A known day is shown as R8.11.24."""
        return format_short(value) if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]
        """The day, or None when empty."""
        if isinstance(value, date):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            day = parse_date(text, clock.today())
            return refuse_future(day) if self.latest == "today" else day
        except InputError as error:
            raise as_form_error(error) from error


def refuse_future(day: date) -> date:
    """未来の日の拒否: for events that must have happened (死亡, 出生, 転入)."""
    if day > clock.today():
        raise InputError(
            f"{format_short(day)} は今日より後の日です。今日までの日を入力してください",
            code="out_of_range",
            hint="年月日を確かめてください。",
        )
    return day


class ImpreciseDateField(_TypedText):
    """不詳のありうる日付: S55.4.- and the like → `ImpreciseDate`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget_data={"echo": "date", "imprecise": "yes"}, **options)

    def to_python(self, value: Any) -> ImpreciseDate | None:  # type: ignore[override]
        """The date as far as known, or None when empty."""
        if isinstance(value, ImpreciseDate):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_imprecise(text, clock.today())
        except InputError as error:
            raise as_form_error(error) from error


class KanaField(_TypedText):
    """カナ: hiragana, half width and mixed forms become full-width katakana."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget_data={"kana": "yes"}, **options)

    def to_python(self, value: Any) -> str:
        """Katakana; anything that is no kana is refused."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return check_kana(to_katakana(text))
        except InputError as error:
            raise as_form_error(error) from error


class NumberField(_TypedText):
    """番号: `kind` of NUMBER_KINDS; the check digit is judged at once, spaces and hyphens do not matter."""

    def __init__(self, *, kind: str, **options: Any) -> None:
        self.kind = kind
        data = {"echo": "number", "kind": kind, **({"draft": "no"} if kind in SECRET_KINDS else {})}
        super().__init__(widget_data=data, **options)

    def to_python(self, value: Any) -> str:
        """The bare number, or "" when empty."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return str(NUMBER_KINDS[self.kind].parse(text, lenient=True).value)
        except InputError as error:
            raise as_form_error(error) from error
