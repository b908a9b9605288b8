"""画面の部品: `{% load kokunen %}`. How each is used stands in `kokunen/templates/README.md`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from html import escape
from typing import Any

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    ChoiceField,
    FileField,
    Form,
    HiddenInput,
    RadioSelect,
)
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kokunen.kernel.wareki import format_wareki

register = template.Library()

_GROUPED = (RadioSelect, CheckboxSelectMultiple)


# --- form fields ----------------------------------------------------------------------------------


@register.simple_tag
def field(bound: BoundField, source: str = "", readonly: bool = False) -> SafeString:
    """項目: label, hint, input, echo, errors. `source` marks what the city already knows (住民記録, 税 令和8年度 …)."""
    if isinstance(bound.field.widget, HiddenInput):
        return SafeString(bound)
    error_id, hint_id, echo_id = f"{bound.auto_id}_error", f"{bound.auto_id}_hint", f"{bound.auto_id}_echo"
    has_echo = "data-echo" in bound.field.widget.attrs
    described = [i for i, on in ((error_id, bound.errors), (hint_id, bound.help_text), (echo_id, has_echo)) if on]
    attrs: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if readonly:
        attrs["readonly"] = True
    context = {
        "bound": bound,
        "errors": messages_of(bound),
        "widget": bound.as_widget(attrs=attrs),
        "grouped": isinstance(bound.field.widget, _GROUPED),
        "checkbox": isinstance(bound.field.widget, CheckboxInput),
        "source": source,
        "echo": has_echo,
        "error_id": error_id,
        "hint_id": hint_id,
        "echo_id": echo_id,
    }
    return SafeString(render_to_string("components/field.html", context))


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Form) -> dict[str, Any]:
    """誤りのまとめ: one box on top that jumps to each field."""
    found = []
    for form in forms:
        found += [("", message) for message in form.non_field_errors()]
        found += [(_id_of(form[name]), words) for name in form.fields for words in messages_of(form[name])]
    return {"errors": found}


def messages_of(bound: BoundField) -> list[str]:
    """誤りの言葉: Django's "this field is required" says which one, and what to do."""
    if not bound.form.is_bound:
        return []
    words = []
    for error in bound.form.errors.as_data().get(bound.name, []):
        if error.code == "required":
            words.append(_required_words(bound))
        else:
            words += list(error.messages)
    return words


def _required_words(bound: BoundField) -> str:
    if isinstance(bound.field, FileField):
        return f"{bound.label}を選んでください。"
    verb = "選んで" if isinstance(bound.field, ChoiceField) else "入力して"
    return f"{bound.label}を{verb}ください。"


def _id_of(bound: BoundField) -> str:
    return bound.id_for_label or bound.auto_id


@register.inclusion_tag("components/draft.html", takes_context=True)
def draft(context: template.Context, subject: str = "") -> dict[str, Any]:
    """下書き: put inside `<form>`; its fields are kept for this officer, screen and subject (宛名番号)."""
    request = context.get("request")
    answered = request is not None and request.method == "POST"  # what was sent is newer than the draft
    return {"screen": context.get("screen", ""), "subject": subject, "answered": answered}


# --- the person on the desk -----------------------------------------------------------------------


@register.inclusion_tag("components/person_band.html")
def person_band(person: Any, as_known_on: date | datetime | None = None) -> dict[str, Any]:
    """人の帯: 氏名, カナ, 生年月日(年齢), 性別, 宛名番号, marks. `person`: mapping or object, see README."""
    return {"person": person, "as_known_on": as_known_on}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[tuple[str, str, str]], current: str) -> dict[str, Any]:
    """見出し札: (code, words, address) each; reached by Alt+1 … Alt+9 in their order."""
    return {"tabs": [(n, code, words, url) for n, (code, words, url) in enumerate(items, 1)], "current": current}


# --- small parts ----------------------------------------------------------------------------------


@register.simple_tag
def chip(words: Any, tone: str = "") -> SafeString:
    """札: tone "", info, good, warn, bad."""
    return format_html('<span class="k-chip" data-tone="{}">{}</span>', tone, words)


@register.simple_tag
def button(words: str, key: str = "", kind: str = "", name: str = "", value: str = "", url: str = "") -> SafeString:
    """ボタン: words are a verb; `key` such as "F9"; kind "" or main, danger, small, text; with `url` a link."""
    classes = " ".join(["k-button", *(f"k-button--{k}" for k in kind.split())])
    shown = format_html("{} <kbd>{}</kbd>", words, key) if key else format_html("{}", words)
    hint = format_html(' data-key="{}" data-key-label="{}"', key, words) if key else mark_safe("")
    if url:
        return format_html('<a class="{}" href="{}"{}>{}</a>', classes, url, hint, shown)
    named = format_html(' name="{}" value="{}"', name, value) if name else mark_safe("")
    return format_html('<button class="{}" type="submit"{}{}>{}</button>', classes, named, hint, shown)


@register.simple_tag
def key_line(*pairs: str) -> SafeString:
    """キー案内: keys of this screen that no element carries: `{% key_line "↑↓" "行の移動" %}`."""
    rows = zip(pairs[::2], pairs[1::2], strict=True)
    return format_html_join("", '<li data-fixed="true"><kbd>{}</kbd>{}</li>', rows)


@register.simple_block_tag
def notice(content: str, title: str = "", tone: str = "info") -> SafeString:
    """知らせ: tone info, good, warn, bad."""
    role = "alert" if tone == "bad" else "status" if tone == "good" else "note"
    head = format_html('<p class="k-notice__title">{}</p>', title) if title else ""
    return format_html('<div class="k-notice" data-tone="{}" role="{}">{}{}</div>', tone, role, head, content)


@register.simple_block_tag
def also_check(content: str) -> SafeString:
    """あわせて確認: what to settle before the visitor leaves; content is a list of links."""
    head = '<section class="k-notice" data-tone="warn" aria-label="あわせて確認">'
    return format_html(head + '<h2 class="k-notice__title">あわせて確認</h2>{}</section>', content)


@register.simple_tag
def verdict(word: str, sentence: str, tone: str = "good") -> SafeString:
    """判定: a coloured word and one sentence; follow it with `{% why %}`."""
    html = '<p class="k-verdict"><strong class="k-verdict__word" data-tone="{}">{}</strong><span>{}</span></p>'
    return format_html(html, tone, word, sentence)


@register.simple_tag
def why(steps: Iterable[Any], opened: bool = False) -> SafeString:
    """なぜ (key ?): steps in the order of thinking; each (sentence, article) or an object with `text` and `law`."""
    rows = [_step(step) for step in steps]
    items = format_html_join("", '<li>{} <span class="k-why__law">{}</span></li>', rows)
    state = mark_safe(" open") if opened else mark_safe("")
    return format_html(
        '<details class="k-why" data-why{}><summary>なぜ <kbd>?</kbd></summary><ol>{}</ol></details>', state, items
    )


def _step(step: Any) -> tuple[str, str]:
    if isinstance(step, str):
        return step, ""
    if isinstance(step, Mapping):
        return str(step.get("text", "")), str(step.get("law", ""))
    if isinstance(step, (tuple, list)):
        return str(step[0]), str(step[1]) if len(step) > 1 else ""
    return str(step.text), str(getattr(step, "law", "") or "")


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, words: str = "", left: str = "") -> dict[str, Any]:
    """進み具合: 件数, percentage, time left."""
    percent = min(100, done * 100 // total) if total else 0
    return {"done": done, "total": total, "percent": percent, "words": words, "left": left}


@register.inclusion_tag("components/month_grid.html")
def month_grid(years: Iterable[Any], legend: Iterable[tuple[str, str, str]] = ()) -> dict[str, Any]:
    """月別: years of twelve cells (4月…3月) with letter, state, title, changed; legend: (letter, state, words)."""
    rows = [(year["label"], mark_safe("".join([_month_cell(**cell) for cell in year["cells"]]))) for year in years]
    return {"rows": rows, "legend": list(legend), "months": [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]}


def _month_cell(letter: str, state: str, title: str, changed: bool = False) -> str:
    """1か月の欄: a life has some four hundred, so each is written by hand; every word in it is escaped here."""
    mark = " data-changed" if changed else ""
    return f'<td data-state="{escape(state)}"{mark} title="{escape(title)}">{escape(letter)}</td>'


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, next_key: str | None, shown: int, total: int | None = None) -> dict[str, Any]:
    """次の行 (keyset): `next_key` is the key of the last row shown, None at the end."""
    request = context["request"]
    query = request.GET.copy()
    query["after"] = next_key or ""
    first = request.GET.copy()
    first.pop("after", None)
    return {
        "next_url": f"?{query.urlencode()}" if next_key else "",
        "first_url": f"?{first.urlencode()}" if request.GET.get("after") else "",
        "shown": shown,
        "total": total,
    }


@register.inclusion_tag("components/search_box.html", takes_context=True)
def search_box(context: template.Context, url: str, target: str = "", ask_purpose: bool = True) -> dict[str, Any]:
    """検索箱: `url` answers GET ?q=…&kind=…&purpose=…; with `target` (selector) results come as one types."""
    names = ("purpose_choices", "usual_purpose")
    request = context["request"]
    return {
        "url": url,
        "target": target,
        "ask_purpose": ask_purpose,
        "q": request.POST.get("q", request.GET.get("q", "")),
        "csrf_token": context.get("csrf_token"),
        **{n: context.get(n) for n in names},
    }


@register.inclusion_tag("components/csv_link.html")
def csv_link(url: str, count: int | None = None) -> dict[str, Any]:
    """CSV 出力: a file leaves through the approval of bulk output only (CTL-060)."""
    return {"url": url, "count": count}


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: template.Context, words: str, column: str, number: bool = False) -> dict[str, Any]:
    """並べ替えの見出し: `?sort=column` or `?sort=-column`; writes the whole `<th>`."""
    request = context["request"]
    current = request.GET.get("sort", "")
    query = request.GET.copy()
    query["sort"] = f"-{column}" if current == column else column
    query.pop("after", None)
    state = {column: "ascending", f"-{column}": "descending"}.get(current, "none")
    return {"words": words, "url": f"?{query.urlencode()}", "state": state, "number": number}


# --- dates and numbers ----------------------------------------------------------------------------


@register.filter
def wareki(value: date | datetime | None, form: str = "") -> str:
    """和暦: 令和8年11月24日; `|wareki:"weekday"` adds (火); an instant also shows its time."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{format_wareki(local.date(), weekday=form == 'weekday')} {local:%H:%M}"
    return format_wareki(value, weekday=form == "weekday")


@register.filter
def yen(value: int | None) -> str:
    """金額: 17,920円; nothing when unknown (unknown is never shown as 0)."""
    return "" if value is None else f"{value:,}円"


@register.filter
def count(value: int | None, unit: str = "件") -> str:
    """件数: 1,234件"""
    return "" if value is None else f"{value:,}{unit}"


@register.filter
def minutes(seconds: int) -> int:
    """秒 → 分"""
    return seconds // 60
