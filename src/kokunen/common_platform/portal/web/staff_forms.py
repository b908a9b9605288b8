"""職員の登録・異動の入力"""

from __future__ import annotations

from django import forms

from kokunen.common_platform.codes.offices import all_offices
from kokunen.common_platform.portal.choices import ROLES, StaffCategory
from kokunen.common_platform.portal.web.fields import KanaField, WarekiDateField


def office_choices() -> list[tuple[str, str]]:
    """部署の選択肢"""
    return [("", "選んでください"), *((o.code, f"{o.department} {o.name}") for o in all_offices())]


def role_choices() -> list[tuple[str, str]]:
    """役割の選択肢"""
    return [(str(role), f"{facts.ja}: {facts.description}") for role, facts in ROLES.items()]


class TransferForm(forms.Form):
    """異動"""

    on = WarekiDateField(label="異動日", help_text="前もって登録できます。その日の0時から有効です。")
    office = forms.ChoiceField(label="部署", choices=office_choices)
    roles = forms.MultipleChoiceField(label="役割", choices=role_choices, widget=forms.CheckboxSelectMultiple)


class StaffForm(forms.Form):
    """職員の登録"""

    number = forms.CharField(label="職員番号", max_length=20, help_text="職員証の番号。退職後も使い回せません。")
    name = forms.CharField(label="氏名", max_length=60)
    kana = KanaField(label="氏名カナ", max_length=120)
    category = forms.ChoiceField(label="職員区分", choices=StaffCategory.choices)
    password = forms.CharField(
        label="最初のパスワード",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="12文字以上。本人が最初のサインインで変更します。",
    )
    on = WarekiDateField(label="所属の開始日")
    office = forms.ChoiceField(label="部署", choices=office_choices)
    roles = forms.MultipleChoiceField(label="役割", choices=role_choices, widget=forms.CheckboxSelectMultiple)


class StopForm(forms.Form):
    """利用の停止・再開"""

    reason = forms.CharField(label="理由", max_length=200)


class PasswordResetForm(forms.Form):
    """パスワードの再設定"""

    new = forms.CharField(
        label="仮のパスワード",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="12文字以上。本人が次のサインインで変更します。",
    )
