"""入力様式: notices of the welfare sections, results of letters and of the 継続審査."""

from __future__ import annotations

from django import forms

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.fields import NumberField, WarekiDateField
from kokunen.national_pension.exemption_choices import Aid, AidEvent, ExemptionKind, ExemptionResult
from kokunen.national_pension.models import PensionNumber
from kokunen.national_pension.services.outreach import TOLD
from kokunen.national_pension.services.welfare import SECTIONS, Told

_SECTIONS = [(one, one) for one in SECTIONS]


class WelfareForm(forms.Form):
    """生活保護の通知 (紙), in the order of the paper."""

    section = forms.ChoiceField(label="通知した課", choices=_SECTIONS)
    arrived_on = WarekiDateField(label="通知を受けた日", latest="today", initial=clock.today)
    atena_number = NumberField(kind="atena", label="宛名番号")
    event = forms.ChoiceField(label="開始・廃止の別", choices=AidEvent.choices)
    aid = forms.ChoiceField(label="扶助の別", choices=Aid.choices)
    event_on = WarekiDateField(label="開始・廃止の日", latest="today")

    def told(self) -> Told:
        """The notice as typed (after `is_valid`)."""
        values = self.cleaned_data
        return Told(values["atena_number"], values["event"], values["aid"], values["event_on"])


class WelfareFileForm(forms.Form):
    """生活保護の連携ファイル: only where the assessment declares the channel."""

    section = forms.ChoiceField(label="通知した課", choices=_SECTIONS)
    file = forms.FileField(label="連携ファイル（CSV）")


class NumberForm(forms.Form):
    """基礎年金番号の記入: what was told or seen at the counter; the number in use comes from the Service."""

    number = NumberField(kind="basic_pension", label="番号（10桁）")
    role = forms.ChoiceField(
        label="番号の別",
        choices=[
            (str(one), one.label)
            for one in (PensionNumber.Role.CANDIDATE, PensionNumber.Role.DUPLICATE, PensionNumber.Role.OLD)
        ],
    )


class SettleForm(forms.Form):
    """処理の内容."""

    words = forms.CharField(label="処理の内容", max_length=200)


class OutreachResultForm(forms.Form):
    """勧奨の結果."""

    result = forms.ChoiceField(label="結果", choices=[(str(one), one.label) for one in TOLD])
    on = WarekiDateField(label="結果の日", latest="today")
    note = forms.CharField(label="内容", max_length=200, required=False)


class ContinuationResultForm(forms.Form):
    """継続審査の結果, for the people ticked in the list."""

    result = forms.ChoiceField(
        label="裁定結果",
        choices=[
            (str(one), one.label)
            for one in (
                ExemptionResult.GRANTED,
                ExemptionResult.REFUSED_INCOME,
                ExemptionResult.REFUSED_CONDITION,
            )
        ],
    )
    kind = forms.ChoiceField(
        label="承認された免除種類",
        required=False,
        choices=[(str(one), one.label) for one in (ExemptionKind.FULL, ExemptionKind.DEFERRAL)],
    )
    decided_on = WarekiDateField(label="裁定日", latest="today")
    note = forms.CharField(label="却下の理由・備考", max_length=200, required=False)
