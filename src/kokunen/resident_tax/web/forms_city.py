"""入力様式（市全体）: withholding from pensions, print runs, employers, inquiries."""

from __future__ import annotations

from django import forms

from kokunen.common_platform.portal.web.fields import WarekiDateField
from kokunen.law.rules.resident_tax import tax_years
from kokunen.resident_tax.choices import DependantKind, DisabilityKind, PrintKind, Reply, StopReason
from kokunen.resident_tax.documents.papers import year_words

YEARS = [(year, year_words(year)) for year in tax_years()]


class StopForm(forms.Form):
    """停止の通知"""

    reason = forms.ChoiceField(label="停止の理由", choices=StopReason.choices)
    stop_on = WarekiDateField(label="停止年月日")


class MatchForm(forms.Form):
    """照合: the resident whom a record is about"""

    atena_number = forms.CharField(label="宛名番号", max_length=20)


class PrintForm(forms.Form):
    """一括印刷"""

    tax_year = forms.TypedChoiceField(label="年度", choices=YEARS, coerce=int)
    kind = forms.ChoiceField(label="帳票", choices=PrintKind.choices)


class AgentForm(forms.Form):
    """特別徴収義務者"""

    number = forms.RegexField(
        label="指定番号", regex=r"^[0-9]{1,10}$", max_length=10,
        error_messages={"invalid": "指定番号は10桁までの数字で入力してください"},
    )  # fmt: skip
    name = forms.CharField(label="名称", max_length=120)
    address = forms.CharField(label="所在地", max_length=200, required=False)


class ClaimForm(forms.Form):
    """扶養・専従者の申告"""

    tax_year = forms.TypedChoiceField(label="年度", choices=YEARS, coerce=int)
    dependant = forms.CharField(label="扶養される人の宛名番号", max_length=20)
    kind = forms.ChoiceField(label="区分", choices=DependantKind.choices)
    disability = forms.ChoiceField(label="障害者区分", choices=DisabilityKind.choices)
    lives_together = forms.BooleanField(label="同居", required=False, initial=True)


class ReplyForm(forms.Form):
    """照会の回答"""

    reply = forms.ChoiceField(label="回答", choices=Reply.choices)
    note = forms.CharField(label="内容", max_length=300)
