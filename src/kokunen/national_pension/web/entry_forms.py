"""届書の入力様式: made from the catalogue — situation, fields with what the city knows filled in, papers, identity."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.fields import KanaField, WarekiDateField, as_form_error
from kokunen.kernel.errors import InputError
from kokunen.kernel.wareki import parse_date
from kokunen.national_pension.catalogue import Form, FormField
from kokunen.national_pension.choices import Filer, IdentityDocument
from kokunen.national_pension.handlers.base import Known
from kokunen.national_pension.services.reception import Entry

_FILERS = [(str(one), one.label) for one in Filer if one is not Filer.NONE]
_WESTERN_MONTH = re.compile(r"^(\d{4})[-/.年]?(\d{1,2})月?$")


class MonthField(forms.CharField):
    """年月: R8.11, 令和8年11月, 2026-11, 202611 → `YYYY-MM`."""

    def to_python(self, value: Any) -> str:
        """The month, or "" when empty."""
        text = (super().to_python(value) or "").strip()
        if not text:
            return ""
        western = _WESTERN_MONTH.match(text)
        if western:
            text = f"{western[1]}-{int(western[2]):02d}-01"
        else:
            text = f"{text.removesuffix('月').replace('年', '.')}.1"
        try:
            return f"{parse_date(text, clock.today()):%Y-%m}"
        except (InputError, ValueError) as error:
            told = InputError(
                "年月を読み取れません", code="invalid_format", hint="R8.11 または 2026-11 の形で入力してください。"
            )
            raise as_form_error(told) from error

    def prepare_value(self, value: Any) -> Any:
        """A known month is shown as R8.11."""
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}", value) and value >= "2019-05":
            return f"R{int(value[:4]) - 2018}.{int(value[5:])}"
        return value


class EntryForm(forms.Form):
    """届書: in the order of the paper; what the city knows is filled in, with its source beside it."""

    received_on = WarekiDateField(label="受付日", latest="today")
    filer = forms.ChoiceField(label="届出人", choices=_FILERS)
    identity_document = forms.ChoiceField(
        label="本人確認書類", choices=[("", "選んでください"), *IdentityDocument.choices], required=False
    )
    papers = forms.MultipleChoiceField(
        label="確認した書類", required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )
    power_of_attorney = forms.BooleanField(label="委任状を確認した（代理人のとき）", required=False)
    protection_confirmed = forms.BooleanField(
        label="支援措置の対象の方であることを確かめ、係長に報告した", required=False
    )
    about_atena_number = forms.CharField(label="亡くなった方の宛名番号", required=False, max_length=15)
    to_report = forms.BooleanField(label="日本年金機構へ送付する", required=False, initial=True)
    note = forms.CharField(label="受付の備考", required=False, max_length=100)

    def __init__(
        self, *args: Any, form: Form, known: Mapping[str, Known], protected: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.form = form
        own: dict[str, forms.Field] = {}
        if len(form.situations) > 1:
            choices = [(one.code, one.label) for one in form.situations]
            told = known.get("situation")
            own["situation"] = forms.ChoiceField(
                label="届出の事情", choices=choices, initial=told.value if told else None
            )
        about = known.get("about_atena_number")
        if about:
            self.fields["about_atena_number"].initial = about.value
        for one in form.fields:
            own[one.name] = _field_of(one, known.get(one.name))
        common = dict(self.fields)
        self.fields = {**own, **common}
        self.own_names = list(own)
        self.fields["received_on"].initial = clock.today()
        papers = list(dict.fromkeys(paper for one in form.situations for paper in one.papers))
        self.fields["papers"].choices = [(paper, paper) for paper in papers]  # type: ignore[attr-defined]
        for name, wanted in (
            ("papers", bool(papers)),
            ("protection_confirmed", protected),
            ("about_atena_number", form.about_deceased),
        ):
            if not wanted:
                del self.fields[name]

    def own_fields(self) -> list[forms.BoundField]:
        """届書の欄, in the order of the paper."""
        return [self[name] for name in self.own_names]

    def common_fields(self) -> list[forms.BoundField]:
        """受付の欄."""
        return [self[name] for name in self.fields if name not in self.own_names]

    def entry(self) -> Entry:
        """届書 as the service takes it."""
        values = self.cleaned_data
        data = {one.name: _stored(values.get(one.name)) for one in self.form.fields}
        return Entry(
            kind=self.form.kind,
            situation=values.get("situation") or (self.form.situations[0].code if self.form.situations else ""),
            data={name: value for name, value in data.items() if value not in (None, "", False)},
            received_on=values["received_on"],
            filer=Filer(values["filer"]),
            identity_document=values["identity_document"],
            papers=tuple(values.get("papers", ())),
            power_of_attorney=values["power_of_attorney"],
            protection_confirmed=values.get("protection_confirmed", False),
            about_atena_number=values.get("about_atena_number", ""),
            to_report=values["to_report"],
            note=values["note"],
        )


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _field_of(one: FormField, known: Known | None) -> forms.Field:
    value = known.value if known else None
    source = f"{known.source}から" if known and known.source else ""
    options: dict[str, Any] = {
        "label": one.label,
        "required": one.required,
        "help_text": "　".join(filter(None, (one.help, source))),
    }
    if one.type == "date":
        return WarekiDateField(initial=date.fromisoformat(str(value)) if value else None, **options)
    if one.type == "month":
        return MonthField(initial=value, **options)
    if one.type == "flag":
        return forms.BooleanField(initial=bool(value), **{**options, "required": False})
    if one.type == "choice":
        blank = [] if value or (one.required and len(one.options) == 1) else [("", "選んでください")]
        return forms.ChoiceField(choices=[*blank, *one.options.items()], initial=value, **options)
    if one.type in ("number", "year", "yen"):
        return forms.IntegerField(initial=value, min_value=0, **options)
    if one.type == "kana":
        return KanaField(initial=value, **options)
    return forms.CharField(initial=value, max_length=one.maximum, **options)


class DecisionForm(forms.Form):
    """決定の結果: granted or refused, on which day, and what was decided."""

    granted = forms.ChoiceField(label="結果", choices=[("yes", "承認・支給決定"), ("no", "却下・不支給")])
    on = WarekiDateField(label="決定日", latest="today")
    note = forms.CharField(label="決定の内容", required=False, max_length=200)


class PaperForm(forms.Form):
    """書類の省略: without which paper the form goes on, and why."""

    reason = forms.CharField(label="書類なしで進める理由", max_length=150)
