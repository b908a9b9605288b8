"""台帳の入力: a form for whatever fields a register or a step declares."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from kokunen.common_platform.portal.web.fields import NumberField, WarekiDateField
from kokunen.common_platform.safeguards.procedures import Action, Field, Procedure

_PREFIX = "f_"


class RegisterForm(forms.Form):
    """欄: built from the declaration; what is sent beyond the declared fields is kept, for the service to refuse."""

    def __init__(self, fields: Iterable[Field], *args: Any, procedure: Procedure | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if procedure is not None:
            self.fields["title"] = forms.CharField(label="件名", max_length=200)
            if procedure.person:
                self.fields["atena_number"] = NumberField(
                    kind="atena", label="本人の宛名番号", required=procedure.person == "required"
                )
            self.fields["opened_on"] = WarekiDateField(
                label="受け付けた日", required=False, help_text="空欄は今日です。"
            )
        for field in fields:
            self.fields[_PREFIX + field.name] = _widget(field)
        if procedure is None:
            self.fields["acted_on"] = WarekiDateField(label="行った日", required=False, help_text="空欄は今日です。")

    def content(self) -> dict[str, Any]:
        """The values by the declared names, and every name that was sent with the prefix of a field."""
        sent = {name.removeprefix(_PREFIX): self.data.get(name) for name in self.data if name.startswith(_PREFIX)}
        clean = {
            name.removeprefix(_PREFIX): _plain(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(_PREFIX)
        }
        return {**sent, **clean}


def step_form(action: Action, *args: Any) -> RegisterForm:
    """The form of a step; its fields have ids of their own, since several steps stand on one page."""
    return RegisterForm(action.fields, *args, auto_id=f"id_{action.code}_%s")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else "" if value is None else value


def _widget(field: Field) -> forms.Field:
    common: dict[str, Any] = {"label": field.label, "required": field.required}
    if field.kind == "yes":
        return forms.BooleanField(label=field.label, required=False)
    if field.kind == "date":
        return WarekiDateField(**common)
    if field.kind == "year":
        return forms.IntegerField(
            min_value=1926, max_value=2200, help_text="西暦の4桁です。令和8年度は2026です。", **common
        )
    if field.kind == "number":
        return forms.IntegerField(min_value=0, **common)
    if field.kind == "choice":
        return forms.ChoiceField(choices=[("", "選んでください"), *((one, one) for one in field.choices)], **common)
    if field.kind == "many":
        return forms.CharField(
            widget=forms.Textarea(attrs={"rows": 3}), help_text="1行に1つ入力してください。", **common
        )
    if field.kind == "long":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, **common)
    return forms.CharField(max_length=300, **common)
