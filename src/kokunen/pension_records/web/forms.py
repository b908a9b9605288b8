"""社会保険オンラインの入力"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from kokunen.common_platform.operations import clock
from kokunen.kernel.errors import InputError
from kokunen.kernel.wareki import format_short, parse_date
from kokunen.pension_records.choices import IdentityCheck, InquiryReason, KeyKind, OperatorKind


class PlainForm(forms.Form):
    """入力の土台: an undeclared field is refused, not passed over."""

    sent_along = frozenset({"csrfmiddlewaretoken"})

    def clean(self) -> dict[str, Any]:
        """Only the fields of the form may arrive."""
        values = super().clean() or {}
        if set(self.data) - set(self.fields) - self.sent_along:
            self.add_error(None, "この画面にない項目が送られました。画面を開き直して、もう一度入力してください。")
        return values


def _text(label: str, *, longest: int = 100, hint: str = "", **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **attrs})
    return forms.CharField(
        label=label, max_length=longest, help_text=hint, widget=widget, error_messages=_needed(label)
    )


def _secret(label: str, *, hint: str = "", complete: str = "current-password") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": complete})
    return forms.CharField(
        label=label, max_length=128, strip=False, help_text=hint, widget=widget, error_messages=_needed(label)
    )


def _needed(label: str) -> dict[str, str]:
    return {"required": f"{label}を入力してください。"}


class DayField(forms.CharField):
    """日付: any form of the counter; a known day is shown as R8.11.24."""

    def prepare_value(self, value: Any) -> Any:
        return format_short(value) if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_date(text, clock.today())
        except InputError as error:
            raise forms.ValidationError(str(error)) from error


class SignInForm(PlainForm):
    """サインイン (第1段)"""

    operator_id = _text("操作者ID", longest=20)
    password = _secret("パスワード")


class EnrolForm(PlainForm):
    """初めて使う"""

    operator_id = _text("操作者ID", longest=20)
    password = _secret("今のパスワード", hint="初回は年金事務所から渡されたもの")
    code = _text("登録の符号", longest=20, hint="管理者から聞いた10文字")
    new_password = _secret("新しいパスワード", hint="12文字以上", complete="new-password")


class InquiryForm(PlainForm):
    """照会: one case, one whole number."""

    case_number = _text("相談の受付番号", longest=20, hint="国民年金システムの受付番号、または照会票の番号")
    reason = forms.ChoiceField(label="照会の事由", choices=InquiryReason.choices, widget=forms.RadioSelect)
    identity_check = forms.ChoiceField(label="本人確認", choices=IdentityCheck.choices, widget=forms.RadioSelect)
    key_kind = forms.ChoiceField(label="照会の鍵", choices=KeyKind.choices, widget=forms.RadioSelect)
    key = _text(
        "番号", longest=20, hint="基礎年金番号は10桁、個人番号は12桁。全部の桁を入力します", inputmode="numeric"
    )
    number = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)


class RegistrationFormForm(PlainForm):
    """登録書"""

    staff_number = _text("職員番号", longest=20)
    name = _text("氏名", longest=60)
    kana = _text("氏名カナ", longest=120)
    office = _text("所属", longest=60)
    kind = forms.ChoiceField(label="操作者の区分", choices=OperatorKind.choices, widget=forms.RadioSelect)
    starts_on = DayField(label="利用開始日", help_text="例 R8.12.1", error_messages=_needed("利用開始日"))


class EndForm(PlainForm):
    """登録の終了"""

    reason = _text("終了の理由", longest=200, hint="異動、退職など")


class DayForm(forms.Form):
    """照合する日"""

    day = DayField(label="対象日", error_messages=_needed("対象日"))


class SlipForm(PlainForm):
    """照会票の記入"""

    sent_along = frozenset({"csrfmiddlewaretoken", "day"})
    number = _text("照会番号", longest=32)
    case_number = _text("相談の受付番号", longest=20)
    operator_id = _text("操作者ID", longest=20)


class CheckForm(PlainForm):
    """照合の記録"""

    sent_along = frozenset({"csrfmiddlewaretoken", "day"})
    words = forms.CharField(
        label="相違を調べた結果",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="相違がないときは空欄のまま",
    )
