"""裁定請求・相談の入力様式: what the visitor says; what the city knows is not asked."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.web.fields import WarekiDateField
from kokunen.kernel.errors import InputError
from kokunen.kernel.wareki import parse_date
from kokunen.law.engine.months import month_of
from kokunen.law.rules.benefits.monthly_record import LABELS, MonthState, Span
from kokunen.law.rules.benefits.special_disability import Group
from kokunen.law.rules.benefits.unpaid_pension import Relation
from kokunen.national_pension.choices import ConsultationChannel
from kokunen.national_pension.services.claims import ClaimKind

_RELATIONS = dict(
    zip(Relation, ("配偶者", "子", "父母", "孫", "祖父母", "兄弟姉妹", "その他3親等内の親族"), strict=True)
)
_GROUPS = {Group.STUDENT: "任意加入していなかった学生", Group.SPOUSE: "任意加入していなかった被用者の配偶者"}


AGE_65 = 780
"""65歳 in months, where the slider of ages begins"""


class ClaimForm(forms.Form):
    """裁定請求の見込み: only the questions of the claim remain."""

    about = forms.CharField(label="亡くなった方の宛名番号", required=False, max_length=15)
    died_on = WarekiDateField(label="死亡日", required=False, help_text="住民記録に死亡があれば入力は不要です。")
    married_on = WarekiDateField(label="婚姻日", required=False)
    first_visit_on = WarekiDateField(label="初診日", required=False)
    fixed_on = WarekiDateField(label="症状固定日（1年6月より前のとき）", required=False)
    late = forms.BooleanField(label="事後重症による請求", required=False)
    group = forms.ChoiceField(label="対象者の区分", required=False, choices=[("", "選んでください"), *_GROUPS.items()])
    relation = forms.ChoiceField(
        label="請求者の続柄", required=False, choices=[("", "選んでください"), *_RELATIONS.items()]
    )
    annual_amount = forms.IntegerField(label="亡くなった方の年金額（年額、円）", required=False, min_value=0)
    same_livelihood = forms.BooleanField(label="生計同一の申立てがある（別世帯のとき）", required=False)
    employee_pension = forms.BooleanField(label="亡くなった方は厚生年金も受けていた", required=False)
    pension_received = forms.BooleanField(label="老齢・障害基礎年金を受けていた", required=False)
    wife_early_pension = forms.BooleanField(label="請求者が繰上げの老齢基礎年金を受けている", required=False)
    survivor_payable = forms.BooleanField(label="同じ死亡で遺族基礎年金を受けられる", required=False)
    was_insured = forms.BooleanField(label="初診日に任意加入していた", required=False)
    public_pension = forms.BooleanField(label="公的年金を受けている", required=False)
    claim_age = forms.IntegerField(
        label="請求する年齢",
        required=False,
        min_value=720,
        max_value=900,
        widget=forms.NumberInput(attrs={"type": "range", "step": 1}),
        help_text="← → で動かします。左は繰上げ、右は繰下げ。選んだ年齢と額は右に出ます。",
    )
    more_months = forms.IntegerField(
        label="任意加入で納める月数",
        required=False,
        min_value=0,
        max_value=120,
        widget=forms.NumberInput(attrs={"type": "range", "step": 1}),
        help_text="← → で動かします。60歳からの任意加入で年金額がどう変わるかの目安です。",
    )
    deferring = forms.BooleanField(label="繰下げを希望する", required=False)
    with_supplement = forms.BooleanField(label="年金生活者支援給付金も請求する", required=False)
    pension_and_income = forms.IntegerField(
        label="前年の年金収入とその他の所得（円）",
        required=False,
        min_value=0,
        help_text="空欄のときは住民税の合計所得金額で見ます。",
    )

    def __init__(self, *args: Any, kind: ClaimKind, ages: tuple[int, int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["claim_age"].initial, self.fields["more_months"].initial = AGE_65, 0
        if ages is not None:
            self.fields["claim_age"].widget.attrs |= {"min": ages[0], "max": ages[1]}
        wanted = {*kind.asks, *(("about",) if kind.of_death else ())}
        for name in [name for name in self.fields if name not in wanted]:
            del self.fields[name]

    def said(self) -> dict[str, Any]:
        """来庁者の話: without what was left empty."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "about" and value not in (None, "", False)
        }


class TalkForm(forms.Form):
    """年金相談票"""

    channel = forms.ChoiceField(label="相談の方法", choices=ConsultationChannel.choices)
    subject = forms.ChoiceField(
        label="相談の区分",
        choices=[
            (one, one) for one in ("資格", "保険料・免除", "付加・任意加入", "老齢", "障害", "遺族・死亡", "その他")
        ],
    )
    asked = forms.CharField(label="相談の内容", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    answered = forms.CharField(label="回答", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class QuestionForm(forms.Form):
    """照会票"""

    question = forms.CharField(label="照会の内容", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(forms.Form):
    """照会票の回答"""

    answer = forms.CharField(label="回答", max_length=400)


_WORDS = {label: state for state, label in LABELS.items()} | {
    "第2号": MonthState.SECOND,
    "厚年": MonthState.SECOND,
    "全額": MonthState.FULL,
    "半額": MonthState.HALF,
    "法免": MonthState.STATUTORY,
    "猶予": MonthState.DEFERRAL,
    "学特": MonthState.STUDENT,
    "合算": MonthState.COMBINED,
}
_LINE = re.compile(r"(\S+?)\s*[~〜～\-－]\s*(\S+)\s+(\S+?)(\s*付加)?(?:\s+(\S+))?")


class RecordForm(forms.Form):
    """社会保険オンラインの確認: one span a line, as it is read from the terminal."""

    seen_on = WarekiDateField(label="確認日", latest="today")
    lines = forms.CharField(
        label="月ごとの記録",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="1行に1期間: 「S58.5~H26.4 納付」（付加もあれば「納付付加」）。末尾に申請日・納付日を足せます。",
    )
    remarks = forms.CharField(label="備考", required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_on"].initial = clock.today()

    def clean_lines(self) -> list[Span]:
        """期間を読む: the first line that cannot be read is named."""
        spans = []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            if line.strip():
                spans.append(_span(line.strip(), number))
        return spans


def _span(line: str, number: int) -> Span:
    match = _LINE.fullmatch(line)
    state = _WORDS.get(match[3].removesuffix("付加")) if match else None
    if match is None or state is None:
        raise forms.ValidationError(
            f"{number}行目を読み取れません（{line}）。「S58.5~H26.4 納付」の形で、状態は"
            f"{'・'.join(LABELS.values())}のどれかを入力してください。"
        )
    try:
        first, last = _month(match[1]), _month(match[2])
        known = parse_date(match[5], clock.today()) if match[5] else None
    except InputError as error:
        raise forms.ValidationError(f"{number}行目: {error}") from error
    return Span(first, last, state, known, bool(match[4]) or match[3].endswith("付加"))


def _month(text: str) -> int:
    """年月: S58.5, 1983-5 or 1983/5."""
    return month_of(parse_date(f"{text.replace('-', '/') if text[0].isdigit() else text}{_day(text)}", clock.today()))


def _day(text: str) -> str:
    return "/1" if text[0].isdigit() else ".1"
