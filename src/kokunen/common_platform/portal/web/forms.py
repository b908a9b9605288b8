"""ポータルの入力"""

from __future__ import annotations

from django import forms


class SignInForm(forms.Form):
    """サインイン"""

    number = forms.CharField(
        label="職員番号",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "data-draft": "no"}),
    )
    password = forms.CharField(
        label="パスワード",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasskeyForm(forms.Form):
    """パスキーの登録"""

    label = forms.CharField(
        label="機器の名前",
        max_length=60,
        help_text="例: 窓口3番の指紋認証",
        widget=forms.TextInput(attrs={"data-draft": "no"}),
    )
    password = forms.CharField(
        label="パスワード",
        strip=False,
        max_length=128,
        help_text="本人であることを確かめるため、もう一度入力します。",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordChangeForm(forms.Form):
    """パスワードの変更"""

    current = forms.CharField(
        label="今のパスワード",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新しいパスワード",
        strip=False,
        max_length=128,
        help_text="12文字以上。職員番号や氏名を含むもの、よく使われる言葉、以前に使ったものは使えません。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="新しいパスワード(もう一度)",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, object]:
        """Both entries of the new password agree."""
        values = super().clean() or {}
        if values.get("new") and values.get("again") and values["new"] != values["again"]:
            self.add_error("again", "新しいパスワードの2回の入力が同じではありません。もう一度入力してください。")
        return values
