"""入力の様式: what an officer types about a record, a number, and a decision."""

from __future__ import annotations

from typing import Any

from django import forms

from kokunen.common_platform.portal.web.fields import KanaField, NumberField, WarekiDateField
from kokunen.nonresident_registry.choices import (
    AtenaKind,
    CheckMeans,
    NumberKind,
    NumberSource,
    Reason,
    RecordStatus,
    Sex,
)
from kokunen.nonresident_registry.models import AtenaVersion


class RecordForm(forms.Form):
    """宛名"""

    kind = forms.ChoiceField(label="宛名の種類", choices=AtenaKind.choices)
    takes_over = NumberField(
        kind="atena", label="引き継ぐ宛名番号", required=False, help_text="以前に住民だった人だけ。番号は変わりません"
    )
    reason = forms.ChoiceField(label="登録の理由", choices=Reason.choices)
    name = forms.CharField(label="氏名・名称", max_length=200)
    name_kana = KanaField(label="フリガナ", max_length=200, required=False)
    sex = forms.ChoiceField(label="性別", choices=Sex.choices, required=False)
    birth_date = WarekiDateField(label="生年月日", latest="today", required=False)
    postal_code = forms.RegexField(r"^[0-9]{7}$", label="郵便番号", required=False, help_text="数字7桁")
    prefecture = forms.CharField(label="都道府県", max_length=4, required=False)
    municipality = forms.CharField(label="市区郡町村", max_length=12, required=False)
    town = forms.CharField(label="町字", max_length=120, required=False)
    lot = forms.CharField(label="番地", max_length=50, required=False)
    building = forms.CharField(label="方書", max_length=300, required=False)
    country = forms.CharField(label="国名（国外のとき）", max_length=100, required=False)
    foreign_address = forms.CharField(label="国外の住所", max_length=300, required=False)
    telephone = forms.CharField(label="電話番号", max_length=20, required=False)
    changed_on = WarekiDateField(label="異動日", latest="today")
    no_other_work = forms.BooleanField(
        label="ほかの業務には見せない", required=False, help_text="住基ネットから得た情報のときに選びます"
    )

    def content(self) -> dict[str, Any]:
        """Columns of the record."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("kind", "takes_over")}
        corporation = self.cleaned_data["kind"] == AtenaKind.CORPORATION
        values["sex"] = Sex.UNKNOWN if corporation else values["sex"] or Sex.UNKNOWN
        values["birth_date"] = None if corporation else values["birth_date"]
        return values

    @classmethod
    def of(cls, row: AtenaVersion, data: Any = None) -> RecordForm:
        """変更の様式: filled with the current row; kind and number do not change."""
        start = {name: getattr(row, name) for name in cls.base_fields if hasattr(row, name)}
        form = cls(data, initial={**start, "changed_on": None})
        del form.fields["takes_over"]
        form.fields["kind"].disabled = True
        return form


class EndForm(forms.Form):
    """宛名を閉じる"""

    status = forms.ChoiceField(
        label="新しい状態", choices=[(str(v), str(words)) for v, words in RecordStatus.choices if v != "1"]
    )
    ended_on = WarekiDateField(label="その日", latest="today")


class BindForm(forms.Form):
    """番号の登録"""

    number_kind = forms.ChoiceField(label="番号の種類", choices=NumberKind.choices)
    number = forms.CharField(
        label="番号",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-draft": "no"}),
    )
    source = forms.ChoiceField(label="入手元", choices=NumberSource.choices)
    same_person = forms.BooleanField(
        label="ほかの宛名番号にある同一人の番号", required=False, help_text="二重登録と確認できたときだけ選びます"
    )


class ChangeNumberForm(forms.Form):
    """番号の変更 (番号法7条2項)"""

    number_kind = forms.ChoiceField(label="番号の種類", choices=NumberKind.choices)
    number = forms.CharField(
        label="新しい番号",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-draft": "no"}),
        help_text="今の番号は終わり、履歴に残ります",
    )
    source = forms.ChoiceField(label="入手元", choices=NumberSource.choices)


class CheckForm(forms.Form):
    """真正性確認: the four items as the card, the papers or the inquiry give them."""

    number_kind = forms.ChoiceField(label="番号の種類", choices=NumberKind.choices)
    means = forms.ChoiceField(label="確認の手段", choices=CheckMeans.choices)
    name = forms.CharField(label="氏名・名称", max_length=200, required=False)
    name_kana = KanaField(label="フリガナ", required=False)
    birth_date = WarekiDateField(label="生年月日", latest="today", required=False)
    sex = forms.ChoiceField(label="性別", choices=Sex.choices, required=False)
    address = forms.CharField(label="住所", max_length=300, required=False)


class ReasonForm(forms.Form):
    """理由"""

    reason = forms.CharField(label="理由", max_length=200)


class LinkForm(forms.Form):
    """名寄せの申請"""

    parent = forms.ChoiceField(label="名寄せ先（代表）")
    reason = forms.CharField(label="名寄せの理由", max_length=300)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parent"].choices = choices  # type: ignore[attr-defined]
