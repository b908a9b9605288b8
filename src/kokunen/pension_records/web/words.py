"""画面の言葉: the few filters and the one field tag of this program's templates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, Form
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from kokunen.kernel.errors import KokunenError
from kokunen.kernel.wareki import format_wareki

register = template.Library()


@register.filter
def wareki(value: date | datetime | str | None) -> str:
    """日付・日時: in the era's years."""
    if not value:
        return ""
    if isinstance(value, str):
        return format_wareki(date.fromisoformat(value))
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{format_wareki(local.date())} {local:%H:%M}"
    return format_wareki(value)


@register.filter
def month(value: str) -> str:
    """年月: 2006-04 → 平成18年4月."""
    return format_wareki(date.fromisoformat(f"{value}-01")).removesuffix("1日")


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """項目: label, hint, input, errors."""
    error_id, hint_id = f"{bound.auto_id}_error", f"{bound.auto_id}_hint"
    described = [i for i, on in ((error_id, bound.errors), (hint_id, bound.help_text)) if on]
    attrs: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    context = {"bound": bound, "widget": bound.as_widget(attrs=attrs), "error_id": error_id, "hint_id": hint_id}
    return SafeString(render_to_string("pension_records/field.html", context))


def add_error(form: Form, error: KokunenError) -> None:
    """A service's refusal at the field it names, else on top."""
    form.add_error(error.field if error.field in form.fields else None, str(error))
