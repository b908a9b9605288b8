"""お知らせ, 個人設定, 人事ファイル, 宛名ラベルの入力"""

from __future__ import annotations

from django import forms

from kokunen.common_platform.portal.web.fields import WarekiDateField
from kokunen.common_platform.portal.web.staff_forms import office_choices, role_choices


def _offices() -> list[tuple[str, str]]:
    """部署: none of them is "please choose", several may be ticked."""
    return [(code, words) for code, words in office_choices() if code]


class NoticeForm(forms.Form):
    """お知らせの掲載: no office and no role chosen = everybody."""

    title = forms.CharField(label="表題", max_length=80)
    body = forms.CharField(label="内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    shown_from = WarekiDateField(label="掲載の開始日")
    shown_until = WarekiDateField(label="掲載の終了日")
    is_important = forms.BooleanField(label="重要", required=False)
    offices = forms.MultipleChoiceField(
        label="部署(選ばなければ全部署)", choices=_offices, required=False, widget=forms.CheckboxSelectMultiple
    )
    roles = forms.MultipleChoiceField(
        label="役割(選ばなければ全員)", choices=role_choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class PersonnelForm(forms.Form):
    """人事ファイル"""

    file = forms.FileField(label="人事ファイル(CSV、UTF-8)")


class LabelForm(forms.Form):
    """宛名ラベル: for whom"""

    numbers = forms.CharField(
        label="宛名番号", widget=forms.Textarea(attrs={"rows": 8}), help_text="1行に1つずつ。12枚で1面です。"
    )
